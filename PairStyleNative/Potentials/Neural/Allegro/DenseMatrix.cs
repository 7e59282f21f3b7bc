using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>A matrix while networks are put together, <c>double[Rows][Columns]</c>.</summary>
internal sealed class DenseMatrix(int rows, int columns, double[] values)
{
    public int Rows => rows;

    public int Columns => columns;

    public double this[int row, int column] => values[row * columns + column];

    /// <summary>The weights of a layer.</summary>
    public static DenseMatrix Of(DenseLayer layer) => new(layer.Inputs, layer.Outputs, layer.Weights);

    /// <summary>From a function of row and column.</summary>
    public static DenseMatrix Make(int rows, int columns, Func<int, int, double> at)
    {
        var values = new double[rows * columns];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = at(k / columns, k % columns);
        }

        return new DenseMatrix(rows, columns, values);
    }

    /// <summary>this·other.</summary>
    public DenseMatrix Times(DenseMatrix other) => Processor.WidestLanes switch
    {
        8 => Product<Lanes512>(other),
        4 => Product<Lanes256>(other),
        _ => Product<Lanes128>(other),
    };

    /// <summary>A network with the same values, whose linear layers are one where that takes fewer multiplications.</summary>
    public static IReadOnlyList<(DenseMatrix Weights, Activation Activation)> Merged(DenseNetwork network)
    {
        var layers = new List<(DenseMatrix Weights, Activation Activation)>();
        foreach (var layer in network.Layers)
        {
            var next = Of(layer);
            if (layers.Count > 0 && layers[^1].Activation == Activation.Linear && layers[^1].Weights is var before && (long)before.Rows * next.Columns <= (long)before.Columns * (before.Rows + next.Columns))
            {
                layers[^1] = (before.Times(next), layer.Activation);
            }
            else
            {
                layers.Add((next, layer.Activation));
            }
        }

        return layers;
    }

    private unsafe DenseMatrix Product<T>(DenseMatrix other)
        where T : unmanaged, ILanes<T>
    {
        using var right = new PackedMatrix<double>(other.Rows, other.Columns, (row, column) => other[row, column], T.Count);
        using var left = new NativeArray<double>();
        using var result = new NativeArray<double>();
        var padded = (rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        var a = new Span<double>(left.Reserve((long)padded * columns), padded * columns);
        values.CopyTo(a);
        a[values.Length..].Clear();
        var c = result.Reserve((long)padded * right.PaddedColumns);
        MatrixProduct.Run<T, double>(padded, left.Pointer, columns, right, c, right.PaddedColumns);
        var product = new double[rows * other.Columns];
        for (var row = 0; row < rows; row++)
        {
            new Span<double>(c + (long)row * right.PaddedColumns, other.Columns).CopyTo(product.AsSpan(row * other.Columns));
        }

        return new DenseMatrix(rows, other.Columns, product);
    }
}
