namespace MofInterop.Potentials.Atoms;

/// <summary>A neighbour inside its pair cutoff, as kernels gather it.</summary>
internal struct GatheredNeighbor
{
    /// <summary>r_j − r_i, Å.</summary>
    public double X, Y, Z;

    /// <summary>Index into the view.</summary>
    public int Atom;

    /// <summary>Its species.</summary>
    public int Species;
}

/// <summary>A center and where its neighbours stand.</summary>
internal struct GatheredCenter
{
    /// <summary>Index into the view.</summary>
    public int Atom;

    /// <summary>Its species.</summary>
    public int Species;

    /// <summary>First neighbour.</summary>
    public int First;

    /// <summary>Number of neighbours.</summary>
    public int Count;
}
