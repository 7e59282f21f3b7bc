using System.Text.Json;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Reads what <c>mofinterop.convert_mace</c> writes of a model beside its numbers: JSON with the names of MACE's modules.</summary>
internal static class MaceText
{
    /// <summary>Reads a description.</summary>
    /// <param name="json">The text.</param>
    /// <param name="tensors">The numbers.</param>
    /// <param name="where">For messages: the file.</param>
    /// <exception cref="MofException">Not JSON, or a key is missing (FileFormat).</exception>
    public static MaceDescription Read(string json, IReadOnlyDictionary<string, MaceTensor> tensors, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, tensors, where);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MofException(ErrorKind.FileFormat, $"the description of the model is unreadable: {e.Message}", where, "what mofinterop.convert_mace writes", "Convert the model again.", e);
        }
    }

    private static MaceDescription Read(JsonElement root, IReadOnlyDictionary<string, MaceTensor> tensors, string where)
    {
        var interactions = Texts(root.GetProperty("interaction_classes"));
        var modules = root.GetProperty("modules");
        return new MaceDescription
        {
            Where = where,
            Class = Text(root, "model_class"),
            AtomicNumbers = [.. root.GetProperty("atomic_numbers").EnumerateArray().Select(one => one.GetInt32())],
            Cutoff = root.GetProperty("r_max").GetDouble(),
            SinglePrecision = Text(root, "stored_dtype").EndsWith("float32", StringComparison.Ordinal),
            Interactions = interactions,
            Readouts = Texts(root.GetProperty("readout_classes")),
            RadialBasis = Text(root, "radial_type"),
            CutoffFunction = Text(root, "cutoff_type"),
            Transform = Optional(root, "distance_transform")?.GetString(),
            Repulsion = Optional(root, "pair_repulsion")?.GetBoolean() ?? false,
            Heads = Optional(root, "heads") is { } heads ? Texts(heads) : [],
            Strangers = Optional(root, "unknown") is { } unknown ? Texts(unknown) : [],
            NeighborCounts = [.. root.GetProperty("avg_num_neighbors").EnumerateArray().Select(one => one.GetDouble())],
            SelfConnections = [.. Enumerable.Range(0, interactions.Count).Select(t => modules.GetProperty($"products.{t}").GetProperty("use_sc").GetBoolean())],
            Agnostic = Flags(root, "agnostic") ?? [.. interactions.Select(_ => false)],
            CutoffOfWeights = Optional(root, "apply_cutoff") is { ValueKind: JsonValueKind.False },
            IgnoresParity = Optional(root, "use_so3") is { ValueKind: JsonValueKind.True },
            ReadoutHeads = Optional(root, "readout_heads") is { } count ? [.. count.EnumerateArray().Select(one => one.GetInt32())] : [.. Texts(root.GetProperty("readout_classes")).Select(_ => 1)],
            Inputs = Optional(root, "inputs") is { } inputs ? [.. inputs.EnumerateArray().Select(one => new MaceInput(Text(one, "name"), Text(one, "type"), Text(one, "per"), Integer(one, "offset")))] : [],
            GateActivations = Optional(root, "gate_activations") is { } gates
                ? gates.EnumerateObject().ToDictionary(one => one.Name, one => new MaceActivation(Text(one.Value, "name"), one.Value.GetProperty("cst").GetDouble()), StringComparer.Ordinal)
                : new Dictionary<string, MaceActivation>(),
            RadialActivation = Optional(root, "radial_MLP_act") is { } radial ? new MaceActivation(radial.GetString() ?? "", root.GetProperty("radial_MLP_act_cst").GetDouble()) : null,
            ReadoutActivation = Optional(root, "gate") is { } gate ? new MaceActivation(gate.GetString() ?? "", root.GetProperty("gate_normalize2mom_cst").GetDouble()) : null,
            Operations = modules.EnumerateObject().Where(one => one.Value.TryGetProperty("instructions", out _)).ToDictionary(one => one.Name, one => OperationOf(one.Value), StringComparer.Ordinal),
            Tensors = tensors,
        };
    }

    private static MaceOperation OperationOf(JsonElement module)
    {
        var linear = !module.TryGetProperty("irreps_in1", out _);
        return new MaceOperation(
            Text(module, linear ? "irreps_in" : "irreps_in1"),
            linear ? "" : Text(module, "irreps_in2"),
            Text(module, "irreps_out"),
            [.. module.GetProperty("instructions").EnumerateArray().Select(one => linear
                ? new MaceInstruction(Integer(one, "i_in"), 0, Integer(one, "i_out"), "", true, one.GetProperty("path_weight").GetDouble())
                : new MaceInstruction(Integer(one, "i_in1"), Integer(one, "i_in2"), Integer(one, "i_out"), Text(one, "mode"), one.GetProperty("has_weight").GetBoolean(), one.GetProperty("path_weight").GetDouble()))]);
    }

    private static List<bool>? Flags(JsonElement root, string key) => Optional(root, key) is { } flags ? [.. flags.EnumerateArray().Select(one => one.GetBoolean())] : null;

    private static JsonElement? Optional(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString() ?? "";

    private static int Integer(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString() ?? "")];
}
