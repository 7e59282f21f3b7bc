using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>An output of a finished step: a file (or folder) or a JSON value.</summary>
public sealed class StepValue
{
    private readonly string? _file;
    private readonly JsonNode? _value;
    private readonly string _name;

    private StepValue(string name, string? file, JsonNode? value)
    {
        _name = name;
        _file = file;
        _value = value;
    }

    /// <summary>It is a file or folder.</summary>
    public bool IsFile => _file is not null;

    /// <summary>Full path of the file or folder.</summary>
    /// <exception cref="MofException">It is a JSON value.</exception>
    public string FilePath => _file ?? throw new MofException(ErrorKind.Internal, $"the output '{_name}' is a value, not a file");

    /// <summary>The JSON value; null stands for JSON's null.</summary>
    /// <exception cref="MofException">It is a file.</exception>
    public JsonNode? Value => _file is null ? _value : throw new MofException(ErrorKind.Internal, $"the output '{_name}' is a file, not a value");

    internal static StepValue FromJson(string name, JsonObject json, string outputFolder) => json["file"] is { } file
        ? new StepValue(name, Path.GetFullPath(file.GetValue<string>(), outputFolder), null)
        : new StepValue(name, null, json["value"]?.DeepClone());
}

/// <summary>A quality goal of a step and whether it was reached.</summary>
/// <param name="What">What was to be reached.</param>
/// <param name="Value">What was reached.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Unit">Unit of both, or empty.</param>
/// <param name="Met">Reached.</param>
public sealed record QualityGoal(string What, double Value, double Limit, string Unit, bool Met)
{
    /// <summary>The goal as a line of text.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"goal {(Met ? "reached" : "missed")}: {What} {Value:G4} {Unit} (limit {Limit:G4} {Unit})").Replace(" )", ")", StringComparison.Ordinal);

    internal JsonObject ToJson() => new()
    {
        ["what"] = What,
        ["value"] = double.IsFinite(Value) ? Value : null,
        ["limit"] = Limit,
        ["unit"] = Unit,
        ["met"] = Met,
    };

    internal static QualityGoal FromJson(JsonNode json) => new(
        json["what"]!.GetValue<string>(),
        json["value"]?.GetValue<double>() ?? double.NaN,
        json["limit"]!.GetValue<double>(),
        json["unit"]!.GetValue<string>(),
        json["met"]!.GetValue<bool>());
}
