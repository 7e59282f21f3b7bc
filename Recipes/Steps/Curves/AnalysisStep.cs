using System.Globalization;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Measures curves on trajectories: distances, angles, coordination numbers, diffusion, vibrations; of files, or of runs that it makes.</summary>
/// <param name="services">Starts programs.</param>
public sealed class AnalysisStep(StepServices services) : RecipeStep<AnalysisOptions>
{
    private const string RecordFile = "measurement.json";
    private static readonly StepInput _structure = new(StructureStep.Input.Name, StructureStep.Input.Type, "The crystal; runs start there, and angles along bonds are its") { Optional = true };
    private static readonly StepInput _model = new(TrainedPotential.Input.Name, TrainedPotential.Input.Type, "The potential of the runs") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "analysis";

    /// <inheritdoc/>
    public override string Summary => "Measures distances, angles, coordination, diffusion and vibrations on trajectories or on runs that it makes";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [_structure, _model];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs => CurveOutputs.Outputs;

    /// <inheritdoc/>
    public override void Check(AnalysisOptions options, StepCheck check)
    {
        var structure = check.Published<TypedStructure>(_structure.Name);
        if (options.IsEmpty)
        {
            check.Problem("kind", "nothing is measured", "rdf: {}, angles, dihedrals, coordination, displacement: {} or spectrum: {}");
        }

        MeasurementChecks.Of(options, structure, check.HasInput(_structure.Name), check);
        if (options.Runs is { } runs)
        {
            CheckRuns(options, runs, check);
        }
        else if (options.Trajectories.Count == 0)
        {
            check.Problem("trajectories", "there is nothing to measure", "trajectories: [NAME], or runs: { temperatures: [300 K] }");
        }
        else
        {
            CheckFiles(options, structure, check);
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(AnalysisOptions options, StepDecks decks)
    {
        if (options.Runs is { } runs && decks.Published<TypedStructure>(_structure.Name) is { } structure)
        {
            ObservedRuns.WriteDecks(runs, options, structure, decks);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(AnalysisOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = context.HasInput(_structure.Name) ? StructureStep.Read(context.Input(_structure.Name)) : null;
        IReadOnlyList<StateCurves> states = options.Runs is { } runs
            ? await new ObservedRuns(services, context, structure!, TrainedPotential.Read(context.Input(_model.Name)), runs, options).MeasureAsync(cancellation).ConfigureAwait(false)
            : [await MeasureFilesAsync(options, context, structure, cancellation).ConfigureAwait(false)];
        CurveOutputs.Write(new CurveResults(states, CurveAverages.Arrhenius(states)), context);
    }

    private static void CheckRuns(AnalysisOptions options, ObservedRunOptions runs, StepCheck check)
    {
        if (options.Trajectories.Count > 0)
        {
            check.Problem("runs", "both trajectories and runs are given", "one of them");
        }

        foreach (var input in (StepInput[])[_structure, _model])
        {
            if (!check.HasInput(input.Name))
            {
                check.Problem("runs", $"runs need a {input.Name}", $"uses: {{ {input.Name}: ... }}");
            }
        }

        runs.Check(check, "runs.", options);
    }

    private static void CheckFiles(AnalysisOptions options, TypedStructure? structure, StepCheck check)
    {
        if (options.NeedsTime && options.Interval is null)
        {
            check.Problem("trajectories", "displacement and spectrum need the time between frames", "interval: 2 fs, for example");
        }

        FileFrames.CheckRange(string.Empty, options.From, options.To, check);
        for (var k = 0; k < options.Trajectories.Count; k++)
        {
            try
            {
                using var reader = TrajectoryReader.Open(options.Trajectories[k].Path, options.Stream);
                if (structure is not null && reader.Atoms.Count != structure.Configuration.Count)
                {
                    check.Problem($"trajectories[{k + 1}]", $"the trajectory holds {reader.Atoms.Count} atoms and the structure {structure.Configuration.Count}", "the same atoms in the same order");
                }

                if (options.NeedsVelocities && !reader.HasVelocities)
                {
                    check.Problem($"trajectories[{k + 1}]", "a spectrum of a trajectory without velocities", "vx vy vz in a LAMMPS dump, momenta or velocities in extended XYZ");
                }
            }
            catch (MofException error)
            {
                check.Problem($"trajectories[{k + 1}]", error);
            }
        }
    }

    private static async Task<StateCurves> MeasureFilesAsync(AnalysisOptions options, StepContext context, TypedStructure? structure, CancellationToken cancellation)
    {
        var runs = new List<RunMeasurement>();
        foreach (var (file, index) in options.Trajectories.Select((file, index) => (file, index)))
        {
            using var progress = context.Progress($"{file.Written}: percent", 100);
            var unit = string.Create(CultureInfo.InvariantCulture, $"trajectory-{index + 1:00}");
            var told = 0.0;
            void Tell(double part)
            {
                progress.Advance(100 * part - told);
                told = 100 * part;
            }

            var folder = await context.OnceAsync(unit, file.Written, (temporary, token) => Task.Run(() => StepJson.Write(
                Path.Combine(temporary, RecordFile), TrajectoryMeasurement.Measure(file.Written, file.Path, options.Stream, options, structure, options.FrameInterval, null, Tell, token)), token), cancellation).ConfigureAwait(false);
            runs.Add(StepJson.Read<RunMeasurement>(Path.Combine(folder, RecordFile)));
        }

        foreach (var note in runs.SelectMany(run => run.Notes))
        {
            context.Warn(note);
        }

        return CurveAverages.Of("trajectories", options.Temperature?.Value, runs, options);
    }
}

/// <summary>What steps that measure curves leave.</summary>
internal static class CurveOutputs
{
    /// <summary>Declared outputs.</summary>
    public static IReadOnlyList<StepOutput> Outputs =>
    [
        new("curves", "curves", "All results with their units, JSON"),
        new("tables", "tables", "The folder of the curves as CSV"),
    ];

    /// <summary>Writes results and says the few numbers that matter.</summary>
    public static void Write(CurveResults results, StepContext context)
    {
        CurveFiles.Write(context.OutputFolder, results);
        context.SetOutputFile("curves", CurveResults.FileName);
        context.SetOutputFile("tables", CurveFiles.TableFolder);
        foreach (var state in results.States)
        {
            foreach (var line in CurveSummary.Lines(state))
            {
                context.Say($"{state.Name}: {line}");
            }
        }

        foreach (var fit in results.Arrhenius)
        {
            context.Say($"activation energy of the diffusion of {fit.Group}: {fit.ActivationEnergy.Times(Analysis.ArrheniusFit.KilojoulePerMole)} kJ/mol");
        }
    }
}
