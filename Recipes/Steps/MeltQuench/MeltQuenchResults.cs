using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Analysis.Melting;
using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Averages over runs, and writes everything.</summary>
/// <param name="options">Of the step.</param>
/// <param name="substance">What was melted.</param>
/// <param name="detection">Of melting.</param>
/// <param name="context">Of the step.</param>
internal sealed class MeltQuenchResults(MeltQuenchOptions options, MeltedSubstance substance, MeltingDetection detection, StepContext context)
{
    private const string GlassFile = "glass.extxyz", CrystalFile = "crystal.extxyz", GlassesFile = "glasses.extxyz";
    private const double FemtosecondsInPicosecond = 1000;

    /// <summary>Writes all outputs.</summary>
    /// <param name="runs">At least one came to a glass.</param>
    /// <param name="examined">The same with their events.</param>
    public void Write(IReadOnlyList<MeltRun> runs, IReadOnlyList<MeltRunRecord> examined)
    {
        StateCurves[] curves = [.. MeltStage.States.Select(state => Curves(state.Stage, state.State, runs))];
        CurveFiles.Write(context.OutputFolder, new CurveResults(curves, []));
        context.SetOutputFile("curves", CurveResults.FileName);
        context.SetOutputFile("tables", CurveFiles.TableFolder);
        var record = Record(examined, curves);
        StepJson.Write(Path.Combine(context.OutputFolder, MeltQuenchRecord.FileName), record);
        context.SetOutputFile("melt", MeltQuenchRecord.FileName);
        foreach (var run in examined)
        {
            WindowTable.Write(Path.Combine(context.OutputFolder, CurveFiles.TableFolder, $"{run.Name}.csv"), run);
        }

        WriteStructures(runs);
        Tell(record);
    }

