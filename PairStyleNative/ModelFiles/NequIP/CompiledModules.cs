using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>Modules of NequIP 0.7 and later that Allegro's models are made of too (nequip/nn/embedding/_edge.py, mlp.py, atomwise.py, pair_potential.py).</summary>
internal static class CompiledModules
{
    /// <summary>An <c>EdgeLengthNormalizer</c>: the longest cutoff, and those of pairs of species where the model has such.</summary>
    public static (double Longest, PairCutoffs? ByPair) Cutoffs(TorchModule module, int speciesCount)
    {
        var inverse = module.Tensor("_rmax_recip").ToDoubles();
        if (module.Find("_per_edge_type") is true)
        {
            var cutoffs = new PairCutoffs(speciesCount, [.. inverse.Select(one => 1 / one)]);
            return (cutoffs.Longest, cutoffs);
        }

        return inverse is [var only] && double.IsFinite(1 / only) && only > 0
            ? (1 / only, null)
            : throw new MofException(ErrorKind.FileFormat, "the cutoff is not a positive number", module.Where);
    }

    /// <summary>A <c>BesselEdgeLengthEncoding</c>.</summary>
    /// <param name="module">The module; its functions are factor·sin(w·π·u)/(π·u), u the distance over the cutoff.</param>
    /// <param name="cutoff">The longest cutoff, Å.</param>
    /// <param name="factor">Of what the module gives.</param>
    public static BesselBasis Basis(TorchModule module, double cutoff, double factor) =>
        new(cutoff, Power(module), factor * cutoff / Math.PI, [.. module.Tensor("bessel_weights").ToDoubles().Select(one => Math.PI * one)]);

    /// <summary>The exponent of a module's <c>PolynomialCutoff</c>.</summary>
    public static double Power(TorchModule module)
    {
        var cutoff = module.Module("cutoff");
        return cutoff.Object.ShortName == "PolynomialCutoff" ? cutoff.Number("p") : throw E3nnModules.Unsupported($"the cutoff function is a '{cutoff.Object.ShortName}'", cutoff, "PolynomialCutoff");
    }

    /// <summary>A <c>ScalarMLPFunction</c>.</summary>
    public static DenseNetwork Network(TorchModule module)
    {
        var inner = module.Module("mlp");
        if (inner.Object.ShortName == "DeepLinearMLP")
        {
            return DeepLinear(inner);
        }

        var layers = new List<DenseLayer>();
        foreach (var part in inner.Children())
        {
            switch (part.Object.ShortName)
            {
                case "ScalarLinearLayer":
                    layers.Add(Layer(part));
                    break;
                case "Identity":
                    break;
                case var name when layers.Count > 0 && layers[^1].Activation == Activation.Linear:
                    layers[^1] = layers[^1] with { Activation = Activations.TryGetValue(name, out var activation) ? activation : throw E3nnModules.Unsupported($"a network uses '{name}'", part, string.Join(", ", Activations.Keys)) };
                    break;
                default:
                    throw E3nnModules.Unsupported($"a network has a '{part.Object.ShortName}' in this place", part, "layers with activations between them");
            }
        }

        return new DenseNetwork(layers, module.Where);
    }

    /// <summary>Scales and shifts of a <c>PerTypeScaleShift</c> by species; ones and zeros where it has none.</summary>
    public static (double[] Scales, double[] Shifts) ScaleShift(TorchModule module, int speciesCount)
    {
        double[] Values(string flag, string name, double otherwise) => module.Find(flag) is true ? BySpecies(module.Tensor(name), speciesCount, module) : [.. Enumerable.Repeat(otherwise, speciesCount)];
        return (Values("has_scales", "scales", 1), Values("has_shifts", "shifts", 0));
    }

