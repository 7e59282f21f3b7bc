using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Reads the pickled models that MACE saves (<c>torch.save(model)</c>, mostly named <c>.model</c>), of any of its versions.</summary>
internal static class MaceArchive
{
    private const string Remedy = "Convert the model with the version of MACE that made it (mofinterop.convert_mace of the Python package), or use a MACE model without this feature.";

    // Attributes of a model whose presence changes what it computes.
    private static readonly string[] _strangers = ["joint_embedding", "embedding_specs", "embedding_readout", "use_last_readout_only", "use_so3", "use_agnostic_product"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException">No such file, or one of another kind (FileFormat); a model compiled or converted for CUDA kernels (Unsupported).</exception>
    public static MaceDescription Read(string path)
    {
        var model = TorchModule.Of(TorchArchive.Read(path), path);
        var name = model.Object.ShortName;
        if (!model.Object.ClassName.StartsWith("mace.", StringComparison.Ordinal))
        {
            throw new MofException(ErrorKind.FileFormat, $"the file holds a {model.Object.ClassName}", path, "a model of MACE as its training saves it (.model)", "A model compiled for LAMMPS or by torch.jit can not be read: take the .model that it was made from.");
        }

        TorchModule[] interactions = [.. model.Module("interactions").Children()], readouts = [.. model.Module("readouts").Children()], products = [.. model.Module("products").Children()];
        var basis = model.Module("radial_embedding.bessel_fn");
        var tensors = model.Tensors().ToDictionary(one => one.Name, one => one.Tensor, StringComparer.Ordinal);
        return new MaceDescription
        {
            Where = path,
            Class = name,
            AtomicNumbers = AtomicNumbers(model),
            Cutoff = model.Number("radial_embedding.bessel_fn.r_max"),
            SinglePrecision = model.Tensor("node_embedding.linear.weight").Type == TorchType.Float,
            Interactions = [.. interactions.Select(one => one.Object.ShortName)],
            Readouts = [.. readouts.Select(one => one.Object.ShortName)],
            RadialBasis = basis.Object.ShortName,
            CutoffFunction = model.Module("radial_embedding.cutoff_fn").Object.ShortName,
            Transform = model.TryModule("radial_embedding.distance_transform")?.Object.ShortName,
            Repulsion = model.TryModule("pair_repulsion_fn") is not null,
            Heads = model.Find("heads") is PickledSequence heads ? [.. heads.Values.Select(one => one as string ?? "?")] : [],
            Strangers = [.. _strangers.Where(one => model.Find(one) is not (null or false)), .. Strange(model)],
            NeighborCounts = [.. interactions.Select(one => one.Number("avg_num_neighbors"))],
            SelfConnections = [.. products.Select(one => one.Number("use_sc") != 0)],
            RadialActivation = ActivationOf(interactions[0].Module("conv_tp_weights.layer0.act")),
            ReadoutActivation = readouts.Length > 0 && readouts[^1].TryModule("non_linearity.acts.0") is { } activation ? ActivationOf(activation) : null,
            Operations = Operations(model),
            Tensors = tensors.ToDictionary(one => one.Key, one => new MaceTensor(one.Value.Shape, one.Value.ToDoubles()), StringComparer.Ordinal),
        };
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
        if (model.Find("apply_cutoff") is false || model.Find("radial_embedding.apply_cutoff") is false)
        {
            yield return "a cutoff that is not applied to the radial basis (apply_cutoff)";
        }

        foreach (var layer in model.Module("interactions").Children().SelectMany(one => one.Module("conv_tp_weights").Children()))
        {
            if (layer.Find("var_in") is not (null or 1.0 or 1L) || layer.Find("var_out") is not (null or 1.0 or 1L))
            {
                yield return "radial networks normalized by a variance";
            }
        }
    }

    private static MaceActivation ActivationOf(TorchModule module)
    {
        var function = module.Find("f") as PickledName ?? (module.Find("f") is PickledObject one ? new PickledName(one.ClassName) : null);
        return function is null
            ? throw new MofException(ErrorKind.FileFormat, "an activation has no name", module.Where)
            : new MaceActivation(function.Name[(function.Name.LastIndexOf('.') + 1)..].ToLowerInvariant(), module.Number("cst"));
    }

    private static Dictionary<string, MaceOperation> Operations(TorchModule model)
    {
        var result = new Dictionary<string, MaceOperation>(StringComparer.Ordinal);
        Collect(model, result, 0);
        return result;
    }

    private static void Collect(TorchModule module, Dictionary<string, MaceOperation> result, int depth)
    {
        foreach (var child in module.Children().Where(_ => depth < 20))
        {
            if (child.Object.ClassName.StartsWith("cuequivariance", StringComparison.Ordinal) || child.Object.ClassName.StartsWith("openequivariance", StringComparison.Ordinal))
            {
                throw new MofException(ErrorKind.Unsupported, $"the model is made for kernels of CUDA ({child.Object.ClassName})", child.Where, "one of e3nn", "Convert it back with mace_cueq_to_e3nn or mace_e3nn_oeq.");
            }

            if (child.Find("instructions") is PickledSequence instructions)
            {
                var linear = child.Find("irreps_in1") is null;
                result[child.Name] = new MaceOperation(
                    IrrepsOf(child, linear ? "irreps_in" : "irreps_in1"), linear ? "" : IrrepsOf(child, "irreps_in2"), IrrepsOf(child, "irreps_out"), [.. instructions.Values.Select(one => InstructionOf(one, linear, child.Where))]);
            }
            else
            {
                Collect(child, result, depth + 1);
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
