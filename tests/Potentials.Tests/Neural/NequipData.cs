using System.Text.Json;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Neural.Networks;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>A model of <c>nequip/</c> in the reference data, built from <c>weights.npz</c> and <c>hyper.json</c>, and the structures that were computed with it.</summary>
/// <remarks>In the file's unit of energy, shifts left out: compared are <c>energies_noshift</c>.</remarks>
internal sealed class NequipData
{
    private readonly string _folder;
    private readonly JsonElement _hyper;
    private readonly Dictionary<string, NumpyArray> _weights;

    private NequipData(string folder)
    {
        _folder = folder;
        _hyper = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "hyper.json"))).RootElement;
        _weights = NumpyArray.ReadArchive(Path.Combine(folder, "weights.npz"));
        Model = MakeModel().Checked();
    }

    public NequipModel Model { get; }

    private int TypeCount => Model is null ? _hyper.GetProperty("type_names").GetArrayLength() : Model.Species.Count;

    /// <summary>Skips the test where the data are not there.</summary>
    public static NequipData Find(string model)
    {
        var folder = ReferenceData.Find($"nequip/{model}");
        Skip.If(folder is null, "the reference data are not here");
        return new NequipData(folder!);
    }

    public NequipStructure Structure(string name) => new(NumpyArray.ReadArchive(Path.Combine(_folder, name + ".npz")));

    /// <summary>Values layer by layer.</summary>
    public Dictionary<string, NumpyArray> Intermediates(string name) => NumpyArray.ReadArchive(Path.Combine(_folder, $"intermediates_{name}.npz"));

    private static double Number(JsonElement element, string key) => element.GetProperty(key).GetDouble();

    private static int Integer(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    private static double[] Scaled(IEnumerable<double> values, double factor) => [.. values.Select(value => factor * value)];

    private NequipModel MakeModel()
    {
        var radial = _hyper.GetProperty("radial");
        var rescale = _hyper.GetProperty("rescale");
        var species = _hyper.GetProperty("type_names").EnumerateArray().Select(name => new Species(name.GetString()!, 0, 0)).ToArray();
        var embedding = Linear(_hyper.GetProperty("chemical_embedding"));
        var first = embedding.Output[0].Multiplicity;
        var scale = _hyper.GetProperty("per_species_rescale").GetProperty("scales");
        var hidden = Linear(_hyper.GetProperty("conv_to_output_hidden"));
        var last = Linear(_hyper.GetProperty("output_hidden_to_scalar"));
        return new NequipModel
        {
            Species = species,
            Basis = new BesselBasis(Number(_hyper, "r_max"), Number(radial, "p"), Number(radial, "prefactor"), _weights["radial_basis.basis.bessel_weights"].Values),
            Embedding = [.. species.Select((_, s) => embedding.Paths[0].Weights[(s * first)..((s + 1) * first)])],
            Layers = [.. _hyper.GetProperty("layers").EnumerateArray().Select((layer, t) => Layer(layer, t))],
            Readout = Composed(hidden, last),
            Scales = [.. species.Select((_, s) => Number(rescale, "scale_by") * (scale.ValueKind == JsonValueKind.Array ? scale[s].GetDouble() : 1))],
            Shifts = new double[species.Length],
            SinglePrecision = Text(_hyper, "stored_dtype") == "float32",
        };
    }

    private static IrrepsLinear Composed(IrrepsLinear first, IrrepsLinear second)
    {
        var path = first.Paths.Single();
        int inputs = first.Input[path.Input].Multiplicity, middle = first.Output[0].Multiplicity;
        double[] weights = [.. Enumerable.Range(0, inputs).Select(a => Enumerable.Range(0, middle).Sum(b => path.Weights[a * middle + b] * second.Paths[0].Weights[b]))];
        return new IrrepsLinear(first.Input, second.Output, [new LinearPath(path.Input, 0, weights)], "readout");
    }

    private IrrepsLinear Linear(JsonElement linear)
    {
        var weights = _weights[Text(linear, "weight")].Values;
        Irreps input = Irreps.Parse(Text(linear, "irreps_in")), output = Irreps.Parse(Text(linear, "irreps_out"));
        return new IrrepsLinear(input, output, [.. linear.GetProperty("instructions").EnumerateArray().Select(one =>
        {
            var (a, b) = (Integer(one, "i_in"), Integer(one, "i_out"));
            var count = input[a].Multiplicity * output[b].Multiplicity;
            return new LinearPath(a, b, Scaled(weights.Skip(Integer(one, "weight_offset")).Take(count), Number(one, "path_weight")));
        })], Text(linear, "weight"));
    }

    private IrrepsLinear Itself(JsonElement connection, int species)
    {
        var weights = _weights[Text(connection, "weight")].Values;
        Irreps input = Irreps.Parse(Text(connection, "irreps_in1")), output = Irreps.Parse(Text(connection, "irreps_out"));
        return new IrrepsLinear(input, output, [.. connection.GetProperty("instructions").EnumerateArray().Select(one =>
        {
            var (a, b, first) = (Integer(one, "i_in1"), Integer(one, "i_out"), Integer(one, "weight_offset"));
            int inputs = input[a].Multiplicity, outputs = output[b].Multiplicity;
            var factor = Number(one, "path_weight") / Math.Sqrt(input[a].Irrep.Dimension);
            return new LinearPath(a, b, [.. Enumerable.Range(0, inputs).SelectMany(u => Enumerable.Range(0, outputs).Select(w => factor * weights[first + (u * TypeCount + species) * outputs + w]))]);
        })], Text(connection, "weight"));
    }

    private NequipLayer Layer(JsonElement layer, int t)
    {
        var receiving = Linear(layer.GetProperty("linear_2"));
        return new NequipLayer
        {
            Sending = Linear(layer.GetProperty("linear_1")),
            Radial = Radial(layer.GetProperty("fc"), t),
            Product = Product(layer.GetProperty("tp"), t),
            Divisor = Number(layer, "message_divisor"),
            Receiving = receiving,
            Itself = [.. Enumerable.Range(0, TypeCount).Select(s => Itself(layer.GetProperty("sc"), s))],
            Gate = Gate(layer.GetProperty("gate"), receiving.Output),
        };
    }

    private DenseNetwork Radial(JsonElement network, int t)
    {
        var sizes = network.GetProperty("hs").EnumerateArray().Select(one => one.GetInt32()).ToArray();
        return new DenseNetwork([.. network.GetProperty("layers").EnumerateArray().Select((layer, n) => new DenseLayer(
            sizes[n],
            sizes[n + 1],
            Scaled(_weights[Text(layer, "weight")].Values, 1 / Number(layer, "divisor")),
            null,
            layer.GetProperty("act").ValueKind == JsonValueKind.Null ? null : [.. Enumerable.Repeat(Number(layer, "act_cst"), sizes[n + 1])],
            layer.GetProperty("act").ValueKind == JsonValueKind.Null ? Activation.Linear : Activation.Silu,
            false))], $"layer {t}");
    }

    private ChannelProduct Product(JsonElement product, int t)
    {
        Irreps input = Irreps.Parse(Text(product, "irreps_in1")), harmonics = Irreps.Parse(Text(product, "irreps_in2"));
        return new ChannelProduct(input, harmonics.Max(one => one.Irrep.Degree), Irreps.Parse(Text(product, "irreps_out")), Integer(product, "weight_numel"), [.. product.GetProperty("instructions").EnumerateArray().Select(one =>
        {
            var l = one.GetProperty("l").EnumerateArray().Select(n => n.GetInt32()).ToArray();
            var coupling = CouplingTensor.IsTrivial(l[0], l[1], l[2]) ? CouplingTensor.Trivial(l[0], l[1], l[2]) : CouplingTensor.Of(l[0], l[1], l[2], _weights[$"w3j_{l[0]}_{l[1]}_{l[2]}"].Values);
            return new CouplingPath(Integer(one, "i_in1"), l[1], Integer(one, "i_out"), Integer(one, "weight_offset"), Number(one, "path_weight"), coupling);
        })], $"layer {t}");
    }

    private static List<GateBlock> Gate(JsonElement gate, Irreps input)
    {
        Irreps scalars = Irreps.Parse(Text(gate, "irreps_scalars")), gated = Irreps.Parse(Text(gate, "irreps_gated"));
        int BlockOf(Irrep irrep) => Enumerable.Range(0, input.Count).Single(n => input[n].Irrep == irrep);
        (Activation, double) Act(string key, int n) => (gate.GetProperty(key)[n][0].GetString() == "tanh" ? Activation.Tanh : Activation.Silu, gate.GetProperty(key)[n][1].GetDouble());
        var blocks = new List<GateBlock>();
        var used = 0;
        for (var n = 0; n < scalars.Count; n++)
        {
            var (activation, factor) = Act("act_scalars", n);
            blocks.Add(new GateBlock(BlockOf(scalars[n].Irrep), 0, scalars[n].Multiplicity, activation, factor));
            used += scalars[n].Irrep.Parity > 0 ? scalars[n].Multiplicity : 0;
        }

        for (var n = 0; n < gated.Count; n++)
        {
            var (activation, factor) = Act("act_gates", n);
            blocks.Add(new GateBlock(BlockOf(gated[n].Irrep), 0, gated[n].Multiplicity, activation, factor, BlockOf(new Irrep(0, 1)), used));
            used += gated[n].Multiplicity;
        }

        return blocks;
    }
}

