using System.Globalization;
using MofInterop.Engine;
using MofInterop.ExternalProgram;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Relaxes positions and cell of a structure with a potential, and compares the space group before and after.</summary>
/// <param name="services">Starts programs; finds space groups.</param>
public sealed class RelaxationStep(StepServices services) : RecipeStep<RelaxationOptions>
{
    private const string StructureFile = "structure.extxyz", RecordFile = "relaxation.json";

    /// <summary>What is left of the tolerance is told too: how exact the symmetry of the result is.</summary>
    private static readonly double[] _tolerances = [1e-2, 1e-3, 1e-4, 1e-5];

    /// <inheritdoc/>
    public override string Kind => "relaxation";

    /// <inheritdoc/>
    public override string Summary => "Relaxes positions and cell, by LAMMPS or ASE, and finds the space group before and after";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("structure", "structure", "The relaxed structure, extended XYZ"),
        new("summary", "relaxation", "Energy, forces, stress, lattice parameters and space group before and after, JSON"),
    ];

    /// <inheritdoc/>
    public override void Check(RelaxationOptions options, StepCheck check)
    {
        PotentialFacts.CheckAtoms(check);
        if (options.Engine == RelaxationEngine.Ase)
        {
            PotentialFacts.CheckCard(check, "engine", "relaxation by ASE");
        }

        if (check.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            check.Publish("structure", structure);
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(RelaxationOptions options, StepDecks decks)
    {
        if (options.Engine == RelaxationEngine.Lammps && decks.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            RestingAtoms.WriteDeck("cell-00", structure, options.ForceTolerance.Value, options.Steps, decks);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(RelaxationOptions options, StepContext context, CancellationToken cancellation)
    {
        var start = StructureStep.Read(context.Input(StructureStep.Input.Name)).Configuration;
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var before = (await new LammpsEvaluations(services, context).EvaluateAsync("the structure as given", potential, [start], cancellation).ConfigureAwait(false))[0];
        var begin = options.Displacement.Value > 0
            ? new RandomDistortion { Displacement = options.Displacement.Value, Strain = 0 }.Apply(start, new DeterministicRandom((ulong)context.Seed("displacement")))
            : start;
        var (state, iterations, converged) = options.Engine == RelaxationEngine.Lammps
            ? await new CellRelaxation(new RestingAtoms(services, context, potential, options.ForceTolerance.Value, options.Steps), context)
                .RelaxAsync(begin, CellRelaxation.ModesOf(options.Freedom), options.Pressure.Value, options.StressTolerance.Value, options.Cells, cancellation).ConfigureAwait(false)
            : await ByAseAsync(options, context, begin, potential, cancellation).ConfigureAwait(false);
        if (!converged || state.LargestForce > options.ForceTolerance.Value)
        {
            context.Warn(string.Create(CultureInfo.InvariantCulture, $"the relaxation did not reach its tolerances: largest force {state.LargestForce:0.##e0} eV/Å, largest stress {Megapascal(LargestStress(state.Stress, options.Pressure.Value)):0.####} MPa"));
        }

        var after = state.Configuration;
        var record = new RelaxationRecord
        {
            Engine = options.Engine,
            Cell = options.Cell,
            Iterations = iterations,
            Converged = converged && state.LargestForce <= options.ForceTolerance.Value,
            Before = StateOf(start, before.Energy, before.Forces.Max(Math.Abs), before.Stress!, options.Pressure.Value),
            After = StateOf(after, state.Energy, state.LargestForce, state.Stress, options.Pressure.Value),
            SpaceGroups = await SpaceGroupsAsync(start, after, options.SymmetryTolerance.Value, cancellation).ConfigureAwait(false),
            LargestDisplacement = Displacement.Largest(start, after),
        };
        Tell(record, context);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, StructureFile), new AtomicConfiguration(after.Symbols, after.Positions, after.Cell, true) { Info = start.Info, Types = start.Types });
        StepJson.Write(Path.Combine(context.OutputFolder, RecordFile), record);
        context.SetOutputFile("structure", StructureFile);
        context.SetOutputFile("summary", RecordFile);
    }

    private async Task<(RestingState State, int Iterations, bool Converged)> ByAseAsync(RelaxationOptions options, StepContext context, AtomicConfiguration start, SimulationPotential potential, CancellationToken cancellation)
    {
        var card = potential.RequireCard("relaxation by ASE");
        var settings = new AseRelaxationSettings(options.ForceTolerance.Value, options.StressTolerance.Value, options.Pressure.Value, options.Steps, RecipeWords.Of(options.Cell));
        var labelled = card.Label(start);
        var folder = await context.OnceAsync("ase", card.Fingerprint + ConfigurationHash.Of(labelled), async (temporary, token) =>
            StepJson.Write(Path.Combine(temporary, "result.json"), await new AseRelaxation(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context)).RunAsync(card.CardFile, labelled, settings, temporary, token).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
        var result = StepJson.Read<AseRelaxationResult>(Path.Combine(folder, "result.json"));
        context.RecordVersion("ASE", result.Version);
        return (new RestingState(start.With(result.Positions, new(result.Cell)), result.Energy, result.LargestForce, result.Stress), result.Iterations, result.Converged);
    }

    private async Task<IReadOnlyList<SpaceGroupRecord>> SpaceGroupsAsync(AtomicConfiguration before, AtomicConfiguration after, double tolerance, CancellationToken cancellation)
    {
        var records = new List<SpaceGroupRecord>();
        foreach (var length in _tolerances.Append(tolerance).Distinct().OrderDescending())
        {
            var was = await services.Structures.SpaceGroupAsync(before, length, cancellation).ConfigureAwait(false);
            var now = await services.Structures.SpaceGroupAsync(after, length, cancellation).ConfigureAwait(false);
            records.Add(new SpaceGroupRecord(length, was.ToString(), now.ToString(), length == tolerance));
        }

        return records;
    }

    private static void Tell(RelaxationRecord record, StepContext context)
    {
        var decisive = record.SpaceGroups.Single(group => group.Decides);
        if (decisive.Before != decisive.After)
        {
            context.Warn(string.Create(CultureInfo.InvariantCulture, $"the space group changed from {decisive.Before} to {decisive.After} (tolerance {decisive.Tolerance} Å)"));
        }
        else
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"space group {decisive.After} before and after (tolerance {decisive.Tolerance} Å)"));
        }

        context.Say(string.Create(CultureInfo.InvariantCulture, $"{record.After.Energy - record.Before.Energy:0.0000} eV, volume {100 * (record.After.Volume / record.Before.Volume - 1):0.00} %, largest displacement {record.LargestDisplacement:0.000} Å"));
    }

    private static RelaxedStateRecord StateOf(AtomicConfiguration atoms, double energy, double force, IReadOnlyList<double> stress, double pressure) =>
        new(energy, force, Megapascal(LargestStress(stress, pressure)), [.. stress.Select(Megapascal)], atoms.Cell!.Parameters(), atoms.Cell.Volume);

    private static double LargestStress(IReadOnlyList<double> stress, double pressure) => stress.Select((value, k) => Math.Abs(value + (k < 3 ? pressure : 0))).Max();

    private static double Megapascal(double stress) => stress * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal;
}

