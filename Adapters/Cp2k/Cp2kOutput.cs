using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>How the self-consistent field of one calculation ended.</summary>
/// <param name="Converged">CP2K said that it converged, and did not say the opposite.</param>
/// <param name="Steps">SCF steps, or null where CP2K did not print the number.</param>
public sealed record ScfEnding(bool Converged, int? Steps);

/// <summary>
/// Reads what CP2K prints (checked with 2023.1). Energies in hartree, forces in hartree/bohr; the stress tensor is printed in GPa with the
/// sign of +W/V, so that the stress of the suite is its negative.
/// </summary>
public static class Cp2kOutput
{
    /// <summary>CP2K's version (<c>2023.1</c>) from a program header or from <c>cp2k --version</c>; null where there is none.</summary>
    public static string? Version(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        foreach (var line in lines)
        {
            var place = line.IndexOf("CP2K version", StringComparison.Ordinal);
            if (place >= 0)
            {
                return line[(place + "CP2K version".Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            }
        }

        return null;
    }

    /// <summary>How the SCF ended. Without a positive statement it did not converge.</summary>
    public static ScfEnding Scf(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        bool converged = false, failed = false;
        int? steps = null;
        foreach (var line in lines)
        {
            if (line.Contains("SCF run converged in", StringComparison.Ordinal))
            {
                converged = true;
                steps = NumberBefore(line, "steps") ?? steps;
            }
            else if (line.Contains("outer SCF loop converged in", StringComparison.Ordinal) || line.Contains("outer SCF loop FAILED", StringComparison.Ordinal))
            {
                failed |= line.Contains("FAILED", StringComparison.Ordinal);
                steps = NumberBefore(line, "steps") ?? steps;
            }
            else if (line.Contains("SCF run NOT converged", StringComparison.Ordinal))
            {
                failed = true;
            }
        }

        return new ScfEnding(converged && !failed, steps);
    }

    /// <summary>The message of CP2K's abort box, or null when it did not abort.</summary>
    public static string? AbortMessage(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var message = new List<string>();
        var inside = false;
        foreach (var line in lines)
        {
            inside |= line.Contains("[ABORT]", StringComparison.Ordinal);
            if (!inside)
            {
                continue;
            }

            if (line.TrimStart().StartsWith("****", StringComparison.Ordinal))
            {
                break;
            }

            // " * [ABORT]  text  *": the first ten columns of the box are a drawing; its last line is the place in CP2K's source.
            var text = line.Length > 10 ? line[10..].TrimEnd(' ', '*').Trim() : "";
            if (text.Length > 0)
            {
                message.Add(text);
            }
        }

        return inside ? string.Join(' ', message) : null;
    }

    /// <summary>The label in the output of one whole run.</summary>
    /// <param name="path">Output file of <c>cp2k -o</c>.</param>
    /// <param name="atoms">Number of atoms that must be there.</param>
    /// <exception cref="MofException">The SCF did not converge (NumericalFailure); energy, a force or the stress is missing, or is not a number (FileFormat).</exception>
    public static ReferenceLabel Read(string path, int atoms)
    {
        var lines = File.ReadAllLines(path);
        var scf = Scf(lines);
        if (!scf.Converged)
        {
            var abort = AbortMessage(lines);
            throw new MofException(
                ErrorKind.NumericalFailure,
                abort is null ? "the SCF did not converge" : $"CP2K stopped: {abort}",
                path,
                "'SCF run converged'",
                "Loosen EPS_SCF, start from a fresh guess, or look at the structure.");
        }

        var energy = Energy(lines, path);
        var forces = Forces(lines, path, atoms);
        var stress = Stress(lines, path);
        return new ReferenceLabel(energy, forces, stress);
    }

    private static double Energy(string[] lines, string path)
    {
        var index = Array.FindLastIndex(lines, line => line.Contains("ENERGY| Total FORCE_EVAL", StringComparison.Ordinal));
        return index < 0
            ? throw Missing(path, "the total energy", "'ENERGY| Total FORCE_EVAL'")
            : Number(lines, index, ^1, path) * PhysicalConstants.Hartree;
    }

    private static double[] Forces(string[] lines, string path, int atoms)
    {
        // 2023.1: "ATOMIC FORCES in [a.u.]", index kind element x y z. 2024 and later: "FORCES|" index x y z |f|.
        var index = Array.FindLastIndex(lines, line => line.Contains("ATOMIC FORCES in [a.u.]", StringComparison.Ordinal) || line.Contains("FORCES| Atomic forces [hartree/bohr]", StringComparison.Ordinal));
        if (index < 0)
        {
            throw Missing(path, "the forces", "'ATOMIC FORCES in [a.u.]'");
        }

        var prefixed = lines[index].Contains("FORCES|", StringComparison.Ordinal);
        var forces = new double[3 * atoms];
        var found = 0;
        for (var i = index + 1; i < lines.Length && found < atoms; i++)
        {
            var words = Words(lines[i]);
            var numberAt = prefixed ? 1 : 0;
            if (words.Length <= numberAt || words[numberAt] != (found + 1).ToString(CultureInfo.InvariantCulture))
            {
                if (found > 0)
                {
                    break;
                }

                continue;
            }

            for (var k = 0; k < 3; k++)
            {
                forces[3 * found + k] = Number(lines, i, prefixed ? 2 + k : 3 + k, path) * PhysicalConstants.Hartree / PhysicalConstants.Bohr;
            }

            found++;
        }

        if (found == atoms && HasRow(lines, index, prefixed, atoms + 1))
        {
            throw new MofException(ErrorKind.FileFormat, $"there are forces on more atoms than the {atoms} that were asked for", path, "the output of this configuration");
        }

        return found == atoms ? forces : throw Missing(path, $"the force on atom {found + 1} of {atoms}", "a line for every atom");
    }

    /// <summary>Whether the table of forces that begins at a line has a row for an atom.</summary>
    private static bool HasRow(string[] lines, int index, bool prefixed, int atom)
    {
        var number = atom.ToString(CultureInfo.InvariantCulture);
        return lines.Skip(index + 1).Take(atom + 3).Select(Words).Any(words => words.Length > (prefixed ? 4 : 5) && words[prefixed ? 1 : 0] == number);
    }

    private static double[] Stress(string[] lines, string path)
    {
        var index = Array.FindLastIndex(lines, line => line.Contains("STRESS| Analytical stress tensor [GPa]", StringComparison.Ordinal));
        if (index < 0)
        {
            throw Missing(path, "the stress tensor", "'STRESS| Analytical stress tensor [GPa]'");
        }

        var tensor = new double[9];
        for (var row = 0; row < 3; row++)
        {
            var line = index + 2 + row;
            if (line >= lines.Length)
            {
                throw Missing(path, $"row {row + 1} of the stress tensor", "three rows");
            }

            for (var column = 0; column < 3; column++)
            {
                tensor[3 * row + column] = Number(lines, line, 2 + column, path) / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal;
            }
        }

        return Voigt.StressFromVirial(tensor, 1);
    }

    private static double Number(string[] lines, int index, Index word, string path)
    {
        var words = Words(lines[index]);
        var place = word.GetOffset(words.Length);
        return place >= 0 && place < words.Length
            && double.TryParse(words[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new MofException(ErrorKind.FileFormat, $"'{lines[index].Trim()}' holds no number where one belongs", $"{path}:{index + 1}", "a finite number");
    }

    private static int? NumberBefore(string line, string word)
    {
        var words = Words(line);
        var place = Array.IndexOf(words, word);
        return place > 0 && int.TryParse(words[place - 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static MofException Missing(string path, string what, string expected) =>
        new(ErrorKind.FileFormat, $"{what} is missing: the output is cut off or belongs to another kind of run", path, expected);
}
