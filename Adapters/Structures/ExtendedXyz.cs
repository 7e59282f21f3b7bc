using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Structures;

/// <summary>
/// Extended XYZ as ASE writes and reads it: many frames per file, one at a time in memory.
/// Columns known here: <c>species</c> (or <c>Z</c>), <c>pos</c>, forces, <c>momenta</c> (ASE units) and <c>types</c>; others are skipped.
/// A frame with an energy but no forces, or the reverse, has no label: missing forces are never zero.
/// </summary>
public static class ExtendedXyz
{
    /// <summary>Reads frames as they are asked for. A name that ends in <c>.gz</c> is unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">Names of the reference results; null: ASE's.</param>
    /// <param name="requireLabels">A frame without energy and forces is an error.</param>
    /// <param name="cut">
    /// Told when the file ends inside a frame (a killed run), which is then left out; null: that is an error. Of a last line without
    /// a newline it cannot be known whether it is whole: a frame that reads well up to there is taken, and told too.
    /// </param>
    /// <exception cref="MofException">Missing, truncated or malformed, with <c>file:line</c> (FileFormat).</exception>
    public static IEnumerable<AtomicConfiguration> Read(string path, ExtendedXyzKeys? keys = null, bool requireLabels = false, Action<string>? cut = null)
    {
        using var lines = new LineReader(path);
        while (true)
        {
            AtomicConfiguration? frame;
            try
            {
                frame = ExtendedXyzFrame.Read(lines, keys ?? ExtendedXyzKeys.Ase, requireLabels);
            }
            catch (MofException) when (cut is not null && lines.EndedInside)
            {
                cut(TrajectoryNotes.CutFrame(path, lines.LineNumber));
                yield break;
            }

            if (frame is null)
            {
                yield break;
            }

            if (cut is not null && lines.AtUnfinishedLine)
            {
                cut(TrajectoryNotes.UnfinishedLine(path, lines.LineNumber));
            }

            yield return frame;
        }
    }

    /// <summary>Writes a file with these frames, replacing what is there.</summary>
    public static void Write(string path, IEnumerable<AtomicConfiguration> frames, ExtendedXyzKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        using var writer = new StreamWriter(path);
        foreach (var frame in frames)
        {
            Write(writer, frame, keys);
        }
    }

    /// <summary>Writes a file with one frame, replacing what is there.</summary>
    public static void Write(string path, AtomicConfiguration frame, ExtendedXyzKeys? keys = null) => Write(path, [frame], keys);

    /// <summary>Writes one frame. Numbers are written so that reading gives the same bits.</summary>
    public static void Write(TextWriter writer, AtomicConfiguration frame, ExtendedXyzKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(frame);
        keys ??= ExtendedXyzKeys.Ase;
        writer.Write($"{frame.Count}\n{Comment(frame, keys)}\n");
        var momenta = frame.Velocities is null ? null : Momenta(frame);
        var line = new StringBuilder();
        for (var i = 0; i < frame.Count; i++)
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{frame.Symbols[i],-2}");
            AppendVector(line, frame.Positions, i);
            AppendVector(line, frame.Label?.Forces, i);
            AppendVector(line, momenta, i);
            if (frame.Types is not null)
            {
                line.Append(' ').Append(frame.Types[i]);
            }

            writer.Write(line.Append('\n'));
        }
    }

    /// <summary>ASE's unit of velocity, √(eV/amu), in Å/fs.</summary>
    internal static double AseVelocity { get; } = 1 / Math.Sqrt(PhysicalConstants.MassVelocitySquared);

    private static string Comment(AtomicConfiguration frame, ExtendedXyzKeys keys)
    {
        var text = new StringBuilder();
        if (frame.Cell is { } cell)
        {
            text.Append("Lattice=\"").Append(Numbers(cell.Rows)).Append("\" ");
        }

        text.Append("Properties=species:S:1:pos:R:3");
        text.Append(frame.Label is null ? "" : $":{keys.Forces}:R:3");
        text.Append(frame.Velocities is null ? "" : ":momenta:R:3");
        text.Append(frame.Types is null ? "" : ":types:S:1");
        if (frame.Label is { } label)
        {
            text.Append(CultureInfo.InvariantCulture, $" {keys.Energy}={label.Energy:R}");
            if (label.Stress is { } s)
            {
                // Nine numbers: the form that every reader knows how to order.
                text.Append(CultureInfo.InvariantCulture, $" {keys.Stress}=\"{Numbers(Voigt.Expand(s, Voigt.Ase))}\"");
            }
        }

        foreach (var (key, value) in frame.Info)
        {
            text.Append(' ').Append(ExtendedXyzComment.Quote(key)).Append('=').Append(ExtendedXyzComment.Quote(value));
        }

        return text.Append(frame.Periodic ? " pbc=\"T T T\"" : " pbc=\"F F F\"").ToString();
    }

    private static double[] Momenta(AtomicConfiguration frame)
    {
        var momenta = new double[3 * frame.Count];
        for (var k = 0; k < momenta.Length; k++)
        {
            momenta[k] = frame.Velocities![k] / AseVelocity * Elements.BySymbol(frame.Symbols[k / 3]).Mass;
        }

        return momenta;
    }

    private static string Numbers(ReadOnlySpan<double> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? " " : "")}{value:R}");
        }

        return text.ToString();
    }

    private static void AppendVector(StringBuilder line, double[]? values, int atom)
    {
        for (var k = 3 * atom; values is not null && k < 3 * atom + 3; k++)
        {
            line.Append(CultureInfo.InvariantCulture, $" {values[k],22:R}");
        }
    }
}