/// <summary>The space group at one tolerance.</summary>
/// <param name="Tolerance">Å.</param>
/// <param name="Before">Symbol and number.</param>
/// <param name="After">Symbol and number.</param>
/// <param name="Decides">Whether the recipe asks for this tolerance.</param>
public sealed record SpaceGroupRecord(double Tolerance, string Before, string After, bool Decides);

/// <summary>A structure before or after.</summary>
/// <param name="Energy">eV.</param>
/// <param name="LargestForce">Component, eV/Å.</param>
/// <param name="LargestStress">Component, from the pressure, MPa.</param>
/// <param name="Stress">MPa, tension positive, xx yy zz yz xz xy.</param>
/// <param name="CellParameters">a, b, c (Å), α, β, γ (degrees).</param>
/// <param name="Volume">Å³.</param>
public sealed record RelaxedStateRecord(double Energy, double LargestForce, double LargestStress, IReadOnlyList<double> Stress, IReadOnlyList<double> CellParameters, double Volume);

/// <summary>What a relaxation did.</summary>
public sealed record RelaxationRecord
{
    /// <summary>Of every number.</summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>
    {
        ["energy"] = "eV", ["largest_force"] = "eV/angstrom", ["stress"] = "MPa", ["cell_parameters"] = "angstrom, degree", ["volume"] = "angstrom^3", ["tolerance"] = "angstrom", ["largest_displacement"] = "angstrom",
    };

    /// <summary>By what.</summary>
    public required RelaxationEngine Engine { get; init; }

    /// <summary>How the cell could change.</summary>
    public required CellRelaxationChoice Cell { get; init; }

    /// <summary>Cells (LAMMPS) or steps (ASE).</summary>
    public required int Iterations { get; init; }

    /// <summary>Forces and stress are within the tolerances.</summary>
    public required bool Converged { get; init; }

    /// <summary>As given.</summary>
    public required RelaxedStateRecord Before { get; init; }

    /// <summary>Relaxed.</summary>
    public required RelaxedStateRecord After { get; init; }

    /// <summary>By tolerance, the loosest first.</summary>
    public required IReadOnlyList<SpaceGroupRecord> SpaceGroups { get; init; }

    /// <summary>How far an atom moved beyond what the cell moved it, without their common shift, Å.</summary>
    public required double LargestDisplacement { get; init; }
}
