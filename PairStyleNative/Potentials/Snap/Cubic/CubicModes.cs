using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>What a pass over the cubic form finds and how, known when its kernels are compiled.</summary>
internal interface ICubicMode : IComplexArithmetic
{
    /// <summary>Whether Y.</summary>
    static abstract bool Gradient { get; }

    /// <summary>Whether the invariants Σ_M Re(W_z*·Z_z) of every component.</summary>
    static abstract bool Invariants { get; }
}

/// <summary>Y alone.</summary>
internal readonly struct GradientOnly : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => false;

    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>Y alone, by additions.</summary>
internal readonly struct GradientByAdditions : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => false;

    /// <inheritdoc/>
    public static bool Additions => true;
}

/// <summary>Y and the invariants.</summary>
internal readonly struct GradientAndInvariants : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => true;

    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>Y and the invariants, by additions.</summary>
internal readonly struct GradientAndInvariantsByAdditions : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => true;

    /// <inheritdoc/>
    public static bool Additions => true;
}

/// <summary>The invariants alone, without weights.</summary>
internal readonly struct InvariantsOnly : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => false;

    /// <inheritdoc/>
    public static bool Invariants => true;

    /// <inheritdoc/>
    public static bool Additions => false;
}
