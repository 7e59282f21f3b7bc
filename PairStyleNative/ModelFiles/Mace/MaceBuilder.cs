using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Makes a <see cref="MaceModel"/> of a description, for the species that are asked for.</summary>
internal sealed class MaceBuilder
{
    private const string Agnostic = "RealAgnosticInteractionBlock", Residual = "RealAgnosticResidualInteractionBlock";

    private readonly MaceDescription _description;
    private readonly MaceTensors _tensors;

    // Place of every species among those of the file.
    private readonly int[] _places;
    private readonly int _elements;
    private readonly int _layers;

    private MaceBuilder(MaceDescription description, IReadOnlyList<Species> species)
    {
        _description = description;
        _tensors = new MaceTensors(description);
        int[] numbers = [.. description.AtomicNumbers];
        _elements = numbers.Length;
        _layers = description.Interactions.Count;
        _places = [.. species.Select(one => Array.IndexOf(numbers, one.AtomicNumber) is >= 0 and var place ? place : throw new MofException(
            ErrorKind.FileFormat, $"the model does not know {one.Label} (atomic number {one.AtomicNumber})", description.Where, "elements with the atomic numbers " + string.Join(", ", numbers)))];
    }

    /// <summary>Makes the model.</summary>
    /// <param name="description">What the file says.</param>
    /// <param name="species">With atomic numbers; null: all elements of the file.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name; <see cref="ErrorKind.FileFormat"/>: numbers are missing or do not fit.</exception>
    public static MaceModel Build(MaceDescription description, IReadOnlyList<Species>? species)
    {
        CheckFeatures(description);
        species ??= [.. description.AtomicNumbers.Select(Element)];
        try
        {
            return new MaceBuilder(description, species).Build(species).Checked();
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
            Require(interaction is Agnostic or Residual, $"an interaction is a {interaction}", $"{Agnostic} or {Residual}");
        }

        foreach (var readout in description.Readouts)
        {
            Require(readout is "LinearReadoutBlock" or "NonLinearReadoutBlock", $"a readout is a {readout}", "LinearReadoutBlock or NonLinearReadoutBlock");
        }

        Require(description.RadialBasis == "BesselBasis", $"the radial basis is a {description.RadialBasis}", "BesselBasis");
        Require(description.CutoffFunction == "PolynomialCutoff", $"the cutoff is a {description.CutoffFunction}", "PolynomialCutoff");
        Require(description.Transform is null or "AgnesiTransform", $"distances go through a {description.Transform}", "AgnesiTransform, or none");
        Require(description.Heads.Count <= 1, $"the model has {description.Heads.Count} heads ({string.Join(", ", description.Heads)})", "one");
        Require(description.Interactions.Count > 0 && description.Interactions.Count == description.Readouts.Count, $"the model has {description.Interactions.Count} interactions and {description.Readouts.Count} readouts", "as many of the one as of the other");
    }

    private MaceModel Build(IReadOnlyList<Species> species)
    {
        var cutoff = _description.Cutoff;
        var embedding = Linear("node_embedding.linear");
        double[] energies = _tensors.Vector("atomic_energies_fn.atomic_energies");
        var scaled = _description.Class == "ScaleShiftMACE";
        return new MaceModel
        {
            Species = species,
            Radial = new RadialForm(
                new BesselBasis(cutoff, _tensors.Number("radial_embedding.cutoff_fn.p"), _tensors.Number("radial_embedding.bessel_fn.prefactor"), [.. _tensors.Vector("radial_embedding.bessel_fn.bessel_weights").Select(w => w * cutoff)]),
                _description.Transform is null ? null : Transform(species)),
            Repulsion = _description.Repulsion ? Repulsion(species) : null,
            Embedding = [.. _places.Select(place => embedding.Apply([.. Enumerable.Range(0, _elements).Select(k => k == place ? 1.0 : 0)]))],
            Layers = [.. Enumerable.Range(0, _layers).Select(Layer)],
            Energies = energies.Length == _elements
                ? [.. _places.Select(place => energies[place])]
                : throw new MofException(ErrorKind.FileFormat, $"there are {energies.Length} energies of atoms", _description.Where, $"{_elements}, one for each element"),
            Scale = scaled ? _tensors.Number("scale_shift.scale") : 1,
            Shift = scaled ? _tensors.Number("scale_shift.shift") : 0,
            SinglePrecision = _description.SinglePrecision,
        };
    }

