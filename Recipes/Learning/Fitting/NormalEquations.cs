using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// AᵀW²A and AᵀW²b of a fit, accumulated configuration by configuration; no design matrix is kept. Memory: 1.2 MB for
/// 392 columns, and one energy row (3 kB) a configuration. The bits of the sums depend on the order of the
/// configurations and on nothing else: add them in recorded order, not in order of arrival. Not thread-safe.
/// </summary>
/// <remarks>
/// Reference energies are huge (−6617 eV a cell of MOF-5 by xTB) and what is learnt is their variation. So energy
/// rows are kept apart, and <see cref="RightHandSide"/> takes per-species constants off them first, the least-squares
/// ones of smallest norm over all configurations; the fit adds them to its constant coefficients afterwards.
/// </remarks>
public sealed class NormalEquations : IDisposable
{
    private readonly SnapTrainingSettings _settings;
    private readonly SnapDesignMatrix _design;
    private readonly SymmetricAccumulator _products;
    private readonly double[] _right;
    private readonly List<EnergyRow> _energies = [];
    private readonly int[] _constantColumns;

    /// <summary>Starts with no configuration.</summary>
    public NormalEquations(SnapModel model, SnapTrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _design = new SnapDesignMatrix(model);
        _products = new SymmetricAccumulator(_design.Stride);
        _right = new double[_design.ColumnCount];
        _constantColumns = [.. Enumerable.Range(0, model.Species.Count).Select(s => s * model.CoefficientCount)];
    }

    /// <summary>Columns: per species the constant and its bispectrum components.</summary>
    public int ColumnCount => _design.ColumnCount;

    /// <summary>Configurations added.</summary>
    public int ConfigurationCount => _energies.Count;

    /// <summary>Rows added.</summary>
    public long RowCount { get; private set; }

    /// <summary>An element of AᵀW²A.</summary>
    public double Product(int i, int j) => _products[i, j];

    /// <summary>Adds a labelled configuration. A force component that is NaN was not computed: its row is left out.</summary>
    /// <exception cref="MofException">No label, a label of the wrong length or not finite, or see <see cref="SnapDesignMatrix.Compute"/>.</exception>
    public void Add(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var label = RequireLabel(configuration);
        _design.Compute(configuration);
        var rows = _design.Rows;
        var weightedEnergy = _settings.EnergyWeight / configuration.Count;
        _energies.Add(new EnergyRow(_design.Row(0).ToArray(), label.Energy, weightedEnergy));
        Scale(rows, 0, weightedEnergy);
        var used = 1L;
        for (var k = 0; k < label.Forces.Length; k++)
        {
            used += Weigh(rows, 1 + k, double.IsNaN(label.Forces[k]) ? 0 : _settings.ForceWeight, label.Forces[k]);
        }

        for (var row = 1 + label.Forces.Length; row < _design.RowCount; row++)
        {
            used += Weigh(rows, row, label.Stress is null ? 0 : _settings.StressWeight, label.Stress?[row - 1 - label.Forces.Length] ?? 0);
        }

        _products.Add(rows);
        RowCount += used;
    }

    /// <summary>Per-species energy constants, eV: least squares of the energies by composition, of smallest norm.</summary>
    public double[] SpeciesConstants()
    {
        var species = _constantColumns.Length;
        if (_energies.Count == 0)
        {
            return new double[species];
        }

        var normal = Matrix<double>.Build.Dense(species, species);
        var right = Vector<double>.Build.Dense(species);
        foreach (var energy in _energies)
        {
            for (var s = 0; s < species; s++)
            {
                var share = energy.Row[_constantColumns[s]] * energy.Weight * energy.Weight;
                right[s] += share * energy.Value;
                for (var t = 0; t < species; t++)
                {
                    normal[s, t] += share * energy.Row[_constantColumns[t]];
                }
            }
        }

        return [.. normal.PseudoInverse().Multiply(right)];
    }

    /// <summary>AᵀW²b with the energies taken relative to the given constants.</summary>
    public double[] RightHandSide(ReadOnlySpan<double> speciesConstants)
    {
        var right = (double[])_right.Clone();
        foreach (var energy in _energies)
        {
            var relative = energy.Value;
            for (var s = 0; s < _constantColumns.Length; s++)
            {
                relative -= energy.Row[_constantColumns[s]] * speciesConstants[s];
            }

            var factor = energy.Weight * energy.Weight * relative;
            for (var k = 0; k < right.Length; k++)
            {
                right[k] += factor * energy.Row[k];
            }
        }

        return right;
    }

    /// <summary>How many of the per-species constants the compositions leave undetermined: all but one when every configuration has the same.</summary>
    public int UndeterminedConstants()
    {
        var compositions = Matrix<double>.Build.Dense(_energies.Count, _constantColumns.Length, (i, s) => _energies[i].Row[_constantColumns[s]]);
        return _energies.Count == 0 ? _constantColumns.Length : _constantColumns.Length - compositions.Rank();
    }

    /// <inheritdoc/>
    public void Dispose() => _design.Dispose();

    private static ReferenceLabel RequireLabel(AtomicConfiguration configuration)
    {
        var label = configuration.Label
            ?? throw new MofException(ErrorKind.InvalidArgument, "a configuration without reference results cannot be trained on", expected: "energy and forces");
        if (label.Forces.Length != 3 * configuration.Count || label.Stress is { Length: not 6 })
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a label of {label.Forces.Length} force components for {configuration.Count} atoms");
        }

        if (!double.IsFinite(label.Energy) || label.Forces.Any(double.IsInfinity) || (label.Stress?.Any(s => !double.IsFinite(s)) ?? false))
        {
            throw new MofException(ErrorKind.NumericalFailure, "a reference energy, force or stress is not finite", remedy: "Look at the reference calculation; its result cannot be used.");
        }

        return label;
    }

    private int Weigh(Span<double> rows, int row, double weight, double value)
    {
        Scale(rows, row, weight);
        if (weight == 0)
        {
            return 0;
        }

        var factor = weight * value;
        var scaled = rows.Slice(row * _design.Stride, _right.Length);
        for (var k = 0; k < scaled.Length; k++)
        {
            _right[k] += factor * scaled[k];
        }

        return 1;
    }

    private void Scale(Span<double> rows, int row, double weight)
    {
        foreach (ref var value in rows.Slice(row * _design.Stride, _right.Length))
        {
            value *= weight;
        }
    }

    /// <summary>An energy row before weighting.</summary>
    private sealed record EnergyRow(double[] Row, double Value, double Weight);
}