    /// <summary>A <c>ZBL</c>, with the cutoff function of its own or that of the model, which edges had before.</summary>
    /// <param name="module">The module.</param>
    /// <param name="energyUnit">Of the model, eV.</param>
    /// <param name="power">Exponent of the model's cutoff function.</param>
    /// <param name="cutoff">The longest cutoff, Å.</param>
    /// <param name="cutoffs">By pairs of species.</param>
    public static CutRepulsion Repulsion(TorchModule module, double energyUnit, double power, double cutoff, PairCutoffs? cutoffs) => new(
        energyUnit * module.Number("_qqr2exesquare"),
        module.Tensor("atomic_numbers").ToDoubles(),
        new BesselBasis(cutoff, module.TryModule("cutoff") is null ? power : Power(module), 1, [Math.PI]),
        cutoffs);

    /// <summary>One number for all species or one for each.</summary>
    public static double[] BySpecies(TorchTensor tensor, int speciesCount, TorchModule module)
    {
        var values = tensor.ToDoubles();
        return values.Length == 1 ? [.. Enumerable.Repeat(values[0], speciesCount)] : values.Length == speciesCount
            ? values
            : throw new MofException(ErrorKind.FileFormat, $"there are {values.Length} values by species", module.Where, $"{speciesCount}");
    }

    /// <summary>A table with a row for each species, <c>torch.nn.Embedding</c>.</summary>
    public static double[][] Rows(TorchModule embedding, int speciesCount)
    {
        var weight = embedding.Tensor("weight");
        if (weight.Shape.Count != 2 || weight.Shape[0] != speciesCount)
        {
            throw new MofException(ErrorKind.FileFormat, $"the embedding of species has the shape [{string.Join(", ", weight.Shape)}]", embedding.Where, $"[{speciesCount}, …]");
        }

        return [.. weight.ToDoubles().Chunk(weight.Shape[1])];
    }

    /// <summary>That energies of atoms are just added up by an <c>AtomwiseReduce</c>.</summary>
    public static void RequireSum(TorchModule module)
    {
        if (module.Text("reduce") != "sum" || module.Number("constant") != 1)
        {
            throw E3nnModules.Unsupported("energies of atoms are not just added up", module, "their sum");
        }
    }

    /// <summary>That harmonics are of unit vectors, with squares that add up to 2l + 1.</summary>
    public static void RequireHarmonics(TorchModule harmonics)
    {
        if (harmonics.Find("normalize") is not true || harmonics.Text("normalization") != "component")
        {
            throw E3nnModules.Unsupported("the harmonics are not of unit vectors with 'component' normalization", harmonics);
        }
    }

    private static Dictionary<string, Activation> Activations { get; } = new(StringComparer.Ordinal)
    {
        ["SiLU"] = Activation.Silu, ["Tanh"] = Activation.Tanh, ["Sigmoid"] = Activation.Sigmoid, ["Softplus"] = Activation.Softplus,
    };

    private static DenseLayer Layer(TorchModule part)
    {
        var weight = part.Tensor("weight");
        if (weight.Shape.Count != 2)
        {
            throw new MofException(ErrorKind.FileFormat, "the weights of a layer are no matrix", part.Where);
        }

        var factor = part.Number("alpha");
        return new DenseLayer(weight.Shape[0], weight.Shape[1], [.. weight.ToDoubles().Select(one => factor * one)], (part.Find("bias") as TorchTensor)?.ToDoubles(), null, Activation.Linear, false);
    }

    // Matrices one after the other, with one factor for all.
    private static DenseNetwork DeepLinear(TorchModule module)
    {
        var factor = module.Number("alpha");
        var layers = new List<DenseLayer>();
        while (module.Find($"weights.{layers.Count}") is TorchTensor { Shape.Count: 2 } weight)
        {
            layers.Add(new DenseLayer(weight.Shape[0], weight.Shape[1], [.. weight.ToDoubles().Select(one => layers.Count == 0 ? factor * one : one)], null, null, Activation.Linear, false));
        }

        return new DenseNetwork(layers, module.Where);
    }
}
