using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The extrapolation grades that belong to a training set. Two passes over its bispectra, which cost little beside the
/// derivatives that the fit needs, and memory for one matrix a species, whatever the number of configurations.
/// </summary>
public static class TrainingGrades
{
    /// <summary>The model with the grades of a training set, or without any where it cannot be graded.</summary>
    /// <inheritdoc cref="Of"/>
    public static SnapModel Grade(SnapModel model, IReadOnlyList<AtomicConfiguration> training, int threads = 1, CancellationToken cancellation = default) =>
        new(model.Parameters, model.Species) { Grades = Of(model, training, threads, cancellation) };

    /// <summary>Grades for linear models without <c>chemflag</c>; the largest grade of a training atom of each species is 1.</summary>
    /// <param name="model">The descriptor; its coefficients are not used.</param>
    /// <param name="training">Typed configurations; labels are not needed. Their order decides the last bits.</param>
    /// <param name="threads">That may be used; the result does not depend on them.</param>
    /// <param name="cancellation">Stops after a few configurations.</param>
    /// <returns>Null for models that cannot be graded, quadratic ones and those with <c>chemflag</c>.</returns>
    /// <exception cref="Potentials.Errors.MofException">An atom's label is no species of the model, or the descriptors cannot be computed.</exception>
    public static SnapGrades? Of(SnapModel model, IReadOnlyList<AtomicConfiguration> training, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        if (model.Parameters.Quadratic || model.Parameters.Chemical)
        {
            return null;
        }

        using var environments = new EnvironmentPass(model, threads);
        LeverageAccumulator[] leverages = [.. model.Species.Select(_ => new LeverageAccumulator(model.BispectrumCount))];
        environments.Visit(training, (species, bispectrum) => leverages[species].Add(bispectrum), cancellation);
        var factors = leverages.Select(leverage => leverage.Factor()).ToList();
        var unscaled = new SnapGrades(model.BispectrumCount, factors);
        var largest = new double[leverages.Length];
        environments.Visit(training, (species, bispectrum) => largest[species] = Math.Max(largest[species], unscaled.Grade(species, bispectrum)), cancellation);
        return new SnapGrades(model.BispectrumCount, [.. factors.Select((factor, s) => factor?.Select(element => element / Math.Sqrt(largest[s])).ToArray())]);
    }
}
