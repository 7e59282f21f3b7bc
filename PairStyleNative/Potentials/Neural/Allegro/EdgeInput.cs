using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// What the first network takes of an edge, by the species of both ends and its length. Where pairs have cutoffs of their own, that is the distance stretched by <see cref="PairCutoffs.Stretch"/>, else the distance. Immutable.
/// </summary>
public abstract record EdgeInput
{
    /// <summary>By pairs of species, of which the longest is <see cref="Cutoff"/>; null: one for all.</summary>
    public PairCutoffs? Cutoffs { get; init; }

    /// <summary>From here on there is no edge, Å.</summary>
    public abstract double Cutoff { get; }

    /// <summary>How many numbers.</summary>
    public abstract int Width { get; }

    /// <summary>What a distance between two species is multiplied by.</summary>
    internal double Stretch(int center, int neighbor) => Cutoffs?.Stretch(center, neighbor) ?? 1;

    /// <summary>The numbers and their derivatives by the length, zero from the cutoff on but for those that never change.</summary>
    internal abstract void Evaluate(int center, int neighbor, double length, Span<double> values, Span<double> slopes);

    /// <summary>Checks what its parts say of each other.</summary>
    /// <exception cref="MofException">Parts that do not fit, numbers that are not finite (InvalidArgument).</exception>
    internal virtual void Check(int speciesCount)
    {
        Require(double.IsFinite(Cutoff) && Cutoff > 0, $"the cutoff is {Cutoff} angstrom", "a positive number");
        Require(Cutoffs is null || (Cutoffs.SpeciesCount == speciesCount && Cutoffs.Longest == Cutoff), "the cutoffs of pairs do not fit", $"{speciesCount} × {speciesCount}, of which the longest is {Cutoff}");
    }

    private protected static bool Finite(double[] values) => Array.TrueForAll(values, double.IsFinite);

    private protected static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }

    private protected static void RequireBasis(BesselBasis basis) =>
        Require(basis.Frequencies.Count > 0 && basis.Frequencies.All(double.IsFinite) && double.IsFinite(basis.Factor) && basis.Power is >= 2 and <= 100, "the radial basis is none", "functions, and a power of at least 2");
}

/// <summary>Allegro 0.2: a 1 for the species of either end, among zeros, and Bessel functions, each shifted and scaled, under a cutoff.</summary>
/// <param name="SpeciesCount">Number of species.</param>
/// <param name="Basis">The functions and their cutoff.</param>
/// <param name="Means">Subtracted from each function before it is cut off.</param>
/// <param name="Scales">Factor of each function after that.</param>
public sealed record OneHotInput(int SpeciesCount, BesselBasis Basis, double[] Means, double[] Scales) : EdgeInput
{
    /// <inheritdoc/>
    public override double Cutoff => Basis.Cutoff;

    /// <inheritdoc/>
    public override int Width => 2 * SpeciesCount + Means.Length;

    internal override void Evaluate(int center, int neighbor, double length, Span<double> values, Span<double> slopes)
    {
        values.Clear();
        slopes.Clear();
        values[center] = values[SpeciesCount + neighbor] = 1;
        var cutoff = Basis.CutoffAt(length);
        for (var n = 0; n < Means.Length; n++)
        {
            var bare = Basis.BareAt(n, length);
            var function = new Jet(Scales[n] * (bare.Value - Means[n]), Scales[n] * bare.First, 0) * cutoff;
            (values[2 * SpeciesCount + n], slopes[2 * SpeciesCount + n]) = (function.Value, function.First);
        }
    }

    internal override void Check(int speciesCount)
    {
        base.Check(speciesCount);
        RequireBasis(Basis);
        Require(SpeciesCount == speciesCount, $"the first network takes {SpeciesCount} species", $"{speciesCount}");
        Require(Means.Length == Basis.Frequencies.Count && Scales.Length == Basis.Frequencies.Count && Finite(Means) && Finite(Scales), "the normalization of the radial basis does not fit", "one mean and scale for each function");
    }
}

/// <summary>Allegro 0.4 and later: numbers of both species times mixtures of Bessel functions under a cutoff, one by one (allegro/nn/_edgeembed.py).</summary>
/// <param name="Basis">The functions and their cutoff.</param>
/// <param name="Mixing"><c>double[functions][<see cref="Width"/>]</c> in one row.</param>
/// <param name="Centers">By species of the center, <c>double[species][…]</c>: the first of the numbers that mixtures are multiplied with.</param>
/// <param name="Neighbors">By species of the neighbour: the rest of them.</param>
public sealed record ProductInput(BesselBasis Basis, double[] Mixing, double[][] Centers, double[][] Neighbors) : EdgeInput
{
    /// <inheritdoc/>
    public override double Cutoff => Basis.Cutoff;

