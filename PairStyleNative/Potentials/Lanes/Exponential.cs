using System.Runtime.CompilerServices;

namespace MofInterop.Potentials.Lanes;

/// <summary>The exponential function of lanes.</summary>
internal static class Exponential
{
    /// <summary>
    /// Added to an integer n from −1022 to 1023, this leaves n + 1023, the exponent field of 2ⁿ, in the lowest bits of the sum:
    /// numbers from 2⁵² on are as far apart as integers are.
    /// </summary>
    public const double ExponentBias = 4503599627370496.0 + 1023.0;

    // The first has so few digits that its product with n is exact; together they are ln 2.
    private const double LogarithmHigh = 6.93145751953125e-1;
    private const double LogarithmLow = 1.42860682030941723212e-6;

    /// <summary>
    /// exp x for −708 ≤ x ≤ 709, to 4e-16 relative: x = n ln 2 + r with |r| ≤ ½ ln 2, and exp r by its Taylor series up to r¹²,
    /// whose remainder stays below 2e-16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var n = T.Floor(T.MultiplyAdd(x, T.Broadcast(1.4426950408889634074), T.Broadcast(0.5)));
        var r = T.NegatedMultiplyAdd(n, T.Broadcast(LogarithmHigh), x);
        r = T.NegatedMultiplyAdd(n, T.Broadcast(LogarithmLow), r);
        var p = T.Broadcast(1.0 / 479001600.0);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 39916800.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 3628800.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 362880.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 40320.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 5040.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 720.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 120.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 24.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0 / 6.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.5));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.0));
        return p * T.PowerOfTwo(n);
    }
}
