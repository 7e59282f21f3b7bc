using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>What VASP left of one single point.</summary>
/// <param name="Step">The one ionic step.</param>
/// <param name="Version">As in <c>6.4.2</c>, or null where unknown.</param>
public sealed record VaspOutcome(VaspIonicStep Step, string? Version);

/// <summary>Reads what VASP wrote into a folder.</summary>
public static class VaspOutput
{
    /// <summary>Name of the file of results.</summary>
    public const string Xml = "vasprun.xml";

    /// <summary>Name of the log.</summary>
    public const string Log = "OUTCAR";

    /// <summary>Everything that a calculation leaves and that another one must not find.</summary>
    internal static IReadOnlyList<string> Leavings { get; } = [Xml, Log, "OSZICAR", "CONTCAR", "WAVECAR", "CHGCAR", "CHG", "XDATCAR", "vaspout.h5"];

    /// <summary>The single point in a folder.</summary>
    /// <param name="folder">Where VASP ran.</param>
    /// <param name="asked">The atoms it was given, in its order.</param>
    /// <exception cref="MofException">
    /// Nothing was written, the run was cut, or it computed something else (FileFormat); the electrons did not converge, or a number is not finite (NumericalFailure).
    /// </exception>
    public static VaspOutcome Read(string folder, AtomicConfiguration asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var path = Path.Combine(folder, Xml);
        string? cut = null;
        VaspIonicStep[] steps = [.. VaspXml.Read(path, text => cut = text)];
        if (steps.Length != 1 || cut is not null)
        {
            throw new MofException(ErrorKind.FileFormat, cut is not null || steps.Length == 0 ? "VASP did not finish" : $"VASP made {steps.Length} ionic steps", path, "one whole ionic step");
        }

        if (AnswerCheck.Difference(asked, steps[0].Configuration) is { } difference)
        {
            throw new MofException(ErrorKind.FileFormat, $"VASP did not compute what it was asked to: {difference}", path, "the atoms, cell and positions that it was given", "Look at POSCAR and POTCAR: their elements must come in the same order.");
        }

        if (steps[0].Defect is { } defect)
        {
            throw new MofException(ErrorKind.NumericalFailure, defect, path);
        }

        var log = Path.Combine(folder, Log);
        return !File.Exists(log) || Outcar.IsFinished(log)
            ? new VaspOutcome(steps[0], VaspXml.Version(path))
            : throw new MofException(ErrorKind.FileFormat, "VASP did not finish", log, "'General timing and accounting' at the end");
    }
}
