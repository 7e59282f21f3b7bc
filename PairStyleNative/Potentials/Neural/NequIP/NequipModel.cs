using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>One block of what the gate gives: channels of a scalar block, activated, or a block of higher l times activated scalars.</summary>
/// <param name="Block">Block of the gate's input that it is taken from.</param>
/// <param name="FirstChannel">First channel of that block.</param>
/// <param name="Multiplicity">Channels.</param>
/// <param name="Activation">Of the scalar, or of the gate.</param>
/// <param name="Factor">Of the activation: e3nn's second moment.</param>
/// <param name="Gate">Block of the scalars that gate it; −1: it is a scalar itself.</param>
/// <param name="GateChannel">First channel of the gates.</param>
public sealed record GateBlock(int Block, int FirstChannel, int Multiplicity, Activation Activation, double Factor, int Gate = -1, int GateChannel = 0);

/// <summary>One layer: what neighbours send is summed, mixed, added to what the atom makes of itself, and gated.</summary>
public sealed record NequipLayer
{
    /// <summary>Of the features, before they are sent.</summary>
    public required IrrepsLinear Sending { get; init; }

    /// <summary>Factors of what is sent, by the species of the sender; empty: 1.</summary>
    public IReadOnlyList<double> SentScales { get; init; } = [];

    /// <summary>From the radial basis to the weights of an edge; without biases, so that they vanish at the cutoff.</summary>
    public required DenseNetwork Radial { get; init; }

    /// <summary>Of the sender's features with the harmonics of the edge.</summary>
    public required ChannelProduct Product { get; init; }

    /// <summary>The sum of messages is divided by it.</summary>
    public required double Divisor { get; init; }

    /// <summary>Of the sum.</summary>
    public required IrrepsLinear Receiving { get; init; }

    /// <summary>Of the features, by the species of the atom; added to what <see cref="Receiving"/> gives. Empty: none.</summary>
    public required IReadOnlyList<IrrepsLinear> Itself { get; init; }

    /// <summary>What becomes of the sum: the blocks of the new features in their order.</summary>
    public required IReadOnlyList<GateBlock> Gate { get; init; }

    /// <summary>From features to what an atom of a species sends.</summary>
    internal IrrepsLinear SendingOf(int species) => SentScales.Count == 0 ? Sending : Sending.Times(SentScales[species]);

    /// <summary>The new features.</summary>
    public Irreps Output => new(Gate.Select(block => new IrrepBlock(block.Multiplicity, Receiving.Output[block.Block].Irrep)));
}

/// <summary>
/// A NequIP model (S. Batzner et al., Nat. Commun. 13 (2022) 2453) as data; what it computes is written down in <see cref="NequipReference"/>. Immutable.
/// </summary>
public sealed record NequipModel
{
    /// <summary>The species; indices below are places in it.</summary>
    public required IReadOnlyList<Species> Species { get; init; }

    /// <summary>The functions of the distance that edges begin with.</summary>
    public required BesselBasis Basis { get; init; }

    /// <summary>How far centers hear neighbours by the species of both, where that differs; the longest is the cutoff of the basis. Null: the basis tells.</summary>
    public PairCutoffs? Cutoffs { get; init; }

    /// <summary>Features before the first layer, scalars, by species: <c>double[species][channels]</c>.</summary>
    public required double[][] Embedding { get; init; }

    /// <summary>The layers.</summary>
    public required IReadOnlyList<NequipLayer> Layers { get; init; }

    /// <summary>From the last features to one scalar, or to what <see cref="ReadoutNetwork"/> takes.</summary>
    public required IrrepsLinear Readout { get; init; }

    /// <summary>From what <see cref="Readout"/> gives to one scalar; null: that is the scalar.</summary>
    public DenseNetwork? ReadoutNetwork { get; init; }

    /// <summary>Of that scalar, by species, eV.</summary>
    public required double[] Scales { get; init; }

    /// <summary>Added to the energy of each atom, by species, eV.</summary>
    public required double[] Shifts { get; init; }

    /// <summary>Added to the energy of atoms; null: none.</summary>
    public CutRepulsion? Repulsion { get; init; }

