using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>
/// A <see cref="DenseNetwork"/> ready for many inputs at once, in vectors of T. Immutable; work memory is a <see cref="NetworkWork{T}"/> for each thread.
/// Inputs are the rows of a matrix, whose products with the weights are <see cref="MatrixProduct"/>s.
/// </summary>
internal sealed unsafe class NetworkKernel<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly Layer[] _layers;

    /// <summary>Packs the weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">Width of the input rows.</param>
    /// <param name="inputAt">Which input of the network is at each place of a row, or −1: a place that does not count.</param>
    /// <param name="gradients">Whether <see cref="Backward"/> is wanted, which takes the weights a second time, transposed.</param>
    public NetworkKernel(DenseNetwork network, int inputs, Func<int, int> inputAt, bool gradients)
    {
        _layers = [.. network.Layers.Select((layer, k) => new Layer(layer, k == 0 ? inputs : layer.Inputs, k == 0 ? inputAt : static place => place, gradients))];
        InputWidth = inputs;
        LargestStride = _layers.Max(layer => Math.Max(layer.Stride, layer.Transposed?.PaddedColumns ?? 0));
    }

    /// <summary>Packs the weights for rows of the network's inputs in their own order.</summary>
    public NetworkKernel(DenseNetwork network, bool gradients = true)
        : this(network, network.Inputs, static place => place, gradients)
    {
    }

    /// <summary>Numbers of an input row.</summary>
    public int InputWidth { get; }

    /// <summary>From row to row of the output.</summary>
    public int OutputStride => _layers[^1].Stride;

    /// <summary>From row to row of ∂/∂input.</summary>
    public int GradientStride => _layers[0].Transposed!.PaddedColumns;

    /// <summary>Numbers of the largest rows: of values, slopes and gradients.</summary>
    internal int LargestStride { get; }

    internal int LayerCount => _layers.Length;

    internal int StrideOf(int layer) => _layers[layer].Stride;

    /// <summary>Output for every row.</summary>
    /// <param name="work">Holds what <see cref="Backward"/> and <see cref="Tangents"/> need.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="input"><c>double[rows, rounded up to <see cref="MatrixProduct.RowBlock"/>][stride]</c>.</param>
    /// <param name="stride">From row to row.</param>
    /// <returns><c>double[rows][<see cref="OutputStride"/>]</c>, until the work memory is used again.</returns>
    public double* Forward(NetworkWork<T> work, int rows, double* input, long stride)
    {
        var padded = (rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        work.Reserve(this, padded);
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var values = work.Values(k);
            MatrixProduct.Run<T>(padded, input, stride, layer.Weights, values, layer.Stride);
            for (var row = 0; row < padded; row++)
            {
                VectorActivation.Run<T>(layer.Activation, layer.Stride, values + (long)row * layer.Stride, work.Slopes(k) + (long)row * layer.Stride, layer.Bias, layer.Timestep);
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
    /// <param name="weights">Of the outputs of every row, <c>double[rows][<see cref="OutputStride"/>]</c>; what fills rows up is zero; replaced.</param>
    /// <returns><c>double[rows][<see cref="GradientStride"/>]</c>, until the work memory is used again.</returns>
    public double* Backward(NetworkWork<T> work, int rows, double* weights)
    {
        var padded = (rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        for (var k = _layers.Length - 1; k >= 0; k--)
        {
            var layer = _layers[k];
            // What skips the layer goes round the multiplication.
            var scaled = layer.Copies > 0 ? work.Scratch : weights;
            Multiply(padded * (long)layer.Stride, weights, work.Slopes(k), scaled);
            var gradient = work.Gradient(k & 1);
            MatrixProduct.Run<T>(padded, scaled, layer.Stride, layer.Transposed!, gradient, layer.Transposed!.PaddedColumns);
            layer.AddOutput(padded, weights, gradient);
            weights = gradient;
        }

        return weights;
    }

    /// <summary>d(output)/d(input) of networks of one input after <see cref="Forward"/>.</summary>
    /// <returns>As <see cref="Forward"/>.</returns>
    public double* Tangents(NetworkWork<T> work, int rows, double* ones, long stride)
    {
        var padded = (rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        double* input = ones;
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var tangents = work.Gradient(k & 1);
            MatrixProduct.Run<T>(padded, input, stride, layer.Weights, tangents, layer.Stride);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(long count, double* a, double* b, double* target)
    {
        for (var k = 0L; k < count; k += T.Count)
        {
            (T.Load(a + k) * T.Load(b + k)).Store(target + k);
        }
    }

    private sealed class Layer : IDisposable
    {
        private readonly NativeArray<double> _bias = new();
        private readonly NativeArray<double> _timestep = new();
        private readonly int _inputs;

        public Layer(DenseLayer layer, int width, Func<int, int> inputAt, bool gradients)
        {
            double At(int place, int output) => inputAt(place) is >= 0 and var input ? layer.Weights[input * layer.Outputs + output] : 0;
            Weights = new PackedMatrix(width, layer.Outputs, At, T.Count);
            Activation = layer.Activation;
            Copies = layer.Copies;
            _inputs = layer.Inputs;
            Transposed = gradients ? new PackedMatrix(Weights.PaddedColumns, width, (row, column) => row < layer.Outputs ? At(column, row) : 0, T.Count) : null;
            double* bias = _bias.Reserve(Stride), step = _timestep.Reserve(Stride);
            for (var k = 0; k < Stride; k++)
            {
                bias[k] = k < layer.Outputs && layer.Bias is { } one ? one[k] : 0;
                // What fills a row up stays zero, whatever the activation of zero is.
                step[k] = k >= layer.Outputs ? 0 : layer.Timestep is { } other ? other[k] : 1;
            }
        }

        public PackedMatrix Weights { get; }

        public PackedMatrix? Transposed { get; }

        public Activation Activation { get; }

        public int Copies { get; }

        public int Stride => Weights.PaddedColumns;

        public double* Bias => _bias.Pointer;

        public double* Timestep => _timestep.Pointer;

        /// <summary>Adds the input to the output, once or twice.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddInput(int rows, double* input, long stride, double* output)
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                for (var row = 0; row < rows; row++)
                {
                    double* source = input + row * stride, target = output + (long)row * Stride + copy * _inputs;
                    for (var k = 0; k < _inputs; k++)
                    {
                        target[k] += source[k];
                    }
                }
            }
        }

        /// <summary>The adjoint of <see cref="AddInput"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddOutput(int rows, double* output, double* gradient)
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                for (var row = 0; row < rows; row++)
                {
                    double* source = output + (long)row * Stride + copy * _inputs, target = gradient + (long)row * Transposed!.PaddedColumns;
                    for (var k = 0; k < _inputs; k++)
                    {
                        target[k] += source[k];
                    }
                }
            }
        }

        public void Dispose()
        {
            Weights.Dispose();
            Transposed?.Dispose();
            _bias.Dispose();
            _timestep.Dispose();
        }
    }
}

/// <summary>Work memory of one thread for networks, of the largest it was used for.</summary>
internal sealed unsafe class NetworkWork<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly NativeArray<double> _memory = new();
    private long[] _values = [];
    private long[] _slopes = [];
    private long _wide;
    private long _rest;

    /// <summary>Makes room.</summary>
    public void Reserve(NetworkKernel<T> kernel, int rows)
    {
        if (_values.Length < kernel.LayerCount)
        {
            _values = new long[kernel.LayerCount];
            _slopes = new long[kernel.LayerCount];
        }

        var used = 0L;
        for (var k = 0; k < kernel.LayerCount; k++)
        {
            var size = (long)rows * kernel.StrideOf(k);
            _values[k] = used;
            _slopes[k] = used + size;
            used += 2 * size;
        }

        _rest = used;
        _wide = (long)rows * kernel.LargestStride;
        _memory.Reserve(used + 3 * _wide);
    }

    /// <summary>Output of a layer.</summary>
    public double* Values(int layer) => _memory.Pointer + _values[layer];

    /// <summary>Derivatives of a layer's activations.</summary>
    public double* Slopes(int layer) => _memory.Pointer + _slopes[layer];

    /// <summary>Two in turn.</summary>
    public double* Gradient(int which) => _memory.Pointer + _rest + which * _wide;

    /// <summary>For one layer at a time.</summary>
    public double* Scratch => _memory.Pointer + _rest + 2 * _wide;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
