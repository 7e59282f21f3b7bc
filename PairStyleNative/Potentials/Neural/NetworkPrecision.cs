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

/// <summary>What a wish of precision comes to.</summary>
internal static class NetworkPrecisions
{
    /// <summary>Whether to compute in single precision.</summary>
    /// <param name="precision">The wish.</param>
    /// <param name="trained">Whether the model was trained so.</param>
    public static bool IsSingle(this NetworkPrecision precision, bool trained) => precision == NetworkPrecision.Single || (precision == NetworkPrecision.AsTrained && trained);
}
