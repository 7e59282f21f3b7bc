using MofInterop.Potentials.Snap;

namespace MofInterop.Learning;

/// <summary>
/// Sums the bispectra B of one species over training atoms, and makes of them the triangular matrix L with which |L·v|²,
/// v = (1, B), is the leverage of an atom times their number N: N·vᵀ·(Σ v·vᵀ)⁻¹·v. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>With the mean μ and a length D for every component, x = D⁻¹(B − μ) and C the mean of x·xᵀ, that is exactly
/// 1 + xᵀ·C⁻¹·x; with C + ε·1 = G·Gᵀ, the rows of L are (1, 0) and G⁻¹·D⁻¹·(−μ, 1). Regularised is C, whose diagonal is 1
/// where D is the component's standard deviation: grades do not depend on the unit or the zero of a component. A
/// direction in which the training atoms varied by less than √ε standard deviations counts as if by that: a species
/// with fewer atoms than components, or one whose symmetry ties components together, has such directions, and an atom
/// that leaves them has a large grade.</para>
/// <para>A component that hardly varied at all is measured by <see cref="LeastVariation"/> of its root mean square, one
/// that was always zero by the largest length of the others. Sums are taken relative to the first atom, so that
/// nothing is lost where variations are small.</para>
/// </remarks>
internal sealed class LeverageAccumulator
{
    /// <summary>ε: directions that varied by less than 10⁻⁵ standard deviations are beyond what the sums resolve.</summary>
    public const double Regularization = 1e-10;

    private const double LeastVariation = 1e-4;
    private const int BlockRows = 96;

    private readonly int _components;
    private readonly SymmetricAccumulator _products;
    private readonly double[] _block;
    private readonly double[] _origin;
    private int _rows;

    /// <param name="components">Of B.</param>
    public LeverageAccumulator(int components)
    {
        _components = components;
        _products = new SymmetricAccumulator((components + 1 + 7) / 8 * 8);
        _block = new double[BlockRows * _products.Stride];
        _origin = new double[components];
    }

    /// <summary>N.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an atom.</summary>
    public void Add(ReadOnlySpan<double> bispectrum)
    {
        if (Count++ == 0)
        {
            bispectrum.CopyTo(_origin);
        }

        var row = _block.AsSpan(_rows++ * _products.Stride, _components + 1);
        row[0] = 1;
        for (var k = 0; k < _components; k++)
        {
            row[1 + k] = bispectrum[k] - _origin[k];
        }

        if (_rows == BlockRows)
        {
            Flush();
        }
    }

    /// <summary>L, as <see cref="SnapGrades"/> stores it; null before the first atom.</summary>
    public double[]? Factor(double regularization = Regularization)
    {
        if (Count == 0)
        {
            return null;
        }

        Flush();
        var means = new double[_components];
        var variances = new double[_components * _components];
        for (var i = 0; i < _components; i++)
        {
            var shift = _products[0, i + 1] / Count;
            means[i] = _origin[i] + shift;
            for (var j = 0; j <= i; j++)
            {
                variances[i * _components + j] = _products[j + 1, i + 1] / Count - shift * _products[0, j + 1] / Count;
            }
        }

        var lengths = Lengths(variances, means);
        var inverse = InverseOfCholesky(variances, lengths, regularization);
        return Assemble(inverse, lengths, means);
    }

    private void Flush()
    {
        _products.Add(_block.AsSpan(0, _rows * _products.Stride));
        _rows = 0;
    }

    private double[] Lengths(double[] variances, double[] means)
    {
        var lengths = new double[_components];
        for (var k = 0; k < _components; k++)
        {
            var variance = Math.Max(variances[k * _components + k], 0);
            lengths[k] = Math.Sqrt(Math.Max(variance, LeastVariation * LeastVariation * (variance + means[k] * means[k])));
        }

        var largest = lengths.Length > 0 ? lengths.Max() : 0;
        for (var k = 0; k < _components; k++)
        {
            lengths[k] = lengths[k] > 0 ? lengths[k] : largest > 0 ? largest : 1;
        }

        return lengths;
    }

    /// <summary>G⁻¹, lower triangular, of C + ε·1 = G·Gᵀ.</summary>
    private double[] InverseOfCholesky(double[] variances, double[] lengths, double regularization)
    {
        var n = _components;
        var g = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = variances[i * n + j] / (lengths[i] * lengths[j]) + (i == j ? regularization : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= g[i * n + k] * g[j * n + k];
                }

                // Rounding can leave less than the ε that was added.
                g[i * n + j] = i == j ? Math.Sqrt(Math.Max(sum, 0.5 * regularization)) : sum / g[j * n + j];
            }
        }

        var inverse = new double[n * n];
        for (var column = 0; column < n; column++)
        {
            for (var i = column; i < n; i++)
            {
                var sum = i == column ? 1.0 : 0;
                for (var k = column; k < i; k++)
                {
                    sum -= g[i * n + k] * inverse[k * n + column];
                }

                inverse[i * n + column] = sum / g[i * n + i];
            }
        }

        return inverse;
    }

    private double[] Assemble(double[] inverse, double[] lengths, double[] means)
    {
        var factor = new double[SnapGrades.FactorLength(_components)];
        factor[0] = 1;
        var next = 1;
        for (var i = 0; i < _components; i++)
        {
            var constant = next++;
            for (var j = 0; j <= i; j++)
            {
                var element = inverse[i * _components + j] / lengths[j];
                factor[next++] = element;
                factor[constant] -= element * means[j];
            }
        }

        return factor;
    }
}
