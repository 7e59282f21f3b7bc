using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Melts a crystal and quenches it to a glass in independent runs, says when it melted and by which criteria, and compares crystal, liquid and glass.</summary>
/// <param name="services">Starts programs.</param>
public sealed class MeltQuenchStep(StepServices services) : RecipeStep<MeltQuenchOptions>
{
    /// <inheritdoc/>
    public override string Kind => "melt-quench";

    /// <inheritdoc/>
    public override string Summary => "Heats a crystal until it melts, cools it to a glass, detects melting, compares crystal, liquid and glass";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("melt", "melt", "Melting, criteria, runs, crystal, liquid and glass with errors and units, JSON"),
        new("curves", "curves", "Radial distributions, angles, coordination and displacements of crystal, liquid and glass, JSON"),
        new("tables", "tables", "The folder of curves and runs against time as CSV"),
        new("structure", "structure", "The glass of the first run that made one, at the end of its equilibration, with the types that its atoms have in the crystal"),
        new("crystal", "structure", "The crystal in the cell that was simulated"),
        new("crystal-frames", "frames", "Frames of the equilibrated crystal, run after run"),
        new("liquid-frames", "frames", "Frames of the end of the hold"),
        new("glass-frames", "frames", "Frames of the equilibrated glass"),
        new("glasses", "frames", "The last frame of the glass of each run"),
    ];

    /// <inheritdoc/>
    public override void Check(MeltQuenchOptions options, StepCheck check)
    {
        PotentialFacts.CheckAtoms(check);
        var given = check.Published<TypedStructure>(StructureStep.Input.Name);
        MeltQuenchChecks.Of(options, given, check);
        if (given is not null && options.Supercell.Count == 3)
        {
            check.Publish("structure", given.Repeated(options.Supercell));
            check.Publish("crystal", given.Repeated(options.Supercell));
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(MeltQuenchOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is { } given)
        {
            const string run = "run-1";
            var (potential, start) = TrainedPotential.Planned(decks, MeltStageRuns.Start(run, given.Repeated(options.Supercell).Configuration, options, decks.Seed));
            LammpsTool.WriteInput(MeltStageRuns.RunOf(run, options.Stages[0], start, potential, options, decks.Seed(run + "/velocities")), decks.Folder($"{run}-{MeltStage.Crystal}"));
            decks.Say("later stages begin where the one before them ended");
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(MeltQuenchOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name)).Repeated(options.Supercell);
        var substance = MeltedSubstance.Of(structure, options);
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var runs = await new MeltQuenchRuns(services, context, substance, potential, options).RunAsync(cancellation).ConfigureAwait(false);
        foreach (var run in runs.Where(run => run.Problem is not null))
        {
            context.Warn($"{run.Name} ended early: {run.Problem}");
        }

        var detection = new MeltingDetection(options, substance);
        MeltRunRecord[] examined = [.. runs.Select(run => detection.Examine(run.Name, run.Problem, run.Records))];
        if (!runs.Any(run => run.Glass is not null))
        {
            throw new MofException(
                ErrorKind.NumericalFailure, $"no run came to a glass{(examined.Any(run => run.Melted is not null) ? $", though it {detection.Verdict(examined)}" : string.Empty)}; {runs[0].Name} ended in {runs[0].Problem}", context.Name, "runs that last to their end",
                "Is the potential made for such temperatures? A smaller time step may help. Stages that ended well are kept and are not made again.");
        }

        new MeltQuenchResults(options, substance, detection, context).Write(runs, examined);
    }
}

/// <summary>What can be found wrong with a melt-quench before anything runs.</summary>
internal static class MeltQuenchChecks
{
    private const double RightAngle = 90, AngleTolerance = 1e-4;

    /// <summary>Reports it.</summary>
    /// <param name="options">Of the step.</param>
    /// <param name="structure">Null: not known, because of problems of its own.</param>
    /// <param name="check">Of the step.</param>
    public static void Of(MeltQuenchOptions options, TypedStructure? structure, StepCheck check)
    {
        if (options.MeltTemperature.Value <= options.Temperature.Value)
        {
            check.Problem("melt_temperature", $"{options.MeltTemperature} is not above the {options.Temperature} from which the crystal is heated", "a higher temperature");
        }

        if (options.Supercell.Count != 3)
        {
            check.Problem("supercell", $"a supercell of {options.Supercell.Count} numbers", "three: along a, b and c");
        }

        Times(options, check);
        if (structure is null || options.Supercell.Count != 3)
        {
            return;
        }

        if (!structure.Configuration.Periodic)
        {
            check.Problem("uses", "the structure is not periodic", "a crystal with its cell");
            return;
        }

        if (options is { Ensemble: "npt", Cell: CellFreedom.Anisotropic } && structure.Configuration.Cell!.Parameters().Skip(3).Any(angle => Math.Abs(angle - RightAngle) > AngleTolerance))
        {
            check.Problem("cell", "the cell is not rectangular, and LAMMPS would change its angles with its lengths", "isotropic or flexible");
        }

        Atoms(options, structure.Repeated(options.Supercell), check);
    }

