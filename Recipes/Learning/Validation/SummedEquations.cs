using MofInterop.Potentials.Snap;

namespace MofInterop.Learning;

/// <summary>The normal equations of several folds together, added up in the order of the folds.</summary>
internal sealed class SummedEquations : INormalEquations
{
    private readonly SymmetricAccumulator _products;
    private readonly double[] _right;
    private readonly EnergyRows _energies;

    public SummedEquations(SnapModel model, int columns, int stride, IReadOnlyList<FoldSums> folds)
    {
        ColumnCount = columns;
        RowCount = folds.Sum(fold => fold.RowCount);
        _products = new SymmetricAccumulator(stride);
        _right = new double[columns];
        _energies = new EnergyRows(NormalEquations.ConstantColumnsOf(model));
        foreach (var fold in folds)
        {
            _products.Add(fold.Forces);
            AddTo(_right, 1, fold.ForceRight);
            for (var k = 0; k < fold.Stresses.Count; k++)
            {
                AddTo(_right, fold.Stresses[k], fold.StressRows[k]);
            }

            _energies.Add(fold.Energies);
            _products.Add(WeightedRows(fold, stride));
        }
    }

    public int ColumnCount { get; }

    public int ConfigurationCount => _energies.Rows.Count;

    public long RowCount { get; }

    public double Product(int i, int j) => _products[i, j];

    public double[] SpeciesConstants() => _energies.SpeciesConstants();

    public double[] RightHandSide(ReadOnlySpan<double> speciesConstants)
    {
        var right = (double[])_right.Clone();
        _energies.AddTo(right, speciesConstants);
        return right;
    }

    public int UndeterminedConstants() => _energies.UndeterminedConstants();

    /// <summary>Weighted rows of energies and stresses, <c>[rows][stride]</c>.</summary>
    private static double[] WeightedRows(FoldSums fold, int stride)
    {
        var rows = new double[(fold.Energies.Count + fold.StressRows.Count) * stride];
        for (var k = 0; k < fold.Energies.Count; k++)
        {
            AddTo(rows.AsSpan(k * stride), fold.Energies[k].Weight, fold.Energies[k].Row);
        }

        for (var k = 0; k < fold.StressRows.Count; k++)
        {
            fold.StressRows[k].CopyTo(rows.AsSpan((fold.Energies.Count + k) * stride));
        }

        return rows;
    }

    private static void AddTo(Span<double> sum, double factor, ReadOnlySpan<double> row)
    {
        for (var k = 0; k < Math.Min(sum.Length, row.Length); k++)
        {
            sum[k] += factor * row[k];
        }
    }
}
