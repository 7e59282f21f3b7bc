using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Reads the pickled models that MACE saves (<c>torch.save(model)</c>, mostly named <c>.model</c>), of any of its versions.</summary>
internal static class MaceArchive
{
    private const string Remedy = "Convert the model with the version of MACE that made it (mofinterop.convert_mace of the Python package), or use a MACE model without this feature.";

    private static readonly string[] _operations = ["Linear", "TensorProduct", "FullyConnectedTensorProduct"];

    // What a model for LAMMPS is wrapped in.
    private static readonly string[] _wrappers = ["LAMMPS_MLIAP_MACE", "MACEEdgeForcesWrapper"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException">No such file, or one of another kind (FileFormat); a model compiled or converted for CUDA kernels (Unsupported).</exception>
    public static MaceDescription Read(string path)
    {
        var archive = TorchArchive.Read(path);
        var model = TorchModule.Of(archive, path);
        if (!IsOne(model))
        {
            throw new MofException(ErrorKind.FileFormat, $"the file holds a {model.Object.ClassName}", path, "a model of MACE as its training saves it (.model)");
        }

        // What tensor products do is only in the code of a compiled model.
        if (archive.RecordNames.Contains("constants.pkl"))
        {
            throw new MofException(
                ErrorKind.Unsupported, $"the file holds a compiled model ({model.Object.ShortName})", path, "a model as its training saves it",
                "MACE writes compiled models (_compiled.model, -lammps.pt) beside a .model, or from one: take that.");
        }

        int? head = null;
        while (_wrappers.Contains(model.Object.ShortName))
        {
            head = model.Find("head") is TorchTensor { Count: 1 } chosen ? (int)chosen.ToIntegers()[0] : head;
            model = model.Module("model");
        }

        return Describe(model, path) with { ChosenHead = head };
    }

    /// <summary>Whether an archive holds a model of MACE, compiled or not.</summary>
    public static bool IsOne(TorchModule model) => model.Object.ClassName.StartsWith("mace.", StringComparison.Ordinal) || model.Object.ClassName.Contains("__torch__.mace.", StringComparison.Ordinal);

    private static MaceDescription Describe(TorchModule model, string path)
    {
        TorchModule[] interactions = [.. model.Module("interactions").Children()], readouts = [.. model.Module("readouts").Children()], products = [.. model.Module("products").Children()];
        var basis = model.Module("radial_embedding.bessel_fn");
        if (interactions.Length == 0)
        {
            throw new MofException(ErrorKind.FileFormat, "the model has no interactions", path);
        }

        return new MaceDescription
        {
            Where = path,
            Class = model.Object.ShortName,
            AtomicNumbers = AtomicNumbers(model),
            Cutoff = model.Number("radial_embedding.cutoff_fn.r_max"),
            Interactions = [.. interactions.Select(one => one.Object.ShortName)],
            Readouts = [.. readouts.Select(one => one.Object.ShortName)],
            ReadoutHeads = [.. readouts.Select(one => one.Find("num_heads") is long count ? (int)count : 1)],
            RadialBasis = basis.Object.ShortName,
            CutoffFunction = model.Module("radial_embedding.cutoff_fn").Object.ShortName,
            CutoffOfWeights = model.Find("radial_embedding.apply_cutoff") is false,
            Transform = model.TryModule("radial_embedding.distance_transform")?.Object.ShortName,
            Repulsion = model.TryModule("pair_repulsion_fn") is not null,
            Heads = model.Find("heads") is PickledSequence heads ? [.. heads.Values.Select(one => one as string ?? "?")] : [],
            IgnoresParity = model.Find("use_so3") is true,
            Inputs = Inputs(model),
            Strangers = [.. Strange(model)],
            NeighborCounts = [.. interactions.Select(one => one.Number("avg_num_neighbors"))],
            SelfConnections = [.. products.Select(one => one.Number("use_sc") != 0)],
            Agnostic = [.. products.Select(one => one.Find("use_agnostic_product") is true)],
            RadialActivation = interactions[0].TryModule("conv_tp_weights.layer0.act") is { } radial ? ActivationOf(radial) : null,
            ReadoutActivation = readouts.Length > 0 && readouts[^1].TryModule("non_linearity.acts.0") is { } activation ? ActivationOf(activation) : null,
            GateActivations = GateActivations(interactions),
            Operations = Operations(model),
            SinglePrecision = model.Tensor("node_embedding.linear.weight").Type == TorchType.Float,
            Tensors = model.Tensors().ToDictionary(one => one.Name[(model.Name.Length == 0 ? 0 : model.Name.Length + 1)..], one => new MaceTensor(one.Tensor.Shape, one.Tensor.ToDoubles()), StringComparer.Ordinal),
        };
    }

    private static List<MaceInput> Inputs(TorchModule model)
    {
        var inputs = new List<MaceInput>();
        if (model.TryModule("joint_embedding") is null)
        {
            return inputs;
        }

        if (model.Find("embedding_specs") is not PickledDictionary specifications)
        {
            throw new MofException(ErrorKind.FileFormat, "the inputs of the model are not described (embedding_specs)", model.Where);
        }

        foreach (var (name, value) in specifications.Entries)
        {
            string? Word(string key) => value is PickledDictionary one && one.TryGet(key, out var word) ? word as string : null;
            if (name is not string text || Word("type") is not { } kind || Word("per") is not { } per)
            {
                throw new MofException(ErrorKind.FileFormat, "an input of the model is not described (embedding_specs)", model.Where);
            }

            inputs.Add(new MaceInput(text, kind, per, ((PickledDictionary)value!).TryGet("offset", out var offset) && offset is long number ? (int)number : 0));
        }

        return inputs;
    }

    private static Dictionary<string, MaceActivation> GateActivations(TorchModule[] interactions)
    {
        var result = new Dictionary<string, MaceActivation>(StringComparer.Ordinal);
        for (var t = 0; t < interactions.Length; t++)
        {
            foreach (var part in (string[])["act_scalars", "act_gates"])
            {
                if (interactions[t].TryModule($"equivariant_nonlin.{part}.acts.0") is { } activation)
                {
                    result[$"interactions.{t}.{part}"] = ActivationOf(activation);
                }
            }
        }

        return result;
    }

    // A buffer, in versions before 2023 a list.
    private static int[] AtomicNumbers(TorchModule model) => model.Find("atomic_numbers") switch
    {
        TorchTensor tensor => [.. tensor.ToIntegers().Select(number => (int)number)],
        PickledSequence { Values: var numbers } => [.. numbers.Select(number => number is long one ? (int)one : 0)],
        _ => throw new MofException(ErrorKind.FileFormat, "the model does not tell its elements (atomic_numbers)", model.Where),
    };

    private static IEnumerable<string> Strange(TorchModule model)
    {
        foreach (var layer in model.Module("interactions").Children().SelectMany(one => one.Module("conv_tp_weights").Children()).Where(one => one.Name.Contains(".layer", StringComparison.Ordinal)))
        {
            if (layer.Find("var_in") is not (null or 1.0 or 1L) || layer.Find("var_out") is not (null or 1.0 or 1L))
            {
                yield return "radial networks normalized by a variance";
            }
        }
    }

    private static MaceActivation ActivationOf(TorchModule module)
    {
        // Functions of torch itself, such as tanh, are pickled as attributes that are to be got.
        var name = module.Find("f") switch
        {
            PickledName function => function.Name,
            PickledObject { ShortName: "getattr", Arguments: [.., string attribute] } => attribute,
            PickledObject one => one.ClassName,
            _ => throw new MofException(ErrorKind.FileFormat, "an activation has no name", module.Where),
        };
        return new MaceActivation(name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant(), module.Number("cst"));
    }

    private static Dictionary<string, MaceOperation> Operations(TorchModule model)
    {
        var result = new Dictionary<string, MaceOperation>(StringComparer.Ordinal);
        Collect(model, result, 0, model.Name.Length == 0 ? 0 : model.Name.Length + 1);
        return result;
    }

    private static void Collect(TorchModule module, Dictionary<string, MaceOperation> result, int depth, int skipped)
    {
        foreach (var child in module.Children().Where(_ => depth < 20))
        {
            if (child.Object.ClassName.StartsWith("cuequivariance", StringComparison.Ordinal) || child.Object.ClassName.StartsWith("openequivariance", StringComparison.Ordinal))
            {
                throw new MofException(ErrorKind.Unsupported, $"the model is made for kernels of CUDA ({child.Object.ClassName})", child.Where, "one of e3nn", "Convert it back with mace_cueq_to_e3nn or mace_e3nn_oeq.");
            }

            if (_operations.Contains(child.Object.ShortName) && child.Find("instructions") is PickledSequence instructions)
            {
                var linear = child.Find("irreps_in1") is null;
                result[child.Name[skipped..]] = new MaceOperation(
                    IrrepsOf(child, linear ? "irreps_in" : "irreps_in1"), linear ? "" : IrrepsOf(child, "irreps_in2"), IrrepsOf(child, "irreps_out"), [.. instructions.Values.Select(one => InstructionOf(one, linear, child.Where))]);
            }
            else
            {
                Collect(child, result, depth + 1, skipped);
            }
        }
    }

    private static MaceInstruction InstructionOf(object? value, bool linear, string where) => Fields(value) switch
    {
        // (i_in, i_out, path_shape, path_weight) and (i_in1, i_in2, i_out, connection_mode, has_weight, path_weight, path_shape).
        [long first, long output, _, var factor] when linear && Number(factor) is { } number => new MaceInstruction((int)first, 0, (int)output, "", true, number),
        [long first, long second, long output, string mode, bool weighted, var factor, _] when !linear && Number(factor) is { } number =>
            new MaceInstruction((int)first, (int)second, (int)output, mode, weighted, number),
        _ => throw new MofException(ErrorKind.Unsupported, "an instruction of e3nn is not like those of version 0.4 or 0.5", where, remedy: Remedy),
    };

    // Classes made of tuples are pickled with one tuple, or with what is in it.
    private static IReadOnlyList<object?> Fields(object? value) => value switch
    {
        PickledObject { Arguments: [PickledSequence fields] } => fields.Values,
        PickledObject { Arguments: var fields } => fields,
        _ => [],
    };

    private static double? Number(object? value) => value switch { double number => number, long number => number, _ => null };

    private static string IrrepsOf(TorchModule module, string name)
    {
        if (module.Find(name) is PickledObject { ShortName: "Irreps" } irreps)
        {
            var parts = Fields(irreps).Select(block => Fields(block) is [long count, var irrep] && Fields(irrep) is [long degree, long parity] ? $"{count}x{degree}{(parity > 0 ? 'e' : 'o')}" : null).ToList();
            if (parts.TrueForAll(part => part is not null))
            {
                return string.Join('+', parts);
            }
        }

        throw new MofException(ErrorKind.FileFormat, $"the irreps '{name}' are missing or unreadable", module.Where);
    }
}
