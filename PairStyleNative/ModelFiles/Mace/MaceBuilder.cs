using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Makes a <see cref="MaceModel"/> of a description, for the species that are asked for.</summary>
internal sealed class MaceBuilder
{
    private const string Agnostic = "RealAgnosticInteractionBlock", Residual = "RealAgnosticResidualInteractionBlock", Nonlinear = "RealAgnosticResidualNonLinearInteractionBlock";
    private const string Density = "RealAgnosticDensityInteractionBlock", DensityResidual = "RealAgnosticDensityResidualInteractionBlock";
    private static readonly string[] _interactions = [Agnostic, Residual, Density, DensityResidual, Nonlinear];
    private static readonly string[] _readouts = ["LinearReadoutBlock", "NonLinearReadoutBlock", "NonLinearBiasReadoutBlock"];

    private readonly MaceDescription _description;
    private readonly MaceTensors _tensors;
    private readonly MaceModules _modules;
    private readonly MaceNetworks _networks;
    private readonly MaceChoice _choice;
    private readonly int _head;

    // Place of every species among those of the file.
    private readonly int[] _places;
    private readonly int _elements;
    private readonly int _layers;

    private MaceBuilder(MaceDescription description, IReadOnlyList<Species> species, MaceChoice choice)
    {
        _description = description;
        _tensors = new MaceTensors(description);
        int[] numbers = [.. description.AtomicNumbers];
        _elements = numbers.Length;
        _layers = description.Interactions.Count;
        _places = [.. species.Select(one => Array.IndexOf(numbers, one.AtomicNumber) is >= 0 and var place ? place : throw new MofException(
            ErrorKind.FileFormat, $"the model does not know {one.Label} (atomic number {one.AtomicNumber})", description.Where, "elements with the atomic numbers " + string.Join(", ", numbers)))];
        (_choice, _head) = (choice, choice.HeadOf(description));
        _modules = new MaceModules(description, _tensors);
        _networks = new MaceNetworks(description, _tensors, _modules, _places, _head);
    }

