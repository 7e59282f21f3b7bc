using System.Globalization;

namespace MofInterop.Cp2k;

/// <summary>A restart file of molecular dynamics that is whole.</summary>
/// <param name="File">Path.</param>
/// <param name="Step">The step after which it was written.</param>
internal sealed record Cp2kRestart(string File, long Step)
{
    private const string End = "&END FORCE_EVAL";

    /// <summary>The furthest whole restart file of a folder; null where there is none.</summary>
    public static Cp2kRestart? Best(string folder)
    {
        var name = Path.Combine(folder, $"{Cp2kDynamicsInput.Project}-1.restart");
        return ((string[])[name, name + ".bak-1"]).Select(Read).OfType<Cp2kRestart>().MaxBy(restart => restart.Step);
    }

    private static Cp2kRestart? Read(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            return null;
        }

        long? step = null;
        var depth = 0;
        var complete = false;
        foreach (var line in System.IO.File.ReadLines(path))
        {
            var text = line.Trim();
            if (step is null && text.StartsWith("STEP_START_VAL", StringComparison.Ordinal) && long.TryParse(text.AsSpan("STEP_START_VAL".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                step = value;
            }

            depth += text.StartsWith("&END", StringComparison.Ordinal) ? -1 : text.StartsWith('&') ? 1 : 0;
            complete |= text == End;
        }

        // CP2K writes the sections in a fixed order, the atoms' late; a file that was cut lacks the end of one.
        return step is { } found && complete && depth == 0 ? new Cp2kRestart(path, found) : null;
    }
}
