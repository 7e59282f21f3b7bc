using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>One layer: messages of neighbours are summed and mixed to A, products of A to B, and B to new features.</summary>
public sealed record MaceLayer
{
    /// <summary>Of the features, before they are sent (<c>linear_up</c>).</summary>
    public required IrrepsLinear Sending { get; init; }

    /// <summary>From the radial basis to the weights of an edge, which vanish at the cutoff: without biases, or with the cutoff after it (<see cref="RadialForm.CutoffOfWeights"/>).</summary>
    public required EdgeNetwork Radial { get; init; }

    /// <summary>Of the sender's features with the harmonics of the edge (<c>conv_tp</c>).</summary>
    public required ChannelProduct Product { get; init; }

    /// <summary>What the sum is divided by beside that, which depends on how many neighbours there are; or null.</summary>
    public MaceDensity? Density { get; init; }

    /// <summary>Of the sum, with the division by the average number of neighbours in it (<c>linear</c>).</summary>
    public required IrrepsLinear Receiving { get; init; }

    /// <summary>What becomes of what <see cref="Receiving"/> gives before it is A: in nonlinear interactions; or null.</summary>
    public MaceGate? Gate { get; init; }

    /// <summary>A.</summary>
    public Irreps Mixed => Gate?.Mixing.Output ?? Receiving.Output;

    /// <summary>Of what <see cref="Receiving"/> gives, by species: in interactions that are not residual (<c>skip_tp</c>). Empty: none.</summary>
    public required IReadOnlyList<IrrepsLinear> Mixing { get; init; }

    /// <summary>Of the features, by species, added to the new ones: in residual interactions (<c>skip_tp</c>). Empty: none.</summary>
    public required IReadOnlyList<IrrepsLinear> Itself { get; init; }

    /// <summary>From A to B, a block each.</summary>
    public required IReadOnlyList<SymmetricContraction> Contractions { get; init; }

    /// <summary>From B to the new features.</summary>
    public required IrrepsLinear Making { get; init; }

    /// <summary>From the scalars of the new features, their first block, to an energy, before scaling; null: none.</summary>
    public required DenseNetwork? Readout { get; init; }
}

/// <summary>A MACE model (I. Batatia et al., NeurIPS 2022) as data; what it computes is written down in <see cref="MaceReference"/>. Immutable.</summary>
public sealed record MaceModel
{
    /// <summary>The largest l of harmonics that is there.</summary>
    public const int MaximumDegree = SphericalHarmonics.MaximumDegree;

    /// <summary>The species; indices below are places in it.</summary>
    public required IReadOnlyList<Species> Species { get; init; }

    /// <summary>The functions of the distance that edges begin with.</summary>
    public required RadialForm Radial { get; init; }

    /// <summary>Repulsion of nuclei, which is scaled like all else; or null.</summary>
    public PairRepulsion? Repulsion { get; init; }

    /// <summary>Features before the first layer, scalars, by species: <c>double[species][channels]</c>.</summary>
    public required double[][] Embedding { get; init; }

    /// <summary>The layers.</summary>
    public required IReadOnlyList<MaceLayer> Layers { get; init; }

    /// <summary>Of isolated atoms, by species, eV.</summary>
    public required double[] Energies { get; init; }

    /// <summary>Factor of what the layers give, eV.</summary>
    public required double Scale { get; init; }

    /// <summary>Added to the energy of each atom, eV.</summary>
    public required double Shift { get; init; }

    /// <summary>Whether it was trained in single precision, which it then computes in unless told otherwise.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>Cutoff, Å.</summary>
    public double Cutoff => Radial.Basis.Cutoff;

    /// <summary>The largest l of the harmonics.</summary>
    public int Degree => Layers[0].Product.Degree;

    /// <summary>Checks what its parts say of each other.</summary>
    /// <exception cref="MofException">Parts that do not fit (InvalidArgument).</exception>
    public MaceModel Checked()
    {
        var count = Species.Count;
        Require(count > 0 && Layers.Count > 0, "there are no species or no layers", "at least one of each");
        Require(Embedding.Length == count && Energies.Length == count, $"there are {Embedding.Length} embeddings and {Energies.Length} energies of atoms", $"{count}, one for each species");
        Require(double.IsFinite(Scale) && double.IsFinite(Shift) && Array.TrueForAll(Energies, double.IsFinite) && Embedding.All(one => Array.TrueForAll(one, double.IsFinite)), "an energy, scale or embedding is not finite", "numbers");
        Require(Cutoff is > 0 and < 100, $"the cutoff is {Cutoff} Å", "a length above 0");
        Radial.Check(count);
        Repulsion?.Check();
        Require(Radial.Basis.Power >= 2, $"the cutoff function has the power {Radial.Basis.Power}", "2 or more, for energies and forces without steps");
        Require(Radial.Transform?.Kink is null, "the transform of distances has a kink at 0", Radial.Transform?.Kink ?? "");
        for (var t = 0; t < Layers.Count; t++)
        {
            CheckLayer(Layers[t], t == 0 ? new Irreps([new IrrepBlock(Embedding[0].Length, new Irrep(0, 1))]) : Layers[t - 1].Making.Output, $"layer {t + 1}");
        }

        return this;
    }

