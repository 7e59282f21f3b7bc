using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>Reads what a run left in its folder, also when it was killed.</summary>
public static class LammpsOutput
{
    /// <summary>The outcome of a run.</summary>
    /// <param name="run">What was run.</param>
    /// <param name="folder">Where.</param>
    /// <param name="tool">How the program ended, where that is known.</param>
    /// <exception cref="MofException">A file of the folder says something that LAMMPS does not write (FileFormat).</exception>
    public static RunOutcome Read(LammpsRun run, string folder, ToolResult? tool = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var log = LammpsOutputLog.Read(Path.Combine(folder, LammpsInputDeck.LogFile));
        var rotation = new LammpsCell(run.Start.Cell!);
        var thermo = new LammpsOutputThermo(run, rotation);
        var tables = log.Tables.Select(thermo.Convert).ToArray();
        var raw = new RawFrames(Path.Combine(folder, LammpsInputDeck.DumpFile));
        var blowUp = FindBlowUp(run, raw, log, tables);
        var completed = blowUp is null && log.Ended && log.Error is null && tool is not { Succeeded: false };
        return new RunOutcome(run, folder, new LammpsOutputFrames(run, rotation, tables), raw)
        {
            Status = blowUp is not null ? RunStatus.BlewUp : completed ? RunStatus.Completed : RunStatus.Failed,
            BlowUp = blowUp,
            Failure = blowUp is null && !completed ? Describe(run, folder, log, tool) : null,
            Thermo = tables,
            Warnings = log.Warnings,
            LammpsVersion = log.Version,
            Tool = tool,
        };
    }

    // The earliest sign counts: what LAMMPS said last is often only a consequence.
    private static BlowUp? FindBlowUp(LammpsRun run, RawFrames raw, LammpsOutputLog log, LammpsThermoTable[] tables)
    {
        using var checks = new LammpsOutputChecks(run);
        var rows = tables.SelectMany(table => table.Rows);
        var found = checks.InRows(rows);
        found = checks.InFrames(raw.Read(), found?.Step ?? long.MaxValue) ?? found;
        if (found is not null)
        {
            return found;
        }

        if (log.HaltStep is { } halt)
        {
            return new BlowUp(BlowUpReason.Cell, halt, $"the temperature or volume left its range at step {halt}");
        }

        var lastStep = rows.Select(row => row.Step).DefaultIfEmpty(-1).Max();
        return log.Error is { } error ? LammpsOutputChecks.InError(error, lastStep) : null;
    }

    private static MofException Describe(LammpsRun run, string folder, LammpsOutputLog log, ToolResult? tool)
    {
        var what = log.Error is { } error
            ? log.LastCommand is { } command ? $"LAMMPS: {error} (in the command `{command}`)" : $"LAMMPS: {error}"
            : log.Ended ? "LAMMPS ended with an error code" : "LAMMPS did not come to the end of its input";
        return tool is null
            ? new MofException(ErrorKind.ToolFailure, what, run.Name, remedy: $"Look in {folder}")
            : ToolFailure.From(tool, what);
    }
}
