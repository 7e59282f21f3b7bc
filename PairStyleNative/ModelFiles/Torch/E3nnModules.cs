using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Torch;

/// <summary>Modules of e3nn (o3/_linear.py, o3/_tensor_product, nn/_fc.py) as they lie in TorchScript archives: instructions are attributes, weights flat tensors in their order.</summary>
internal static class E3nnModules
{
    /// <summary>An attribute that is a list of representations: ((multiplicity, (l, parity)), …).</summary>
    public static Irreps Irreps(this TorchModule module, string name) => IrrepsOf(module.Sequence(name), module);

    /// <summary>A list of representations as a pickle has it.</summary>
    public static Irreps IrrepsOf(IReadOnlyList<object?> values, TorchModule module) => new(values.Select(value =>
        value is PickledSequence { Values: [long multiplicity, PickledSequence { Values: [long degree, long parity] }] }
        && multiplicity is >= 0 and <= 1 << 16 && degree is >= 0 and <= MaximumDegree && parity is 1 or -1
            ? new IrrepBlock((int)multiplicity, new Irrep((int)degree, (int)parity))
            : throw new MofException(ErrorKind.FileFormat, "a list of representations is none", module.Where, "such as ((32, (0, 1)), (32, (1, -1)))")));

    /// <summary>An <c>o3.Linear</c>.</summary>
    public static IrrepsLinear Linear(this TorchModule module)
    {
        Irreps input = module.Irreps("irreps_in"), output = module.Irreps("irreps_out");
        if (module.Find("bias_numel") is > 0L)
        {
            throw Unsupported("a linear layer has biases", module);
        }

        var paths = new List<LinearPath>();
        var weights = module.Tensor("weight").ToDoubles();
        var place = 0;
        foreach (var instruction in module.Sequence("instructions"))
        {
            if (instruction is not PickledSequence { Values: [long a, long b, _, double factor, ..] } || a < 0 || a >= input.Count || b < 0 || b >= output.Count)
            {
                throw Malformed("an instruction of a linear layer", module);
            }

            var count = input[(int)a].Multiplicity * output[(int)b].Multiplicity;
            paths.Add(new LinearPath((int)a, (int)b, Scaled(Take(weights, ref place, count, module), factor)));
        }

        return new IrrepsLinear(input, output, paths, module.Where);
    }

    /// <summary>A fully connected tensor product with scalars that depend on the species alone: a linear layer for each species.</summary>
    /// <param name="module">The product.</param>
    /// <param name="attributes">The scalars, <c>double[species][scalars]</c>.</param>
    public static IReadOnlyList<IrrepsLinear> LinearByAttributes(this TorchModule module, double[][] attributes)
    {
        int speciesCount = attributes.Length, scalars = attributes[0].Length;
        Irreps input = module.Irreps("irreps_in1"), species = module.Irreps("irreps_in2"), output = module.Irreps("irreps_out");
        if (species.Count != 1 || species[0] != new IrrepBlock(scalars, new Irrep(0, 1)))
        {
            throw Unsupported($"the self-connection takes {species} of the atom", module, $"{scalars}x0e, its species or what stands for it");
        }

        var paths = Enumerable.Range(0, speciesCount).Select(_ => new List<LinearPath>()).ToArray();
        var weights = module.Tensor("weight").ToDoubles();
        var place = 0;
        foreach (var instruction in module.Sequence("instructions"))
        {
            var (a, b, c, mode, weighted, factor) = Instruction(instruction, module);
            if (mode != "uvw" || !weighted || b != 0 || a >= input.Count || c >= output.Count)
            {
                throw Unsupported($"the self-connection has an instruction of mode '{mode}'", module, "'uvw' with weights");
            }

            int inputs = input[a].Multiplicity, outputs = output[c].Multiplicity;
            var taken = Take(weights, ref place, inputs * scalars * outputs, module);
            // The coupling with a scalar is a unit matrix divided by √(2l + 1).
            factor /= Math.Sqrt(input[a].Irrep.Dimension);
            for (var s = 0; s < speciesCount; s++)
            {
                var of = new double[inputs * outputs];
                for (var k = 0; k < of.Length; k++)
                {
                    for (var t = 0; t < scalars; t++)
                    {
                        of[k] += factor * attributes[s][t] * taken[(k / outputs * scalars + t) * outputs + k % outputs];
                    }
                }

                paths[s].Add(new LinearPath(a, c, of));
            }
        }

        return [.. paths.Select(one => new IrrepsLinear(input, output, one, module.Where))];
    }