    private void CheckLayer(MaceLayer layer, Irreps features, string where)
    {
        var count = Species.Count;
        var channels = Embedding[0].Length;
        Require(Embedding.All(one => one.Length == channels), "embeddings differ in length", "one number for each channel");
        Require(layer.Sending.Input.Equals(features), $"features are {features}, but {where} takes {layer.Sending.Input}", "the same");
        Require(layer.Sending.Output.Select(block => block.Multiplicity).Distinct().Count() == 1, $"{where} sends {layer.Sending.Output}", "as many channels of each representation");
        Require(layer.Sending.Output.Equals(layer.Product.Input) && layer.Product.Output.Width == layer.Receiving.Input.Width, $"{where} sends {layer.Sending.Output}, multiplies {layer.Product.Input} and receives {layer.Receiving.Input}", "the same");
        Require(layer.Product.Degree == Degree && Degree <= MaximumDegree, $"{where} has harmonics up to l = {layer.Product.Degree}", $"the same in all layers, at most {MaximumDegree}");
        Require(layer.Radial.Inputs == Radial.Count && layer.Radial.Outputs == layer.Product.WeightCount, $"the radial network of {where} has {layer.Radial.Inputs} inputs and {layer.Radial.Outputs} outputs", "the radial basis and the weights of an edge");
        var sums = new Irreps(Enumerable.Range(0, Degree + 1).Select(l => new IrrepBlock(channels, new Irrep(l, l % 2 == 0 ? 1 : -1))));
        CheckMessages(layer, sums, where);
        Require(layer.Mixing.Count is 0 || (layer.Mixing.Count == count && layer.Mixing.All(one => one.Input.Equals(sums) && one.Output.Equals(sums))), $"the mixing of {where} does not fit", $"{sums} for each species");
        Require(layer.Itself.Count is 0 || (layer.Itself.Count == count && layer.Itself.All(one => one.Input.Equals(features) && one.Output.Equals(layer.Making.Output))), $"what atoms of {where} add themselves does not fit", $"{features} to {layer.Making.Output} for each species");
        Require(layer.Contractions.All(one => one.Terms.All(term => term.Factors.Length <= ContractionKernel<double>.MaximumOrder)), $"{where} makes products of more than {ContractionKernel<double>.MaximumOrder} factors (correlation)", "fewer");
        Require(layer.Contractions.All(one => one.Channels == channels && one.Width == SphericalHarmonics.WidthTo(Degree)), $"the products of {where} do not fit", $"{sums}");
        Require(layer.Making.Input.Equals(new Irreps(layer.Contractions.Select(one => new IrrepBlock(channels, one.Output)))), $"the products of {where} are {layer.Making.Input}", "a block for each contraction");
        Require(layer.Making.Output.All(block => block.Multiplicity == channels) && layer.Making.Output[0].Irrep == new Irrep(0, 1), $"{where} gives {layer.Making.Output}", $"{channels}x0e first, and {channels} channels throughout");
        Require(layer.Making.Output.Select(block => block.Irrep).Distinct().Count() == layer.Making.Output.Count, $"{where} gives {layer.Making.Output}", "each representation once");
        Require(layer.Readout is null || (layer.Readout.Inputs == channels && layer.Readout.Outputs == 1), $"the readout of {where} does not fit", $"{channels} scalars");
    }

    private void CheckMessages(MaceLayer layer, Irreps sums, string where)
    {
        Require(layer.Gate is not null || layer.Receiving.Output.Equals(sums), $"{where} receives {layer.Receiving.Output}", $"{sums}");
        Require(!layer.Radial.IsDirected || Radial.CutoffOfWeights, $"weights of edges of {where} do not vanish at the cutoff", "a cutoff of what the radial network gives (apply_cutoff: false)");
        if (layer.Density is { } density)
        {
            Require(density.Network.Inputs == Radial.Count && density.Network.Outputs == 1, $"the density of {where} does not fit", $"a network from {Radial.Count} numbers to one");
            Require(density.Network.IsDirected == layer.Radial.IsDirected && double.IsFinite(density.Factor) && double.IsFinite(density.Constant), $"the density of {where} does not fit", "numbers");
        }

        if (layer.Gate is { } gate)
        {
            Require(gate.Fits && gate.Residual.Input.Equals(layer.Sending.Output) && gate.Input.Equals(layer.Receiving.Output), $"the gate of {where} takes {gate.Input} and gives {gate.Output}", "scalars and gates, and what is gated");
            Require(gate.Mixing.Output.Equals(sums) && layer.Mixing.Count == 0, $"the gate of {where} leads to {gate.Mixing.Output}", $"{sums}, without mixing by species");
        }
    }

    private static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }
}
