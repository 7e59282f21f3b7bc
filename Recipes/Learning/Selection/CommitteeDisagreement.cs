using MofInterop.Potentials;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Potentials fitted to different parts of one training set; where they disagree the data do not decide. Member m of k is fitted to all configurations
/// but every k-th one, beginning with the m-th (k-fold cross-validation). Not thread-safe.
/// </summary>
public sealed class CommitteeDisagreement : IDisposable
{
    private readonly IPotential[] _members;
    private readonly PotentialEvaluator[] _evaluators;

    private readonly IReadOnlyList<SnapModel> _models;

    private CommitteeDisagreement(IReadOnlyList<SnapModel> models)
    {
        _models = models;
        _members = [.. models.Select(model => new SnapPotential(model))];
        _evaluators = [.. _members.Select(member => new PotentialEvaluator(member))];
    }

    /// <summary>How many members.</summary>
    public int Count => _members.Length;

    /// <summary>Fits the members.</summary>
    /// <param name="settings">Of every fit.</param>
    /// <param name="types">The atom types.</param>
    /// <param name="training">Labelled, at least as many as members.</param>
    /// <param name="members">At least two.</param>
    /// <param name="threads">Of the fits; the result does not depend on them.</param>
    /// <param name="cancellation">Stops a fit.</param>
    /// <exception cref="MofException">Too few members or configurations, or a fit fails.</exception>
    public static CommitteeDisagreement Fit(SnapTrainingSettings settings, IReadOnlyList<AtomType> types, IReadOnlyList<AtomicConfiguration> training, int members, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (members < 2 || training.Count < members)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a committee of {members} on {training.Count} configurations", expected: "two members or more, and a configuration for each");
        }

        var models = new List<SnapModel>();
        for (var member = 0; member < members; member++)
        {
            using var trainer = new SnapTrainer(settings, types) { Threads = threads };
            models.Add(trainer.Fit([.. training.Where((_, k) => k % members != member)], null, cancellation).Model);
        }

        return new CommitteeDisagreement(models);
    }

    /// <summary>The same members for another thread.</summary>
    public CommitteeDisagreement Copy() => new(_models);

    /// <summary>The largest over the atoms of a configuration of the standard deviation of its force among the members, √(Σ|F−⟨F⟩|²/k), eV/Å.</summary>
    /// <exception cref="MofException">See <see cref="PotentialEvaluator.Evaluate"/>.</exception>
    public double Of(AtomicConfiguration configuration)
    {
        var forces = Array.ConvertAll(_evaluators, evaluator => evaluator.Evaluate(configuration).Forces);
        var largest = 0.0;
        for (var atom = 0; atom < configuration.Count; atom++)
        {
            var sum = 0.0;
            for (var c = 3 * atom; c < 3 * atom + 3; c++)
            {
                var mean = forces.Average(one => one[c]);
                sum += forces.Average(one => (one[c] - mean) * (one[c] - mean));
            }

            largest = Math.Max(largest, sum);
        }

        return Math.Sqrt(largest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_evaluators, evaluator => evaluator.Dispose());
        foreach (var member in _members.OfType<IDisposable>())
        {
            member.Dispose();
        }
    }
}
