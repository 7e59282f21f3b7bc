namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>Weights of edges with their slopes, strip by strip.</summary>
internal readonly unsafe struct EdgeWeights<TNumber>(TNumber* values, TNumber* slopes, long stride)
    where TNumber : unmanaged
{
    /// <summary><c>[strips][edges][strip]</c>, from the first edge that is meant.</summary>
    public readonly TNumber* Values = values;

    /// <summary>Their derivatives by the distance, likewise.</summary>
    public readonly TNumber* Slopes = slopes;

    /// <summary>From strip to strip.</summary>
    public readonly long Stride = stride;
}
