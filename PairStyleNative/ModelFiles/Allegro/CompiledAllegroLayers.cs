using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>
/// Writes the layers of Allegro 0.4 and later (allegro/nn/_allegro.py, tensorembed.py, _strided/_contract.py) as <see cref="AllegroModel"/> has them. There, a network sees what all before it gave, and gives the weights of
/// harmonics too; here, latents are renewed by adding to them. So latents are all of these side by side, [scalars of the two-body network and of every layer][weights of an edge's own harmonics][weights for the
/// environment of every layer], and a network adds to its own part of them. Paths of tensor products have weights by channel, which mixings take, and the first layer of the network that sees their scalars.
/// </summary>
internal sealed class CompiledAllegroLayers
{
    private const int MostLayers = 16;

    private readonly TorchModule _module;
    private readonly TorchModule _tensors;
    private readonly double _cutoff;
    private readonly int _speciesCount;
    private readonly int _count;
    private readonly int _scalars;
    private readonly List<Contraction> _products = [];

    /// <summary>Reads what all layers share, and the tensor products.</summary>
    /// <param name="module">The <c>Allegro_Module</c>.</param>
    /// <param name="tensors">The <c>TwoBodySphericalHarmonicTensorEmbed</c>.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="speciesCount">Number of species.</param>
    public CompiledAllegroLayers(TorchModule module, TorchModule tensors, double cutoff, int speciesCount)
    {
        (_module, _tensors, _cutoff, _speciesCount) = (module, tensors, cutoff, speciesCount);
        if (module.Find("scatter_features") is true)
        {
            throw E3nnModules.Unsupported("features are summed over neighbours instead of weighted harmonics (scatter_features)", module);
        }

        foreach (var weighter in (TorchModule[])[module.Module("_env_weighter"), tensors.Module("_edge_weighter")])
        {
            if (weighter.Find("weight_individual_irreps") is not true || weighter.Number("alpha") != 1)
            {
                throw E3nnModules.Unsupported("all degrees of the harmonics have one weight (weight_individual_irreps: false)", weighter);
            }
        }

        (_count, _scalars, Channels) = ((int)module.Number("num_layers"), (int)module.Number("num_scalar_features"), (int)module.Number("num_tensor_features"));
        if (_count is < 1 or > MostLayers || _scalars is < 1 or > 1 << 16 || Channels is < 1 or > 1 << 16)
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {_count} layers of {_scalars} scalars and {Channels} channels", module.Where, $"1 to {MostLayers} layers");
        }

        var harmonics = tensors.Module("sh").Irreps("irreps_out");
        for (var l = 0; l < Math.Max(harmonics.Count, 1); l++)
        {
            if (harmonics.Count == 0 || harmonics[l].Multiplicity != 1 || harmonics[l].Irrep.Degree != l || (l == 0 && harmonics[l].Irrep.Parity < 0))
            {
                throw E3nnModules.Unsupported($"the harmonics are {harmonics}", tensors, "each degree once, from 0e on");
            }
        }

