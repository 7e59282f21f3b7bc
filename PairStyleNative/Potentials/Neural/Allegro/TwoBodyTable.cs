using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// What the two-body network gives to all that takes its result, by the species of both ends and the distance: piecewise polynomials of degree five that meet with value and two derivatives. It is the one network that depends
/// on nothing else; as wide as the others, it is a third of the work. Good enough for single precision: in double the network itself is asked. Immutable.
/// </summary>
internal sealed unsafe class TwoBodyTable<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    /// <summary>Closer than this, Å, the network itself is asked: no two atoms of matter are.</summary>
    public const double Start = 0.5;

    // Pieces of 6 Å / 128; values at twice as many points give derivatives of eighth order.
    private const double PieceLength = 0.043;
    private const int Finer = 2, Reach = 4, RowsOfNode = 3;
    private const long MostBytes = 1L << 28;

    private static readonly double[] _first = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280];
    private static readonly double[] _second = [8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560];

    private readonly NativeArray<TNumber> _data = new();
    private readonly int _pieces;
    private readonly int _columns;
    private readonly double _length;

    private TwoBodyTable(int pieces, double length, int columns, int pairs)
    {
        (_pieces, _length, _columns) = (pieces, length, columns);
        _data.Reserve((long)pairs * (pieces + 1) * RowsOfNode * columns);
    }

    /// <summary>Makes a table, or none where it would be too large.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">Of the two-body network, up to the last hidden values.</param>
    /// <param name="matrix">From these to all that takes them.</param>
    public static TwoBodyTable<T, TNumber>? Make(AllegroModel model, IReadOnlyList<(DenseMatrix Weights, Activation Activation)> layers, DenseMatrix matrix)
    {
        int species = model.Species.Count, pieces = (int)Math.Ceiling((model.Cutoff - Start) / PieceLength);
        if (pieces < 1 || (long)species * species * (pieces + 1) * RowsOfNode * matrix.Columns * sizeof(TNumber) > MostBytes)
        {
            return null;
        }

        var table = new TwoBodyTable<T, TNumber>(pieces, (model.Cutoff - Start) / pieces, matrix.Columns, species * species);
        for (var pair = 0; pair < species * species; pair++)
        {
            table.Fill(pair, Values(model, layers, matrix, pair / species, pair % species, table._length / Finer, Finer * pieces));
        }

        return table;
    }

    /// <summary>All values at a distance from <see cref="Start"/> to the cutoff.</summary>
    /// <param name="pair">Species of the center times their number, plus that of the neighbour.</param>
    /// <param name="distance">Å, as <see cref="EdgeInput"/> takes it.</param>
    /// <param name="row">Filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(int pair, double distance, TNumber* row)
    {
        var t = PlaceOf(pair, distance, out var node);
        double t3 = t * t * t, t4 = t3 * t, t5 = t4 * t;
        T a = Constant(1 - 10 * t3 + 15 * t4 - 6 * t5), b = Constant(t - 6 * t3 + 8 * t4 - 3 * t5), c = Constant(0.5 * t * t - 1.5 * t3 + 1.5 * t4 - 0.5 * t5);
        T d = Constant(10 * t3 - 15 * t4 + 6 * t5), e = Constant(-4 * t3 + 7 * t4 - 3 * t5), f = Constant(0.5 * t3 - t4 + 0.5 * t5);
        var columns = _columns;
        for (var k = 0; k < columns; k += T.Count, node += T.Count)
        {
            var left = T.MultiplyAdd(a, T.Load(node), T.MultiplyAdd(b, T.Load(node + columns), c * T.Load(node + 2 * columns)));
            T.MultiplyAdd(d, T.Load(node + 3 * columns), T.MultiplyAdd(e, T.Load(node + 4 * columns), T.MultiplyAdd(f, T.Load(node + 5 * columns), left))).Store(row + k);
        }
    }

    /// <summary>Σ weight·(derivative by the distance), 1/Å.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Slope(int pair, double distance, TNumber* weights)
    {
        var t = PlaceOf(pair, distance, out var node);
        double t2 = t * t, t3 = t2 * t, t4 = t3 * t;
        T a = Constant(-30 * t2 + 60 * t3 - 30 * t4), b = Constant(1 - 18 * t2 + 32 * t3 - 15 * t4), c = Constant(t - 4.5 * t2 + 6 * t3 - 2.5 * t4);
        T e = Constant(-12 * t2 + 28 * t3 - 15 * t4), f = Constant(1.5 * t2 - 4 * t3 + 2.5 * t4);
        var sum = T.Zero;
        var columns = _columns;
        for (var k = 0; k < columns; k += T.Count, node += T.Count)
        {
            // The weights of both values are opposite.
            var left = T.MultiplyAdd(a, T.Load(node) - T.Load(node + 3 * columns), T.MultiplyAdd(b, T.Load(node + columns), c * T.Load(node + 2 * columns)));
            var slope = T.MultiplyAdd(e, T.Load(node + 4 * columns), T.MultiplyAdd(f, T.Load(node + 5 * columns), left));
            sum = T.MultiplyAdd(T.Load(weights + k), slope, sum);
        }

        return T.Sum(sum) / _length;
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private static T Constant(double value) => T.Broadcast(Real.Of<TNumber>(value));

    private double PlaceOf(int pair, double distance, out TNumber* node)
    {
        var place = (distance - Start) / _length;
        var piece = Math.Min((int)place, _pieces - 1);
        node = _data.Pointer + ((long)pair * (_pieces + 1) + piece) * RowsOfNode * _columns;
        return place - piece;
    }

    // At points from Reach before the first node to Reach behind the last.
    private static DenseMatrix Values(AllegroModel model, IReadOnlyList<(DenseMatrix Weights, Activation Activation)> layers, DenseMatrix matrix, int center, int neighbor, double step, int steps)
    {
        var rows = Enumerable.Range(-Reach, steps + 1 + 2 * Reach).Select(row =>
        {
            double[] inputs = new double[model.Input.Width], slopes = new double[model.Input.Width];
            model.Input.Evaluate(center, neighbor, Start + row * step, inputs, slopes);
            return inputs;
        }).ToArray();
        var values = DenseMatrix.Make(rows.Length, model.Input.Width, (row, column) => rows[row][column]);
        foreach (var (weights, activation) in layers)
        {
            var next = values.Times(weights);
            values = activation == Activation.Linear ? next : DenseMatrix.Make(next.Rows, next.Columns, (row, column) => ActivationFunction.At(activation, next[row, column]).Value);
        }

        return values.Times(matrix);
    }

    private void Fill(int pair, DenseMatrix values)
    {
        for (var n = 0; n <= _pieces; n++)
        {
            var target = _data.Pointer + ((long)pair * (_pieces + 1) + n) * RowsOfNode * _columns;
            var row = Reach + Finer * n;
            for (var k = 0; k < _columns; k++)
            {
                var middle = values[row, k];
                double first = 0, second = 0;
                for (var m = 1; m <= Reach; m++)
                {
                    double up = values[row + m, k], down = values[row - m, k];
                    first += _first[m - 1] * (up - down);
                    second += _second[m - 1] * (up - 2 * middle + down);
                }

                target[k] = Real.Of<TNumber>(middle);
                target[_columns + k] = Real.Of<TNumber>(Finer * first);
                target[2 * _columns + k] = Real.Of<TNumber>(Finer * Finer * second);
            }
        }
    }
}
