using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>Activations of many numbers of one precision at once; <see cref="ActivationFunction"/> defines them.</summary>
internal unsafe interface IActivationKernel<TNumber>
    where TNumber : unmanaged
{
    /// <summary>Replaces numbers by their activations, with bias and timestep, and keeps the derivatives.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="count">Numbers, whole vectors.</param>
    /// <param name="values">x·W, replaced by timestep·activation(x·W + b).</param>
    /// <param name="slopes">timestep·activation′, filled.</param>
    /// <param name="bias">b.</param>
    /// <param name="timestep">Timesteps.</param>
    static abstract void Run(Activation activation, int count, TNumber* values, TNumber* slopes, TNumber* bias, TNumber* timestep);
}

/// <summary>An activation of the numbers of a vector.</summary>
internal interface IActivationRule<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Value and derivative.</summary>
    static abstract (T Value, T Slope) Of(T x);
}

/// <summary>1 − 2/(e^2x + 1); beyond 20 it is ±1 to the last bit.</summary>
internal readonly struct TanhRule<T> : IActivationRule<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Of(T x)
    {
        // Not Min(Max(x, …), …) the other way round: a NaN must come out as one.
        var one = T.Broadcast(1);
        var bounded = T.Min(T.Max(x, T.Broadcast(-20)), T.Broadcast(20));
        var value = one - T.Broadcast(2) / (Exponential.Of(bounded + bounded) + one);
        return (value, T.NegatedMultiplyAdd(value, value, one));
    }
}

/// <summary>1/(1 + e^−x).</summary>
internal readonly struct SigmoidRule<T> : IActivationRule<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Of(T x)
    {
        var one = T.Broadcast(1);
        var share = one / (one + Exponential.Of(T.Zero - T.Min(T.Max(x, T.Broadcast(-700)), T.Broadcast(700))));
        return (share, share * (one - share));
    }
}

/// <summary>x/(1 + e^−x).</summary>
internal readonly struct SiluRule<T> : IActivationRule<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Of(T x) => DoubleSilu<T>.Of(x);
}

/// <summary>x.</summary>
internal readonly struct LinearRule<T> : IActivationRule<T>
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Slope) Of(T x) => (x, T.Broadcast(1));
}

/// <summary>Of doubles.</summary>
internal readonly unsafe struct DoubleActivation<T> : IActivationKernel<double>
    where T : unmanaged, ILanes<T>
{
    public static void Run(Activation activation, int count, double* values, double* slopes, double* bias, double* timestep)
    {
        switch (activation)
        {
            case Activation.Tanh:
                Apply<TanhRule<T>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Linear:
                Apply<LinearRule<T>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Silu:
                Apply<SiluRule<T>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Sigmoid:
                Apply<SigmoidRule<T>>(count, values, slopes, bias, timestep);
                break;
            default:
                for (var k = 0; k < count; k++)
                {
                    var (value, slope) = ActivationFunction.At(activation, values[k] + bias[k]);
                    values[k] = timestep[k] * value;
                    slopes[k] = timestep[k] * slope;
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TRule>(int count, double* values, double* slopes, double* bias, double* timestep)
        where TRule : struct, IActivationRule<T>
    {
        for (var k = 0; k < count; k += T.Count)
        {
            var (value, slope) = TRule.Of(T.Load(values + k) + T.Load(bias + k));
            var step = T.Load(timestep + k);
            (step * value).Store(values + k);
            (step * slope).Store(slopes + k);
        }
    }
}

/// <summary>Of floats, computed as doubles: beside the products of matrices around it, it takes little time.</summary>
internal readonly unsafe struct SingleActivation<T, TDouble> : IActivationKernel<float>
    where T : unmanaged, ISingleLanes<T, TDouble>
    where TDouble : unmanaged, ILanes<TDouble>
{
    public static void Run(Activation activation, int count, float* values, float* slopes, float* bias, float* timestep)
    {
        switch (activation)
        {
            case Activation.Tanh:
                Apply<TanhRule<TDouble>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Linear:
                Apply<LinearRule<TDouble>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Silu:
                Apply<SiluRule<TDouble>>(count, values, slopes, bias, timestep);
                break;
            case Activation.Sigmoid:
                Apply<SigmoidRule<TDouble>>(count, values, slopes, bias, timestep);
                break;
            default:
                for (var k = 0; k < count; k++)
                {
                    var (value, slope) = ActivationFunction.At(activation, (double)values[k] + bias[k]);
                    values[k] = (float)(timestep[k] * value);
                    slopes[k] = (float)(timestep[k] * slope);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TRule>(int count, float* values, float* slopes, float* bias, float* timestep)
        where TRule : struct, IActivationRule<TDouble>
    {
        for (var k = 0; k < count; k += T.Count)
        {
            var x = T.Load(values + k) + T.Load(bias + k);
            var (lower, lowerSlope) = TRule.Of(T.WidenLower(x));
            var (upper, upperSlope) = TRule.Of(T.WidenUpper(x));
            var step = T.Load(timestep + k);
            (step * T.Narrow(lower, upper)).Store(values + k);
            (step * T.Narrow(lowerSlope, upperSlope)).Store(slopes + k);
        }
    }
}