    private static void Times(MeltQuenchOptions options, StepCheck check)
    {
        if (options.FramesEvery.Value < options.TimeStep.Value * (1 - 1e-9))
        {
            check.Problem("frames_every", $"{options.FramesEvery} is less than a time step", $"at least {options.TimeStep}");
        }

        if (options.FramesInWindow + 1 < Analysis.Melting.MobilityWindow.FewestFrames)
        {
            check.Problem("window", $"a window of {options.Window} holds {options.FramesInWindow} frames", string.Create(CultureInfo.InvariantCulture, $"at least {Analysis.Melting.MobilityWindow.FewestFrames - 1}: {(Analysis.Melting.MobilityWindow.FewestFrames - 1) * options.Interval / 1000:0.###} ps"), "Lengthen the window, or take frames more often (frames_every).");
        }

        if (options.Network is { } network && network.RingsEvery > options.FramesInWindow)
        {
            check.Problem("network.rings_every", $"rings in every {network.RingsEvery} frames, and a window holds {options.FramesInWindow}", "at least once in a window");
        }

        if (options.MeltTemperature.Value <= options.Temperature.Value)
        {
            return;
        }

        (string Stage, string Parameter, string Remedy)[] places =
        [
            (MeltStage.Crystal, "equilibration", "Equilibrate longer."), (MeltStage.Heating, "heating_rate", "Heat more slowly, or take shorter windows."), (MeltStage.Hold, "hold", "Hold longer, or take shorter windows."),
            (MeltStage.Cooling, "cooling_rate", "Cool more slowly, or take shorter windows."),
        ];
        foreach (var (name, parameter, remedy) in places)
        {
            var stage = options.Stages.Single(one => one.Name == name);
            var picoseconds = stage.Frames * options.Interval / 1000;
            if (stage.Frames < options.FramesInWindow)
            {
                check.Problem(parameter, string.Create(CultureInfo.InvariantCulture, $"the {StageName(name)} takes {picoseconds:0.###} ps, less than a window of {options.Window}"), $"at least {options.Window}", remedy);
            }
        }

        // What is measured of a state is cut into two segments of at least two frames each.
        var shortest = options.Stages.Where(stage => stage.State is not null).Min(stage => stage.Frames);
        if (shortest * options.Measured.Value < 4)
        {
            check.Problem("measured", $"{options.Measured} of a state are fewer than four frames", "a larger part, or frames more often (frames_every)");
        }
    }

    private static string StageName(string stage) => stage switch
    {
        MeltStage.Crystal => "equilibration",
        MeltStage.Heating => "heating",
        MeltStage.Cooling => "cooling",
        _ => stage,
    };

    private static void Atoms(MeltQuenchOptions options, TypedStructure structure, StepCheck check)
    {
        foreach (var name in options.Criteria.Atoms ?? [])
        {
            if (!structure.Configuration.Symbols.Contains(name) && !structure.Configuration.Types!.Contains(name))
            {
                check.Problem("criteria.atoms", $"no atom of the structure is a '{name}'", $"an element or atom type: {string.Join(", ", structure.Elements.Concat(structure.Labels).Distinct())}");
                return;
            }
        }

        try
        {
            var substance = MeltedSubstance.Of(structure, options);
            MeasurementChecks.Of(substance.Measurement(options), structure, true, check);
            if (options.Network?.ApartBeyond is { } apart && apart.Value < options.Network.BondedWithin.Value)
            {
                check.Problem("network.apart_beyond", $"pairs are apart beyond {apart}, but bonded within {options.Network.BondedWithin}", "a distance not below bonded_within");
            }
            else if (substance.Linkers is not null)
            {
                using var tracker = new Analysis.Networks.LinkerTracker(substance.Linkers, structure.Configuration, substance.Network.Counted.Settings);
            }
        }
        catch (MofException error)
        {
            check.Problem(options.Network is not null ? "network" : options.Criteria.Coordination is not null ? "criteria.coordination" : options.Criteria.Rings is not null ? "criteria.rings" : "criteria.decided_by", error);
        }
    }
}