    private void WriteStructures(IReadOnlyList<MeltRun> runs)
    {
        AtomicConfiguration[] glasses = [.. runs.Select(run => run.Glass).OfType<AtomicConfiguration>().Select(Plain)];
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, GlassFile), glasses[0]);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, CrystalFile), substance.Structure.Configuration);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, GlassesFile), glasses);
        context.SetOutputFile("structure", GlassFile);
        context.SetOutputFile("crystal", CrystalFile);
        context.SetOutputFile("glasses", GlassesFile);
        foreach (var (stage, state) in MeltStage.States)
        {
            var file = $"{state}-frames.extxyz";
            ExtendedXyz.Write(Path.Combine(context.OutputFolder, file), Measured(runs, stage).SelectMany(folder => ExtendedXyz.Read(Path.Combine(folder, MeltStageMeasurement.FramesFile))));
            context.SetOutputFile($"{state}-frames", file);
        }
    }

    /// <summary>Without velocities, with the types of the crystal, which are kept: its bonds are other ones now.</summary>
    private AtomicConfiguration Plain(AtomicConfiguration glass) => new(glass.Symbols, glass.Positions, glass.Cell, true)
    {
        Types = substance.Structure.Configuration.Types,
        Info = new Dictionary<string, string>(substance.Structure.Configuration.Info) { [TypedStructure.KeptTypesKey] = "crystal" },
    };

    private static IEnumerable<string> Measured(IReadOnlyList<MeltRun> runs, string stage) =>
        runs.Where(run => run.Measurements.TryGetValue(stage, out var folder) && File.Exists(Path.Combine(folder, MeltStageMeasurement.CurvesFile))).Select(run => run.Measurements[stage]);

    private StateCurves Curves(string stage, string state, IReadOnlyList<MeltRun> runs)
    {
        RunMeasurement[] measured = [.. Measured(runs, stage).Select(folder => StepJson.Read<RunMeasurement>(Path.Combine(folder, MeltStageMeasurement.CurvesFile)))];
        var temperature = stage == MeltStage.Hold ? options.MeltTemperature.Value : options.Temperature.Value;
        return CurveAverages.Of(state, temperature, measured, substance.Measurement(options) with { Displacement = MeltStageMeasurement.DisplacementFit });
    }

    private MeltQuenchRecord Record(IReadOnlyList<MeltRunRecord> runs, StateCurves[] curves)
    {
        MeltEvent[] melted = [.. runs.Select(run => run.Melted).OfType<MeltEvent>()];
        double Rate(string name)
        {
            var stage = options.Stages.Single(one => one.Name == name);
            return Math.Abs(stage.To - stage.From) / (stage.Frames * options.Interval) * FemtosecondsInPicosecond;
        }

        return new MeltQuenchRecord
        {
            Verdict = detection.Verdict(runs),
            RunsMelted = melted.Length,
            Melting = MeltingDetection.Temperature(melted),
            HeatingRate = Rate(MeltStage.Heating),
            CoolingRate = Rate(MeltStage.Cooling),
            Window = options.FramesInWindow * options.Interval / FemtosecondsInPicosecond,
            Ensemble = options.Ensemble == "nvt" ? "NVT" : $"NPT at {options.Pressure}, {RecipeWords.Of(options.Cell)} cell",
            MobileAtoms = substance.MobileNames,
            Spacing = substance.Spacing,
            LindemannThreshold = options.Criteria.Lindemann,
            ExponentThreshold = options.Criteria.Exponent,
            Criteria = detection.Summarize(runs),
            States = [.. MeltStage.States.Select(state => State(state.Stage, state.State, runs))],
            Differences = [.. (curves[0].Pairs.Count == 2 ? curves[0].Pairs.Take(1) : curves[0].Pairs).Select((pair, k) => new MeltDifference(
                $"{pair.Curve.First}-{pair.Curve.Second}", Likeness.Difference(pair.Curve, curves[1].Pairs[k].Curve), Likeness.Difference(pair.Curve, curves[2].Pairs[k].Curve), Likeness.Difference(curves[1].Pairs[k].Curve, curves[2].Pairs[k].Curve)))],
            Runs = runs,
        };
    }

    private static MeltStateRecord State(string stage, string state, IReadOnlyList<MeltRunRecord> runs)
    {
        MeltStageRecord[] stages = [.. runs.SelectMany(run => run.Stages).Where(one => one.Name == stage && one.Means.Count > 0)];
        return new MeltStateRecord(
            state, stages.Length, stages[0].Means.Keys.ToDictionary(name => name, name => Estimate.OfRuns([.. stages.Select(one => one.Means[name])])),
            stages.SelectMany(one => one.Rings.Keys).Distinct().Order().ToDictionary(size => size, size => Estimate.OfIndependent([.. stages.Select(one => one.Rings.GetValueOrDefault(size))])));
    }

    private void Tell(MeltQuenchRecord record)
    {
        if (record.RunsMelted < record.Runs.Count)
        {
            context.Warn(record.Verdict);
        }
        else
        {
            context.Say(record.Verdict);
        }

        foreach (var criterion in record.Criteria)
        {
            context.Say($"{RecipeWords.Of(criterion.Criterion)}: met in {criterion.RunsMet} of {record.Runs.Count} runs"
                + (criterion.Temperature is { } met ? $", at {met} K" : string.Empty) + (criterion.LostTemperature is { } lost ? $"; on cooling no longer from {lost} K on, in {criterion.RunsLost}" : string.Empty));
        }

        foreach (var state in record.States)
        {
            var net = state.Means.TryGetValue(MeltStageMeasurement.CoordinationName, out var coordination)
                ? $", coordination {coordination}, {100 * state.Means[MeltStageMeasurement.IntactName].Value:0.0} % of the linkers intact".ToString(CultureInfo.InvariantCulture)
                : string.Empty;
            context.Say($"{state.Name}: {state.Means[MeltStageMeasurement.DensityName]} g/cm³ at {state.Means[MeltStageMeasurement.TemperatureName]} K{net}");
        }
    }
}

/// <summary>The windows of a run as a table.</summary>
internal static class WindowTable
{
    /// <summary>Writes CSV; fields without a value are empty.</summary>
    public static void Write(string path, MeltRunRecord run)
    {
        int[] sizes = [.. run.Stages.SelectMany(stage => stage.Windows).SelectMany(window => window.Net?.Rings.Keys ?? []).Distinct().Order()];
        var hasNet = run.Stages.Any(stage => stage.Windows.Any(window => window.Net is not null));
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine("stage,time_ps,temperature_K,density_g_per_cm3,pressure_MPa,energy_eV_per_atom,displacement_angstrom,lindemann,exponent"
            + (hasNet ? ",coordination,intact,dangling,free,broken" + string.Concat(sizes.Select(size => $",rings_of_{size}_per_metal")) : string.Empty));
        foreach (var (stage, window) in run.Stages.SelectMany(stage => stage.Windows.Select(window => (stage, window))))
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{stage.Name},{stage.Begin + window.Picoseconds:R},{window.Temperature:R},{window.Density:R},{window.Pressure:R},{window.Energy:R},{window.Displacement:R},{window.Lindemann:R},{window.Exponent:R}"));
            if (hasNet)
            {
                var net = window.Net!;
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{net.Coordination:R},{net.Intact:R},{net.Dangling:R},{net.Free:R},{net.Broken:R}"));
                foreach (var size in sizes)
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $",{net.Rings.GetValueOrDefault(size):R}"));
                }
            }

            writer.WriteLine();
        }
    }
}
