using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>How the environment matrix of a center and its neighbours of one species is standardized: (R − mean)/deviation.</summary>
/// <param name="Mean">Of s(r).</param>
/// <param name="RadialDeviation">Of s(r).</param>
/// <param name="AngularDeviation">Of s(r)·x/r, s(r)·y/r and s(r)·z/r, whose mean is zero by symmetry.</param>
public readonly record struct EnvironmentScaling(double Mean, double RadialDeviation, double AngularDeviation);

/// <summary>
/// A DeepPot-SE model (L. Zhang et al., NeurIPS 31 (2018) 4436, <c>se_e2_a</c> of DeePMD-kit) as data; what it computes is written down in
/// <see cref="DeepPotReference"/>. Immutable.
/// </summary>
public sealed record DeepPotModel
{
    /// <summary>The species; indices of neighbours and centers below are places in it.</summary>
    public required IReadOnlyList<Species> Species { get; init; }

    /// <summary>Where s(r) has become zero, Å.</summary>
    public required double Cutoff { get; init; }

    /// <summary>Where s(r) begins to depart from 1/r, Å.</summary>
    public required double SmoothFrom { get; init; }

    /// <summary>Added to r where it divides, Å: DeePMD-kit's <c>env_protection</c>.</summary>
    public double Protection { get; init; }

    /// <summary>
    /// DeePMD-kit's <c>sel</c>: places for neighbours of each species. Places that stay empty count as neighbours with R = 0, which after
    /// standardizing is not nothing, and the descriptor is divided by the number of all places. Or one number, places for all species together, which add nothing where they stay empty: then all means are zero.
    /// </summary>
    public required IReadOnlyList<int> Places { get; init; }

    /// <summary>Numbers of the second factor of the descriptor, DeePMD-kit's <c>axis_neuron</c>.</summary>
    public required int AxisWidth { get; init; }

    /// <summary>By center and neighbour, <c>[species][species]</c>.</summary>
    public required EnvironmentScaling[][] Scaling { get; init; }

    /// <summary>Embedding networks by center and neighbour, <c>[species][species]</c>, from one number to <see cref="EmbeddingWidth"/>; the same object where they do not depend on the center.</summary>
    public required DenseNetwork[][] Embedding { get; init; }

    /// <summary>
    /// What embeddings are multiplied by beyond 1, times the switch w(r) that takes 1/r to zero: G = embedding·(1 + w(r)·this), by center and neighbour, <c>[species][species][EmbeddingWidth]</c>; null: they are not.
    /// </summary>
    public double[][][]? Modulation { get; init; }

    /// <summary>Fitting networks by center, from <see cref="DescriptorWidth"/> numbers to one, eV.</summary>
    public required DenseNetwork[] Fitting { get; init; }

    /// <summary>Added to the energy of each atom, by species, eV.</summary>
    public required double[] Bias { get; init; }

    /// <summary>Pairs (center, neighbour) that do not see each other; both orders are listed.</summary>
    public IReadOnlySet<(int Center, int Neighbor)> Excluded { get; init; } = new HashSet<(int, int)>();

    /// <summary>Pairs (center, neighbor) that are no neighbours at all; both orders are listed.</summary>
    public IReadOnlySet<(int Center, int Neighbor)> Removed { get; init; } = new HashSet<(int, int)>();

    /// <summary>Whether it was trained in single precision.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>Outputs of the embedding networks.</summary>
    public int EmbeddingWidth => Embedding[0][0].Outputs;

    /// <summary>Numbers that describe an atom.</summary>
    public int DescriptorWidth => EmbeddingWidth * AxisWidth;

    /// <summary>All places, what the descriptor is divided by.</summary>
    public int PlaceCount => Places.Sum();

    /// <summary>Places of a species that stay empty, less than none where there are too few; none where all species share theirs.</summary>
    /// <param name="species">The species.</param>
    /// <param name="within">Its neighbours within the cutoff.</param>
    internal int EmptyPlaces(int species, int within) => Places.Count == Species.Count ? Places[species] - within : 0;

    /// <summary>Checks what its parts say of each other.</summary>
    /// <exception cref="MofException">Sizes that do not fit, radii out of order, deviations that are not positive (InvalidArgument).</exception>
    public DeepPotModel Checked()
    {
        var count = Species.Count;
        Require(count > 0, "there are no species", "at least one");
        Require(Species.Select(one => one.Label).Distinct(StringComparer.Ordinal).Count() == count, "a species is there twice", "every label once");
        Require(SmoothFrom >= 0 && SmoothFrom < Cutoff && double.IsFinite(Cutoff), $"the radii are {SmoothFrom} and {Cutoff} angstrom", "0 ≤ smooth from < cutoff");
        Require(Protection >= 0 && double.IsFinite(Protection), $"distances are protected by {Protection} angstrom", "at least 0");
        var shared = Places.Count == 1 && Array.TrueForAll(Scaling, row => Array.TrueForAll(row, one => one.Mean == 0));
        Require((Places.Count == count || shared) && Places.All(places => places >= 0) && PlaceCount > 0, $"there are places for neighbours of {Places.Count} species", $"one number for each of the {count} species, or one for all where no mean of the environment differs from zero");
        Require(Modulation is null || (Modulation.Length == count && Array.TrueForAll(Modulation, row => row.Length == count && Array.TrueForAll(row, one => one.Length == EmbeddingWidth && Array.TrueForAll(one, double.IsFinite)))), "embeddings are not multiplied by as many numbers as they have", $"{EmbeddingWidth} finite ones for each pair of species");
        Require(Bias.Length == count && Array.TrueForAll(Bias, double.IsFinite), $"there are {Bias.Length} energies of atoms", $"{count} finite ones");
        Require(Fitting.Length == count && Embedding.Length == count && Scaling.Length == count, "a species has no network", $"one for each of the {count} species");
        Require(AxisWidth >= 1 && AxisWidth <= EmbeddingWidth, $"the second factor of the descriptor has {AxisWidth} numbers", $"1 to the {EmbeddingWidth} of the embedding");
        for (var center = 0; center < count; center++)
        {
            Require(Fitting[center].Inputs == DescriptorWidth && Fitting[center].Outputs == 1, $"a fitting network goes from {Fitting[center].Inputs} to {Fitting[center].Outputs} numbers", $"from {DescriptorWidth} to 1");
            Require(Embedding[center].Length == count && Scaling[center].Length == count, "a pair of species has no network", $"{count} × {count}");
            for (var neighbor = 0; neighbor < count; neighbor++)
            {
                var network = Embedding[center][neighbor];
                Require(network.Inputs == 1 && network.Outputs == EmbeddingWidth, $"an embedding network goes from {network.Inputs} to {network.Outputs} numbers", $"from 1 to {EmbeddingWidth}");
                var scaling = Scaling[center][neighbor];
                Require(scaling.RadialDeviation > 0 && scaling.AngularDeviation > 0 && double.IsFinite(scaling.Mean), "a deviation of the environment is not positive", "positive numbers");
            }
        }

        return this;
    }

    private static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }
}