        Degree = harmonics.Count - 1;
        for (var t = 0; t < _count; t++)
        {
            var one = module.Module($"tps.{t}");
            _products.Add(new Contraction(one, Channels));
            IsSingle = one.Tensor("weights").Type == TorchType.Float;
        }
    }

    /// <summary>Largest l of the harmonics.</summary>
    public int Degree { get; }

    /// <summary>Channels of features and environments.</summary>
    public int Channels { get; }

    /// <summary>Whether it was trained in single precision.</summary>
    public bool IsSingle { get; }

    private int Weights => Channels * (Degree + 1);

    private int FirstWeight => (_count + 1) * _scalars;

    private int Width => FirstWeight + (_count + 1) * Weights;

    /// <summary>The layers.</summary>
    /// <param name="twoBody">What comes between the input and the first scalars.</param>
    public IReadOnlyList<AllegroLayer> Layers(IReadOnlyList<DenseLayer> twoBody) => [.. Enumerable.Range(0, _count).Select(t => new AllegroLayer
    {
        Latent = t == 0 ? new LatentUpdate(TwoBody(twoBody), _cutoff, 0, 1, Replaces: true) : Update(t),
        Weighting = Selection(t == 0 ? [FirstWeight, EnvironmentOf(0)] : [EnvironmentOf(t)]),
        EnvironmentScale = [.. Enumerable.Repeat(_products[t].EnvironmentScale, _speciesCount)],
        Product = _products[t].Product,
        Mixing = t == _count - 1 ? null : _products[t].Mixing(),
    })];

    /// <summary>After the last layer.</summary>
    public LatentUpdate FinalLatent() => Update(_count);

    /// <summary>A network that takes all scalars, as one that takes all latents.</summary>
    public DenseNetwork FromScalars(DenseNetwork network) => Padded(network, Width, (_count + 1) * _scalars, (row, _) => row < FirstWeight ? (row, 1) : (-1, 0), null);

    private int EnvironmentOf(int layer) => FirstWeight + (layer + 1) * Weights;

    private DenseNetwork TwoBody(IReadOnlyList<DenseLayer> layers)
    {
        DenseLayer scalars = Matrix(_module.Module("first_layer_env_embed_projection"), _scalars + Weights), tensors = Matrix(_tensors.Module("env_embed_linear"), Weights);
        if (scalars.Inputs != tensors.Inputs)
        {
            throw new MofException(ErrorKind.FileFormat, $"the two-body scalars are {scalars.Inputs} for one and {tensors.Inputs} for another matrix", _module.Where);
        }

        var weights = new double[scalars.Inputs * Width];
        for (var row = 0; row < scalars.Inputs; row++)
        {
            void Place(DenseLayer source, int from, int to, int count) => source.Weights.AsSpan(row * source.Outputs + from, count).CopyTo(weights.AsSpan(row * Width + to, count));
            Place(scalars, 0, 0, _scalars);
            Place(scalars, _scalars, EnvironmentOf(0), Weights);
            Place(tensors, 0, FirstWeight, Weights);
        }

        return new DenseNetwork([.. layers, new DenseLayer(scalars.Inputs, Width, weights, null, null, Activation.Linear, false)], _module.Where);
    }

    private static DenseLayer Matrix(TorchModule module, int outputs)
    {
        var network = CompiledModules.Network(module);
        return network.Layers is [{ Activation: Activation.Linear, Bias: null } only] && only.Outputs == outputs
            ? only
            : throw new MofException(ErrorKind.FileFormat, $"a network of {network.Layers.Count} layers gives {network.Outputs} numbers", module.Where, $"a matrix that gives {outputs}");
    }

    private LatentUpdate Update(int t)
    {
        var module = _module.Module($"latents.{t - 1}");
        var product = _products[t - 1];
        var scalars = product.Product.Scalars;
        var seen = t * _scalars;
        // Scalars of latents as they are, those of the product by channel and path.
        (int Row, double Factor) Source(int row, int inputs) =>
            row < seen ? (row, 1) : row < Width ? (-1, 0) : (seen + (row - Width) / scalars, product.WeightOf((row - Width) / scalars, (row - Width) % scalars));
        int Placed(int column) => column < _scalars ? t * _scalars + column : EnvironmentOf(t) + column - _scalars;
        var network = CompiledModules.Network(module);
        var outputs = _scalars + (t < _count ? Weights : 0);
        if (network.Outputs != outputs)
        {
            throw new MofException(ErrorKind.FileFormat, $"a network gives {network.Outputs} numbers", module.Where, $"{outputs}");
        }

        return new LatentUpdate(Padded(network, Width + Channels * scalars, seen + Channels, Source, Placed), _cutoff, 1, 1, Replaces: false);
    }

    // The same network that takes and gives more numbers.
    private DenseNetwork Padded(DenseNetwork network, int inputs, int expected, Func<int, int, (int Row, double Factor)> source, Func<int, int>? placed)
    {
        if (network.Inputs != expected)
        {
            throw new MofException(ErrorKind.FileFormat, $"a network takes {network.Inputs} numbers", _module.Where, $"{expected}");
        }

        var layers = network.Layers.ToArray();
        var first = layers[0];
        var weights = new double[inputs * first.Outputs];
        for (var k = 0; k < weights.Length; k++)
        {
            var (row, factor) = source(k / first.Outputs, inputs);
            weights[k] = row < 0 ? 0 : factor * first.Weights[row * first.Outputs + k % first.Outputs];
        }

        layers[0] = first with { Inputs = inputs, Weights = weights };
        if (placed is not null)
        {
            var last = layers[^1];
            var wide = new double[last.Inputs * Width];
            for (var k = 0; k < last.Weights.Length; k++)
            {
                wide[k / last.Outputs * Width + placed(k % last.Outputs)] = last.Weights[k];
            }

            layers[^1] = last with { Outputs = Width, Weights = wide };
        }

        return new DenseNetwork(layers, _module.Where);
    }

    // Weights of harmonics out of the latents.
    private DenseNetwork Selection(int[] starts)
    {
        var outputs = starts.Length * Weights;
        var weights = new double[Width * outputs];
        for (var k = 0; k < outputs; k++)
        {
            weights[(starts[k / Weights] + k % Weights) * outputs + k] = 1;
        }

        return new DenseNetwork([new DenseLayer(Width, outputs, weights, null, null, Activation.Linear, false)], _module.Where);
    }
}
