using System.Globalization;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>
/// The ionic steps of VASP's <c>vasprun.xml</c> or <c>OUTCAR</c> (also <c>.gz</c>) as labelled frames. Prefer vasprun.xml: OUTCAR holds positions to 5e-6 Å only. A step whose
/// electrons did not converge, or whose forces are incomplete, is a frame without a label.
/// </summary>
public static class VaspTrajectory
{
    /// <summary>Whether a file's name is that of an OUTCAR.</summary>
    public static bool IsOutcar(string path) => Path.GetFileName(path).Contains("OUTCAR", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file's name is that of a vasprun.xml.</summary>
    public static bool IsXml(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".xml.gz", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads frames as they are asked for.</summary>
    /// <param name="path">The file; OUTCAR by its name, otherwise XML.</param>
    /// <param name="energy">Which energy is the label's.</param>
    /// <param name="note">Told what has no label or is left out, and why.</param>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">Missing or damaged, with <c>file:line</c> (FileFormat).</exception>
    public static IEnumerable<AtomicConfiguration> Read(string path, VaspEnergy energy = VaspEnergy.Free, Action<string>? note = null)
    {
        var number = 0;
        foreach (var step in IsOutcar(path) ? Outcar.Read(path, note) : VaspXml.Read(path, note))
        {
            number++;
            if (step.Defect is { } defect)
            {
                note?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{path}: ionic step {number} has no label: {defect}"));
            }

            yield return step.Configuration.With(step.Label(energy));
        }
    }
}