    /// <summary>Whether it was trained in single precision, which it then computes in unless told otherwise.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>Checks what its parts say of each other.</summary>
    /// <exception cref="MofException">Parts that do not fit (InvalidArgument).</exception>
    public NequipModel Checked()
    {
        var count = Species.Count;
        Require(count > 0, "there are no species", "at least one");
        Require(Species.Select(one => one.Label).Distinct(StringComparer.Ordinal).Count() == count, "a species is there twice", "every label once");
        Require(Basis.Cutoff > 0 && double.IsFinite(Basis.Cutoff), $"the cutoff is {Basis.Cutoff} angstrom", "a positive number");
        Require(Basis.Power > 2 && Basis.Power < 100, $"the power of the cutoff function is {Basis.Power}", "more than 2, so that forces have no steps");
        Basis.Check();
        Require(Scales.Length == count && Shifts.Length == count && Scales.Concat(Shifts).All(double.IsFinite), $"there are {Scales.Length} scales and {Shifts.Length} shifts", $"{count} finite ones each");
        Require(Layers.Count > 0, "there are no layers", "at least one");
        Require(Embedding.Length == count && Embedding.All(one => one.Length == Embedding[0].Length && one.All(double.IsFinite)), "the embedding does not fit the species", $"{count} rows of one length");
        var features = new Irreps([new IrrepBlock(Embedding[0].Length, new Irrep(0, 1))]);
        for (var t = 0; t < Layers.Count; t++)
        {
            CheckLayer(Layers[t], features, $"layer {t}");
            features = Layers[t].Output;
        }

        var scalars = ReadoutNetwork?.Inputs ?? 1;
        Require(
            Readout.Input.Equals(features) && Readout.Output.Width == scalars && Readout.Output.All(block => block.Irrep.Degree == 0),
            $"the readout goes from {Readout.Input} to {Readout.Output}",
            $"from {features} to {(scalars == 1 ? "a scalar" : $"{scalars} scalars")}");
        Require(ReadoutNetwork is null || ReadoutNetwork.Outputs == 1, $"the network of the readout gives {ReadoutNetwork?.Outputs} numbers", "1");
        Require(Cutoffs is null || (Cutoffs.SpeciesCount == count && Cutoffs.Longest == Basis.Cutoff), "the cutoffs of pairs do not fit the species or the basis", $"{count} × {count}, of which the longest is {Basis.Cutoff}");
        Require(Repulsion is null || Repulsion.SpeciesCount == count, $"the repulsion of nuclei is of {Repulsion?.SpeciesCount} species", $"{count}");
        return this;
    }

    private void CheckLayer(NequipLayer layer, Irreps features, string where)
    {
        Require(layer.Sending.Input.Equals(features), $"{where} takes {layer.Sending.Input}", $"{features}, what comes before");
        Require(layer.Product.Input.Equals(layer.Sending.Output), $"the tensor product of {where} takes {layer.Product.Input}", $"{layer.Sending.Output}");
        Require(layer.Product.Degree <= SphericalHarmonics.MaximumDegree, $"{where} has harmonics of l = {layer.Product.Degree}", $"l of at most {SphericalHarmonics.MaximumDegree}");
        Require(layer.Receiving.Input.Width == layer.Product.Output.Width && Together(layer.Receiving.Input).SequenceEqual(Together(layer.Product.Output)), $"the second linear layer of {where} takes {layer.Receiving.Input}", $"{layer.Product.Output}");
        Require(
            layer.Radial.Inputs == Basis.Frequencies.Count && layer.Radial.Outputs == layer.Product.WeightCount,
            $"the radial network of {where} goes from {layer.Radial.Inputs} to {layer.Radial.Outputs} numbers",
            $"from {Basis.Frequencies.Count} to {layer.Product.WeightCount}");
        Require(layer.SentScales.Count == 0 || (layer.SentScales.Count == Species.Count && layer.SentScales.All(double.IsFinite)), $"{where} has {layer.SentScales.Count} factors of what is sent", $"{Species.Count} finite ones, or none");
        Require(double.IsFinite(layer.Divisor) && layer.Divisor > 0, $"{where} divides by {layer.Divisor}", "a positive number");
        Require(layer.Itself.Count == 0 || layer.Itself.Count == Species.Count, $"{where} has {layer.Itself.Count} self-connections", $"{Species.Count}");
        Require(layer.Itself.All(one => one.Input.Equals(features) && one.Output.Equals(layer.Receiving.Output)), $"the self-connection of {where} does not fit", $"from {features} to {layer.Receiving.Output}");
        foreach (var block in layer.Gate)
        {
            var input = layer.Receiving.Output;
            Require((uint)block.Block < (uint)input.Count && block.FirstChannel >= 0 && block.FirstChannel + block.Multiplicity <= input[block.Block].Multiplicity, $"the gate of {where} takes channels that are not there", $"some of {input}");
            Require(
                block.Gate < 0 ? input[block.Block].Irrep.Degree == 0 : block.Gate < input.Count && input[block.Gate].Irrep.Degree == 0 && block.GateChannel >= 0 && block.GateChannel + block.Multiplicity <= input[block.Gate].Multiplicity,
                $"a gate of {where} is no scalar",
                "scalars");
            Require(double.IsFinite(block.Factor), $"an activation of {where} has the factor {block.Factor}", "a finite number");
        }
    }

    // 32x0e+32x0e and 64x0e are the same numbers.
    private static List<IrrepBlock> Together(Irreps irreps)
    {
        var blocks = new List<IrrepBlock>();
        foreach (var block in irreps)
        {
            if (blocks.Count > 0 && blocks[^1].Irrep == block.Irrep)
            {
                blocks[^1] = new IrrepBlock(blocks[^1].Multiplicity + block.Multiplicity, block.Irrep);
            }
            else
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    private static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }
}
