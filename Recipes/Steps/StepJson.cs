using System.Text.Json;
using System.Text.Json.Serialization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>How steps write and read their JSON files: numbers round-trip to the last bit.</summary>
public static class StepJson
{
    /// <summary>Shared settings.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Reads a file that a step wrote.</summary>
    /// <exception cref="MofException">The file is missing or is not what the step wrote.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)
                ?? throw new MofException(ErrorKind.FileFormat, "the file holds no value", path);
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new MofException(ErrorKind.FileFormat, $"the file cannot be read: {exception.Message}", path, inner: exception);
        }
    }

    /// <summary>Writes a value.</summary>
    public static void Write<T>(string path, T value) => File.WriteAllText(path, JsonSerializer.Serialize(value, Options));
}
