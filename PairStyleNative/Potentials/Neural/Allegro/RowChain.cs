using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// What comes behind the first product of a network, for many rows at once: activation, product, activation, … The first product is done by others, which know that its input is a sum. Widths are
/// whole strips; what fills them up is zero. Immutable but for <see cref="ChainWork{TNumber}"/>.
/// </summary>
internal sealed unsafe class RowChain<T, TNumber, TSilu> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    private readonly int[] _widths;
    private readonly bool[] _active;
    private readonly StripMatrix<TNumber>[] _forward;
    private readonly StripMatrix<TNumber>[] _backward;

    /// <summary>Packs a network.</summary>
    /// <param name="first">Width of what comes in.</param>
    /// <param name="active">Whether that is activated.</param>
    /// <param name="layers">The layers behind.</param>
    /// <param name="placed">Which output of the last layer is in a place, or −1; null: as they are.</param>
    /// <param name="output">Places, where they are told.</param>
    public RowChain(int first, bool active, IReadOnlyList<(DenseMatrix Weights, Activation Activation)> layers, Func<int, int>? placed, int output)
    {
        _widths = new int[layers.Count + 1];
        _active = [active, .. layers.Select(layer => layer.Activation == Activation.Silu)];
        _widths[0] = first;
        _forward = new StripMatrix<TNumber>[layers.Count];
        _backward = new StripMatrix<TNumber>[layers.Count];
        for (var k = 0; k < layers.Count; k++)
        {
            var weights = layers[k].Weights;
            var isLast = k == layers.Count - 1 && placed is not null;
            _widths[k + 1] = Strips.Whole<T, TNumber>(isLast ? output : weights.Columns);
            double At(int row, int column)
            {
                var source = isLast ? column < output ? placed!(column) : -1 : column < weights.Columns ? column : -1;
                return row < weights.Rows && source >= 0 ? weights[row, source] : 0;
            }

            _forward[k] = Strips.Pack<T, TNumber>(_widths[k], _widths[k + 1], At);
            _backward[k] = Strips.Pack<T, TNumber>(_widths[k + 1], _widths[k], (row, column) => At(column, row));
        }
    }

    /// <summary>Numbers of a row that comes in.</summary>
    public int InputWidth => _widths[0];

    /// <summary>Numbers of a row that comes out.</summary>
    public int OutputWidth => _widths[^1];

    /// <summary>Activated outputs, and what slopes need, of every row. Rows are <see cref="Strips.Stride{TNumber}"/> of their width apart.</summary>
    /// <param name="work">Keeps them.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="input">Changed: activated.</param>
    public TNumber* Forward(ChainWork<TNumber> work, int rows, TNumber* input)
    {
        work.Reserve(rows, _widths);
        for (var k = 0; k < _widths.Length; k++)
        {
            var stride = Strips.Stride<TNumber>(_widths[k]);
            if (_active[k])
            {
                for (var row = 0L; row < rows; row++)
                {
                    TSilu.Run(_widths[k], input + row * stride, work.Slopes(k) + row * stride);
                }
            }

            if (k < _forward.Length)
            {
                var next = work.Values(k + 1);
                var nextStride = Strips.Stride<TNumber>(_widths[k + 1]);
                new Span<TNumber>(next, checked(rows * nextStride)).Clear();
                StripProduct.Add<T, TNumber>(rows, input, stride, _forward[k], next, nextStride);
                input = next;
            }
        }

        return input;
    }

    /// <summary>∂/∂input from ∂/∂output, which is changed.</summary>
    /// <returns>Of every row, until the work memory is used again.</returns>
    public TNumber* Backward(ChainWork<TNumber> work, int rows, TNumber* gradient)
    {
        for (var k = _widths.Length - 1; k >= 0; k--)
        {
            var stride = Strips.Stride<TNumber>(_widths[k]);
            if (_active[k])
            {
                Multiply((long)rows * stride, gradient, work.Slopes(k));
            }

            if (k > 0)
            {
                // The values of a layer are not needed any more.
                var next = k > 1 ? work.Values(k - 1) : work.First;
                var nextStride = Strips.Stride<TNumber>(_widths[k - 1]);
                new Span<TNumber>(next, checked(rows * nextStride)).Clear();
                StripProduct.Add<T, TNumber>(rows, gradient, stride, _backward[k - 1], next, nextStride);
                gradient = next;
            }
        }

        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var matrix in _forward.Concat(_backward))
        {
            matrix.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(long count, TNumber* target, TNumber* factors)
    {
        for (var k = 0L; k < count; k += T.Count)
        {
            (T.Load(target + k) * T.Load(factors + k)).Store(target + k);
        }
    }
}

/// <summary>Rows of whole strips.</summary>
internal static unsafe class Strips
{
    private const int Line = 64, Critical = 1024;

    /// <summary>Numbers of a strip.</summary>
    public static int Size<T, TNumber>()
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged => 2 * T.Count;

    /// <summary>A width in whole strips.</summary>
    public static int Whole<T, TNumber>(int width)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged => (width + Size<T, TNumber>() - 1) / Size<T, TNumber>() * Size<T, TNumber>();

    /// <summary>From row to row, in whole lines of cache: rows that are a power of two apart would share a few of its sets.</summary>
    public static int Stride<TNumber>(int width)
        where TNumber : unmanaged
    {
        var lines = (width * sizeof(TNumber) + Line - 1) / Line;
        return (lines * Line % Critical == 0 ? lines + 1 : lines) * Line / sizeof(TNumber);
    }

    /// <summary>Packs a matrix; columns are whole strips.</summary>
    public static StripMatrix<TNumber> Pack<T, TNumber>(int rows, int columns, Func<int, int, double> at)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged => new(rows, columns, at, Size<T, TNumber>());
}

/// <summary>Work memory of a <see cref="RowChain{T, TNumber, TSilu}"/> between forward and backward.</summary>
internal sealed unsafe class ChainWork<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _memory = new();
    private long[] _values = [];
    private long[] _slopes = [];

    /// <summary>Makes room; slopes of what fills rows up are zero or anything finite.</summary>
    public void Reserve(int rows, int[] widths)
    {
        if (_values.Length < widths.Length)
        {
            (_values, _slopes) = (new long[widths.Length], new long[widths.Length]);
        }

        var used = 0L;
        for (var k = 0; k < widths.Length; k++)
        {
            var size = (long)rows * Strips.Stride<TNumber>(widths[k]);
            _values[k] = used;
            _slopes[k] = used + size;
            used += 2 * size;
        }

        _memory.Reserve(used);
    }

    /// <summary>Values of a layer, from 1 on.</summary>
    public TNumber* Values(int layer) => _memory.Pointer + _values[layer];

    /// <summary>Where the gradient of the input is made.</summary>
    public TNumber* First => _memory.Pointer + _values[0];

    /// <summary>Derivatives of a layer's activations.</summary>
    public TNumber* Slopes(int layer) => _memory.Pointer + _slopes[layer];

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
