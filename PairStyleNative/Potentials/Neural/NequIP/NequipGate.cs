using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>The gates of a batch, forwards and back; activations are computed in double. One instance serves one thread.</summary>
internal sealed unsafe class NequipGate<T, TNumber, TDouble> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TDouble : unmanaged, ILanes<TDouble>
{
    private readonly NativeArray<double> _memory = new();
    private readonly NativeArray<TNumber> _active = new();
    private double* _values;
    private double* _slopes;
    private double* _factors;
    private double* _zeros;

    /// <summary>From what goes in to new features.</summary>
    public void Forward(GateStep[] steps, BatchRows<TNumber> mixed, int count, BatchRows<TNumber> features)
    {
        foreach (var step in steps)
        {
            Prepare(step);
            for (var c = 0; c < count; c++)
            {
                Activate(step, mixed, c);
                var active = _active.Pointer;
                TNumber* target = features.Of(step.Target, c), own = mixed.Of(step.Own, c) + step.Column;
                for (var m = 0; m < step.Target.Dimension; m++, target += step.Width, own += step.Own.Width)
                {
                    for (var k = 0; k < step.Width; k += T.Count)
                    {
                        (step.IsGated ? T.Load(active + k) * T.Load(own + k) : T.Load(active + k)).Store(target + k);
                    }
                }
            }
        }
    }

    /// <summary>From the derivatives by new features to those by what went in, of which all are set.</summary>
    public void Backward(GateStep[] steps, BatchRows<TNumber> mixed, BatchRows<TNumber> featureSlopes, int count, BatchRows<TNumber> mixedSlopes)
    {
        foreach (var step in steps)
        {
            Prepare(step);
            for (var c = 0; c < count; c++)
            {
                Activate(step, mixed, c);
                TNumber* active = _active.Pointer, slopes = active + step.Width;
                for (var k = 0; k < step.Width; k++)
                {
                    slopes[k] = Real.Of<TNumber>(_slopes[k]);
                }

                Backward(step, featureSlopes.Of(step.Target, c), mixed.Of(step.Own, c) + step.Column, mixedSlopes.Of(step.Own, c) + step.Column, mixedSlopes.Of(step.Scalars, c) + step.ScalarColumn);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _active.Dispose();
    }

    private void Backward(GateStep step, TNumber* slope, TNumber* own, TNumber* ownSlope, TNumber* scalarSlope)
    {
        TNumber* active = _active.Pointer, slopes = active + step.Width;
        for (var k = 0; k < step.Width; k += T.Count)
        {
            var sum = step.IsGated ? T.Zero : T.Load(slope + k);
            for (var m = 0; m < step.Target.Dimension && step.IsGated; m++)
            {
                var one = T.Load(slope + m * step.Width + k);
                sum = T.MultiplyAdd(one, T.Load(own + m * step.Own.Width + k), sum);
                (one * T.Load(active + k)).Store(ownSlope + m * step.Own.Width + k);
            }

            (sum * T.Load(slopes + k)).Store(scalarSlope + k);
        }
    }

    private void Prepare(GateStep step)
    {
        _values = _memory.Reserve(4L * step.Width);
        _slopes = _values + step.Width;
        _factors = _slopes + step.Width;
        _zeros = _factors + step.Width;
        new Span<double>(_factors, step.Width).Fill(step.Factor);
        new Span<double>(_zeros, step.Width).Clear();
        _active.Reserve(2L * step.Width);
    }

    private void Activate(GateStep step, BatchRows<TNumber> mixed, int center)
    {
        var source = mixed.Of(step.Scalars, center) + step.ScalarColumn;
        for (var k = 0; k < step.Width; k++)
        {
            _values[k] = Real.From(source[k]);
        }

        DoubleActivation<TDouble>.Run(step.Activation, step.Width, _values, _slopes, _zeros, _factors);
        for (var k = 0; k < step.Width; k++)
        {
            _active.Pointer[k] = Real.Of<TNumber>(_values[k]);
        }
    }
}
