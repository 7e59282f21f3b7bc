using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>Normal equations with columns of unit length, energies relative to constants of the species: see <see cref="RidgeFit"/>.</summary>
internal sealed class ScaledEquations
{
    private readonly double[] _constants;
    private readonly double[] _scale;

    /// <summary>Scales accumulated equations.</summary>
    /// <exception cref="MofException">Nothing was accumulated, or the sums are not finite.</exception>
    public ScaledEquations(INormalEquations equations)
    {
        ArgumentNullException.ThrowIfNull(equations);
        if (equations.ConfigurationCount == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a fit without configurations", expected: "at least one labelled configuration");
        }

        _constants = equations.SpeciesConstants();
        var right = equations.RightHandSide(_constants);
        _scale = ColumnLengths(equations);
        Products = Matrix<double>.Build.Dense(_scale.Length, _scale.Length, (i, j) => equations.Product(i, j) / (_scale[i] * _scale[j]));
        Right = Vector<double>.Build.Dense(_scale.Length, k => right[k] / _scale[k]);
    }

    /// <summary>Ĝ.</summary>
    public Matrix<double> Products { get; }

    /// <summary>D⁻¹AᵀW²b.</summary>
    public Vector<double> Right { get; }

    /// <summary>The coefficients of a solution y, constants of the species included: <c>[species][1 + components]</c>, eV.</summary>
    /// <exception cref="MofException">They are not finite.</exception>
    public double[] Coefficients(Vector<double> y)
    {
        double[] x = [.. y.Select((v, k) => v / _scale[k])];
        var width = x.Length / _constants.Length;
        for (var s = 0; s < _constants.Length; s++)
        {
            x[s * width] += _constants[s];
        }

        return x.All(double.IsFinite)
            ? x
            : throw new MofException(ErrorKind.NumericalFailure, "the fit gave coefficients that are not finite", remedy: "Raise the ridge and look at the labels.");
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
}