    /// <summary>Makes the model.</summary>
    /// <param name="description">What the file says.</param>
    /// <param name="species">With atomic numbers; null: all elements of the file.</param>
    /// <param name="choice">What the file leaves open.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name; <see cref="ErrorKind.FileFormat"/>: numbers are missing or do not fit.</exception>
    public static MaceModel Build(MaceDescription description, IReadOnlyList<Species>? species, MaceChoice choice)
    {
        CheckFeatures(description);
        species ??= [.. description.AtomicNumbers.Select(Element)];
        try
        {
            return new MaceBuilder(description, species, choice).Build(species).Checked();
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, e.Where is null ? description.Where : $"{description.Where}, {e.Where}", e.Expected, e.Remedy, e);
        }
    }

    private static Species Element(int number)
    {
        var element = Elements.ByAtomicNumber(number);
        return new Species(element.Symbol, element.AtomicNumber, element.Mass);
    }

    private static void CheckFeatures(MaceDescription description)
    {
        void Require(bool holds, string what, string expected)
        {
            if (!holds)
            {
                throw new MofException(ErrorKind.Unsupported, what, description.Where, expected, "Use a model without it, or MACE itself.");
            }
        }

        Require(description.Class is "ScaleShiftMACE" or "MACE", $"the model is a {description.Class}", "ScaleShiftMACE or MACE");
        Require(description.Strangers.Count == 0, $"the model has {string.Join(", ", description.Strangers)}", "a model without");
        foreach (var interaction in description.Interactions)
        {
            Require(_interactions.Contains(interaction), $"an interaction is a {interaction}", string.Join(", ", _interactions));
            Require(interaction != Nonlinear || description.CutoffOfWeights, $"an interaction is a {Nonlinear} without a cutoff of its weights", "apply_cutoff: false, without which energies jump where atoms pass the cutoff");
        }

        foreach (var readout in description.Readouts)
        {
            Require(_readouts.Contains(readout), $"a readout is a {readout}", string.Join(", ", _readouts));
        }


        // PyTorch takes the derivatives of Chebyshev polynomials for zero: MACE's forces with them are not those of its energies.
        Require(description.RadialBasis is "BesselBasis" or "GaussianBasis", $"the radial basis is a {description.RadialBasis}", "BesselBasis or GaussianBasis");
        Require(description.CutoffFunction == "PolynomialCutoff", $"the cutoff is a {description.CutoffFunction}", "PolynomialCutoff");
        Require(description.Transform is null or "AgnesiTransform" or "SoftTransform", $"distances go through a {description.Transform}", "AgnesiTransform, SoftTransform, or none");
        int interactions = description.Interactions.Count, readouts = description.Readouts.Count;
        Require(interactions > 0 && (readouts == interactions || readouts == 1), $"the model has {interactions} interactions and {readouts} readouts", "as many of the one as of the other, or one readout after the last");
        Require(description.ReadoutHeads.All(heads => heads == 1 || heads == description.Heads.Count), "a readout has other heads than the model", "the same");
    }

    private MaceModel Build(IReadOnlyList<Species> species)
    {
        int heads = Math.Max(1, _description.Heads.Count);
        var scaled = _description.Class == "ScaleShiftMACE";
        var features = Features();
        double[] energies = _tensors.Vector("atomic_energies_fn.atomic_energies");
        if (energies.Length != _elements && energies.Length != _elements * heads)
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {energies.Length} energies of atoms", _description.Where, $"{_elements * heads}, one for each element and head");
        }

        var first = energies.Length == _elements ? 0 : _head * _elements;
        return new MaceModel
        {
            Species = species,
            Radial = Radial(species),
            Repulsion = _description.Repulsion ? Repulsion(species) : null,
            Embedding = features,
            Layers = [.. Enumerable.Range(0, _layers).Select(Layer)],
            Energies = [.. _places.Select((place, k) => energies[first + place] + OfInputs(features[k]))],
            Scale = scaled ? _tensors.OfHead("scale_shift.scale", _head, heads) : 1,
            Shift = scaled ? _tensors.OfHead("scale_shift.shift", _head, heads) : 0,
            SinglePrecision = _description.SinglePrecision,
        };
    }

    // What atoms begin with, by species: of their elements, and of what belongs to the whole structure.
    private double[][] Features()
    {
        var embedding = _modules.Linear("node_embedding.linear");
        var more = MaceInputs.Embed(_description, _tensors, _choice.Inputs);
        return [.. _places.Select(place =>
        {
            var features = embedding.Apply(MaceNetworks.OneOf(_elements, place));
            _modules.Check(more is null || more.Length == features.Length, "joint_embedding.project.0");
            return more is null ? features : [.. features.Zip(more, (a, b) => a + b)];
        })];
    }

    // The energy that a readout finds in what atoms begin with.
    private double OfInputs(double[] features)
    {
        const string Name = "embedding_readout.linear";
        if (!_modules.Has(Name))
        {
            return 0;
        }

        var (inputs, outputs, weights, _) = _modules.ScalarLinear(Name);
        _modules.Check(inputs == features.Length && outputs > _head, Name);
        return features.Select((one, i) => one * weights[i * outputs + _head]).Sum();
    }

    private RadialForm Radial(IReadOnlyList<Species> species)
    {
        const string Name = "radial_embedding.bessel_fn.";
        var cutoff = _description.Cutoff;
        var power = _tensors.Number("radial_embedding.cutoff_fn.p");
        var transform = _description.Transform is null ? null : Transform(species);
        if (_description.RadialBasis == "BesselBasis")
        {
            double[] frequencies = [.. _tensors.Vector(Name + "bessel_weights").Select(w => w * cutoff)];
            return new RadialForm(new BesselBasis(cutoff, power, _tensors.Number(Name + "prefactor"), frequencies), transform, null, _description.CutoffOfWeights);
        }

        double[] centers = _tensors.Vector(Name + "gaussian_weights");
        var functions = new GaussianFunctions(centers, cutoff / (centers.Length - 1));
        return new RadialForm(new BesselBasis(cutoff, power, 1, []), transform, functions, _description.CutoffOfWeights);
    }

    private DistanceTransform Transform(IReadOnlyList<Species> species)
    {
        const string Name = "radial_embedding.distance_transform.";
        return _description.Transform == "SoftTransform"
            ? new SoftTransform(_tensors.Number(Name + "alpha"), Radii(species, Name))
            : new AgnesiTransform(_tensors.Number(Name + "a"), _tensors.Number(Name + "q"), _tensors.Number(Name + "p"), Radii(species, Name));
    }

    private PairRepulsion Repulsion(IReadOnlyList<Species> species)
    {
        const string Name = "pair_repulsion_fn.";
        return new PairRepulsion(
            [.. species.Select(one => one.AtomicNumber)], Radii(species, Name), _tensors.Shaped(Name + "c", 4), _tensors.Number(Name + "a_prefactor"), _tensors.Number(Name + "a_exp"), _tensors.Number(Name + "p"));
    }

    private double[] Radii(IReadOnlyList<Species> species, string name)
    {
        var radii = _tensors.Vector(name + "covalent_radii");
        return [.. species.Select(one => one.AtomicNumber < radii.Length ? radii[one.AtomicNumber] : throw new MofException(ErrorKind.FileFormat, $"there is no covalent radius of {one.Label}", _description.Where))];
    }

    private MaceLayer Layer(int t)
    {
        string interaction = $"interactions.{t}", products = $"products.{t}.";
        var kind = _description.Interactions[t];
        var nonlinear = kind == Nonlinear;
        var residual = kind is Residual or DensityResidual or Nonlinear;
        var skip = nonlinear ? Enumerable.Repeat(_modules.Linear(interaction + ".skip_tp"), _places.Length).ToList() : [.. _places.Select(place => _modules.OfElement(interaction + ".skip_tp", place))];
        var making = _modules.Linear(products + "linear");
        var product = _modules.Product(interaction + ".conv_tp");
        return new MaceLayer
        {
            Sending = _modules.Linear(interaction + ".linear_up"),
            Radial = _networks.OfEdges(interaction, "conv_tp_weights"),
            Product = product,
            Density = kind is Density or DensityResidual ? new MaceDensity(_networks.OfEdges(interaction, "density_fn"), 1, 1)
                : nonlinear ? new MaceDensity(_networks.OfEdges(interaction, "density_fn"), _tensors.Number(interaction + ".beta"), _tensors.Number(interaction + ".alpha"))
                : null,
            Receiving = nonlinear ? _modules.Linear(interaction + ".linear_1") : _modules.Linear(interaction + ".linear", kind is Density or DensityResidual ? 1 : 1 / _description.NeighborCounts[t]),
            Gate = nonlinear ? Gate(interaction) : null,
            Mixing = residual ? [] : skip,
            Itself = residual && _description.SelfConnections[t] ? skip : [],
            Contractions = [.. making.Input.Select((block, n) => Contraction($"{products}symmetric_contractions.contractions.{n}.", block, product.Degree, _description.Agnostic[t]))],
            Making = making,
            Readout = _description.Readouts.Count == _layers ? _networks.Readout(t) : t == _layers - 1 ? _networks.Readout(0) : null,
        };
    }

    private MaceGate Gate(string interaction)
    {
        double Factor(string part, string activation)
        {
            if (_description.GateActivations.GetValueOrDefault($"{interaction}.{part}") is not { } found)
            {
                return 1;
            }

            return found.Name == activation ? found.Factor : throw new MofException(ErrorKind.Unsupported, $"the activation {found.Name} in {interaction}", _description.Where, activation);
        }

        return new MaceGate(_modules.Linear(interaction + ".linear_res"), Factor("act_scalars", "silu"), Factor("act_gates", "sigmoid"), _modules.Linear(interaction + ".linear_2"));
    }

    private SymmetricContraction Contraction(string name, IrrepBlock block, int degree, bool agnostic)
    {
        var width = (degree + 1) * (degree + 1);
        var orders = 0;
        while (_tensors.Has($"{name}U_matrix_{orders + 1}"))
        {
            orders++;
        }

        _modules.Check(orders > 0, name + "U_matrix_1");
        if (orders > 3)
        {
            throw new MofException(ErrorKind.Unsupported, $"the model has a correlation of {orders}", _description.Where, "at most 3");
        }

        List<double[]> couplings = [];
        var weights = new double[orders][][];
        for (var order = 1; order <= orders; order++)
        {
            couplings.Add(_tensors.Vector($"{name}U_matrix_{order}"));
            var all = _tensors.Vector(order == orders ? name + "weights_max" : $"{name}weights.{orders - 1 - order}");
            var sets = agnostic ? 1 : _elements;
            var size = all.Length / sets;
            _modules.Check(all.Length == size * sets && size % block.Multiplicity == 0, name);
            weights[order - 1] = [.. _places.Select(place => agnostic ? all : all[(place * size)..((place + 1) * size)])];
        }

        return SymmetricContraction.Of(block.Irrep, width, block.Multiplicity, couplings, weights, name);
    }
}
