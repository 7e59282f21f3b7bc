using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>How the scalars of an edge, its latents, are renewed: latents = Old·latents + New·envelope(r)·network(input).</summary>
/// <param name="Network">The first takes what <see cref="AllegroModel.Input"/> gives; others the latents and the scalars of the last tensor product, <c>[channel][scalar]</c>.</param>
/// <param name="Cutoff">From here on an edge is left as it is, Å.</param>
/// <param name="Old">Of what is there.</param>
/// <param name="New">Of what is added.</param>
/// <param name="Replaces">Without residual connection: edges beyond the cutoff keep their latents whole.</param>
public sealed record LatentUpdate(DenseNetwork Network, double Cutoff, double Old, double New, bool Replaces);

/// <summary>One layer: edges weight their harmonics, the sum of which around a center is the environment that each edge's features are multiplied with.</summary>
public sealed record AllegroLayer
{
    /// <summary>Of the latents, before the tensor product.</summary>
    public required LatentUpdate Latent { get; init; }

    /// <summary>From the latents to weights of the harmonics, <c>[channel][l]</c>; in the first layer twice as many, those of the edge's own features first.</summary>
    public required DenseNetwork Weighting { get; init; }

    /// <summary>Of the sum over neighbours, by the species of the center.</summary>
    public required double[] EnvironmentScale { get; init; }

    /// <summary>Of the environment; null: as it is.</summary>
    public ChannelMixing? EnvironmentMixing { get; init; }

    /// <summary>Of features and environment.</summary>
    public required AllegroProduct Product { get; init; }

    /// <summary>From the product to the features of the next layer; null in the last.</summary>
    public ChannelMixing? Mixing { get; init; }
}

/// <summary>
/// An Allegro model (A. Musaelian et al., Nat. Commun. 14 (2023) 579; allegro 0.2, 0.4 and later) as data; what it computes is written down in <see cref="AllegroReference"/>. Immutable.
/// </summary>
public sealed record AllegroModel
{
    /// <summary>The species; indices below are places in it.</summary>
    public required IReadOnlyList<Species> Species { get; init; }

    /// <summary>What the first network takes.</summary>
    public required EdgeInput Input { get; init; }

    /// <summary>Of all updates of latents.</summary>
    public required EdgeEnvelope Envelope { get; init; }

    /// <summary>Largest l of the harmonics.</summary>
    public required int Degree { get; init; }

    /// <summary>Channels of features and environments.</summary>
    public required int Channels { get; init; }

    /// <summary>The layers.</summary>
    public required IReadOnlyList<AllegroLayer> Layers { get; init; }

    /// <summary>After the last layer.</summary>
    public required LatentUpdate FinalLatent { get; init; }

    /// <summary>From the latents to the energy of an edge.</summary>
    public required DenseNetwork EdgeEnergy { get; init; }

    /// <summary>Of an edge's energy, by center and neighbour.</summary>
    public required double[][] EdgeScales { get; init; }

    /// <summary>Of the sum of edge energies, by the species of the center, eV.</summary>
    public required double[] Scales { get; init; }

    /// <summary>Added to the energy of each atom, by species, eV.</summary>
    public required double[] Shifts { get; init; }

    /// <summary>Added to the energy of atoms; null: none.</summary>
    public CutRepulsion? Repulsion { get; init; }

    /// <summary>Whether it was trained in single precision.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>From here on no edge is known, Å.</summary>
    public double Cutoff => Input.Cutoff;

    /// <summary>Numbers of an edge's latents.</summary>
    public int LatentWidth => FinalLatent.Network.Outputs;

