using System.Numerics;
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
    public DenseMatrix Times(DenseMatrix other)
    {
        var product = new double[rows * other.Columns];
        for (var row = 0; row < rows; row++)
        {
            var target = product.AsSpan(row * other.Columns, other.Columns);
            for (var k = 0; k < columns; k++)
            {
                Add(target, values[row * columns + k], other.Row(k));
            }
        }

        return new DenseMatrix(rows, other.Columns, product);
    }

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

    private ReadOnlySpan<double> Row(int row) => values.AsSpan(row * columns, columns);

    private static void Add(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        var k = 0;
        for (; k + Vector<double>.Count <= target.Length; k += Vector<double>.Count)
        {
            (new Vector<double>(target[k..]) + factor * new Vector<double>(source[k..])).CopyTo(target[k..]);
        }

        for (; k < target.Length; k++)
        {
            target[k] += factor * source[k];
        }
    }
}
