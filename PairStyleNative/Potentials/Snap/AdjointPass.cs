using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Cubic;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Second pass: Y, the gradient of E = Σ β·B with respect to the summed W, by the blocks of <see cref="CubicForm"/>.
/// In the end dE = Σ 2w·Re(Y*·dW) over the proper half planes (w = ½ at the element that is its own mirror image).
/// </summary>
internal static unsafe class AdjointPass
{
    /// <summary>Fills Y and the energy without the constant: E is of third degree in W, hence a third of Σ 2w·Re(Y*·W).</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        CubicPass.AddGradient<T, double>(plan.Blocks!, (T*)group.Planes, (T*)group.Weights, null, T.ForceNeighbors == 4);
        Finish<T>(plan, group);
    }

    /// <summary>The same, and by the way the invariants, as <see cref="BispectrumPass"/> finds them.</summary>
    public static void RunWithInvariants<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Invariants, plan.WeightCount * T.Count).Clear();
        CubicPass.AddGradient<T, double>(plan.Blocks!, (T*)group.Planes, (T*)group.Weights, (T*)group.Invariants, T.ForceNeighbors == 4);
        Finish<T>(plan, group);
    }

    /// <summary>
    /// Folds Y of the planes, Y(m) + (−1)^{ma+mb}·Y(−m)*, and writes it to the full planes and, with its weights, to the half planes.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="planes">W and Y, <c>[full planes][4]</c>.</param>
    /// <param name="adjoint">Receives Y, <c>[full planes][2]</c>.</param>
    /// <param name="linear">Receives Y with its half plane weights, <c>[half planes][2]</c>.</param>
    public static void Fold<T, TNumber>(SnapPlan plan, T* planes, T* adjoint, T* linear)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        for (var e = 0; e < plan.ElementCount; e++)
        {
            ref readonly var element = ref plan.Elements[e];
            T* own = planes + 4L * element.Full, mirror = planes + 4L * element.Mirror;
            var sign = T.Broadcast(TNumber.CreateTruncating(element.Sign));
            // Where the element is its own mirror image, this leaves twice the real part and no imaginary one.
            Write<T, TNumber>(element, T.MultiplyAdd(sign, mirror[2], own[2]), T.NegatedMultiplyAdd(sign, mirror[3], own[3]), adjoint, linear);
        }
    }

    /// <summary>For Y that was found on the proper half planes: mirrors it, weighs it for the force pass and sums the energy.</summary>
    public static void MirrorAndFinish<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        var adjoint = (T*)group.Adjoint;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            ref readonly var element = ref plan.Elements[e];
            T* own = adjoint + 2L * element.Full;
            // Real, as its mirror image is itself; what is there is rounding.
            Write<T, double>(element, own[0], element.Mirror == element.Full ? T.Zero : own[1], adjoint, (T*)group.Linear);
        }

        SumEnergies<T>(plan, group);
    }

    private static void Finish<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        Fold<T, double>(plan, (T*)group.Planes, (T*)group.Adjoint, (T*)group.Linear);
        SumEnergies<T>(plan, group);
    }

    private static void SumEnergies<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        T even = T.Zero, odd = T.Zero;
        T* linear = (T*)group.Linear, sum = (T*)group.Sum;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var place = 2L * plan.Elements[e].Half;
            even = T.MultiplyAdd(linear[place], sum[place], even);
            odd = T.MultiplyAdd(linear[place + 1], sum[place + 1], odd);
        }

        *(T*)group.Energy = (even + odd) * T.Broadcast(1.0 / 3);
    }

    // Y of a proper element and of its mirror image, and Y with its weight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T, TNumber>(in SnapElement element, T real, T imaginary, T* adjoint, T* linear)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        T sign = T.Broadcast(TNumber.CreateTruncating(element.Sign)), weight = T.Broadcast(TNumber.CreateTruncating(element.Weight));
        var mirror = adjoint + 2L * element.Mirror;
        mirror[0] = sign * real;
        mirror[1] = T.NegatedMultiplyAdd(sign, imaginary, T.Zero);
        var own = adjoint + 2L * element.Full;
        own[0] = real;
        own[1] = imaginary;
        var target = linear + 2L * element.Half;
        target[0] = weight * real;
        target[1] = weight * imaginary;
    }
}
