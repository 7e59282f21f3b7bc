using System.Globalization;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>The rows of one stage as LAMMPS printed them: its units, its frame of reference.</summary>
/// <param name="Stage">Index of the stage in the run, or −1 where the log does not tell.</param>
/// <param name="Rows">One array a row, in the order of <see cref="LammpsInputDeck.ThermoKeywords"/>.</param>
/// <param name="LoopSeconds">Wall time of the stage's steps; null where it did not end.</param>
/// <param name="LoopSteps">Steps that were made in that time.</param>
internal sealed record LammpsLogTable(int Stage, IReadOnlyList<double[]> Rows, double? LoopSeconds, long LoopSteps);

/// <summary>What a log says. A log that ends in the middle (a killed run) gives its complete lines.</summary>
internal sealed class LammpsOutputLog
{
    private const string ErrorPrefix = "ERROR";
    private const string WarningPrefix = "WARNING: ";
    private const string TableAnnouncement = "Per MPI rank memory allocation";
    private const string LoopPrefix = "Loop time of ";
    private const string HaltPrefix = "Fix halt condition for fix-id " + LammpsInputDeck.GuardFix + " met on step ";

    private readonly List<LammpsLogTable> _tables = [];
    private readonly List<string> _warnings = [];
    private List<double[]>? _open;
    private int _stage = -1;

    private LammpsOutputLog()
    {
    }

    /// <summary>Version as LAMMPS prints it (<c>29 Sep 2021 - Update 2</c>), or null.</summary>
    public string? Version { get; private set; }

    public IReadOnlyList<LammpsLogTable> Tables => _tables;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>LAMMPS's own error text without its source position, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>The command that failed, where LAMMPS tells.</summary>
    public string? LastCommand { get; private set; }

    /// <summary>The step at which the guard stopped the run, or null.</summary>
    public long? HaltStep { get; private set; }

    /// <summary>LAMMPS came to the end of the script.</summary>
    public bool Ended { get; private set; }

    public static LammpsOutputLog Read(string path)
    {
        var log = new LammpsOutputLog();
        if (!File.Exists(path))
        {
            return log;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n');

        // What follows the last newline is empty, or was cut off.
        foreach (var line in lines.AsSpan(0, lines.Length - 1))
        {
            log.Take(line.TrimEnd());
        }

        log.CloseTable(null, 0);
        return log;
    }

    /// <summary>The numbers of a thermo row, or null where the line is something else.</summary>
    public static double[]? ParseRow(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != LammpsInputDeck.ThermoKeywords.Count || !long.TryParse(words[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        return Array.ConvertAll(words, word => LammpsDump.Number(word));
    }

    /// <summary>The index (from 0) that a stage marker names, or −1.</summary>
    public static int ParseMarker(string line)
    {
        const string prefix = "Stage ";
        var end = line.IndexOf(" of ", StringComparison.Ordinal);
        return line.StartsWith(prefix, StringComparison.Ordinal) && end > 0
            && int.TryParse(line.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : -1;
    }

    private void Take(string line)
    {
        if (line.StartsWith("LAMMPS (", StringComparison.Ordinal) && Version is null)
        {
            Version = line["LAMMPS (".Length..].TrimEnd(')');
        }
        else if (ParseMarker(line) is >= 0 and var stage)
        {
            _stage = stage;
        }
        else if (line.StartsWith(TableAnnouncement, StringComparison.Ordinal))
        {
            CloseTable(null, 0);
            _open = [];
        }
        else if (_open is not null && ParseRow(line) is { } row)
        {
            _open.Add(row);
        }
        else if (line.StartsWith(LoopPrefix, StringComparison.Ordinal))
        {
            TakeLoop(line);
        }
        else
        {
            TakeMessage(line);
        }
    }

    private void TakeMessage(string line)
    {
        if (line.StartsWith(WarningPrefix, StringComparison.Ordinal))
        {
            _warnings.Add(line[WarningPrefix.Length..]);
        }
        else if (line.StartsWith(ErrorPrefix, StringComparison.Ordinal) && Error is null)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            Error = WithoutSource(colon < 0 ? line : line[(colon + 2)..]);
        }
        else if (line.StartsWith("Last command: ", StringComparison.Ordinal))
        {
            LastCommand = line["Last command: ".Length..];
        }
        else if (line.StartsWith(HaltPrefix, StringComparison.Ordinal))
        {
            var rest = line.AsSpan(HaltPrefix.Length);
            HaltStep = long.Parse(rest[..rest.IndexOf(' ')], CultureInfo.InvariantCulture);
        }
        else if (line.StartsWith("Total wall time", StringComparison.Ordinal))
        {
            Ended = true;
        }
    }

    // "Loop time of 0.127757 on 1 procs for 500 steps with 108 atoms"
    private void TakeLoop(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = Array.IndexOf(words, "for");
        var steps = place > 0 ? long.Parse(words[place + 1], CultureInfo.InvariantCulture) : 0;
        CloseTable(LammpsDump.Number(words[3]), steps);
    }

    private void CloseTable(double? seconds, long steps)
    {
        if (_open is not null)
        {
            _tables.Add(new LammpsLogTable(_stage, _open, seconds, steps));
            _open = null;
        }
    }

    // "(src/thermo.cpp:438)" means nothing to a user.
    private static string WithoutSource(string text)
    {
        var open = text.LastIndexOf(" (", StringComparison.Ordinal);
        return open > 0 && text.EndsWith(')') && text.AsSpan(open).Contains(".cpp:", StringComparison.Ordinal) ? text[..open] : text;
    }
}
