using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary><see cref="Activation.Silu"/> of many numbers of one precision, without bias.</summary>
internal unsafe interface ISiluKernel<TNumber>
    where TNumber : unmanaged
{
    /// <summary>Replaces numbers by their activations and keeps the derivatives.</summary>
    /// <param name="count">Numbers, whole vectors.</param>
    /// <param name="values">x, replaced by silu(x).</param>
    /// <param name="slopes">silu′(x), filled.</param>
    static abstract void Run(int count, TNumber* values, TNumber* slopes);
}

/// <summary>Of doubles.</summary>
internal readonly unsafe struct DoubleSilu<T> : ISiluKernel<double>
    where T : unmanaged, ILanes<T>
{
    // Beyond it silu is x or 0 to the last bit that counts.
    private const double Most = 700;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int count, double* values, double* slopes)
    {
        for (var k = 0; k < count; k += T.Count)
        {
            var (value, slope) = Of(T.Load(values + k));
            value.Store(values + k);
            slope.Store(slopes + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T Value, T Slope) Of(T x)
    {
        // Not Min(Max(x, …), …) the other way round: a NaN must come out as one.
        var one = T.Broadcast(1);
        var share = one / (one + Exponential.Of(T.Zero - T.Min(T.Max(x, T.Broadcast(-Most)), T.Broadcast(Most))));
        return (x * share, share * T.MultiplyAdd(x, one - share, one));
    }
}

/// <summary>Of floats, computed as doubles: beside the products of matrices around it, it takes little time.</summary>
internal readonly unsafe struct SingleSilu<T, TDouble> : ISiluKernel<float>
    where T : unmanaged, ISingleLanes<T, TDouble>
    where TDouble : unmanaged, ILanes<TDouble>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int count, float* values, float* slopes)
    {
        for (var k = 0; k < count; k += T.Count)
        {
            var x = T.Load(values + k);
            var (lower, lowerSlope) = DoubleSilu<TDouble>.Of(T.WidenLower(x));
            var (upper, upperSlope) = DoubleSilu<TDouble>.Of(T.WidenUpper(x));
            T.Narrow(lower, upper).Store(values + k);
            T.Narrow(lowerSlope, upperSlope).Store(slopes + k);
        }
    }
}
