using System.Runtime.CompilerServices;

namespace MofInterop.Potentials.Neural;

/// <summary>Between double and the numbers of a kernel, which are double or float.</summary>
internal static unsafe class Real
{
    /// <summary>The nearest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Of<TNumber>(double value)
        where TNumber : unmanaged => typeof(TNumber) == typeof(float) ? Unsafe.BitCast<float, TNumber>((float)value) : Unsafe.BitCast<double, TNumber>(value);

    /// <summary>The same number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double From<TNumber>(TNumber value)
        where TNumber : unmanaged => typeof(TNumber) == typeof(float) ? Unsafe.BitCast<TNumber, float>(value) : Unsafe.BitCast<TNumber, double>(value);

    /// <summary>Numbers that fill whole doubles, and whole lines of cache: rows of values that hosts exchange.</summary>
    public static int WholeLines<TNumber>(int count)
        where TNumber : unmanaged
    {
        var line = 64 / sizeof(TNumber);
        return (count + line - 1) / line * line;
    }
}
