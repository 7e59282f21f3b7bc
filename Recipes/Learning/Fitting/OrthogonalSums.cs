using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The triangular factor of the weighted design matrix with the labels as its last column, accumulated configuration by configuration; no
/// design matrix is kept. As with <see cref="NormalEquations"/>, the bits depend on the order of the configurations and on nothing else, and energy
/// rows are kept apart until the constants of the species are known. Memory for 392 columns: 3 MB in each of <see cref="NormalEquations.PartCount"/> parts. Not thread-safe.
/// </summary>
internal sealed class OrthogonalSums : IGrowingSums
{
    /// <summary>Rows that are reduced together.</summary>
    private const int BlockHeight = 512;

    private readonly SnapTrainingSettings _settings;
    private readonly Part[] _parts;
    private readonly DesignMatrixPool _designs;
    private readonly EnergyRows _energies;
    private readonly int _columns;

    /// <summary>Starts with no configuration.</summary>
    public OrthogonalSums(SnapModel model, SnapTrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _designs = new DesignMatrixPool(model);
        _columns = _designs.ColumnCount;
        _parts = [.. Enumerable.Range(0, NormalEquations.PartCountOf(_columns)).Select(_ => new Part(_columns))];
        _energies = new EnergyRows(NormalEquations.ConstantColumnsOf(model));
    }

    /// <summary>Adds labelled configurations; a force component that is NaN was not computed: its row is left out.</summary>
    /// <exception cref="Potentials.Errors.MofException">As of <see cref="NormalEquations.Add(IReadOnlyList{AtomicConfiguration}, int)"/>.</exception>
    public void Add(IReadOnlyList<AtomicConfiguration> configurations, int threads)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ReferenceLabel[] labels = [.. configurations.Select(NormalEquations.RequireLabel)];
        var rows = new EnergyRow[labels.Length];
        var before = _energies.Rows.Count;
        _designs.For(Math.Min(_parts.Length, labels.Length), threads, (first, design) =>
        {
            for (var k = first; k < rows.Length; k += _parts.Length)
            {
                rows[k] = _parts[(before + k) % _parts.Length].Add(design, configurations[k], labels[k], _settings);
            }
        });
        _energies.Add(rows);
    }

    /// <inheritdoc/>
    public (RidgeSolution Solution, RidgeCurve? Curve) Solve(int threads, CancellationToken cancellation)
    {
        var constants = _energies.SpeciesConstants();
        var factor = new TriangularFactor(_columns + 1);
        foreach (var part in _parts)
        {
            cancellation.ThrowIfCancellationRequested();
            part.AddTo(factor);
        }

        var energies = new RowBlock(factor);
        long rows = _parts.Sum(part => part.RowCount);
        foreach (var energy in _energies.Rows)
        {
            if (energy.Weight > 0)
            {
                energies.Add(energy.Row, energy.Weight, _energies.Relative(energy, constants));
                rows++;
            }
        }

        energies.Finish();
        var solution = SvdFit.Solve(factor, _settings.Ridge, _settings.SmallestSingularValue, rows, _energies.UndeterminedConstants());
        var width = _columns / constants.Length;
        for (var s = 0; s < constants.Length; s++)
        {
            solution.Coefficients[s * width] += constants[s];
        }

        return (solution, null);
    }

    /// <inheritdoc/>
    public void Dispose() => _designs.Dispose();

    /// <summary>Every <see cref="NormalEquations.PartCount"/>th configuration.</summary>
    private sealed class Part
    {
        private readonly TriangularFactor _factor;
        private readonly RowBlock _block;

        public Part(int columns)
        {
            _factor = new TriangularFactor(columns + 1);
            _block = new RowBlock(_factor);
        }

        public long RowCount { get; private set; }

        public EnergyRow Add(SnapDesignMatrix design, AtomicConfiguration configuration, ReferenceLabel label, SnapTrainingSettings settings)
        {
            design.Compute(configuration);
            var weights = settings.RowWeightsOf(configuration);
            for (var k = 0; k < label.Forces.Length; k++)
            {
                Add(design.Row(1 + k), double.IsNaN(label.Forces[k]) ? 0 : weights.Force, label.Forces[k]);
            }

            for (var row = 1 + label.Forces.Length; label.Stress is not null && row < design.RowCount; row++)
            {
                Add(design.Row(row), weights.Stress, label.Stress[row - 1 - label.Forces.Length]);
            }

            return new EnergyRow(design.Row(0).ToArray(), label.Energy, weights.Energy / configuration.Count);
        }

        public void AddTo(TriangularFactor sum)
        {
            sum.Add(_factor);
            _block.Copy(sum).Finish();
        }

        private void Add(ReadOnlySpan<double> row, double weight, double value)
        {
            if (weight > 0)
            {
                _block.Add(row, weight, value);
                RowCount++;
            }
        }
    }

    /// <summary>Rows that wait until there are enough to be reduced.</summary>
    private sealed class RowBlock(TriangularFactor factor)
    {
        private readonly double[] _rows = new double[BlockHeight * factor.Stride];
        private int _count;

        public void Add(ReadOnlySpan<double> row, double weight, double value)
        {
            var target = _rows.AsSpan(_count * factor.Stride, factor.Stride);
            target.Clear();
            for (var k = 0; k < row.Length; k++)
            {
                target[k] = weight * row[k];
            }

            target[row.Length] = weight * value;
            if (++_count == BlockHeight)
            {
                Finish();
            }
        }

        public void Finish()
        {
            factor.Add(_rows.AsSpan(0, _count * factor.Stride));
            _count = 0;
        }

        /// <summary>The same rows, waiting for another factor.</summary>
        public RowBlock Copy(TriangularFactor other)
        {
            var copy = new RowBlock(other) { _count = _count };
            _rows.AsSpan(0, _count * factor.Stride).CopyTo(copy._rows);
            return copy;
        }
    }
}
