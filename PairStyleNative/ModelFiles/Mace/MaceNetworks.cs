using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Mace;

/// <summary>The networks of a description: those of edges, and readouts of one head.</summary>
/// <param name="description">What the file says.</param>
/// <param name="tensors">Its numbers.</param>
/// <param name="modules">Its linear layers.</param>
/// <param name="places">Place of every species among the elements of the file.</param>
/// <param name="head">Which of the energies is wanted.</param>
internal sealed class MaceNetworks(MaceDescription description, MaceTensors tensors, MaceModules modules, int[] places, int head)
{
    /// <summary>A network of an edge: of plain layers, or with normalization and vectors of the two elements.</summary>
    /// <param name="interaction">Of which interaction, <c>interactions.0</c>.</param>
    /// <param name="name">Of the network there, <c>conv_tp_weights</c> or <c>density_fn</c>.</param>
    public EdgeNetwork OfEdges(string interaction, string name) =>
        tensors.Has($"{interaction}.{name}.net.0.weight") ? Normed(interaction, name) : new PlainEdgeNetwork(Plain(interaction, name));

    /// <summary>The readout after a layer.</summary>
    /// <param name="place">Among the readouts of the file.</param>
    public DenseNetwork Readout(int place)
    {
        var name = $"readouts.{place}";
        var heads = Math.Max(1, description.Heads.Count);
        switch (description.Readouts[place])
        {
            case "LinearReadoutBlock":
                return new DenseNetwork([Scalars(name + ".linear", null, 1, heads)], name);
            case "NonLinearReadoutBlock":
                return new DenseNetwork([Scalars(name + ".linear_1", Activated(), 1, Hidden(place)), Scalars(name + ".linear_2", null, Hidden(place), heads)], name);
            default:
                return new DenseNetwork([Scalars(name + ".linear_1", Activated(), 1, Hidden(place)), Scalars(name + ".linear_mid", Activated(), Hidden(place), Hidden(place)), Scalars(name + ".linear_2", null, Hidden(place), heads)], name);
        }
    }

    // Layers h → activation(h·W/√inputs), the last without activation.
    private DenseNetwork Plain(string interaction, string name)
    {
        var where = $"{interaction}.{name}";
        var layers = new List<DenseLayer>();

        // All interactions have networks of one shape, so that one which lost its last layer shows.
        var count = Enumerable.Range(0, description.Interactions.Count).Max(t => Enumerable.Range(0, int.MaxValue).First(k => !tensors.Has($"interactions.{t}.{name}.layer{k}.weight")));
        _ = tensors.Matrix($"{where}.layer{count - 1}.weight");
        for (var k = 0; tensors.Has($"{where}.layer{k}.weight"); k++)
        {
            var (shape, weights) = tensors.Matrix($"{where}.layer{k}.weight");
            var last = !tensors.Has($"{where}.layer{k + 1}.weight");
            var scale = 1 / Math.Sqrt(shape[0]);
            var activation = last ? null : description.RadialActivation ?? throw new MofException(ErrorKind.FileFormat, "radial networks have no activation", description.Where);
            double[]? steps = activation is null ? null : [.. Enumerable.Repeat(activation.Factor, shape[1])];
            layers.Add(new DenseLayer(shape[0], shape[1], [.. weights.Select(weight => weight * scale)], null, steps, activation is null ? Activation.Linear : ActivationOf(activation), false));
        }

        return new DenseNetwork(layers, where);
    }

    // PyTorch's layers, weights [out][in]: linear, normalization, silu, linear, …; the first takes radial functions, then a vector for the sender, then one for the receiver.
    private NormedEdgeNetwork Normed(string interaction, string name)
    {
        var where = $"{interaction}.{name}";
        IrrepsLinear source = modules.Linear(interaction + ".source_embedding"), target = modules.Linear(interaction + ".target_embedding");
        var layers = new List<NormedLayer>();
        double[][] ofSource = [], ofTarget = [];
        for (var k = 0; tensors.Has($"{where}.net.{k}.weight"); k += 3)
        {
            var (shape, weights) = tensors.Matrix($"{where}.net.{k}.weight");
            int outputs = shape[0], inputs = k == 0 ? shape[1] - source.Output.Width - target.Output.Width : shape[1], columns = shape[1];
            modules.Check(inputs > 0, where);
            var hasNorm = tensors.Has($"{where}.net.{k + 1}.weight");
            layers.Add(new NormedLayer(
                inputs, outputs, Columns(weights, outputs, columns, 0, inputs), tensors.Shaped($"{where}.net.{k}.bias", outputs),
                hasNorm ? tensors.Shaped($"{where}.net.{k + 1}.weight", outputs) : null, hasNorm ? tensors.Shaped($"{where}.net.{k + 1}.bias", outputs) : null));
            if (k == 0)
            {
                ofSource = OfElements(source, Columns(weights, outputs, columns, inputs, source.Output.Width), outputs);
                ofTarget = OfElements(target, Columns(weights, outputs, columns, inputs + source.Output.Width, target.Output.Width), outputs);
            }
        }

        return new NormedEdgeNetwork(layers, ofTarget, ofSource, where);
    }

    // Some columns of [out][in] as [in][out].
    private static double[] Columns(double[] weights, int outputs, int columns, int first, int count) =>
        [.. Enumerable.Range(0, count * outputs).Select(k => weights[k % outputs * columns + first + k / outputs])];

    private double[][] OfElements(IrrepsLinear embedding, double[] weights, int outputs) => [.. places.Select(place =>
    {
        var vector = embedding.Apply(OneOf(description.AtomicNumbers.Count, place));
        return Enumerable.Range(0, outputs).Select(o => vector.Select((one, i) => one * weights[i * outputs + o]).Sum()).ToArray();
    })];

    /// <summary>A vector of zeros with a single one.</summary>
    public static double[] OneOf(int count, int place)
    {
        var vector = new double[count];
        vector[place] = 1;
        return vector;
    }

    private MaceActivation Activated() => description.ReadoutActivation ?? throw new MofException(ErrorKind.FileFormat, "the last readout has no activation", description.Where);

    private int Hidden(int place) => description.ReadoutHeads[place];

    // From scalars to scalars, of those that belong to the wanted head: all but these are multiplied by zero.
    private DenseLayer Scalars(string name, MaceActivation? activation, int inputHeads, int outputHeads)
    {
        var (input, output, weights, bias) = modules.ScalarLinear(name);
        int inputs = input / inputHeads, outputs = output / outputHeads, firstInput = inputHeads > 1 ? head * inputs : 0, firstOutput = outputHeads > 1 ? head * outputs : 0;
        modules.Check(inputs * inputHeads == input && outputs * outputHeads == output, name);
        double[] own = [.. Enumerable.Range(0, inputs * outputs).Select(k => weights[(firstInput + k / outputs) * output + firstOutput + k % outputs])];
        return new DenseLayer(
            inputs, outputs, own, bias?[firstOutput..(firstOutput + outputs)], activation is null ? null : [.. Enumerable.Repeat(activation.Factor, outputs)], activation is null ? Activation.Linear : ActivationOf(activation), false);
    }

    private Activation ActivationOf(MaceActivation activation) => activation.Name switch
    {
        "silu" => Activation.Silu,
        "tanh" => Activation.Tanh,
        "sigmoid" => Activation.Sigmoid,
        _ => throw new MofException(ErrorKind.Unsupported, $"the activation {activation.Name}", description.Where, "silu, tanh or sigmoid"),
    };
}