    private AgnesiTransform Transform(IReadOnlyList<Species> species)
    {
        const string Name = "radial_embedding.distance_transform.";
        return new AgnesiTransform(_tensors.Number(Name + "a"), _tensors.Number(Name + "q"), _tensors.Number(Name + "p"), Radii(species, Name));
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
        string interaction = $"interactions.{t}.", products = $"products.{t}.";
        var residual = _description.Interactions[t] == Residual;
        var skip = _places.Select(place => Skip(interaction + "skip_tp", place)).ToList();
        if (residual != _description.SelfConnections[t])
        {
            throw new MofException(ErrorKind.Unsupported, $"{interaction[..^1]} is a {_description.Interactions[t]}, but {products[..^1]} {(residual ? "does not add" : "adds")} features", _description.Where);
        }

        var making = Linear(products + "linear");
        var product = Product(interaction + "conv_tp");
        return new MaceLayer
        {
            Sending = Linear(interaction + "linear_up"),
            Radial = RadialNetwork(interaction + "conv_tp_weights"),
            Product = product,
            Receiving = Linear(interaction + "linear", 1 / _description.NeighborCounts[t]),
            Mixing = residual ? [] : skip,
            Itself = residual ? skip : [],
            Contractions = [.. making.Input.Select((block, n) => Contraction($"{products}symmetric_contractions.contractions.{n}.", block, product.Degree))],
            Making = making,
            Readout = Readout(t),
        };
    }

    private MaceOperation Operation(string name) => _description.Operations.GetValueOrDefault(name)
        ?? throw new MofException(ErrorKind.FileFormat, $"the model has no module '{name}'", _description.Where);

    private IrrepsLinear Linear(string name, double factor = 1)
    {
        var operation = Operation(name);
        Irreps input = Irreps.Parse(operation.First), output = Irreps.Parse(operation.Output);
        var weights = _tensors.Vector(name + ".weight");
        if (_tensors.Has(name + ".bias") && _tensors.Vector(name + ".bias").Length > 0)
        {
            throw new MofException(ErrorKind.Unsupported, $"{name} has a bias", _description.Where);
        }

        var paths = new List<LinearPath>();
        var offset = 0;
        foreach (var one in operation.Instructions)
        {
            Check(one.First < input.Count && one.Output < output.Count && one.First >= 0 && one.Output >= 0, name);
            var size = input[one.First].Multiplicity * output[one.Output].Multiplicity;
            Check(offset + size <= weights.Length, name);
            paths.Add(new LinearPath(one.First, one.Output, [.. weights.Skip(offset).Take(size).Select(weight => factor * one.Factor * weight)]));
            offset += size;
        }

        Check(offset == weights.Length, name);
        return new IrrepsLinear(input, output, paths, name);
    }

    // A product with a one-hot vector: a linear map for each element. Weights are [in][element][out].
    private IrrepsLinear Skip(string name, int place)
    {
        var operation = Operation(name);
        Irreps input = Irreps.Parse(operation.First), output = Irreps.Parse(operation.Output);
        var weights = _tensors.Vector(name + ".weight");
        var paths = new List<LinearPath>();
        var offset = 0;
        foreach (var one in operation.Instructions)
        {
            Check(one is { Mode: "uvw", Weighted: true, Second: 0, First: >= 0, Output: >= 0 } && one.First < input.Count && one.Output < output.Count, name);
            int inputs = input[one.First].Multiplicity, outputs = output[one.Output].Multiplicity;
            Check(offset + inputs * _elements * outputs <= weights.Length, name);

            // The coupling with a scalar is a unit matrix over √(2l + 1).
            var factor = one.Factor / Math.Sqrt(input[one.First].Irrep.Dimension);
            var own = new double[inputs * outputs];
            for (var a = 0; a < inputs; a++)
            {
                for (var b = 0; b < outputs; b++)
                {
                    own[a * outputs + b] = factor * weights[offset + (a * _elements + place) * outputs + b];
                }
            }

            paths.Add(new LinearPath(one.First, one.Output, own));
            offset += inputs * _elements * outputs;
        }

        Check(offset == weights.Length, name);
        return new IrrepsLinear(input, output, paths, name);
    }

    private ChannelProduct Product(string name)
    {
        var operation = Operation(name);
        Irreps input = Irreps.Parse(operation.First), harmonics = Irreps.Parse(operation.Second), output = Irreps.Parse(operation.Output);
        for (var l = 0; l < harmonics.Count; l++)
        {
            if (harmonics[l] != new IrrepBlock(1, new Irrep(l, l % 2 == 0 ? 1 : -1)))
            {
                throw new MofException(ErrorKind.Unsupported, $"edges have the attributes {harmonics}", _description.Where, "spherical harmonics, 1x0e+1x1o+…");
            }
        }

        if (harmonics.Count - 1 > MaceModel.MaximumDegree)
        {
            throw new MofException(ErrorKind.Unsupported, $"the model has harmonics up to l = {harmonics.Count - 1} (max_ell)", _description.Where, $"at most {MaceModel.MaximumDegree}");
        }

        var paths = new List<CouplingPath>();
        var offset = 0;
        foreach (var one in operation.Instructions)
        {
            Check(one is { Mode: "uvu", Weighted: true, First: >= 0, Second: >= 0, Output: >= 0 } && one.First < input.Count && one.Second < harmonics.Count && one.Output < output.Count, name);
            int first = input[one.First].Irrep.Degree, result = output[one.Output].Irrep.Degree;
            paths.Add(new CouplingPath(one.First, one.Second, one.Output, offset, one.Factor, Coupling(name, first, one.Second, result)));
            offset += input[one.First].Multiplicity;
        }

        return new ChannelProduct(input, harmonics.Count - 1, output, offset, paths, name);
    }

