using System.Globalization;
using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Chooses from the runs of a generation by the method of the recipe.</summary>
internal sealed class RunChooser(ActiveLearningOptions options, TypedStructure structure, CbadSelection bins, PotentialFit fit, int cores)
{
    /// <summary>At most one frame of each run, in the order of the runs; depends on neither threads nor arrival.</summary>
    public IReadOnlyList<Choice> Choose(IReadOnlyList<FrameArchive> runs, FittedPotential potential, IReadOnlyList<AtomicConfiguration> training, CancellationToken cancellation)
    {
        var selection = options.Selection;
        switch (selection.Method)
        {
            case SelectionMethod.FarthestPoint:
                var model = options.Snap.ModelFor(structure);
                return Describe(runs, MeasuredChoice.Farthest(runs, frames => FrameFingerprints.Of(model, frames, cores, cancellation), training, selection.Distance, selection.Pick), Far);
            case SelectionMethod.ExtrapolationGrade:
                // The frame of the largest grade before the run was stopped.
                return Describe(runs, MeasuredChoice.OfRuns(runs, () => new GradeMeasure(potential), selection.Grade, FramePick.MostNew, cores), GradeMeasure.Describe);
            case SelectionMethod.Committee:
                using (var committee = fit.Committee(potential, training, Math.Min(selection.Members, training.Count), cancellation))
                {
                    return Describe(runs, MeasuredChoice.OfRuns(runs, () => new CommitteeMeasure(committee.Copy()), selection.Disagreement.Value, selection.Pick, cores), CommitteeMeasure.Describe);
                }

            default:
                return FrameChoice.OfRuns(runs, bins, selection.Pick, cores);
        }
    }

    private static string Far(double distance) => string.Create(CultureInfo.InvariantCulture, $"{distance:0.##} standard deviations from the nearest training configuration");

    // Bins are counted whatever decides: they tell how much of the space is covered.
    private List<Choice> Describe(IReadOnlyList<FrameArchive> runs, IReadOnlyList<MeasuredFrame> measured, Func<double, string> because) =>
        [.. measured.Select(one => FrameChoice.Joined(one.Run, one.Frame, runs[one.Run][one.Frame], bins, because(one.Value)))];
}
