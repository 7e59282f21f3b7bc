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
    private readonly ScaledEquations _scaled;
    private readonly Evd<double> _eigen;
    private readonly double[] _values;
    private readonly double _floor;
    private readonly Vector<double> _along;

    /// <summary>Decomposes accumulated equations.</summary>
    /// <exception cref="MofException">Nothing was accumulated, or the sums are not finite.</exception>
    public RidgeDecomposition(INormalEquations equations)
    {
        _equations = equations;
        _scaled = new ScaledEquations(equations);
        _eigen = _scaled.Products.Evd(Symmetricity.Symmetric);
        _values = [.. _eigen.EigenValues.Select(v => v.Real)];
        _floor = _values.Length * Math.ScaleB(1, -52) * _values.Max();
        _along = _eigen.EigenVectors.TransposeThisAndMultiply(_scaled.Right);
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

        return _scaled.Coefficients(_eigen.EigenVectors.Multiply(along));
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
}
