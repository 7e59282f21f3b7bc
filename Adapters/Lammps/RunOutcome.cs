using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>All stages were made within the limits.</summary>
    Completed,

    /// <summary>The simulation became meaningless: information about the potential, not a defect of the run.</summary>
    BlewUp,

    /// <summary>LAMMPS refused the input, was killed, or could not do its work.</summary>
    Failed,
}

/// <summary>Why a run counts as blown up.</summary>
public enum BlowUpReason
{
    /// <summary>LAMMPS lost atoms.</summary>
    LostAtoms,

    /// <summary>A position, velocity, energy or cell is not a finite number.</summary>
    NotFinite,

    /// <summary>The temperature passed its limit.</summary>
    Temperature,

    /// <summary>The volume, a length or an angle of the cell left its range, or LAMMPS gave up on the cell.</summary>
    Cell,

    /// <summary>Two atoms overlap.</summary>
    AtomsTooClose,

    /// <summary>The potential has no answer for a configuration that the run came to.</summary>
    PotentialUndefined,
}

/// <summary>Where and why a run blew up.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Step">The first step at which it was seen; it may have begun since the frame before.</param>
/// <param name="Description">One sentence with the value and the limit.</param>
public sealed record BlowUp(BlowUpReason Reason, long Step, string Description);

/// <summary>What came of a run. Frames are read from the run's folder when they are enumerated; those of a small file stay in memory as long as this does.</summary>
public sealed class RunOutcome
{
    private readonly LammpsOutputFrames _frames;
    private readonly RawFrames _raw;
    private readonly string _final;

    internal RunOutcome(LammpsRun run, string folder, LammpsOutputFrames frames, RawFrames raw)
    {
        Run = run;
        Folder = folder;
        _frames = frames;
        _raw = raw;
        _final = Path.Combine(folder, LammpsInputDeck.FinalDumpFile);
    }

    /// <summary>What was run.</summary>
    public LammpsRun Run { get; }

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Set when it blew up.</summary>
    public BlowUp? BlowUp { get; init; }

    /// <summary>Set when it failed: with LAMMPS's own error text and the folder to look in.</summary>
    public MofException? Failure { get; init; }

    /// <summary>Thermodynamic quantities, one table for every stage that was begun.</summary>
    public required IReadOnlyList<LammpsThermoTable> Thermo { get; init; }

    /// <summary>Warnings of LAMMPS.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>LAMMPS's version as it prints it, or null.</summary>
    public string? LammpsVersion { get; init; }

    /// <summary>The last step that a thermodynamic row tells of; −1: none.</summary>
    public long LastStep => Thermo.SelectMany(table => table.Rows).Select(row => row.Step).DefaultIfEmpty(-1).Max();

    /// <summary>Wall time of all steps, without start-up.</summary>
    public TimeSpan LoopTime => Thermo.Aggregate(TimeSpan.Zero, (sum, table) => sum + (table.LoopTime ?? TimeSpan.Zero));

    /// <summary>Wall time of one step of one atom, µs; NaN where no step was made.</summary>
    public double MicrosecondsPerAtomStep
    {
        get
        {
            var steps = Thermo.Where(table => table.LoopTime is not null).Sum(table => table.StepsMade);
            return steps == 0 ? double.NaN : LoopTime.TotalMicroseconds / steps / Run.Start.Count;
        }
    }

    /// <summary>The program's own result; null where the outcome was read from a folder.</summary>
    public ToolResult? Tool { get; init; }

    /// <summary>The frames before anything went wrong, in order; those of a large file are streamed from it.</summary>
    /// <exception cref="MofException">The dump is not one of this run.</exception>
    public IEnumerable<LammpsFrame> Frames =>
        _raw.Read().TakeWhile(raw => BlowUp is null || raw.Step < BlowUp.Step).Select(_frames.Convert);

    /// <summary>The configuration at the end with velocities and forces, to the last bit; null unless the run was completed.</summary>
    public LammpsFrame? Final => Status == RunStatus.Completed ? new RawFrames(_final).Read().Select(_frames.Convert).LastOrDefault() : null;

    /// <summary>The newest restart file, or null.</summary>
    public LammpsRestart? Restart => LammpsRestart.Latest(Folder);

    /// <summary>Returns the outcome unless the run failed; a blow-up passes.</summary>
    /// <exception cref="MofException"><see cref="Failure"/>.</exception>
    public RunOutcome ThrowIfFailed() => Failure is null ? this : throw Failure;
}
