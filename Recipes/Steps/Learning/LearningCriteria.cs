using System.Globalization;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Holds a generation against what it has to reach.</summary>
internal static class LearningCriteria
{
    private const double Hundred = 100;

    /// <summary>A sentence for each criterion that the generation does not meet; what could not be measured is not met.</summary>
    public static IReadOnlyList<string> Unmet(CriteriaOptions criteria, GenerationRecord generation)
    {
        var progress = generation.Progress ?? new GenerationProgress();
        var errors = progress.TestErrors ?? generation.ErrorsBefore;

        // No new frame is no error of new frames, but only where there were frames that could have been new.
        var nothingNew = errors is null && generation is { Candidates: > 0, Selected.Count: 0 };
        var unmet = new List<string>();
        void AtMost(string what, double? value, double? limit, string unit, bool otherwise = false)
        {
            if (limit is { } most && !(value <= most) && !(value is null && otherwise))
            {
                unmet.Add(value is { } number ? Text($"{what} is {number:0.###}{unit}, more than {most:0.###}{unit}") : $"{what} is not known");
            }
        }

        AtMost("the energy error", errors?.EnergyRmse, criteria.EnergyError?.In("meV/atom"), " meV/atom", nothingNew);
        AtMost("the force error", errors?.ForceRmse, criteria.ForceError?.In("meV/angstrom"), " meV/Å", nothingNew);
        AtMost("the stress error", errors?.StressRmse, criteria.StressError?.In("MPa"), " MPa", nothingNew);
        AtMost("the part of bins that are new", Hundred * progress.NewBinFraction, Hundred * criteria.NewBins?.Value, " %");
        AtMost("the drift of the cell lengths", Hundred * progress.CellDrift, Hundred * criteria.CellDrift?.Value, " %");
        if (criteria.IntactRuns is { } least && !(progress.IntactFraction >= least.Value))
        {
            unmet.Add(progress.IntactFraction is { } part ? Text($"{Hundred * part:0.#} % of the runs stayed intact, less than {Hundred * least.Value:0.#} %") : "the part of intact runs is not known");
        }

        return unmet;
    }

    /// <summary>The largest relative difference of mean cell lengths; null where one of them is not known.</summary>
    public static double? Drift(IReadOnlyList<double>? before, IReadOnlyList<double>? now) =>
        before is null || now is null ? null : before.Zip(now, (old, one) => Math.Abs(one / old - 1)).Max();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
