using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>Reads what Allegro 0.4 and later compile (<c>nequip-compile --mode torchscript</c>; allegro/model/allegro_models.py). One instance reads one file.</summary>
internal sealed class CompiledAllegro(string path, IReadOnlyList<string> labels)
{
    private double _cutoff;
    private PairCutoffs? _cutoffs;
    private TorchModule? _encoding;
    private double? _power;
    private EdgeInput? _input;
    private readonly List<DenseLayer> _twoBody = [];
    private TorchModule? _tensors;
    private TorchModule? _allegro;
    private DenseNetwork? _readout;
    private double? _edgeScale;
    private double[]? _scales;
    private double[]? _shifts;
    private CutRepulsion? _repulsion;

    /// <summary>Reads the network.</summary>
    /// <param name="network">The sequence of modules.</param>
    /// <param name="species">The species of its types.</param>
    /// <param name="energyUnit">One unit of the model's energies in eV.</param>
    public AllegroModel Read(TorchModule network, IReadOnlyList<Species> species, double energyUnit)
    {
        foreach (var part in Flat(network))
        {
            Add(part, energyUnit);
        }

        if (_input is null || _tensors is null || _allegro is null || _readout is null || _edgeScale is not { } edgeScale)
        {
            throw new MofException(ErrorKind.FileFormat, "this is no Allegro model of energies", path, "two-body embedding, Allegro module, edge energies and their sum");
        }

        var core = new CompiledAllegroLayers(_allegro, _tensors, _cutoff, labels.Count);
        return new AllegroModel
        {
            Species = species,
            Input = _input with { Cutoffs = _cutoffs },
            SinglePrecision = core.IsSingle,
            Envelope = new EdgeEnvelope(EnvelopeKind.None, 0),
            Degree = core.Degree,
            Channels = core.Channels,
            Layers = core.Layers(_twoBody),
            FinalLatent = core.FinalLatent(),
            EdgeEnergy = core.FromScalars(_readout),
            EdgeScales = [.. labels.Select(_ => Enumerable.Repeat(edgeScale, labels.Count).ToArray())],
            Scales = [.. labels.Select((_, s) => energyUnit * (_scales?[s] ?? 1))],
            Shifts = [.. labels.Select((_, s) => energyUnit * (_shifts?[s] ?? 0))],
            Repulsion = _repulsion,
        };
    }

    // The embedding of Bessel functions is a sequence of its own.
    private static IEnumerable<TorchModule> Flat(TorchModule network) => network.Children().SelectMany(part => part.Object.ShortName == "SequentialGraphNetwork" ? part.Children() : [part]);

    private void Add(TorchModule part, double energyUnit)
    {
        switch (part.Object.ShortName)
        {
            case "EdgeLengthNormalizer":
                (_cutoff, _cutoffs) = CompiledModules.Cutoffs(part, labels.Count);
                break;
            case "BesselEdgeLengthEncoding" when _cutoff > 0:
                _encoding = part;
                _power = CompiledModules.Power(part);
                break;
            case "ProductTypeEmbedding" when _encoding is not null:
                _input = Product(part, _encoding);
                break;
            case "TwoBodySplineScalarEmbed" when _cutoff > 0:
                _input = Spline(part.Module("spline"));
                break;
            case "ScalarMLP" when _input is not null && _tensors is null:
                _twoBody.AddRange(CompiledModules.Network(part.Module("mlp_module")).Layers);
                break;
            case "TwoBodySphericalHarmonicTensorEmbed":
                CompiledModules.RequireHarmonics(part.Module("sh"));
                _tensors = part;
                break;
            case "Allegro_Module" when _tensors is not null:
                _allegro = part;
                break;
            case "ScalarMLP" when _allegro is not null && _readout is null:
                _readout = CompiledModules.Network(part.Module("mlp_module"));
                break;
            case "EdgewiseReduce" when part.Text("reduce") == "sum":
                _edgeScale = part.Find("_factor") is null ? 1 : part.Number("_factor");
                break;
            case "PerTypeScaleShift" when _repulsion is null:
                (_scales, _shifts) = CompiledModules.ScaleShift(part, labels.Count);
                break;
            case "AddRadialCutoffToData":
                _power ??= CompiledModules.Power(part);
                break;
            case "ZBL" when _repulsion is null:
                _repulsion = CompiledModules.Repulsion(part, energyUnit, _power ?? 0, _cutoff, _cutoffs);
                break;
            case "AtomwiseReduce":
                CompiledModules.RequireSum(part);
                break;
            default:
                throw E3nnModules.Unsupported($"the model has a part '{part.Object.ShortName}' in this place", part, "what Allegro's model of energies consists of");
        }
    }

    private ProductInput Product(TorchModule part, TorchModule encoding)
    {
        var mixing = CompiledModules.Network(part.Module("basis_linear"));
        if (mixing.Layers is not [{ Activation: Activation.Linear, Bias: null } only])
        {
            throw E3nnModules.Unsupported("the radial basis goes through a network before it is embedded", part, "a matrix");
        }

        return new ProductInput(
            CompiledModules.Basis(encoding, _cutoff, 1),
            only.Weights,
            CompiledModules.Rows(part.Module("center_embed"), labels.Count),
            CompiledModules.Rows(part.Module("neighbor_embed"), labels.Count));
    }

    private SplineInput Spline(TorchModule spline)
    {
        double[] starts = spline.Tensor("lower").ToDoubles(), ends = spline.Tensor("upper").ToDoubles();
        if (starts.Length == 0 || ends.Length != starts.Length)
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {starts.Length} beginnings and {ends.Length} ends of splines", spline.Where);
        }

        return new SplineInput(_cutoff, starts, ends[0] - starts[0], CompiledModules.Rows(spline.Module("class_embed"), labels.Count * labels.Count));
    }
}