    private CouplingTensor Coupling(string name, int first, int second, int result) => CouplingTensor.IsTrivial(first, second, result)
        ? CouplingTensor.Trivial(first, second, result)
        : CouplingTensor.Of(first, second, result, _tensors.Shaped($"{name}._compiled_main_left_right._w3j_{first}_{second}_{result}", 2 * first + 1, 2 * second + 1, 2 * result + 1));

    // Layers h → activation(h·W/√inputs), the last without activation.
    private DenseNetwork RadialNetwork(string name)
    {
        var activation = ActivationOf(_description.RadialActivation);
        var layers = new List<DenseLayer>();

        // All interactions have networks of one shape, so that one which lost its last layer shows.
        var count = Enumerable.Range(0, _layers).Max(t => Enumerable.Range(0, int.MaxValue).First(k => !_tensors.Has($"interactions.{t}.conv_tp_weights.layer{k}.weight")));
        _ = _tensors.Matrix($"{name}.layer{count - 1}.weight");
        for (var k = 0; _tensors.Has($"{name}.layer{k}.weight"); k++)
        {
            var (shape, weights) = _tensors.Matrix($"{name}.layer{k}.weight");
            var last = !_tensors.Has($"{name}.layer{k + 1}.weight");
            var scale = 1 / Math.Sqrt(shape[0]);
            double[]? steps = last ? null : [.. Enumerable.Repeat(_description.RadialActivation.Factor, shape[1])];
            layers.Add(new DenseLayer(shape[0], shape[1], [.. weights.Select(weight => weight * scale)], null, steps, last ? Activation.Linear : activation, false));
        }

        return new DenseNetwork(layers, name);
    }

    private DenseNetwork Readout(int t)
    {
        if (_description.Readouts[t] == "LinearReadoutBlock")
        {
            return new DenseNetwork([Scalars($"readouts.{t}.linear", Activation.Linear, null)], $"readouts.{t}");
        }

        var activation = _description.ReadoutActivation ?? throw new MofException(ErrorKind.FileFormat, "the last readout has no activation", _description.Where);
        return new DenseNetwork([Scalars($"readouts.{t}.linear_1", ActivationOf(activation), activation.Factor), Scalars($"readouts.{t}.linear_2", Activation.Linear, null)], $"readouts.{t}");
    }

    private DenseLayer Scalars(string name, Activation activation, double? factor)
    {
        var linear = Linear(name);
        if (linear.Paths is not [{ Input: 0, Output: 0 } path] || linear.Input[0].Irrep.Degree != 0 || linear.Output.Count != 1)
        {
            throw new MofException(ErrorKind.Unsupported, $"{name} takes {linear.Input} to {linear.Output}", _description.Where, "scalars to scalars");
        }

        int inputs = linear.Input[0].Multiplicity, outputs = linear.Output[0].Multiplicity;
        return new DenseLayer(inputs, outputs, path.Weights, null, factor is { } one ? [.. Enumerable.Repeat(one, outputs)] : null, activation, false);
    }

    private Activation ActivationOf(MaceActivation activation) => activation.Name switch
    {
        "silu" => Activation.Silu,
        "tanh" => Activation.Tanh,
        "sigmoid" => Activation.Sigmoid,
        _ => throw new MofException(ErrorKind.Unsupported, $"the activation {activation.Name}", _description.Where, "silu, tanh or sigmoid"),
    };

    private SymmetricContraction Contraction(string name, IrrepBlock block, int degree)
    {
        var width = (degree + 1) * (degree + 1);
        var orders = 0;
        while (_tensors.Has($"{name}U_matrix_{orders + 1}"))
        {
            orders++;
        }

        Check(orders > 0, name + "U_matrix_1");
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
            var size = all.Length / _elements;
            Check(all.Length == size * _elements && size % block.Multiplicity == 0, name);
            weights[order - 1] = [.. _places.Select(place => all[(place * size)..((place + 1) * size)])];
        }

        return SymmetricContraction.Of(block.Irrep, width, block.Multiplicity, couplings, weights, name);
    }

    private void Check(bool holds, string name)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.FileFormat, $"the weights of '{name}' do not fit what it says of itself", _description.Where, remedy: "The file may be damaged.");
        }
    }
}
