using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>
/// What a search makes small: the mean over energy, force and stress of the error on frames not fitted divided by the error that counts 1, times the relative
/// cost of the potential to a power. What no label has, does not count.
/// </summary>
/// <param name="options">As the recipe says.</param>
/// <param name="snap">Gives the errors that the recipe does not.</param>
/// <param name="costOfStart">Cost of the potential where the search starts.</param>
internal sealed class HyperparameterObjective(ObjectiveOptions options, SnapOptions snap, double costOfStart)
{
    private readonly double _energy = (options.EnergyError ?? snap.EnergyError).In("meV/atom");
    private readonly double _force = (options.ForceError ?? snap.ForceError).In("meV/angstrom");
    private readonly double _stress = (options.StressError ?? snap.StressError).In("MPa");

    /// <summary>The objective, and the ridge and errors that give it; infinite where the candidate failed.</summary>
    public (double Value, RidgePoint? Point) Of(CandidateEvaluation evaluation)
    {
        var point = RidgeCurve.Choose(evaluation.Points, Of);
        return point is null ? (double.PositiveInfinity, null) : (Of(point.Errors) * Math.Pow(evaluation.Cost / costOfStart, options.Cost), point);
    }

    private double Of(ValidationErrors errors)
    {
        double[] terms = [.. new[] { errors.Energy / _energy, errors.Force / _force, errors.Stress / _stress }.Where(term => !double.IsNaN(term))];
        return terms.Length == 0 ? double.PositiveInfinity : terms.Average();
    }
}