    /// <summary>A tensor product with harmonics, mode <c>uvu</c>, whose weights come from elsewhere. Its couplings are those of the file.</summary>
    public static ChannelProduct ChannelProduct(this TorchModule module)
    {
        Irreps input = module.Irreps("irreps_in1"), harmonics = module.Irreps("irreps_in2"), output = module.Irreps("irreps_out");
        for (var l = 0; l < harmonics.Count; l++)
        {
            if (harmonics[l].Multiplicity != 1 || harmonics[l].Irrep.Degree != l)
            {
                throw Unsupported($"the harmonics are {harmonics}", module, "each degree once, from 0 on");
            }
        }

        var paths = new List<CouplingPath>();
        var place = 0;
        foreach (var instruction in module.Sequence("instructions"))
        {
            var (a, b, c, mode, weighted, factor) = Instruction(instruction, module);
            if (mode != "uvu" || !weighted || a >= input.Count || b >= harmonics.Count || c >= output.Count)
            {
                throw Unsupported($"a tensor product has an instruction of mode '{mode}'", module, "'uvu' with weights");
            }

            int first = input[a].Irrep.Degree, result = output[c].Irrep.Degree;
            var coupling = CouplingTensor.IsTrivial(first, b, result)
                ? CouplingTensor.Trivial(first, b, result)
                : CouplingTensor.Of(first, b, result, Coupling(module, first, b, result));
            paths.Add(new CouplingPath(a, b, c, place, factor, coupling));
            place += input[a].Multiplicity;
        }

        return new ChannelProduct(input, harmonics.Count - 1, output, place, paths, module.Where);
    }

    // Named after its degrees, unless PyTorch has numbered the constants of the code: then it is the one of its shape, whose squares add up to 1.
    private static double[] Coupling(TorchModule module, int first, int second, int result)
    {
        var name = $"_compiled_main_left_right._w3j_{first}_{second}_{result}";
        int[] shape = [2 * first + 1, 2 * second + 1, 2 * result + 1];
        if (module.Find(name) is not null || module.TryModule("_compiled_main_left_right") is not { } code)
        {
            return module.Tensor(name, shape);
        }

        double[][] found = [.. code.Object.Attributes.Entries.Select(entry => entry.Value).OfType<TorchTensor>().Where(tensor => tensor.Shape.SequenceEqual(shape)).Select(tensor => tensor.ToDoubles())];
        return found.Length > 0 && Array.TrueForAll(found, one => one.SequenceEqual(found[0])) && Math.Abs(found[0].Sum(one => one * one) - 1) < 1e-5
            ? found[0]
            : module.Tensor(name, shape);
    }

    /// <summary>A <c>FullyConnectedNet</c> without biases: <c>layer0</c>, <c>layer1</c>, …</summary>
    /// <param name="module">The network.</param>
    /// <param name="activation">Of all layers but the last, with its factor.</param>
    public static DenseNetwork Network(this TorchModule module, (Activation Kind, double Factor) activation)
    {
        var layers = new List<DenseLayer>();
        while (module.TryModule($"layer{layers.Count}") is { } layer)
        {
            var weight = layer.Tensor("weight");
            if (weight.Shape.Count != 2)
            {
                throw Malformed("a weight of a network", layer);
            }

            double inputs = layer.Number("h_in"), before = layer.Number("var_in"), after = layer.Number("var_out");
            var active = layer.Find("act") is not null;
            var factor = 1 / Math.Sqrt(inputs * before / (active ? 1 : after));
            layers.Add(new DenseLayer(
                weight.Shape[0],
                weight.Shape[1],
                Scaled(weight.ToDoubles(), factor),
                null,
                active ? [.. Enumerable.Repeat(activation.Factor * Math.Sqrt(after), weight.Shape[1])] : null,
                active ? activation.Kind : Activation.Linear,
                false));
        }

        return layers.Count > 0 ? new DenseNetwork(layers, module.Where) : throw Malformed("a network without layers", module);
    }

    /// <summary>A feature that is lacking here.</summary>
    public static MofException Unsupported(string what, TorchModule module, string? expected = null) =>
        new(ErrorKind.Unsupported, what, module.Where, expected, "Use a model without it, or the program that it was made with.");

    private const int MaximumDegree = 16;

    private static (int First, int Second, int Result, string Mode, bool Weighted, double Factor) Instruction(object? value, TorchModule module) =>
        value is PickledSequence { Values: [long a and >= 0 and < 1000, long b and >= 0 and < 1000, long c and >= 0 and < 1000, string mode, bool weighted, double factor, ..] }
            ? ((int)a, (int)b, (int)c, mode, weighted, factor)
            : throw Malformed("an instruction of a tensor product", module);

    private static ReadOnlySpan<double> Take(double[] weights, ref int place, int count, TorchModule module)
    {
        if (count > weights.Length - place)
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {weights.Length} weights", module.Where, $"at least {place + count}, as the instructions say");
        }

        place += count;
        return weights.AsSpan(place - count, count);
    }

    private static double[] Scaled(ReadOnlySpan<double> values, double factor)
    {
        var scaled = new double[values.Length];
        for (var k = 0; k < scaled.Length; k++)
        {
            scaled[k] = factor * values[k];
        }

        return scaled;
    }

    private static MofException Malformed(string what, TorchModule module) => new(ErrorKind.FileFormat, $"{what} is not as e3nn writes it", module.Where);
}
