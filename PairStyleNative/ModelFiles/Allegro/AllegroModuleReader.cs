using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>What an <c>Allegro_Module</c> holds of a <see cref="AllegroModel"/>.</summary>
internal sealed record AllegroCore(int Degree, int Channels, EdgeEnvelope Envelope, IReadOnlyList<AllegroLayer> Layers, LatentUpdate FinalLatent);

/// <summary>Reads an <c>Allegro_Module</c> (allegro/nn/_allegro.py, version 0.2).</summary>
internal sealed class AllegroModuleReader
{
    private const int MostLayers = 16;

    private readonly TorchModule _module;
    private readonly int _layerCount;
    private readonly int _channels;
    private readonly Irrep[] _harmonics;
    private readonly AllegroPaths _paths;
    private readonly double[] _cutoffs;
    private readonly double[] _updates;
    private readonly bool _isResidual;

    private AllegroModuleReader(TorchModule module, Irreps harmonics)
    {
        _module = module;
        foreach (var name in (string[])["num_layers", "env_embed_mul", "per_layer_cutoffs", "_latent_resnet_update_params", "cutoff_type", "nonscalars_include_parity", "env_sum_normalizations"])
        {
            if (module.Find(name) is null)
            {
                throw E3nnModules.Unsupported($"this is a model of another version of Allegro: it has no '{name}'", module, "Allegro 0.2");
            }
        }

        if (module.Find("embed_initial_edge") is not true)
        {
            throw E3nnModules.Unsupported("edges begin without weights (embed_initial_edge: false)", module);
        }

        if (module.Number("_input_pad") != 0)
        {
            throw E3nnModules.Unsupported("features are filled up (pad_to_alignment)", module, "1");
        }

        _layerCount = (int)module.Number("num_layers");
        _channels = (int)module.Number("env_embed_mul");
        if (_layerCount is < 1 or > MostLayers || _channels is < 1 or > 1 << 16)
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {_layerCount} layers of {_channels} channels", module.Where, $"1 to {MostLayers} layers");
        }

        for (var l = 0; l < Math.Max(harmonics.Count, 1); l++)
        {
            if (harmonics.Count == 0 || harmonics[l].Multiplicity != 1 || harmonics[l].Irrep.Degree != l || (l == 0 && harmonics[l].Irrep.Parity < 0))
            {
                throw E3nnModules.Unsupported($"the harmonics are {harmonics}", module, "each degree once, from 0e on");
            }
        }

