using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Dispersion;

/// <summary>A form of damping; the kernel is specialised for each.</summary>
internal interface IDampedAttraction
{
    /// <summary>What C6 multiplies, g(r) in Å⁻⁶ with the C8 term in it, and g′(r)/r.</summary>
    /// <param name="form">Of any pair of elements: what all pairs share is taken from it.</param>
    /// <param name="radius6"><see cref="DispersionPair.Radius6"/>.</param>
    /// <param name="radius8"><see cref="DispersionPair.Radius8"/>.</param>
    /// <param name="factor8"><see cref="DispersionPair.Factor8"/>.</param>
    /// <param name="square">Squares of distances, Å².</param>
    /// <param name="value">g.</param>
    /// <param name="slope">g′/r.</param>
    static abstract void Evaluate<T>(in DispersionPair form, T radius6, T radius8, T factor8, T square, out T value, out T slope)
        where T : unmanaged, ILanes<T>;
}

/// <summary>See <see cref="BeckeJohnsonDamping"/>. One division; finite at r = 0.</summary>
internal readonly struct BeckeJohnsonAttraction : IDampedAttraction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Evaluate<T>(in DispersionPair form, T radius6, T radius8, T factor8, T square, out T value, out T slope)
        where T : unmanaged, ILanes<T>
    {
        var r4 = square * square;
        var r6 = r4 * square;
        var sum6 = r6 + radius6;
        var sum8 = T.MultiplyAdd(r4, r4, radius8);
        var inverse = T.Broadcast(1) / (sum6 * sum8);
        var (inverse6, inverse8) = (inverse * sum8, inverse * sum6);
        var term6 = T.Broadcast(form.Factor6) * inverse6;
        var term8 = factor8 * inverse8;
        value = term6 + term8;
        slope = T.Broadcast(-6) * r4 * (term6 * inverse6);
        slope = T.NegatedMultiplyAdd(T.Broadcast(8) * r6, term8 * inverse8, slope);
    }
}

/// <summary>See <see cref="ZeroDamping"/>. Powers of (s R0/r)² by repeated multiplication.</summary>
internal readonly struct ZeroAttraction : IDampedAttraction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Evaluate<T>(in DispersionPair form, T radius6, T radius8, T factor8, T square, out T value, out T slope)
        where T : unmanaged, ILanes<T>
    {
        var inverse = T.Broadcast(1) / square;
        var base6 = radius6 * inverse;
        var base8 = radius8 * inverse;
        var power6 = base6;
        var power8 = base8 * base8;
        for (var k = 1; k < form.HalfAlpha; k++)
        {
            power6 *= base6;
            power8 *= base8;
        }

        power6 *= T.Broadcast(6);
        power8 *= T.Broadcast(6);
        var (sum6, sum8) = (T.Broadcast(1) + power6, T.Broadcast(1) + power8);
        var both = T.Broadcast(1) / (sum6 * sum8);
        var (damping6, damping8) = (both * sum8, both * sum6);
        var inverse6 = inverse * inverse * inverse;
        var term6 = T.Broadcast(form.Factor6) * damping6 * inverse6;
        var term8 = factor8 * damping8 * inverse6 * inverse;
        value = term6 + term8;
        var slope6 = T.MultiplyAdd(T.Broadcast(2 * form.HalfAlpha), power6 * damping6, T.Broadcast(-6));
        var slope8 = T.MultiplyAdd(T.Broadcast(2 * form.HalfAlpha + 2), power8 * damping8, T.Broadcast(-8));
        slope = inverse * T.MultiplyAdd(term6, slope6, term8 * slope8);
    }
}

/// <summary>Where a function of the distance ends.</summary>
/// <remarks>A step at the cutoff, for arrays that reach further; or the switching function of <see cref="DispersionSettings.SwitchingWidth"/>.</remarks>
internal readonly struct DispersionEdge
{
    private readonly double _square;
    private readonly double _start;
    private readonly double _inverseWidth;

    /// <summary>From 1 at cutoff − width to 0 at the cutoff.</summary>
    /// <param name="cutoff">Å.</param>
    /// <param name="width">Å; 0: a step.</param>
    /// <param name="reach">How far the arrays reach, Å.</param>
    public DispersionEdge(double cutoff, double width, double reach)
    {
        IsSmooth = width > 0;
        IsStep = !IsSmooth && cutoff < reach;
        _square = cutoff * cutoff;
        _start = cutoff - width;
        _inverseWidth = IsSmooth ? 1 / width : 0;
    }

    /// <summary>Whether <see cref="Switch"/> is to be applied.</summary>
    public bool IsSmooth { get; }

    /// <summary>Whether <see cref="Step"/> is to be applied.</summary>
    public bool IsStep { get; }

    /// <summary>1 within the cutoff, 0 from it on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Step<T>(T square)
        where T : unmanaged, ILanes<T> =>
        T.Min(T.Max((T.Broadcast(_square) - square) * T.Broadcast(1e300), T.Zero), T.Broadcast(1));

    /// <summary>1 − t³(10 − 15t + 6t²) with t from 0 to 1 over the width, and its derivative, 1/Å.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Switch<T>(T distance, out T value, out T slope)
        where T : unmanaged, ILanes<T>
    {
        var t = T.Min(T.Max((distance - T.Broadcast(_start)) * T.Broadcast(_inverseWidth), T.Zero), T.Broadcast(1));
        var polynomial = T.MultiplyAdd(t, T.MultiplyAdd(t, T.Broadcast(6), T.Broadcast(-15)), T.Broadcast(10));
        value = T.NegatedMultiplyAdd(t * t * t, polynomial, T.Broadcast(1));
        var product = t * (T.Broadcast(1) - t);
        slope = T.Broadcast(-30 * _inverseWidth) * product * product;
    }
}
