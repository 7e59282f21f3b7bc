using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Second pass: Y, the gradient of E = Σ β·B with respect to the summed W, by the blocks of <see cref="SnapProducts"/>.
/// Y is first found on the proper half plane, where dE = Σ 2w·Re(Y*·dW) (w = ½ at the element that is its own mirror
/// image), then mirrored.
/// </summary>
internal static unsafe class AdjointPass
{
    /// <summary>Fills Y and the energy without the constant: E is of third degree in W, hence a third of Σ 2w·Re(Y*·W).</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Adjoint, 2 * plan.FullCount * T.Count).Clear();
        var end = default(AddWeighted<T>);
        BlockKernels.Run<T, AddWeighted<T>>(plan, group.Full, group.Weights, group.Adjoint, ref end);
        Finish<T>(plan, group);
    }

    /// <summary>
    /// The same, and from the same products the invariants of <see cref="BispectrumPass"/> for triples with z ≤ y ≤ x; others hold parts.
    /// </summary>
    public static void RunWithInvariants<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Adjoint, 2 * plan.FullCount * T.Count).Clear();
        new Span<double>(group.Invariants, plan.TripleCount * T.Count).Clear();
        BispectrumPass.Weigh<T>(plan, group, group.Weighted);
        var end = new AddAndContract<T>(group.Weighted - group.Adjoint, group.Invariants - group.Weights);
        BlockKernels.Run<T, double, AddAndContract<T>>(plan.InvariantBlocks!, group.Full, group.Full, group.Weights, group.Adjoint, ref end);
        var rest = default(AddWeighted<T>);
        BlockKernels.Run<T, double, AddWeighted<T>>(plan.OtherBlocks!, group.Full, group.Full, group.Weights, group.Adjoint, ref rest);
        Finish<T>(plan, group);
    }

    /// <summary>Mirrors Y, weighs it for the force pass and sums the energy, once the proper half planes are there.</summary>
    public static void Finish<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        MirrorAndWeigh<T, double>(plan, group.Adjoint, group.Linear);
        var count = T.Count;
        T even = T.Zero, odd = T.Zero;
        double* linear = group.Linear, sum = group.Sum;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var place = 2L * plan.Elements[e].Half * count;
            even = T.MultiplyAdd(T.Load(linear + place), T.Load(sum + place), even);
            odd = T.MultiplyAdd(T.Load(linear + place + count), T.Load(sum + place + count), odd);
        }

        ((even + odd) * T.Broadcast(1.0 / 3)).Store(group.Energy);
    }

    /// <summary>Mirrors Y from the proper half planes to the full planes, and writes it with its half plane weights.</summary>
    internal static void MirrorAndWeigh<T, TNumber>(SnapPlan plan, TNumber* adjoint, TNumber* linear)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        var count = T.Count;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var element = plan.Elements[e];
            var place = adjoint + 2L * element.Full * count;
            T real = T.Load(place), imaginary = T.Load(place + count);
            if (element.Mirror == element.Full)
            {
                // Real, as its mirror image is itself; what is there is rounding.
                imaginary = T.Zero;
                imaginary.Store(place + count);
            }
            else
            {
                var sign = T.Broadcast(TNumber.CreateTruncating(element.Sign));
                var mirror = adjoint + 2L * element.Mirror * count;
                (sign * real).Store(mirror);
                (T.Zero - sign * imaginary).Store(mirror + count);
            }

            var weight = T.Broadcast(TNumber.CreateTruncating(element.Weight));
            var target = linear + 2L * element.Half * count;
            (weight * real).Store(target);
            (weight * imaginary).Store(target + count);
        }
    }

    /// <summary>Y += β′·Z.</summary>
    internal struct AddWeighted<T> : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Take(double* plane, double* triple, T real, T imaginary)
        {
            var weight = T.Load(triple);
            T.MultiplyAdd(weight, real, T.Load(plane)).Store(plane);
            T.MultiplyAdd(weight, imaginary, T.Load(plane + T.Count)).Store(plane + T.Count);
        }
    }

    private readonly struct AddAndContract<T>(long weighted, long invariants) : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(double* plane, double* triple, T real, T imaginary)
        {
            var weight = T.Load(triple);
            T.MultiplyAdd(weight, real, T.Load(plane)).Store(plane);
            T.MultiplyAdd(weight, imaginary, T.Load(plane + T.Count)).Store(plane + T.Count);
            double* w = plane + weighted, invariant = triple + invariants;
            T.MultiplyAdd(real, T.Load(w), T.MultiplyAdd(imaginary, T.Load(w + T.Count), T.Load(invariant))).Store(invariant);
        }
    }
}
