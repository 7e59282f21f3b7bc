namespace MofInterop.Analysis.Networks;

/// <summary>A lattice translation in whole cell vectors a, b, c.</summary>
/// <param name="A">Along a.</param>
/// <param name="B">Along b.</param>
/// <param name="C">Along c.</param>
public readonly record struct LatticeVector(int A, int B, int C)
{
    /// <summary>No translation.</summary>
    public static LatticeVector Zero => default;

    /// <summary>Sum.</summary>
    public static LatticeVector operator +(LatticeVector x, LatticeVector y) => new(x.A + y.A, x.B + y.B, x.C + y.C);

    /// <summary>Difference.</summary>
    public static LatticeVector operator -(LatticeVector x, LatticeVector y) => new(x.A - y.A, x.B - y.B, x.C - y.C);

    /// <summary>The other direction.</summary>
    public static LatticeVector operator -(LatticeVector x) => new(-x.A, -x.B, -x.C);
}
