using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.NequIP;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>
/// Reads models that NequIP 0.5 and 0.6 have deployed (<c>nequip-deploy build</c>) or later versions compiled (<c>nequip-compile --mode torchscript</c>, see <see cref="CompiledNequip"/>): the modules that a
/// <c>SequentialGraphNetwork</c> holds, and what is around it. A module that is not known here is refused by its name.
/// </summary>
public static class NequipFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>.pth</c>.</param>
    /// <param name="species">Atomic number and mass by label, for names of the model's types; those that are no element and not here have none.</param>
    /// <param name="energyUnit">One unit of the model's energies in eV: nothing in the file tells.</param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: not such a file, damaged, weights that do not fit;
    /// <see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name.
    /// </exception>
    public static NequipModel Read(string path, IReadOnlyList<Species>? species = null, double energyUnit = 1)
    {
        try
        {
            var archive = TorchArchive.Read(path);
            return new Reading(archive, path, species ?? [], energyUnit).Read(TorchModule.Of(archive, path)).Checked();
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, e.Where is null ? path : e.Where.StartsWith(path, StringComparison.Ordinal) ? e.Where : $"{path}, {e.Where}", e.Expected, e.Remedy, e);
        }
    }

    private sealed class Reading(TorchArchive archive, string path, IReadOnlyList<Species> species, double energyUnit)
    {
        private readonly NequipActivations _activations = new(archive, path);
        private readonly List<NequipLayer> _layers = [];
        private string[] _labels = [];
        private BesselBasis? _basis;
        private IrrepsLinear? _embedding;
        private IrrepsLinear? _readout;
        private double _scaleBy = 1;
        private double[] _scales = [];
        private double[] _shifts = [];
        private bool _isSingle;

        public NequipModel Read(TorchModule root)
        {
            (var network, _scaleBy) = DeployedNetwork.Unwrap(root, path);
            if (CompiledNequip.IsOne(network))
            {
                var labels = DeployedNetwork.Labels(archive, root);
                return new CompiledNequip(archive, path, labels).Read(network, DeployedNetwork.SpeciesOf(labels, species), energyUnit);
            }

            foreach (var part in network.Children())
            {
                Add(part);
            }

            if (_labels.Length == 0)
            {
                _labels = archive.Text("extra/type_names")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            }

            if (_basis is null || _embedding is null || _readout is null || _layers.Count == 0 || _labels.Length == 0)
            {
                throw new MofException(ErrorKind.FileFormat, "this is no NequIP model of energies", path, "radial basis, embedding, layers, readout and type names");
            }

            _scales = _scales.Length == 0 ? [.. _labels.Select(_ => 1.0)] : _scales;
            _shifts = _shifts.Length == 0 ? [.. _labels.Select(_ => 0.0)] : _shifts;
            return new NequipModel
            {
                Species = DeployedNetwork.SpeciesOf(_labels, species),
                Basis = _basis,
                Embedding = Embedding(_embedding),
                Layers = _layers,
                Readout = _readout,
                Scales = [.. _scales.Select(one => energyUnit * _scaleBy * one)],
                Shifts = [.. _shifts.Select(one => energyUnit * _scaleBy * one)],
                SinglePrecision = _isSingle,
            };
        }

        private void Add(TorchModule part)
        {
            switch (part.Object.ShortName)
            {
                case "OneHotAtomEncoding" or "AtomwiseReduce":
                    break;
                case "SphericalHarmonicEdgeAttrs":
                    CheckHarmonics(part.Module("sh"));
                    break;
                case "RadialBasisEdgeEncoding":
                    _basis = Basis(part);
                    break;
                case "AtomwiseLinear" when _layers.Count == 0:
                    _embedding = part.Module("linear").Linear();
                    break;
                case "AtomwiseLinear":
                    var linear = part.Module("linear").Linear();
                    _readout = _readout is null ? linear : _readout.Then(linear);
                    break;
                case "ConvNetLayer":
                    _layers.Add(NequipLayerReader.Read(part, _activations, _embedding?.Input.Width ?? 0));
                    break;
                case "PerSpeciesScaleShift":
                    _labels = [.. part.Sequence("type_names").OfType<string>()];
                    _scales = part.Find("has_scales") is true ? PerSpecies(part, "scales") : [];
                    _shifts = part.Find("has_shifts") is true ? PerSpecies(part, "shifts") : [];
                    break;
                default:
                    throw E3nnModules.Unsupported($"the model has a part '{part.Object.ShortName}'", part, "what NequIP's EnergyModel consists of");
            }
        }

        private double[] PerSpecies(TorchModule part, string name)
        {
            var values = part.Tensor(name).ToDoubles();
            return values.Length == 1 ? [.. _labels.Select(_ => values[0])] : values;
        }

        private static void CheckHarmonics(TorchModule harmonics)
        {
            if (harmonics.Find("normalize") is not true || harmonics.Text("normalization") != "component")
            {
                throw E3nnModules.Unsupported("the harmonics are not of unit vectors with 'component' normalization", harmonics);
            }
        }

        private BesselBasis Basis(TorchModule part)
        {
            TorchModule basis = part.Module("basis"), cutoff = part.Module("cutoff");
            if (basis.Object.ShortName != "BesselBasis" || cutoff.Object.ShortName != "PolynomialCutoff")
            {
                throw E3nnModules.Unsupported($"the radial basis is a '{basis.Object.ShortName}' with a '{cutoff.Object.ShortName}'", part, "BesselBasis with PolynomialCutoff");
            }

            var frequencies = basis.Tensor("bessel_weights");
            _isSingle = frequencies.Type == TorchType.Float;
            var reach = basis.Number("r_max");
            if (Math.Abs(cutoff.Number("_factor") * reach - 1) > 1e-6)
            {
                throw E3nnModules.Unsupported("the cutoff function ends elsewhere than the basis", part);
            }

            return new BesselBasis(reach, cutoff.Number("p"), basis.Number("prefactor"), frequencies.ToDoubles());
        }

        private double[][] Embedding(IrrepsLinear linear)
        {
            if (linear.Output.Count != 1 || linear.Input.Width != _labels.Length)
            {
                throw new MofException(ErrorKind.Unsupported, $"the embedding goes from {linear.Input} to {linear.Output}", path, $"from {_labels.Length}x0e to scalars");
            }

            return [.. _labels.Select((_, s) => linear.Apply([.. _labels.Select((_, t) => s == t ? 1.0 : 0.0)]))];
        }
    }
}
