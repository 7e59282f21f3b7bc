using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>
/// The symmetric eigenvalue problem of the scaled AᵀW²A (see <see cref="RidgeFit"/>), which is nearly all the work of a fit and does not
/// depend on α: solutions for one α after another cost two products of a matrix and a vector each.
/// </summary>
public sealed class RidgeDecomposition
{
    private readonly INormalEquations _equations;
    private readonly double[] _constants;
    private readonly double[] _scale;
    private readonly Evd<double> _eigen;
    private readonly double[] _values;
    private readonly double _floor;
    private readonly Vector<double> _along;

    /// <summary>Decomposes accumulated equations.</summary>
    /// <exception cref="MofException">Nothing was accumulated, or the sums are not finite.</exception>
    public RidgeDecomposition(INormalEquations equations)
    {
        ArgumentNullException.ThrowIfNull(equations);
        if (equations.ConfigurationCount == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a fit without configurations", expected: "at least one labelled configuration");
        }

        _equations = equations;
        _constants = equations.SpeciesConstants();
        var right = equations.RightHandSide(_constants);
        _scale = ColumnLengths(equations);
        var scaled = Matrix<double>.Build.Dense(_scale.Length, _scale.Length, (i, j) => equations.Product(i, j) / (_scale[i] * _scale[j]));
        _eigen = scaled.Evd(Symmetricity.Symmetric);
        _values = [.. _eigen.EigenValues.Select(v => v.Real)];
        _floor = _scale.Length * Math.ScaleB(1, -52) * _values.Max();
        _along = _eigen.EigenVectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(_scale.Length, k => right[k] / _scale[k]));
    }

    /// <summary>The coefficients for an α, constants of the species included: <c>[species][1 + components]</c>, eV.</summary>
    /// <exception cref="MofException">They are not finite.</exception>
    public double[] Coefficients(double ridge)
    {
        var along = _along.Clone();
        for (var k = 0; k < _values.Length; k++)
        {
            along[k] = ridge == 0 && _values[k] <= _floor ? 0 : along[k] / (Math.Max(_values[k], 0) + ridge);
        }

        var y = _eigen.EigenVectors.Multiply(along);
        double[] x = [.. y.Select((v, k) => v / _scale[k])];
        AddConstants(x);
        return x.All(double.IsFinite)
            ? x
            : throw new MofException(ErrorKind.NumericalFailure, "the fit gave coefficients that are not finite", remedy: "Raise the ridge and look at the labels.");
    }

    /// <summary>How well the data determine the coefficients for an α.</summary>
    public FitCondition Condition(double ridge)
    {
        var within = _values.Where(v => v > _floor).ToArray();
        return new FitCondition
        {
            Columns = _values.Length,
            Rows = _equations.RowCount,
            Rank = within.Length,
            ExpectedDeficiency = _equations.UndeterminedConstants(),
            ConditionNumber = within.Length > 0 ? within.Max() / within.Min() : double.PositiveInfinity,
            RegularizedConditionNumber = ridge > 0
                ? (_values.Max() + ridge) / (Math.Max(_values.Min(), 0) + ridge)
                : within.Length > 0 ? within.Max() / within.Min() : double.PositiveInfinity,
            Ridge = ridge,
            EffectiveCoefficients = ridge > 0 ? _values.Sum(v => Math.Max(v, 0) / (Math.Max(v, 0) + ridge)) : within.Length,
        };
    }

    private static double[] ColumnLengths(INormalEquations equations)
    {
        var lengths = new double[equations.ColumnCount];
        for (var k = 0; k < lengths.Length; k++)
        {
            var square = equations.Product(k, k);
            if (!double.IsFinite(square))
            {
                throw new MofException(ErrorKind.NumericalFailure, "the normal equations are not finite", where: $"column {k}");
            }

            lengths[k] = square > 0 ? Math.Sqrt(square) : 1;
        }

        return lengths;
    }

    private void AddConstants(double[] coefficients)
    {
        var width = coefficients.Length / _constants.Length;
        for (var s = 0; s < _constants.Length; s++)
        {
            coefficients[s * width] += _constants[s];
        }
    }
}