    /// <inheritdoc/>
    public override int Width => Centers[0].Length + Neighbors[0].Length;

    internal override void Evaluate(int center, int neighbor, double length, Span<double> values, Span<double> slopes)
    {
        values.Clear();
        slopes.Clear();
        var cutoff = Basis.CutoffAt(length);
        for (var n = 0; n < Basis.Frequencies.Count; n++)
        {
            var function = Basis.BareAt(n, length) * cutoff;
            var row = Mixing.AsSpan(n * values.Length, values.Length);
            for (var k = 0; k < row.Length; k++)
            {
                values[k] += function.Value * row[k];
                slopes[k] += function.First * row[k];
            }
        }

        double[] first = Centers[center], second = Neighbors[neighbor];
        for (var k = 0; k < values.Length; k++)
        {
            var factor = k < first.Length ? first[k] : second[k - first.Length];
            values[k] *= factor;
            slopes[k] *= factor;
        }
    }

    internal override void Check(int speciesCount)
    {
        Require(
            new[] { Centers, Neighbors }.All(table => table.Length == speciesCount && table.All(row => row.Length == table[0].Length && Finite(row))) && Width > 0,
            "the numbers of species do not fit",
            $"{speciesCount} rows of one length");
        base.Check(speciesCount);
        RequireBasis(Basis);
        Require(Mixing.Length == Basis.Frequencies.Count * Width && Finite(Mixing), $"{Mixing.Length} numbers mix the radial basis", $"{Basis.Frequencies.Count} × {Width}");
    }
}

/// <summary>Allegro 0.4 and later: sums of bumps ¼(1 − cos θ)², θ going from 0 to 2π where a bump is, weighted by the species of both ends (allegro/nn/spline.py).</summary>
/// <param name="Longest">The cutoff, Å.</param>
/// <param name="Starts">Where bumps begin, in parts of the cutoff.</param>
/// <param name="Span">How long each is.</param>
/// <param name="Weights">By center times number of species plus neighbour, <c>double[<see cref="Width"/>][bumps]</c> in one row.</param>
public sealed record SplineInput(double Longest, double[] Starts, double Span, double[][] Weights) : EdgeInput
{
    /// <inheritdoc/>
    public override double Cutoff => Longest;

    /// <inheritdoc/>
    public override int Width => Weights[0].Length / Starts.Length;

    internal override void Evaluate(int center, int neighbor, double length, Span<double> values, Span<double> slopes)
    {
        values.Clear();
        slopes.Clear();
        var weights = Weights[center * (int)Math.Sqrt(Weights.Length) + neighbor];
        double x = length / Longest, k = 2 * Math.PI / Span;
        for (var n = 0; n < Starts.Length; n++)
        {
            var angle = k * (x - Starts[n]);
            if (angle <= 0 || angle >= 2 * Math.PI)
            {
                continue;
            }

            var (sine, cosine) = Math.SinCos(angle);
            double value = 0.25 * (1 - cosine) * (1 - cosine), slope = 0.5 * (1 - cosine) * sine * k / Longest;
            for (var c = 0; c < values.Length; c++)
            {
                values[c] += weights[c * Starts.Length + n] * value;
                slopes[c] += weights[c * Starts.Length + n] * slope;
            }
        }
    }

    internal override void Check(int speciesCount)
    {
        base.Check(speciesCount);
        Require(Starts.Length > 0 && Finite(Starts) && double.IsFinite(Span) && Span > 0, "the splines are none", "where they begin, and their length");
        Require(Starts.All(start => start + Span <= 1 + 1e-9), "a spline goes beyond the cutoff", "to the cutoff at most, where all must be zero");
        Require(
            Weights.Length == speciesCount * speciesCount && Weights.All(row => row.Length == Weights[0].Length && Finite(row)) && Weights[0].Length > 0 && Weights[0].Length % Starts.Length == 0,
            "the weights of the splines do not fit",
            $"{speciesCount} × {speciesCount} rows of a multiple of {Starts.Length} numbers");
    }
}