        _harmonics = [.. harmonics.Select(block => block.Irrep)];
        _paths = AllegroPaths.Of(_harmonics, _layerCount, module.Find("nonscalars_include_parity") is true);
        _cutoffs = module.Tensor("per_layer_cutoffs", _layerCount + 1);
        _updates = module.Tensor("_latent_resnet_update_params", _layerCount);
        _isResidual = module.Find("latent_resnet") is true;
    }

    private int Width => _harmonics.Sum(one => one.Dimension);

    public static AllegroCore Read(TorchModule module, Irreps harmonics, int speciesCount)
    {
        var reader = new AllegroModuleReader(module, harmonics);
        return new AllegroCore(
            harmonics.Count - 1,
            reader._channels,
            reader.Envelope(),
            [.. Enumerable.Range(0, reader._layerCount).Select(t => reader.Layer(t, speciesCount))],
            reader.Update(module.Module("final_latent"), reader._layerCount));
    }

    private EdgeEnvelope Envelope() => _module.Text("cutoff_type") switch
    {
        "polynomial" => new EdgeEnvelope(EnvelopeKind.Polynomial, _module.Number("polynomial_cutoff_p")),
        "cosine" => new EdgeEnvelope(EnvelopeKind.Cosine, _module.Number("r_start_cos_ratio")),
        var other => throw E3nnModules.Unsupported($"the cutoff function '{other}'", _module, "polynomial, cosine"),
    };

    private LatentUpdate Update(TorchModule network, int t)
    {
        if (t == 0 || !_isResidual)
        {
            return new LatentUpdate(AllegroNetworks.Read(network), _cutoffs[t], 0, 1, Replaces: true);
        }

        var ratio = 1 / (1 + Math.Exp(-_updates[t - 1]));
        var old = 1 / Math.Sqrt(ratio * ratio + 1);
        return new LatentUpdate(AllegroNetworks.Read(network), _cutoffs[t], old, ratio * old, Replaces: false);
    }

    private AllegroLayer Layer(int t, int speciesCount)
    {
        var product = Product(t);
        return new AllegroLayer
        {
            Latent = Update(_module.Module($"latents.{t}"), t),
            Weighting = AllegroNetworks.Read(_module.Module($"env_embed_mlps.{t}")),
            EnvironmentScale = EnvironmentScale(t, speciesCount),
            EnvironmentMixing = _module.Find("linear_after_env_embed") is true ? Mixing(_module.Module($"env_linears.{t}"), [.. _harmonics.Select(one => (1, one.Dimension))]) : null,
            Product = product,
            Mixing = t == _layerCount - 1 ? null : Mixing(_module.Module($"linears.{t}"), Groups(_paths.ResultsOf(t, _harmonics))),
        };
    }

    private double[] EnvironmentScale(int t, int speciesCount)
    {
        var tensor = _module.Tensor("env_sum_normalizations");
        var values = tensor.ToDoubles();
        if (tensor.Shape.SequenceEqual([_layerCount]))
        {
            return [.. Enumerable.Repeat(values[t], speciesCount)];
        }

        return tensor.Shape.SequenceEqual([_layerCount, speciesCount])
            ? values[(t * speciesCount)..((t + 1) * speciesCount)]
            : throw new MofException(ErrorKind.FileFormat, $"the tensor env_sum_normalizations has the shape [{string.Join(", ", tensor.Shape)}]", _module.Where, $"[{_layerCount}] or [{_layerCount}, {speciesCount}]");
    }

    private AllegroProduct Product(int t)
    {
        var module = _module.Module($"tps.{t}");
        if (module.Find("_big_w3j") is not TorchTensor tensor)
        {
            throw E3nnModules.Unsupported("couplings are stored as a sparse matrix (sparse_mode)", module, "none");
        }

        var results = _paths.ResultsOf(t, _harmonics);
        int first = _paths.Features[t].Sum(one => one.Dimension), width = results.Sum(one => one.Dimension);
        // Where only scalars are wanted, factors meet component by component, and the second index is left out.
        var diagonal = tensor.Shape.Count == 2;
        if (!tensor.Shape.SequenceEqual(diagonal ? [width, first] : [width, first, Width]) || (diagonal && first != Width))
        {
            throw new MofException(ErrorKind.FileFormat, $"the couplings have the shape [{string.Join(", ", tensor.Shape)}]", module.Where, $"[{width}, {first}, {Width}], by the harmonics and parities of the model");
        }

        var values = tensor.ToDoubles();
        var entries = new List<CouplingEntry>();
        for (var at = 0; at < values.Length; at++)
        {
            if (values[at] != 0)
            {
                entries.Add(diagonal ? new CouplingEntry(at % first, at % first, at / first, values[at]) : new CouplingEntry(at / Width % first, at % Width, at / Width / first, values[at]));
            }
        }

        var scalars = results.TakeWhile(one => one == new Irrep(0, 1)).Count();
        return _module.Sequence("_n_scalar_outs").ElementAtOrDefault(t) is long told && told == scalars
            ? new AllegroProduct(first, Width, width, scalars, entries)
            : throw new MofException(ErrorKind.FileFormat, $"layer {t + 1} tells of another number of scalars", _module.Where, $"{scalars}");
    }

    // Paths of one result stand together.
    private static List<(int Inputs, int Dimension)> Groups(IReadOnlyList<Irrep> results)
    {
        var groups = new List<(int, int)>();
        for (var k = 0; k < results.Count;)
        {
            var count = results.Skip(k).TakeWhile(one => one == results[k]).Count();
            groups.Add((count, results[k].Dimension));
            k += count;
        }

        return groups;
    }

    private ChannelMixing Mixing(TorchModule module, List<(int Inputs, int Dimension)> groups)
    {
        var expected = groups.Sum(group => _channels * _channels * group.Inputs);
        var weights = module.Tensor("w", expected);
        var place = 0;
        var blocks = new List<MixedBlock>();
        foreach (var (inputs, dimension) in groups)
        {
            var factor = 1 / Math.Sqrt(_channels * inputs);
            var count = _channels * _channels * inputs;
            blocks.Add(new MixedBlock(inputs, dimension, [.. weights.AsSpan(place, count).ToArray().Select(one => factor * one)]));
            place += count;
        }

        return new ChannelMixing(blocks);
    }
}
