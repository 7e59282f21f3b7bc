using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>Activations of many numbers at once; <see cref="ActivationFunction"/> defines them.</summary>
internal static unsafe class VectorActivation
{
    /// <summary>Replaces numbers by their activations, with bias and timestep, and keeps the derivatives.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="count">Numbers, whole vectors.</param>
    /// <param name="values">x·W, replaced by timestep·activation(x·W + b).</param>
    /// <param name="slopes">timestep·activation′, filled.</param>
    /// <param name="bias">b.</param>
    /// <param name="timestep">Timesteps.</param>
    public static void Run<T>(Activation activation, int count, double* values, double* slopes, double* bias, double* timestep)
        where T : unmanaged, ILanes<T>
    {
        switch (activation)
        {
            case Activation.Tanh:
                RunTanh<T>(count, values, slopes, bias, timestep);
                break;
            case Activation.Linear:
                RunLinear<T>(count, values, slopes, bias, timestep);
                break;
            case Activation.Silu:
            case Activation.Sigmoid:
                RunSigmoid<T>(activation == Activation.Silu, count, values, slopes, bias, timestep);
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
    private static void RunLinear<T>(int count, double* values, double* slopes, double* bias, double* timestep)
        where T : unmanaged, ILanes<T>
    {
        for (var k = 0; k < count; k += T.Count)
        {
            var step = T.Load(timestep + k);
            (step * (T.Load(values + k) + T.Load(bias + k))).Store(values + k);
            step.Store(slopes + k);
        }
    }

    // 1 − 2/(e^2x + 1); beyond 20 it is ±1 to the last bit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTanh<T>(int count, double* values, double* slopes, double* bias, double* timestep)
        where T : unmanaged, ILanes<T>
    {
        T one = T.Broadcast(1), two = T.Broadcast(2), most = T.Broadcast(20), least = T.Broadcast(-20);
        for (var k = 0; k < count; k += T.Count)
        {
            // Not Min(Max(x, …), …) the other way round: a NaN must come out as one.
            var x = T.Load(values + k) + T.Load(bias + k);
            var bounded = T.Min(T.Max(x, least), most);
            var value = one - two / (Exponential.Of(bounded + bounded) + one);
            var step = T.Load(timestep + k);
            (step * value).Store(values + k);
            (step * T.NegatedMultiplyAdd(value, value, one)).Store(slopes + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSigmoid<T>(bool timesInput, int count, double* values, double* slopes, double* bias, double* timestep)
        where T : unmanaged, ILanes<T>
    {
        T one = T.Broadcast(1), most = T.Broadcast(700), least = T.Broadcast(-700);
        for (var k = 0; k < count; k += T.Count)
        {
            var x = T.Load(values + k) + T.Load(bias + k);
            var share = one / (one + Exponential.Of(T.Zero - T.Min(T.Max(x, least), most)));
            var rest = one - share;
            var step = T.Load(timestep + k);
            (step * (timesInput ? x * share : share)).Store(values + k);
            (step * (timesInput ? share * T.MultiplyAdd(x, rest, one) : share * rest)).Store(slopes + k);
        }
    }
}
