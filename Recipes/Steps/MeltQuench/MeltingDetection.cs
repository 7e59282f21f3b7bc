using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Analysis.Melting;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Decides from the windows of runs whether and when they melted.</summary>
/// <param name="options">Thresholds.</param>
/// <param name="substance">What is melted.</param>
internal sealed class MeltingDetection(MeltQuenchOptions options, MeltedSubstance substance)
{
    private readonly MeltingCriteriaOptions _criteria = options.Criteria;

    private delegate bool Condition(MeltWindow window, MeltStageRecord crystal);

    /// <summary>A run with its events.</summary>
    /// <param name="name">Of the run.</param>
    /// <param name="problem">Why it ended early, or null.</param>
    /// <param name="stages">In order, each with its begin.</param>
    public MeltRunRecord Examine(string name, string? problem, IReadOnlyList<MeltStageRecord> stages)
    {
        MeltRunCriterion[] found = [.. Criteria().Select(one => Examine(one.Criterion, one.Holds, stages))];
        MeltRunCriterion[] deciding = [.. found.Where(one => Decides(one.Criterion))];
        var melted = deciding.All(one => one.Met is not null) ? deciding.Select(one => one.Met!).MaxBy(one => one.Picoseconds) : null;
        return new MeltRunRecord(name, problem, stages, found, melted);
    }

    /// <summary>The criteria over all runs.</summary>
    public IReadOnlyList<MeltCriterionRecord> Summarize(IReadOnlyList<MeltRunRecord> runs) => [.. Criteria().Select((one, k) =>
    {
        MeltRunCriterion[] met = [.. runs.Select(run => run.Criteria[k]).Where(criterion => criterion.Met is not null)];
        MeltRunCriterion[] lost = [.. met.Where(criterion => criterion.Lost is not null)];
        return new MeltCriterionRecord(
            one.Criterion, Decides(one.Criterion), one.Definition, one.Source, met.Length, Temperature(met.Select(criterion => criterion.Met!)), lost.Length, Temperature(lost.Select(criterion => criterion.Lost!)));
    })];

    /// <summary>Temperature of events over runs; null where there is none.</summary>
    public static Estimate? Temperature(IEnumerable<MeltEvent> events)
    {
        double[] temperatures = [.. events.Select(one => one.Temperature)];
        return temperatures.Length == 0 ? null : Estimate.OfIndependent(temperatures);
    }

    /// <summary>One sentence.</summary>
    public string Verdict(IReadOnlyList<MeltRunRecord> runs)
    {
        var melted = runs.Count(run => run.Melted is not null);
        var hot = string.Create(CultureInfo.InvariantCulture, $"{options.MeltTemperature.Value:0.##} K");
        if (melted > 0)
        {
            return $"melted in {melted} of {runs.Count} runs, at {Temperature(runs.Select(run => run.Melted).OfType<MeltEvent>())} K"
                + (runs.Any(run => run.Melted?.Stage == MeltStage.Hold) ? $" ({runs.Count(run => run.Melted?.Stage == MeltStage.Hold)} during the hold at {hot})" : string.Empty);
        }

        var criteria = Summarize(runs);
        return criteria.All(one => one.RunsMet == 0)
            ? $"did not melt: no criterion was met in any run up to {hot}; what was cooled is the crystal"
            : $"did not melt by all criteria up to {hot}: {string.Join(", ", criteria.Select(one => $"{RecipeWords.Of(one.Criterion)} was met in {one.RunsMet} of {runs.Count} runs"))}";
    }

    private bool Decides(MeltingCriterion criterion) => _criteria.DecidedBy?.Contains(criterion) ?? true;

    private IEnumerable<(MeltingCriterion Criterion, string Definition, string Source, Condition Holds)> Criteria()
    {
        var inRow = $"in {_criteria.Windows} windows of {options.Window} in a row";
        yield return (
            MeltingCriterion.Mobility,
            string.Create(CultureInfo.InvariantCulture, $"Lindemann's ratio of {substance.MobileNames}, √(⟨Δr²⟩/2)/d over half a window with d = {substance.Spacing:0.00} Å, above {_criteria.Lindemann}, and ⟨Δr²⟩ growing with time to a power above {_criteria.Exponent}; {inRow}"),
            "Crystals melt at a Lindemann ratio of 0.1 to 0.15 (F. A. Lindemann, 1910; J. J. Gilvarry, 1956); a hot crystal that vibrates more keeps an exponent near 0, diffusion has 1 (A. Einstein, 1905)",
            (window, _) => window.Lindemann > _criteria.Lindemann && window.Exponent > _criteria.Exponent);
        if (substance.Linkers is null)
        {
            yield break;
        }

        yield return (
            MeltingCriterion.Coordination,
            string.Create(CultureInfo.InvariantCulture, $"donors of a metal below {100 * _criteria.CoordinationPart:0.##} % of the crystal's at {options.Temperature}; {inRow}"),
            "ZIF-4 at 1500 K, ab initio (Castel and co-workers, table S2): 3.84 and 3.76 in cells that did not melt, 3.59 and 3.64 in those that did; 92.5 % of 4 lies between",
            (window, crystal) => window.Net!.Coordination < _criteria.CoordinationPart * Crystal(crystal).Coordination);
        yield return (
            MeltingCriterion.Rings,
            string.Create(CultureInfo.InvariantCulture, $"at most {100 * _criteria.RingsPart:0.##} % of the crystal's primitive rings left, size by size; {inRow}"),
            "Ring statistics of the crystal give way to others (Castel and co-workers, figure S1b). The number is this program's: of rings of six linkers 0.925¹² = 39 % are whole at any moment in a crystal at the edge of the coordination criterion",
            (window, crystal) => Crystal(crystal).Rings.Count > 0 && Likeness.RingsLeft(Crystal(crystal).Rings, window.Net!.Rings) <= _criteria.RingsPart);
    }

    /// <summary>The net of the crystal in this run: the measured end, or all of it where the stage did not come to its end.</summary>
    private static MeltNet Crystal(MeltStageRecord crystal) => crystal.Means.TryGetValue(MeltStageMeasurement.CoordinationName, out var coordination)
        ? new MeltNet(coordination.Value, 0, 0, 0, 0, crystal.Rings)
        : crystal.Windows[0].Net!;

    private MeltRunCriterion Examine(MeltingCriterion criterion, Condition holds, IReadOnlyList<MeltStageRecord> stages)
    {
        if (stages.Count < 2)
        {
            return new MeltRunCriterion(criterion, null, null);
        }

        var met = First(stages, stages[0], [MeltStage.Heating, MeltStage.Hold], holds);
        var lost = met is null ? null : First(stages, stages[0], [MeltStage.Cooling, MeltStage.Glass], (window, crystal) => !holds(window, crystal));
        return new MeltRunCriterion(criterion, met, lost);
    }

    private MeltEvent? First(IReadOnlyList<MeltStageRecord> stages, MeltStageRecord crystal, string[] names, Condition holds)
    {
        var windows = stages.Where(stage => names.Contains(stage.Name)).SelectMany(stage => stage.Windows.Select(window => (Stage: stage, Window: window))).ToArray();
        return LastingChange.FirstOf([.. windows.Select(one => holds(one.Window, crystal))], _criteria.Windows) is { } first
            ? new MeltEvent(windows[first].Stage.Name, windows[first].Stage.Begin + windows[first].Window.Picoseconds, windows[first].Window.Temperature)
            : null;
    }
}
