using System.Runtime.CompilerServices;

namespace MofInterop.Potentials.Lanes;

/// <summary>How complex numbers are multiplied, known when a kernel is compiled.</summary>
internal interface IComplexArithmetic
{
    /// <summary>
    /// Whether additions take the place of multiplications where they can: for processors that add beside multiplying
    /// (<see cref="Processor.AddsBesideMultiplying"/>), and kernels of 32 registers.
    /// </summary>
    static abstract bool Additions { get; }
}

/// <summary>Four multiplications.</summary>
internal readonly struct ByMultiplications : IComplexArithmetic
{
    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>Three multiplications and three additions.</summary>
internal readonly struct ByAdditions : IComplexArithmetic
{
    /// <inheritdoc/>
    public static bool Additions => true;
}

/// <summary>(a + ib)(c + id), by four multiplications or as k − b(c + d) + i(k + a(d − c)), k = c(a + b).</summary>
internal static class ComplexProduct
{
    /// <summary>u·v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T, TNumber, TArithmetic>(T ur, T ui, T vr, T vi, out T real, out T imaginary)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TArithmetic : struct, IComplexArithmetic
    {
        if (TArithmetic.Additions)
        {
            var common = vr * (ur + ui);
            real = T.NegatedMultiplyAdd(ui, vr + vi, common);
            imaginary = T.MultiplyAdd(ur, vi - vr, common);
        }
        else
        {
            real = T.NegatedMultiplyAdd(ui, vi, ur * vr);
            imaginary = T.MultiplyAdd(ui, vr, ur * vi);
        }
    }
}
