namespace MofInterop.Potentials.Neural;

/// <summary>How numbers of a neural network are computed.</summary>
public enum NetworkPrecision
{
    /// <summary>As it was trained.</summary>
    AsTrained,

    /// <summary>Double precision.</summary>
    Double,

    /// <summary>Single precision; sums over atoms in double.</summary>
    Single,
}
