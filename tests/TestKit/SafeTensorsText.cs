using System.Text;
using System.Text.Json;

namespace MofInterop.TestKit;

/// <summary>Writes safetensors files, as the converters of the Python package do.</summary>
public static class SafeTensorsText
{
    /// <summary>Writes double-precision numbers with texts beside them.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, string> metadata, IEnumerable<KeyValuePair<string, NumpyArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using var data = new MemoryStream();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, text) in metadata)
            {
                json.WriteString(key, text);
            }

            json.WriteEndObject();
            foreach (var (name, array) in arrays)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F64");
                json.WriteStartArray("shape");
                foreach (var size in array.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(data.Length);
                foreach (var value in array.Values)
                {
                    data.Write(BitConverter.GetBytes(value));
                }

                json.WriteNumberValue(data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes(header.Length));
        header.WriteTo(file);
        data.WriteTo(file);
    }
}
