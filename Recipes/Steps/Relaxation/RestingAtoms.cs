using System.Globalization;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Atoms at rest in a cell.</summary>
/// <param name="Configuration">Where they are.</param>
/// <param name="Energy">eV.</param>
/// <param name="LargestForce">Largest component, eV/Å.</param>
/// <param name="Stress">eV/Å³, tension positive, xx yy zz yz xz xy.</param>
internal sealed record RestingState(AtomicConfiguration Configuration, double Energy, double LargestForce, double[] Stress);

/// <summary>Brings atoms to rest in fixed cells by LAMMPS; each cell is kept in the run folder's cache under all that it depends on.</summary>
internal sealed class RestingAtoms
{
    private const string CacheName = "relaxations", StateFile = "state.json";
    private readonly LammpsTool _lammps;
    private readonly StepContext _context;
    private readonly SimulationPotential _potential;
    private readonly double _tolerance;
    private readonly int _steps;

    /// <param name="services">Starts LAMMPS.</param>
    /// <param name="context">Of the step.</param>
    /// <param name="potential">With what.</param>
    /// <param name="tolerance">Largest component of a force, eV/Å.</param>
    /// <param name="steps">Iterations of each minimiser at most.</param>
    public RestingAtoms(StepServices services, StepContext context, SimulationPotential potential, double tolerance, int steps)
    {
        _lammps = new LammpsTool(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context));
        _ = _lammps.Program;
        _context = context;
        _potential = potential;
        _tolerance = tolerance;
        _steps = steps;
    }

    /// <summary>Moves the atoms downhill until no component of a force is above the tolerance, or the iterations are over.</summary>
    /// <param name="name">For folders and messages.</param>
    /// <param name="start">From where.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">LAMMPS fails (ToolFailure), or the atoms fall into a place where the potential has no answer (NumericalFailure).</exception>
    public async Task<RestingState> RelaxAsync(string name, AtomicConfiguration start, CancellationToken cancellation)
    {
        var run = RunOf(name, start, _potential, _tolerance, _steps);
        var key = $"{string.Create(CultureInfo.InvariantCulture, $"{_tolerance:R} {_steps}")} {_potential.Fingerprint} {ConfigurationHash.Of(run.Start)}";
        var folder = await _context.CachedAsync(CacheName, key, async (temporary, token) =>
        {
            var outcome = (await _lammps.RunAsync(run, temporary, null, token).ConfigureAwait(false)).ThrowIfFailed();
            if (outcome.Final is not { Forces: { } forces } final)
            {
                throw new MofException(ErrorKind.NumericalFailure, $"the atoms do not come to rest: {outcome.BlowUp?.Description}", name, remedy: "Look at the structure; the potential may not hold it.");
            }

            if (outcome.LammpsVersion is { } version)
            {
                _context.RecordVersion("LAMMPS", version);
            }

            var row = outcome.Thermo[^1].Rows[^1];
            StepJson.Write(Path.Combine(temporary, StateFile), new Saved([.. final.Configuration.Cell!.Rows], final.Configuration.Positions, row.PotentialEnergy, forces.Max(Math.Abs), [.. row.PotentialStress]));
        }, cancellation).ConfigureAwait(false);
        var saved = StepJson.Read<Saved>(Path.Combine(folder, StateFile));
        return new RestingState(start.With(saved.Positions, new Cell(saved.Cell)), saved.Energy, saved.LargestForce, saved.Stress);
    }

    /// <summary>Writes the input of a run whose potential need not be there yet.</summary>
    public static void WriteDeck(string name, TypedStructure structure, double tolerance, int steps, StepDecks decks)
    {
        var (potential, start) = TrainedPotential.Planned(decks, structure.Configuration);
        LammpsTool.WriteInput(RunOf(name, start, potential, tolerance, steps), decks.Folder(name));
    }

    private static LammpsRun RunOf(string name, AtomicConfiguration start, SimulationPotential potential, double tolerance, int steps)
    {
        var labelled = potential.Label(start);
        return RunOf(name, labelled, potential.ForLammps(labelled), tolerance, steps);
    }

    // Conjugate gradients first; where their line search ends too early, damped dynamics, which needs no energies, goes on. Each ends at once where nothing is left to do.
    private static LammpsRun RunOf(string name, AtomicConfiguration start, LammpsPotential potential, double tolerance, int steps) => new()
    {
        Name = name,
        Start = start,
        Potential = potential,
        Stages = [Stage("cg", tolerance, steps), Stage("fire", tolerance, steps), Stage("cg", tolerance, steps), new EvaluationStage { Name = "evaluation" }],
        Output = new LammpsOutputPlan { FramesEvery = 0, ThermoEvery = 100 },
        Guards = LammpsGuards.None with { MinimumDistance = 0.3 },
    };

    private static MinimisationStage Stage(string algorithm, double tolerance, int steps) => new() { Name = algorithm, Algorithm = algorithm, ByForces = true, ForceTolerance = tolerance, MaximumSteps = steps };

    private sealed record Saved(double[] Cell, double[] Positions, double Energy, double LargestForce, double[] Stress);
}
