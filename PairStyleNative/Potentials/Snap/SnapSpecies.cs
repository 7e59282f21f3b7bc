namespace MofInterop.Potentials.Snap;

/// <summary>One block of a <c>snapcoeff</c> file. Immutable.</summary>
public sealed class SnapSpecies
{
    private readonly double[] _coefficients;

    /// <summary>Creates a species.</summary>
    /// <param name="label">An element symbol or an atom type (<c>C3a</c>).</param>
    /// <param name="radius">R, the cutoff of a pair being (R_i + R_j)·rcutfac.</param>
    /// <param name="weight">Weight of such an atom in a neighbour density.</param>
    /// <param name="coefficients">β₀ (the constant) first, then β in the order of <see cref="SnapIndices"/>, then, when quadratic, the rows of α's upper triangle.</param>
    public SnapSpecies(string label, double radius, double weight, ReadOnlySpan<double> coefficients)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        Label = label;
        Radius = radius;
        Weight = weight;
        _coefficients = coefficients.ToArray();
    }

    /// <summary>Its name in the model.</summary>
    public string Label { get; }

    /// <summary>R, in the unit that makes (R_i + R_j)·rcutfac Å.</summary>
    public double Radius { get; }

    /// <summary>Weight in a neighbour density.</summary>
    public double Weight { get; }

    /// <summary>Constant first, eV; see the constructor for the rest.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary><c>sinner</c>, Å: middle of the inner switching; a pair takes the mean of its two species.</summary>
    public double InnerSwitchCenter { get; init; }

    /// <summary><c>dinner</c>, Å: half the width of the inner switching; a pair takes the mean of its two species.</summary>
    public double InnerSwitchHalfWidth { get; init; }

    /// <summary>Z, or 0: snapcoeff files don't tell.</summary>
    public int AtomicNumber { get; init; }

    /// <summary>Atomic mass units, or 0: snapcoeff files don't tell.</summary>
    public double Mass { get; init; }
}
