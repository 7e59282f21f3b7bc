using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>
/// Reads models of Allegro 0.2 that NequIP 0.5 and 0.6 have deployed (<c>nequip-deploy build</c>, TorchScript), and of Allegro 0.4 and later that later versions have compiled (see <see cref="CompiledAllegro"/>). The archive is read as data; a module that is not known here is refused by its name.
/// </summary>
public static class AllegroFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>.pth</c>.</param>
    /// <param name="species">Atomic number and mass by label, for names of the model's types; those that are no element and not here have none.</param>
    /// <param name="energyUnit">One unit of the model's energies in eV: nothing in the file tells.</param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: not such a file, damaged, weights that do not fit;
    /// <see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name.
    /// </exception>
    public static AllegroModel Read(string path, IReadOnlyList<Species>? species = null, double energyUnit = 1)
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
        private readonly string[] _labels = archive.Text("extra/type_names")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        private double _scaleBy = 1;
        private Irreps? _harmonics;
        private BesselBasis? _basis;
        private double[] _means = [];
        private double[] _factors = [];
        private bool _isSingle;
        private AllegroCore? _core;
        private DenseNetwork? _edgeEnergy;
        private double[][]? _edgeScales;
        private double[]? _scales;
        private double[]? _shifts;
        private double _repulsion;
        private double[] _charges = [];

        public AllegroModel Read(TorchModule root)
        {
            (var network, _scaleBy) = DeployedNetwork.Unwrap(root, path);
            if (CompiledNequip.IsOne(network))
            {
                var labels = DeployedNetwork.Labels(archive, root);
                return new CompiledAllegro(path, labels).Read(network, DeployedNetwork.SpeciesOf(labels, species), energyUnit);
            }

            foreach (var part in network.Children())
            {
                Add(part);
            }

            if (_basis is null || _core is null || _edgeEnergy is null || _edgeScales is null || _labels.Length == 0)
            {
                throw new MofException(ErrorKind.FileFormat, "this is no Allegro model of energies", path, "radial basis, Allegro module, edge energies and type names");
            }

            return new AllegroModel
            {
                Species = DeployedNetwork.SpeciesOf(_labels, species),
                Input = new OneHotInput(_labels.Length, _basis, _means, _factors),
                SinglePrecision = _isSingle,
                Envelope = _core.Envelope,
                Degree = _core.Degree,
                Channels = _core.Channels,
                Layers = _core.Layers,
                FinalLatent = _core.FinalLatent,
                EdgeEnergy = _edgeEnergy,
                EdgeScales = _edgeScales,
                Scales = [.. _labels.Select((_, s) => energyUnit * _scaleBy * (_scales is null ? 1 : _scales[s]))],
                Shifts = [.. _labels.Select((_, s) => energyUnit * _scaleBy * (_shifts is null ? 0 : _shifts[s]))],
                Repulsion = _repulsion == 0 ? null : new CutRepulsion(energyUnit * _scaleBy * _repulsion, _charges, _basis),
            };
        }

        private void Add(TorchModule part)
        {
            switch (part.Object.ShortName)
            {
                case "OneHotAtomEncoding":
                    break;
                case "RadialBasisEdgeEncoding":
                    _basis = Basis(part);
                    break;
                case "SphericalHarmonicEdgeAttrs":
                    _harmonics = Harmonics(part.Module("sh"));
                    break;
                case "Allegro_Module" when _harmonics is not null:
                    _core = AllegroModuleReader.Read(part, _harmonics, _labels.Length);
                    break;
                case "ScalarMLP" when _core is not null && _edgeEnergy is null:
                    _edgeEnergy = AllegroNetworks.Read(part.Module("_module"));
                    break;
                case "EdgewiseEnergySum":
                    _edgeScales = EdgeScales(part);
                    break;
                case "PerSpeciesScaleShift" when _repulsion == 0:
                    _scales = part.Find("has_scales") is true ? PerSpecies(part, "scales") : null;
                    _shifts = part.Find("has_shifts") is true ? PerSpecies(part, "shifts") : null;
                    break;
                case "ZBL":
                    _repulsion = part.Number("_qqr2exesquare");
                    _charges = part.Tensor("atomic_numbers", _labels.Length);
                    break;
                case "AtomwiseReduce":
                    if (part.Text("reduce") != "sum" || part.Number("constant") != 1)
                    {
                        throw E3nnModules.Unsupported("energies of atoms are not just added up", part, "their sum");
                    }

                    break;
                default:
                    throw E3nnModules.Unsupported($"the model has a part '{part.Object.ShortName}' in this place", part, "what Allegro's energy model consists of");
            }
        }

        private double[] PerSpecies(TorchModule part, string name)
        {
            var values = part.Tensor(name).ToDoubles();
            return values.Length == 1 ? [.. _labels.Select(_ => values[0])] : values.Length == _labels.Length
                ? values
                : throw new MofException(ErrorKind.FileFormat, $"there are {values.Length} {name} by species", part.Where, $"{_labels.Length}");
        }

        private double[][] EdgeScales(TorchModule part)
        {
            var count = _labels.Length;
            var factor = part.Find("_factor") as double? ?? 1;
            var values = part.Find("per_edge_species_scale") is true ? part.Tensor("per_edge_scales", count, count) : [.. Enumerable.Repeat(1.0, count * count)];
            return [.. Enumerable.Range(0, count).Select(center => Enumerable.Range(0, count).Select(neighbor => factor * values[center * count + neighbor]).ToArray())];
        }

        private static Irreps Harmonics(TorchModule harmonics)
        {
            if (harmonics.Find("normalize") is not true || harmonics.Text("normalization") != "component")
            {
                throw E3nnModules.Unsupported("the harmonics are not of unit vectors with 'component' normalization", harmonics);
            }

            return harmonics.Irreps("irreps_out");
        }

        private BesselBasis Basis(TorchModule part)
        {
            TorchModule basis = part.Module("basis"), cutoff = part.Module("cutoff");
            var normalization = basis.Object.ShortName == "NormalizedBasis" ? basis : null;
            basis = normalization?.Module("basis") ?? basis;
            if (basis.Object.ShortName != "BesselBasis" || cutoff.Object.ShortName != "PolynomialCutoff")
            {
                throw E3nnModules.Unsupported($"the radial basis is a '{basis.Object.ShortName}' with a '{cutoff.Object.ShortName}'", part, "BesselBasis with PolynomialCutoff");
            }

            var frequencies = basis.Tensor("bessel_weights");
            var reach = basis.Number("r_max");
            if (Math.Abs(cutoff.Number("_factor") * reach - 1) > 1e-6)
            {
                throw E3nnModules.Unsupported("the cutoff function ends elsewhere than the basis", part);
            }

            double[] PerFunction(string name, double otherwise) =>
                normalization?.Tensor(name).ToDoubles() is { } values ? values.Length == 1 ? [.. Enumerable.Repeat(values[0], frequencies.Count)] : values : [.. Enumerable.Repeat(otherwise, frequencies.Count)];
            _isSingle = frequencies.Type == TorchType.Float;
            _means = PerFunction("_mean", 0);
            _factors = PerFunction("_inv_std", 1);
            return new BesselBasis(reach, cutoff.Number("p"), basis.Number("prefactor"), frequencies.ToDoubles());
        }
    }
}
