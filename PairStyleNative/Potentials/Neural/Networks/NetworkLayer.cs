using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>
/// A <see cref="DenseLayer"/> packed for vectors of T. A layer of one output, as networks of energies end, is a product with a vector each way: a panel of a matrix product would be nearly all zeros. Immutable.
/// </summary>
internal sealed unsafe class NetworkLayer<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _bias = new();
    private readonly NativeArray<TNumber> _timestep = new();
    private readonly NativeArray<TNumber> _vector = new();
    private readonly PackedMatrix<TNumber>? _weights;
    private readonly PackedMatrix<TNumber>? _transposed;
    private readonly int _inputs;
    private readonly int _width;

    // Where what skips a layer is in a row that is not in the order of the inputs, and its factor.
    private readonly int[]? _skipped;
    private readonly double _skippedFactor;

    public NetworkLayer(DenseLayer layer, InputRows? rows, bool gradients)
    {
        Activation = layer.Activation;
        Copies = layer.Copies;
        _inputs = layer.Inputs;
        _width = rows?.Width ?? layer.Inputs;
        if (rows is not null && Copies > 0)
        {
            _skipped = [.. Enumerable.Range(0, layer.Inputs).Select(rows.PlaceOf)];
            _skippedFactor = rows.Factor;
        }

        var weights = Placed(layer, rows);
        double At(int place, int output) => weights[place * layer.Outputs + output];
        if (layer.Outputs == 1)
        {
            // As wide as matrices make rows: layers meet in them.
            var panel = PackedMatrix<TNumber>.PanelVectors * T.Count;
            GradientStride = (_width + panel - 1) / panel * panel;
            Stride = panel;
            Fill(_vector.Reserve(GradientStride), GradientStride, k => k < _width ? At(k, 0) : 0);
        }
        else
        {
            _weights = new PackedMatrix<TNumber>(_width, layer.Outputs, At, T.Count);
            _transposed = gradients ? new PackedMatrix<TNumber>(layer.Outputs, _width, (row, column) => At(column, row), T.Count) : null;
            Stride = _weights.PaddedColumns;
            GradientStride = _transposed?.PaddedColumns ?? 0;
        }

        Fill(_bias.Reserve(Stride), Stride, k => k < layer.Outputs && layer.Bias is { } bias ? bias[k] : 0);
        // What fills a row up stays zero, whatever the activation of zero is.
        Fill(_timestep.Reserve(Stride), Stride, k => k >= layer.Outputs ? 0 : layer.Timestep is { } step ? step[k] : 1);
    }

    /// <summary>The activation.</summary>
    public Activation Activation { get; }

    /// <summary>How many times the input is added to the output.</summary>
    public int Copies { get; }

    /// <summary>From row to row of the output.</summary>
    public int Stride { get; }

    /// <summary>From row to row of the gradient by the input.</summary>
    public int GradientStride { get; }

    /// <summary>As long as a row of the output.</summary>
    public TNumber* Bias => _bias.Pointer;

    /// <summary>As long as a row of the output.</summary>
    public TNumber* Timestep => _timestep.Pointer;

    /// <summary>output = input·W.</summary>
    public void Multiply(int rows, TNumber* input, long stride, TNumber* output)
    {
        if (_weights is not null)
        {
            MatrixProduct.Run<T, TNumber>(rows, input, stride, _weights, output, Stride);
            return;
        }

        for (var row = 0; row < rows; row++)
        {
            new Span<TNumber>(output + (long)row * Stride, Stride).Clear();
            output[(long)row * Stride] = Real.Of<TNumber>(Dot(input + row * stride));
        }
    }

    /// <summary>gradient = output·Wᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyBack(int rows, TNumber* output, TNumber* gradient)
    {
        if (_transposed is not null)
        {
            MatrixProduct.Run<T, TNumber>(rows, output, Stride, _transposed, gradient, GradientStride);
            return;
        }

        var vector = _vector.Pointer;
        for (var row = 0; row < rows; row++, output += Stride, gradient += GradientStride)
        {
            var factor = T.Broadcast(*output);
            for (var k = 0; k < GradientStride; k += T.Count)
            {
                (factor * T.Load(vector + k)).Store(gradient + k);
            }
        }
    }

    /// <summary>Adds the input to the output, once or twice.</summary>
    public void AddInput(int rows, TNumber* input, long stride, TNumber* output)
    {
        for (var row = 0; row < rows && Copies > 0; row++)
        {
            TNumber* source = input + row * stride, target = output + (long)row * Stride;
            if (_skipped is not null)
            {
                for (var o = 0; o < Copies * _inputs; o++)
                {
                    target[o] = Sum(target[o], _skippedFactor, source[_skipped[o % _inputs]]);
                }

                continue;
            }

            for (var copy = 0; copy < Copies; copy++)
            {
                Add(_inputs, source, target + copy * _inputs);
            }
        }
    }

    /// <summary>The adjoint of <see cref="AddInput"/>.</summary>
    public void AddOutput(int rows, TNumber* output, TNumber* gradient)
    {
        for (var row = 0; row < rows && Copies > 0; row++)
        {
            TNumber* source = output + (long)row * Stride, target = gradient + (long)row * GradientStride;
            if (_skipped is not null)
            {
                for (var o = 0; o < Copies * _inputs; o++)
                {
                    ref var place = ref target[_skipped[o % _inputs]];
                    place = Sum(place, _skippedFactor, source[o]);
                }

                continue;
            }

            for (var copy = 0; copy < Copies; copy++)
            {
                Add(_inputs, source + copy * _inputs, target);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights?.Dispose();
        _transposed?.Dispose();
        _bias.Dispose();
        _timestep.Dispose();
        _vector.Dispose();
    }

    // [places][outputs]: inputs that are in one place have one weight, their sum.
    private static double[] Placed(DenseLayer layer, InputRows? rows)
    {
        if (rows is null)
        {
            return layer.Weights;
        }

        var weights = new double[rows.Width * layer.Outputs];
        for (var input = 0; input < layer.Inputs; input++)
        {
            var place = rows.PlaceOf(input);
            for (var output = 0; output < layer.Outputs; output++)
            {
                weights[place * layer.Outputs + output] += rows.Factor * layer.Weights[input * layer.Outputs + output];
            }
        }

        return weights;
    }

    private static void Fill(TNumber* target, int count, Func<int, double> at)
    {
        for (var k = 0; k < count; k++)
        {
            target[k] = Real.Of<TNumber>(at(k));
        }
    }

    private static TNumber Sum(TNumber a, double factor, TNumber b) => Real.Of<TNumber>(Real.From(a) + factor * Real.From(b));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Dot(TNumber* input)
    {
        var vector = _vector.Pointer;
        T sum = T.Zero, other = T.Zero;
        var k = 0;
        for (; k + 2 * T.Count <= _width; k += 2 * T.Count)
        {
            sum = T.MultiplyAdd(T.Load(input + k), T.Load(vector + k), sum);
            other = T.MultiplyAdd(T.Load(input + k + T.Count), T.Load(vector + k + T.Count), other);
        }

        var rest = 0.0;
        for (; k < _width; k++)
        {
            rest += Real.From(input[k]) * Real.From(vector[k]);
        }

        return rest + T.Sum(sum + other);
    }

    // Either end may lie anywhere: copies of an input need not begin at whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(int count, TNumber* source, TNumber* target)
    {
        var k = 0;
        for (; k + T.Count <= count; k += T.Count)
        {
            Unsafe.WriteUnaligned(target + k, Unsafe.ReadUnaligned<T>(target + k) + Unsafe.ReadUnaligned<T>(source + k));
        }

        for (; k < count; k++)
        {
            target[k] = Sum(target[k], 1, source[k]);
        }
    }
}
