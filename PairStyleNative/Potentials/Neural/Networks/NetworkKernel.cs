using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>Rows of numbers from which a network takes its inputs.</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="PlaceOf">Where in a row an input is; several may be in one place.</param>
/// <param name="Factor">What an input is, over what is in its place.</param>
internal sealed record InputRows(int Width, Func<int, int> PlaceOf, double Factor);

/// <summary>
/// A <see cref="DenseNetwork"/> ready for many inputs at once, in vectors of T. Immutable; work memory is a <see cref="NetworkWork{TNumber}"/> for each thread.
/// Inputs are the rows of a matrix, whose products with the weights are <see cref="MatrixProduct"/>s.
/// </summary>
internal sealed unsafe class NetworkKernel<T, TNumber, TActivation> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TActivation : struct, IActivationKernel<TNumber>
{
    private readonly NetworkLayer<T, TNumber>[] _layers;
    private readonly int[] _strides;

    /// <summary>Packs the weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">What the inputs are taken from; null: rows of the inputs in their own order.</param>
    /// <param name="gradients">Whether <see cref="Backward"/> is wanted, which takes the weights a second time, transposed.</param>
    public NetworkKernel(DenseNetwork network, InputRows? rows = null, bool gradients = true)
    {
        _layers = [.. network.Layers.Select((layer, k) => new NetworkLayer<T, TNumber>(layer, k == 0 ? rows : null, gradients))];
        _strides = [.. _layers.Select(layer => layer.Stride)];
        LargestStride = _layers.Max(layer => Math.Max(layer.Stride, layer.GradientStride));
    }

    /// <summary>From row to row of the output.</summary>
    public int OutputStride => _strides[^1];

    /// <summary>From row to row of ∂/∂input.</summary>
    public int GradientStride => _layers[0].GradientStride;

    /// <summary>Numbers of the largest rows: of values, slopes and gradients.</summary>
    internal int LargestStride { get; }

    internal ReadOnlySpan<int> Strides => _strides;

    /// <summary>Output for every row.</summary>
    /// <param name="work">Holds what <see cref="Backward"/> and <see cref="Tangents"/> need.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="input"><c>[rows, rounded up to <see cref="MatrixProduct.RowBlock"/>][stride]</c>.</param>
    /// <param name="stride">From row to row.</param>
    /// <returns><c>[rows][<see cref="OutputStride"/>]</c>, until the work memory is used again.</returns>
    public TNumber* Forward(NetworkWork<TNumber> work, int rows, TNumber* input, long stride)
    {
        var padded = Padded(rows);
        work.Reserve(_strides, LargestStride, padded);
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var values = work.Values(k);
            layer.Multiply(padded, input, stride, values);
            for (var row = 0; row < padded; row++)
            {
                TActivation.Run(layer.Activation, layer.Stride, values + (long)row * layer.Stride, work.Slopes(k) + (long)row * layer.Stride, layer.Bias, layer.Timestep);
            }

            layer.AddInput(padded, input, stride, values);
            input = values;
            stride = layer.Stride;
        }

        return input;
    }

    /// <summary>∂(Σ weight·output)/∂input of every row after <see cref="Forward"/>.</summary>
    /// <param name="work">As it was left.</param>
    /// <param name="rows">As before.</param>
    /// <param name="weights">Of the outputs of every row, <c>[rows][<see cref="OutputStride"/>]</c>; what fills rows up is zero; replaced.</param>
    /// <returns><c>[rows][<see cref="GradientStride"/>]</c>, until the work memory is used again.</returns>
    public TNumber* Backward(NetworkWork<TNumber> work, int rows, TNumber* weights)
    {
        var padded = Padded(rows);
        for (var k = _layers.Length - 1; k >= 0; k--)
        {
            var layer = _layers[k];
            // What skips the layer goes round the multiplication.
            var scaled = layer.Copies > 0 ? work.Scratch : weights;
            Multiply(padded * (long)layer.Stride, weights, work.Slopes(k), scaled);
            var gradient = work.Gradient(k & 1);
            layer.MultiplyBack(padded, scaled, gradient);
            layer.AddOutput(padded, weights, gradient);
            weights = gradient;
        }

        return weights;
    }

    /// <summary>d(output)/d(input) of networks of one input after <see cref="Forward"/>.</summary>
    /// <returns>As <see cref="Forward"/>.</returns>
    public TNumber* Tangents(NetworkWork<TNumber> work, int rows, TNumber* ones, long stride)
    {
        var padded = Padded(rows);
        var input = ones;
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var tangents = work.Gradient(k & 1);
            layer.Multiply(padded, input, stride, tangents);
            Multiply(padded * (long)layer.Stride, tangents, work.Slopes(k), tangents);
            layer.AddInput(padded, input, stride, tangents);
            input = tangents;
            stride = layer.Stride;
        }

        return input;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }
    }

    private static int Padded(int rows) => (rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(long count, TNumber* a, TNumber* b, TNumber* target)
    {
        for (var k = 0L; k < count; k += T.Count)
        {
            (T.Load(a + k) * T.Load(b + k)).Store(target + k);
        }
    }
}

/// <summary>Work memory of one thread for networks, of the largest it was used for.</summary>
internal sealed unsafe class NetworkWork<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _memory = new();
    private long[] _values = [];
    private long[] _slopes = [];
    private long _wide;
    private long _rest;

    /// <summary>Makes room.</summary>
    /// <param name="strides">Of the layers.</param>
    /// <param name="largest">Numbers of the largest rows.</param>
    /// <param name="rows">Rows.</param>
    public void Reserve(ReadOnlySpan<int> strides, int largest, int rows)
    {
        if (_values.Length < strides.Length)
        {
            _values = new long[strides.Length];
            _slopes = new long[strides.Length];
        }

        var used = 0L;
        for (var k = 0; k < strides.Length; k++)
        {
            var size = (long)rows * strides[k];
            _values[k] = used;
            _slopes[k] = used + size;
            used += 2 * size;
        }

        _rest = used;
        _wide = (long)rows * largest;
        _memory.Reserve(used + 3 * _wide);
    }

    /// <summary>Output of a layer.</summary>
    public TNumber* Values(int layer) => _memory.Pointer + _values[layer];

    /// <summary>Derivatives of a layer's activations.</summary>
    public TNumber* Slopes(int layer) => _memory.Pointer + _slopes[layer];

    /// <summary>Two in turn.</summary>
    public TNumber* Gradient(int which) => _memory.Pointer + _rest + which * _wide;

    /// <summary>For one layer at a time.</summary>
    public TNumber* Scratch => _memory.Pointer + _rest + 2 * _wide;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
