using System.Globalization;
using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.Potentials;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>The largest extrapolation grade of a frame's atoms.</summary>
internal sealed class GradeMeasure : IFrameMeasure
{
    private readonly IPotential _potential;
    private readonly PotentialEvaluator _evaluator;

    public GradeMeasure(FittedPotential potential)
    {
        _potential = PotentialLoader.Load(potential.CardFile);
        _evaluator = new PotentialEvaluator(_potential);
    }

    /// <summary>The reason as a journal says it.</summary>
    public static string Describe(double value) => string.Create(CultureInfo.InvariantCulture, $"extrapolation grade {value:0.##}");

    /// <inheritdoc/>
    public double Of(AtomicConfiguration frame) => _evaluator.Grades(frame).Max();

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _potential.Dispose();
    }
}

/// <summary>The largest disagreement of a committee about the force on an atom.</summary>
internal sealed class CommitteeMeasure(CommitteeDisagreement committee) : IFrameMeasure
{
    /// <summary>The reason as a journal says it.</summary>
    public static string Describe(double value) => string.Create(CultureInfo.InvariantCulture, $"the committee disagrees by {1000 * value:0} meV/Å about a force");

    /// <inheritdoc/>
    public double Of(AtomicConfiguration frame) => committee.Of(frame);

    /// <inheritdoc/>
    public void Dispose() => committee.Dispose();
}
