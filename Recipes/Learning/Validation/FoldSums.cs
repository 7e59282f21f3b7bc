using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// What the configurations of one fold add to normal equations, and what tells the error of any coefficients on them. Force rows are
/// summed up (their residual is xᵀGx − 2xᵀr + bᵀb); the few rows of energies and stresses are kept. Not thread-safe.
/// </summary>
internal sealed class FoldSums(SnapModel model, SnapTrainingSettings settings, int columns, int stride)
{
    private readonly double[] _forceRight = new double[stride];
    private readonly EnergyRows _energies = new(NormalEquations.ConstantColumnsOf(model));
    private readonly List<double[]> _stressRows = [];
    private readonly List<double> _stresses = [];
    private RowSums _energySums;
    private RowSums _forceSums;
    private RowSums _stressSums;

    /// <summary>Configurations added.</summary>
    public int Count => _energies.Rows.Count;

    /// <summary>Rows that count.</summary>
    public long RowCount => _energySums.Rows + _forceSums.Rows + _stressSums.Rows;

    /// <summary>Sums of the weighted force rows.</summary>
    public SymmetricAccumulator Forces { get; } = new(stride);

    /// <summary>Sums of weighted force rows times weighted labels, <c>[stride]</c>.</summary>
    public ReadOnlySpan<double> ForceRight => _forceRight;

    /// <summary>The energy rows, not weighted.</summary>
    public IReadOnlyList<EnergyRow> Energies => _energies.Rows;

    /// <summary>Weighted stress rows.</summary>
    public IReadOnlyList<double[]> StressRows => _stressRows;

    /// <summary>Weighted stresses.</summary>
    public IReadOnlyList<double> Stresses => _stresses;

    /// <summary>Adds a labelled configuration.</summary>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="NormalEquations.Add(AtomicConfiguration)"/>.</exception>
    public void Add(SnapDesignMatrix design, AtomicConfiguration configuration, ReferenceLabel label)
    {
        design.Compute(configuration);
        var weights = settings.RowWeightsOf(configuration);
        _energies.Add([new EnergyRow(design.Row(0).ToArray(), label.Energy, weights.Energy / configuration.Count)]);
        _energySums += Counted(weights.Energy);
        AddForces(design, label, weights.Force);
        for (var row = 1 + label.Forces.Length; row < design.RowCount && label.Stress is not null && weights.Stress > 0; row++)
        {
            _stressRows.Add([.. design.Row(row).ToArray().Select(value => weights.Stress * value)]);
            _stresses.Add(weights.Stress * label.Stress[row - 1 - label.Forces.Length]);
            _stressSums += Counted(weights.Stress);
        }
    }

    /// <summary>The residuals of coefficients on this fold.</summary>
    public ResidualSums ResidualsOf(ReadOnlySpan<double> coefficients)
    {
        double energy = 0, stress = 0;
        foreach (var row in _energies.Rows)
        {
            var difference = row.Weight * (Dot(row.Row, coefficients) - row.Value);
            energy += difference * difference;
        }

        for (var k = 0; k < _stresses.Count; k++)
        {
            var difference = Dot(_stressRows[k], coefficients) - _stresses[k];
            stress += difference * difference;
        }

        return new ResidualSums(_energySums.With(energy), _forceSums.With(ForceResidual(coefficients)), _stressSums.With(stress));
    }

    private static RowSums Counted(double weight) => new(0, weight * weight, weight > 0 ? 1 : 0);

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private unsafe void AddForces(SnapDesignMatrix design, ReferenceLabel label, double weight)
    {
        fixed (double* first = design.Rows, right = _forceRight)
        {
            for (var k = 0; k < label.Forces.Length; k++)
            {
                var used = double.IsNaN(label.Forces[k]) ? 0 : weight;
                var value = used == 0 ? 0 : used * label.Forces[k];
                RowArithmetic.Weigh(first + (1L + k) * design.Stride, used, value, right, design.Stride);
                _forceSums += new RowSums(value * value, used * used, used > 0 ? 1 : 0);
            }
        }

        Forces.Add(design.Rows.Slice(design.Stride, label.Forces.Length * design.Stride));
    }

    // Rounding can make the smallest residuals negative.
    private double ForceResidual(ReadOnlySpan<double> x)
    {
        var sum = _forceSums.Squares;
        for (var i = 0; i < columns; i++)
        {
            var product = -2 * _forceRight[i];
            for (var j = 0; j < columns; j++)
            {
                product += Forces[i, j] * x[j];
            }

            sum += x[i] * product;
        }

        return Math.Max(sum, 0);
    }
}