/// <summary>Atoms and what torch computed for them.</summary>
internal sealed class NequipStructure(Dictionary<string, NumpyArray> data)
{
    public double[] Positions { get; } = data["positions"].Values;

    public int[] Types { get; } = [.. data["types"].Values.Select(type => (int)type)];

    public Cell? Cell { get; } = data["pbc"].Values.All(one => one != 0) ? new Cell(data["cell"].Values) : null;

    public double[] Energies { get; } = data["energies_noshift"].Values;

    public double[] Forces { get; } = data["forces"].Values;

    public double[] Virial { get; } = data["virial"].Values;

    /// <summary>Compares relative to the larger of 1 and the largest number.</summary>
    public void ShouldBeWhat(Evaluation found, double energy, double force, double virial)
    {
        found.Outcome.Status.ShouldBe(EvaluationStatus.Success);
        Close(found.AtomEnergies, Energies, energy, "energies");
        found.Energy.ShouldBe(Energies.Sum(), energy * Energies.Length);
        Close(found.Forces, Forces, force, "forces");
        Close(found.Virial, Virial, virial, "virial");
    }

    private static void Close(double[] found, double[] expected, double tolerance, string what)
    {
        found.Length.ShouldBe(expected.Length);
        found.Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(tolerance, what);
    }
}
