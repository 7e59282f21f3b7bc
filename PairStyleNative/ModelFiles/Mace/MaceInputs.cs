using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Mace;

/// <summary>What the charge and the spin of a structure, or other numbers that belong to all of it, add to the features that atoms begin with (MACE, <c>GenericJointEmbedding</c>): a vector, since they are constant.</summary>
internal static class MaceInputs
{
    // What MACE takes where nothing is said: no charge, and the multiplicity of a singlet.
    private static readonly Dictionary<string, double> _defaults = new(StringComparer.Ordinal) { ["total_charge"] = 0, ["total_spin"] = 1 };

    /// <summary>The vector; null: the model takes no such numbers.</summary>
    /// <param name="description">What the file says.</param>
    /// <param name="tensors">Its numbers.</param>
    /// <param name="values">What the card says.</param>
    /// <exception cref="MofException">A number that the model does not take, or that is not said (FileFormat); numbers of atoms (Unsupported).</exception>
    public static double[]? Embed(MaceDescription description, MaceTensors tensors, IReadOnlyDictionary<string, double> values)
    {
        var known = description.Inputs.Select(input => input.Name).ToList();
        if (values.Keys.FirstOrDefault(key => !known.Contains(key)) is { } strange)
        {
            throw new MofException(ErrorKind.FileFormat, $"the model takes no input '{strange}'", description.Where, known.Count == 0 ? "none" : string.Join(", ", known));
        }

        if (known.Count == 0)
        {
            return null;
        }

        double[] all = [.. description.Inputs.SelectMany(input => Embed(description, tensors, input, ValueOf(description, input, values)))];
        var (shape, weights) = tensors.Matrix("joint_embedding.project.0.weight");
        return shape[1] == all.Length
            ? [.. Apply(weights, null, shape[0], all).Select(Silu)]
            : throw new MofException(ErrorKind.FileFormat, $"inputs make {all.Length} numbers, of which {shape[1]} are taken", description.Where);
    }

    private static double ValueOf(MaceDescription description, MaceInput input, IReadOnlyDictionary<string, double> values)
    {
        if (input.Per != "graph")
        {
            throw new MofException(ErrorKind.Unsupported, $"the model takes '{input.Name}' of every {(input.Per == "node" ? "atom" : input.Per)} (embedding_specs)", description.Where, "numbers of the whole structure");
        }

        return values.TryGetValue(input.Name, out var value) || _defaults.TryGetValue(input.Name, out value)
            ? value
            : throw new MofException(ErrorKind.FileFormat, $"the model takes '{input.Name}', which is not said", description.Where, $"inputs: {{{input.Name}: …}} in the card");
    }

    private static double[] Embed(MaceDescription description, MaceTensors tensors, MaceInput input, double value)
    {
        var name = "joint_embedding.embedders." + input.Name;
        switch (input.Kind)
        {
            case "categorical":
                var (shape, table) = tensors.Matrix(name + ".weight");
                var row = value + input.Offset;
                return row == Math.Floor(row) && row >= 0 && row < shape[0]
                    ? table[((int)row * shape[1])..(((int)row + 1) * shape[1])]
                    : throw new MofException(ErrorKind.FileFormat, FormattableString.Invariant($"the input '{input.Name}' is {value}"), description.Where, $"a whole number from {-input.Offset} to {shape[0] - 1 - input.Offset}");
            case "continuous":
                var (first, weights) = tensors.Matrix(name + ".0.weight");
                var (second, more) = tensors.Matrix(name + ".2.weight");
                if (first[1] != 1 || second[1] != first[0])
                {
                    throw new MofException(ErrorKind.Unsupported, $"the input '{input.Name}' is {first[1]} numbers", description.Where, "one");
                }

                double[]? Bias(string layer) => tensors.Has(layer) ? tensors.Vector(layer) : null;
                return Apply(more, Bias(name + ".2.bias"), second[0], [.. Apply(weights, Bias(name + ".0.bias"), first[0], [value]).Select(Silu)]);
            default:
                throw new MofException(ErrorKind.Unsupported, $"the input '{input.Name}' is {input.Kind}", description.Where, "categorical or continuous");
        }
    }

    private static double[] Apply(double[] weights, double[]? bias, int outputs, double[] input) =>
        [.. Enumerable.Range(0, outputs).Select(o => (bias?[o] ?? 0) + input.Select((one, i) => one * weights[o * input.Length + i]).Sum())];

    private static double Silu(double x) => ActivationFunction.At(Activation.Silu, x).Value;
}
