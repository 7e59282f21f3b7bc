using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>Reads what NequIP 0.7 and later compile (<c>nequip-compile --mode torchscript</c>; nequip/model/nequip_models.py). One instance reads one file.</summary>
internal sealed class CompiledNequip(TorchArchive archive, string path, IReadOnlyList<string> labels)
{
    private readonly NequipActivations _activations = new(archive, path);
    private readonly List<NequipLayer> _layers = [];
    private double _cutoff;
    private PairCutoffs? _cutoffs;
    private TorchModule? _encoding;
    private double _factor = 1;
    private double[][]? _embedding;
    private bool _isSingle;
    private DenseNetwork? _readout;
    private double[]? _scales;
    private double[]? _shifts;
    private CutRepulsion? _repulsion;

    /// <summary>Whether a network is one of these versions.</summary>
    public static bool IsOne(TorchModule network) => network.Children().Any(part => part.Object.ShortName == "EdgeLengthNormalizer");

    /// <summary>Reads the network.</summary>
    /// <param name="network">The sequence of modules.</param>
    /// <param name="species">The species of its types.</param>
    /// <param name="energyUnit">One unit of the model's energies in eV.</param>
    public NequipModel Read(TorchModule network, IReadOnlyList<Species> species, double energyUnit)
    {
        foreach (var part in network.Children())
        {
            Add(part, energyUnit);
        }

        if (_encoding is null || _cutoff == 0 || _embedding is null || _readout is null || _layers.Count == 0)
        {
            throw new MofException(ErrorKind.FileFormat, "this is no NequIP model of energies", path, "cutoffs, radial basis, embedding, layers and readout");
        }

        var isLinear = _readout.Layers is [{ Activation: Activation.Linear, Bias: null }];
        return new NequipModel
        {
            Species = species,
            Basis = CompiledModules.Basis(_encoding, _cutoff, _factor),
            Cutoffs = _cutoffs,
            Embedding = _embedding,
            Layers = _layers,
            Readout = Readout(_layers[^1].Output, isLinear ? _readout.Layers[0].Weights : null),
            ReadoutNetwork = isLinear ? null : _readout,
            Scales = [.. labels.Select((_, s) => energyUnit * (_scales?[s] ?? 1))],
            Shifts = [.. labels.Select((_, s) => energyUnit * (_shifts?[s] ?? 0))],
            Repulsion = _repulsion,
            SinglePrecision = _isSingle,
        };
    }

    private void Add(TorchModule part, double energyUnit)
    {
        switch (part.Object.ShortName)
        {
            case "NodeTypeEmbed":
                Embed(part);
                break;
            case "SphericalHarmonicEdgeAttrs":
                CompiledModules.RequireHarmonics(part.Module("sh"));
                break;
            case "EdgeLengthNormalizer":
                (_cutoff, _cutoffs) = CompiledModules.Cutoffs(part, labels.Count);
                break;
            case "BesselEdgeLengthEncoding":
                _encoding = part;
                break;
            case "ApplyFactor" when _encoding is not null && _layers.Count == 0:
                _factor *= part.Number("factor");
                break;
            case "ConvNetLayer" when _embedding is not null:
                _layers.Add(NequipLayerReader.ReadCompiled(part, _activations, _embedding));
                break;
            case "ScalarMLP" when _readout is null && _layers.Count > 0:
                _readout = CompiledModules.Network(part.Module("mlp_module"));
                break;
            case "PerTypeScaleShift" when _repulsion is null && _readout is not null:
                (_scales, _shifts) = CompiledModules.ScaleShift(part, labels.Count);
                break;
            case "ZBL" when _encoding is not null && _repulsion is null:
                _repulsion = CompiledModules.Repulsion(part, energyUnit, CompiledModules.Power(_encoding), _cutoff, _cutoffs);
                break;
            case "AtomwiseReduce":
                CompiledModules.RequireSum(part);
                break;
            default:
                throw E3nnModules.Unsupported($"the model has a part '{part.Object.ShortName}' in this place", part, "what NequIP's model of energies consists of");
        }
    }

    private void Embed(TorchModule part)
    {
        if (part.Find("do_categorical_graph_field_embed") is true)
        {
            throw E3nnModules.Unsupported("atoms know of their whole frame (categorical_graph_field_embed)", part, "their types alone");
        }

        var table = part.Module("embed_module");
        _embedding = CompiledModules.Rows(table, labels.Count);
        _isSingle = table.Tensor("weight").Type == TorchType.Float;
    }

    // The last features are one block of scalars.
    private IrrepsLinear Readout(Irreps features, double[]? weights)
    {
        if (features.Count != 1 || features[0].Irrep != new Irrep(0, 1))
        {
            throw new MofException(ErrorKind.Unsupported, $"the readout takes {features}", path, "even scalars");
        }

        var count = features[0].Multiplicity;
        var output = weights is null ? features : new Irreps([new IrrepBlock(1, new Irrep(0, 1))]);
        return new IrrepsLinear(features, output, [new LinearPath(0, 0, weights ?? [.. Enumerable.Range(0, count * count).Select(k => k / count == k % count ? 1.0 : 0.0)])], $"{path}, readout");
    }
}
