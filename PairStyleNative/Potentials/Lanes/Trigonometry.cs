using System.Runtime.CompilerServices;

namespace MofInterop.Potentials.Lanes;

/// <summary>Sine and cosine of lanes.</summary>
internal static class Trigonometry
{
    /// <summary>
    /// sin x and cos x for |x| ≤ π/2 by their Taylor series up to x²³ and x²², whose remainders stay below 1e-19 there;
    /// the sine keeps its relative accuracy towards 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos<T>(T x, out T sine, out T cosine)
        where T : unmanaged, ILanes<T>
    {
        var y = x * x;
        var s = T.Broadcast(-1.0 / 25852016738884976640000.0);
        s = T.MultiplyAdd(s, y, T.Broadcast(1.0 / 51090942171709440000.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(-1.0 / 121645100408832000.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(1.0 / 355687428096000.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(-1.0 / 1307674368000.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(1.0 / 6227020800.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(-1.0 / 39916800.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(1.0 / 362880.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(-1.0 / 5040.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(1.0 / 120.0));
        s = T.MultiplyAdd(s, y, T.Broadcast(-1.0 / 6.0));
        sine = T.MultiplyAdd(s * y, x, x);
        var c = T.Broadcast(-1.0 / 1124000727777607680000.0);
        c = T.MultiplyAdd(c, y, T.Broadcast(1.0 / 2432902008176640000.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(-1.0 / 6402373705728000.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(1.0 / 20922789888000.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(-1.0 / 87178291200.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(1.0 / 479001600.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(-1.0 / 3628800.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(1.0 / 40320.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(-1.0 / 720.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(1.0 / 24.0));
        c = T.MultiplyAdd(c, y, T.Broadcast(-0.5));
        cosine = T.MultiplyAdd(c, y, T.Broadcast(1.0));
    }
}
