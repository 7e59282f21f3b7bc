using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>One line of the journal.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Event">What: <c>run-started</c>, <c>step-finished</c>, <c>unit-finished</c>, a step's own word.</param>
/// <param name="Step">The step, or null.</param>
/// <param name="Data">Everything else on the line.</param>
public sealed record JournalEntry(DateTimeOffset Time, string Event, string? Step, JsonObject Data);

/// <summary>
/// The run's append-only diary, one JSON object a line, on disk before <see cref="Append"/> returns. It records; what is
/// finished is decided by the folders alone. A last line that a kill cut short is removed when the file is opened.
/// Safe for several threads.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _stream;
    private readonly Lock _gate = new();

    private Journal(FileStream stream, bool wasTorn)
    {
        _stream = stream;
        WasTorn = wasTorn;
    }

    /// <summary>The last line was incomplete and has been cut.</summary>
    public bool WasTorn { get; }

    /// <summary>Opens or creates a journal for appending.</summary>
    public static Journal Open(string path)
    {
        var whole = 0L;
        if (File.Exists(path))
        {
            var bytes = File.ReadAllBytes(path);
            whole = EndOfLastWholeLine(bytes);
        }

        // No buffer: what a full disk refused must not come back with the next line.
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var torn = stream.Length > whole;
        if (torn)
        {
            stream.SetLength(whole);
            stream.Flush(flushToDisk: true);
        }

        stream.Seek(0, SeekOrigin.End);
        return new Journal(stream, torn);
    }

    /// <summary>The whole lines of a journal, also while another process writes it.</summary>
    public static IReadOnlyList<JournalEntry> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var text = Encoding.UTF8.GetString(bytes, 0, (int)EndOfLastWholeLine(bytes));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>Appends one line.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="step">The step, or null.</param>
    /// <param name="data">The facts.</param>
    /// <param name="waits">Whether to wait for the disk. A line that nothing depends on need not: it survives a kill, and a power failure once a later line has waited.</param>
    public void Append(string name, string? step, JsonObject? data = null, bool waits = true)
    {
        var line = new JsonObject
        {
            ["time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["event"] = name,
        };
        if (step is not null)
        {
            line["step"] = step;
        }

        foreach (var (key, value) in data ?? [])
        {
            line[key] = value?.DeepClone();
        }

        var bytes = Encoding.UTF8.GetBytes(line.ToJsonString(ReadableJson.Line) + "\n");
        lock (_gate)
        {
            DurableFiles.BeforeEachOperation?.Invoke("journal " + name);
            var whole = _stream.Length;
            try
            {
                _stream.Write(bytes);
                _stream.Flush(flushToDisk: waits);
            }
            catch (IOException)
            {
                // Half a line would hide every later one from the next reader.
                _stream.SetLength(whole);
                _stream.Seek(whole, SeekOrigin.Begin);
                throw;
            }
        }
    }

    /// <summary>Appends a line about a failure. Where there is no room for it, it is left out: the failure itself must reach the user.</summary>
    public void TryAppend(string name, string? step, JsonObject? data = null, bool waits = true)
    {
        try
        {
            Append(name, step, data, waits);
        }
        catch (IOException full) when (FullDisk.IsCause(full))
        {
            // The caller tells what happened.
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Length of the part that consists of whole JSON lines.</summary>
    private static long EndOfLastWholeLine(byte[] bytes)
    {
        var end = 0;
        while (end < bytes.Length)
        {
            var length = bytes.AsSpan(end).IndexOf((byte)'\n');
            if (length < 0 || !IsObject(bytes.AsSpan(end, length)))
            {
                break;
            }

            end += length + 1;
        }

        return end;
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonDocument.TryParseValue(ref reader, out var document) && document.RootElement.ValueKind == JsonValueKind.Object && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JournalEntry Parse(string line)
    {
        var data = JsonNode.Parse(line)!.AsObject();
        var time = DateTimeOffset.Parse(data["time"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        return new JournalEntry(time, data["event"]!.GetValue<string>(), data["step"]?.GetValue<string>(), data);
    }
}
