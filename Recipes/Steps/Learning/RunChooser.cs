using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Chooses from the runs of a generation by the method of the recipe.</summary>
internal sealed class RunChooser(ActiveLearningOptions options, TypedStructure structure, CbadSelection bins, PotentialFit fit, int cores)
{
    /// <summary>
    /// Begins to select from the runs of a generation. Whatever a method needs of the training set is computed when the first run has ended, so that no run
    /// waits for it.
    /// </summary>
    /// <param name="potential">The potential of the runs.</param>
    /// <param name="training">What it was fitted to; must not change meanwhile.</param>
    /// <param name="cancellation">Stops a fit.</param>
    public IRunExaminer Examiner(FittedPotential potential, IReadOnlyList<AtomicConfiguration> training, CancellationToken cancellation)
    {
        var selection = options.Selection;
        switch (selection.Method)
        {
            case SelectionMethod.FarthestPoint:
                var model = options.Snap.ModelFor(structure);
                return new FarthestExaminer(frames => FrameFingerprints.Of(model, frames, cores, cancellation), training, selection.Distance, selection.Pick, bins);
            case SelectionMethod.ExtrapolationGrade:
                // The frame of the largest grade before the run was stopped.
                return new MeasuredExaminer(() => new GradeMeasure(potential), selection.Grade, FramePick.MostNew, bins, GradeMeasure.Describe);
            case SelectionMethod.StretchedBonds:
                return new StretchExaminer(structure.Graph, selection.Stretched, potential.Fingerprint, bins);
            case SelectionMethod.Committee:
                var committee = new Lazy<CommitteeDisagreement>(() => fit.Committee(potential, training, Math.Min(selection.Members, training.Count), cancellation));
                return new MeasuredExaminer(() => new CommitteeMeasure(committee.Value.Copy()), selection.Disagreement.Value, selection.Pick, bins, CommitteeMeasure.Describe, Release);

                void Release()
                {
                    if (committee.IsValueCreated)
                    {
                        committee.Value.Dispose();
                    }
                }

            default:
                return new BinExaminer(bins, selection.Pick);
        }
    }
}
