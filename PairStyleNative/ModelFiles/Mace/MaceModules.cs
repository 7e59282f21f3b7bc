using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Mace;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Linear layers and tensor products of a description by the names of their modules.</summary>
internal sealed class MaceModules(MaceDescription description, MaceTensors tensors)
{
    private readonly int _elements = description.AtomicNumbers.Count;

    /// <summary>Whether there is a module of that name.</summary>
    public bool Has(string name) => description.Operations.ContainsKey(name);

    private MaceOperation Operation(string name) => description.Operations.GetValueOrDefault(name)
        ?? throw new MofException(ErrorKind.FileFormat, $"the model has no module '{name}'", description.Where);

    /// <summary>A linear layer (<c>o3.Linear</c>) without biases.</summary>
    /// <param name="name">Its module.</param>
    /// <param name="factor">Of all.</param>
    public IrrepsLinear Linear(string name, double factor = 1)
    {
        var operation = Operation(name);
        Irreps input = IrrepsOf(operation.First), output = IrrepsOf(operation.Output);
        var weights = tensors.Vector(name + ".weight");
        if (tensors.Has(name + ".bias") && tensors.Vector(name + ".bias").Length > 0)
        {
            throw new MofException(ErrorKind.Unsupported, $"{name} has a bias", description.Where);
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

    /// <summary>A linear layer from scalars to scalars, perhaps with biases.</summary>
    /// <returns>Numbers that go in and come out, weights <c>[in][out]</c> with all factors, biases or null.</returns>
    public (int Inputs, int Outputs, double[] Weights, double[]? Bias) ScalarLinear(string name)
    {
        var operation = Operation(name);
        Irreps input = IrrepsOf(operation.First), output = IrrepsOf(operation.Output);
        MaceInstruction[] linear = [.. operation.Instructions.Where(one => one.First >= 0)], biases = [.. operation.Instructions.Where(one => one.First < 0)];
        if (linear is not [{ First: 0, Output: 0 } path] || input[0].Irrep.Degree != 0 || output.Count != 1 || output[0].Irrep.Degree != 0 || biases.Length > 1)
        {
            throw new MofException(ErrorKind.Unsupported, $"{name} takes {input} to {output}", description.Where, "scalars to scalars");
        }

        int inputs = input[0].Multiplicity, outputs = output[0].Multiplicity;
        var weights = tensors.Vector(name + ".weight");
        Check(weights.Length == inputs * outputs, name);
        double[]? bias = biases is [var one] ? [.. tensors.Shaped(name + ".bias", outputs).Select(value => one.Factor * value)] : null;
        return (inputs, outputs, [.. weights.Select(weight => path.Factor * weight)], bias);
    }

    /// <summary>A product with a one-hot vector, which is a linear layer for each element. Weights are <c>[in][element][out]</c>.</summary>
    /// <param name="name">Its module.</param>
    /// <param name="place">Of the element.</param>
    public IrrepsLinear OfElement(string name, int place)
    {
        var operation = Operation(name);
        Irreps input = IrrepsOf(operation.First), output = IrrepsOf(operation.Output);
        var weights = tensors.Vector(name + ".weight");
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

    /// <summary>A product of features with the harmonics of an edge.</summary>
    public ChannelProduct Product(string name)
    {
        var operation = Operation(name);
        Irreps input = IrrepsOf(operation.First), harmonics = IrrepsOf(operation.Second), output = IrrepsOf(operation.Output);
        for (var l = 0; l < harmonics.Count; l++)
        {
            if (harmonics[l] != new IrrepBlock(1, new Irrep(l, l % 2 == 0 ? 1 : -1)))
            {
                throw new MofException(ErrorKind.Unsupported, $"edges have the attributes {harmonics}", description.Where, "spherical harmonics, 1x0e+1x1o+…");
            }
        }

        if (harmonics.Count - 1 > MaceModel.MaximumDegree)
        {
            throw new MofException(ErrorKind.Unsupported, $"the model has harmonics up to l = {harmonics.Count - 1} (max_ell)", description.Where, $"at most {MaceModel.MaximumDegree}");
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
        : CouplingTensor.Of(first, second, result, tensors.Shaped($"{name}._compiled_main_left_right._w3j_{first}_{second}_{result}", 2 * first + 1, 2 * second + 1, 2 * result + 1));

    /// <summary>Fails where something does not hold.</summary>
    public void Check(bool holds, string name)
    {
        if (!holds)
        {
            throw new MofException(ErrorKind.FileFormat, $"the weights of '{name}' do not fit what it says of itself", description.Where, remedy: "The file may be damaged.");
        }
    }

    // A model that ignores parity calls everything even; what couples here is written as harmonics are.
    private Irreps IrrepsOf(string text)
    {
        var irreps = Irreps.Parse(text);
        if (!description.IgnoresParity)
        {
            return irreps;
        }

        return irreps.All(block => block.Irrep.Parity > 0)
            ? new Irreps(irreps.Select(block => block with { Irrep = new Irrep(block.Irrep.Degree, block.Irrep.Degree % 2 == 0 ? 1 : -1) }))
            : throw new MofException(ErrorKind.Unsupported, $"the model ignores parity (use_so3) and has odd features ({irreps})", description.Where, "even ones alone, such as 64x0e + 64x1e");
    }
}