    /// <summary>Checks what its parts say of each other.</summary>
    /// <exception cref="MofException">Sizes that do not fit, numbers that are not finite (InvalidArgument).</exception>
    public AllegroModel Checked()
    {
        int count = Species.Count, harmonics = (Degree + 1) * (Degree + 1);
        Require(count > 0 && Species.Select(one => one.Label).Distinct(StringComparer.Ordinal).Count() == count, "the species are none, or one is there twice", "every label once");
        Require(Degree is >= 0 and <= SphericalHarmonics.MaximumDegree, $"the harmonics go up to l = {Degree}", $"l of at most {SphericalHarmonics.MaximumDegree}");
        Require(Channels is >= 1 and <= 1 << 16 && Layers.Count > 0, $"there are {Channels} channels and {Layers.Count} layers", "at least one of each");
        Input.Check(count);
        Envelope.Check();
        Require(
            Layers.SelectMany(layer => new[] { layer.Latent.Network, layer.Weighting }).Append(FinalLatent.Network).Append(EdgeEnergy).All(IsPlain),
            "a network has biases, skipping connections or an activation that Allegro has not", "silu or no activation, none of them behind the last layer");
        CheckUpdate(Layers[0].Latent, Input.Width, Cutoff, "the two-body network");
        var width = harmonics;
        for (var t = 0; t < Layers.Count; t++)
        {
            var (layer, where) = (Layers[t], $"layer {t + 1}");
            if (t > 0)
            {
                CheckUpdate(layer.Latent, LatentWidth + Channels * Layers[t - 1].Product.Scalars, Layers[t - 1].Latent.Cutoff, $"the latent network of {where}");
            }

            var weights = (t == 0 ? 2 : 1) * Channels * (Degree + 1);
            Require(layer.Weighting.Inputs == LatentWidth && layer.Weighting.Outputs == weights, $"the network that weights harmonics in {where} goes from {layer.Weighting.Inputs} to {layer.Weighting.Outputs} numbers", $"from {LatentWidth} to {weights}");
            Require(layer.EnvironmentScale.Length == count && Finite(layer.EnvironmentScale), $"the environments of {where} have {layer.EnvironmentScale.Length} scales", $"{count}");
            layer.Product.Check(where);
            Require(layer.Product.First == width && layer.Product.Second == harmonics, $"the tensor product of {where} takes {layer.Product.First} and {layer.Product.Second} numbers", $"{width} and {harmonics}");
            layer.EnvironmentMixing?.Check(Channels, where);
            Require(layer.EnvironmentMixing is null || (layer.EnvironmentMixing.Input == harmonics && layer.EnvironmentMixing.Output == harmonics), $"the environment of {where} is mixed to another size", $"{harmonics} numbers");
            layer.Mixing?.Check(Channels, where);
            Require(t == Layers.Count - 1 || layer.Mixing?.Input == layer.Product.Result, $"the result of the tensor product of {where} is not mixed", $"a mixing of {layer.Product.Result} numbers");
            width = layer.Mixing?.Output ?? 0;
        }

        CheckUpdate(FinalLatent, LatentWidth + Channels * Layers[^1].Product.Scalars, Layers[^1].Latent.Cutoff, "the last latent network");
        Require(EdgeEnergy.Inputs == LatentWidth && EdgeEnergy.Outputs == 1, $"the network of edge energies goes from {EdgeEnergy.Inputs} to {EdgeEnergy.Outputs} numbers", $"from {LatentWidth} to 1");
        Require(EdgeScales.Length == count && EdgeScales.All(row => row.Length == count && Finite(row)), "the scales of edge energies do not fit", $"{count} × {count} finite numbers");
        Require(Scales.Length == count && Shifts.Length == count && Finite(Scales) && Finite(Shifts), $"there are {Scales.Length} scales and {Shifts.Length} shifts of energies", $"{count} finite numbers of each");
        Require(Repulsion is null || Repulsion.SpeciesCount == count, $"the charges of the repulsion are {Repulsion?.SpeciesCount} and do not fit", $"{count} atomic numbers");
        return this;
    }

    private void CheckUpdate(LatentUpdate update, int inputs, double most, string what)
    {
        Require(update.Network.Inputs == inputs && update.Network.Outputs == LatentWidth, $"{what} goes from {update.Network.Inputs} to {update.Network.Outputs} numbers", $"from {inputs} to {LatentWidth}");
        Require(update.Cutoff > 0 && update.Cutoff <= most * (1 + 1e-6), $"the cutoff of {what} is {update.Cutoff} angstrom", $"above 0 and at most {most}, that of what comes before");
        Require(double.IsFinite(update.Old) && double.IsFinite(update.New), $"{what} is added with {update.New} to {update.Old} times what was there", "finite numbers");
    }

    private static bool IsPlain(DenseNetwork network) =>
        network.Layers[^1].Activation == Activation.Linear && network.Layers.All(layer => layer is { Bias: null, Timestep: null, Copies: 0, Activation: Activation.Silu or Activation.Linear });

    private static bool Finite(double[] values) => Array.TrueForAll(values, double.IsFinite);

    private static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }
}
