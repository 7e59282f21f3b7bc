using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The extrapolation grades that belong to a training set. Two passes over its bispectra, which cost little beside the
/// derivatives that the fit needs, and memory for one matrix a species, whatever the number of configurations.
/// </summary>
public static class TrainingGrades
{
    /// <summary>Grades for linear models without <c>chemflag</c>; the largest grade of a training atom of each species is 1.</summary>
    /// <param name="model">The descriptor; its coefficients are not used.</param>
    /// <param name="training">Typed configurations; labels are not needed. Their order decides the last bits.</param>
    /// <param name="cancellation">Stops between configurations.</param>
    /// <returns>Null for models that cannot be graded, quadratic ones and those with <c>chemflag</c>.</returns>
    /// <exception cref="Potentials.Errors.MofException">An atom's label is no species of the model, or the descriptors cannot be computed.</exception>
    public static SnapGrades? Of(SnapModel model, IReadOnlyList<AtomicConfiguration> training, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        if (model.Parameters.Quadratic || model.Parameters.Chemical)
        {
            return null;
        }

        using var environments = new SnapEnvironments(model);
        LeverageAccumulator[] leverages = [.. model.Species.Select(_ => new LeverageAccumulator(model.BispectrumCount))];
        VisitAll((species, bispectrum) => leverages[species].Add(bispectrum));
        var factors = leverages.Select(leverage => leverage.Factor()).ToList();
        var unscaled = new SnapGrades(model.BispectrumCount, factors);
        var largest = new double[leverages.Length];
        VisitAll((species, bispectrum) => largest[species] = Math.Max(largest[species], unscaled.Grade(species, bispectrum)));
        return new SnapGrades(model.BispectrumCount, [.. factors.Select((factor, s) => factor?.Select(element => element / Math.Sqrt(largest[s])).ToArray())]);

        void VisitAll(EnvironmentVisitor visitor)
        {
            foreach (var configuration in training)
            {
                cancellation.ThrowIfCancellationRequested();
                environments.Visit(configuration, visitor);
            }
        }
    }
}
