using System.Globalization;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Learning;

/// <summary>What a fit takes of memory that grows with the square of its coefficients: 0.1 GB for a quadratic model of one species with 2J = 8, 4 GB for seven.</summary>
public static class FitMemory
{
    private const double Giga = 1e9;

    /// <summary>Bytes, about: the sums, and the matrices of their decomposition.</summary>
    public static long BytesFor(SnapModel model, SnapTrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        long columns = model.Species.Count * (long)model.CoefficientCount;

        // Of normal equations scaled matrix and eigenvectors; with folds also a sum of them; of singular values the sum of the parts, R, U, V and MathNet's copy.
        var matrices = settings switch
        {
            { Solver: FitSolver.Svd } => NormalEquations.PartCountOf((int)columns) + 6,
            { RidgeSearch: { } search } => search.Folds + 4,
            _ => NormalEquations.PartCountOf((int)columns) + 3,
        };
        return matrices * columns * columns * sizeof(double);
    }

    /// <summary>Refuses a fit for which there is not enough memory.</summary>
    /// <exception cref="MofException">There is not.</exception>
    public static void Require(SnapModel model, SnapTrainingSettings settings) => Require(model, settings, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    internal static void Require(SnapModel model, SnapTrainingSettings settings, long available)
    {
        ArgumentNullException.ThrowIfNull(model);
        var needed = BytesFor(model, settings);
        if (needed > available)
        {
            throw new MofException(
                ErrorKind.Unsupported,
                string.Create(CultureInfo.InvariantCulture, $"the fit of {model.Species.Count} species with {model.CoefficientCount} coefficients each needs {needed / Giga:0.0} GB of memory"),
                expected: string.Create(CultureInfo.InvariantCulture, $"at most the {available / Giga:0.0} GB of this machine"),
                remedy: "A smaller twojmax, types by element, or a linear model: memory grows with the square of the number of coefficients.");
        }
    }
}
