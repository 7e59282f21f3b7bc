using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The bispectrum itself, which energies and forces of linear models don't need: for every triple (x,y,z) the invariant
/// Σ_M U_z*·Z(x,y,z), which is B(x,y,z) where z ≥ x.
/// </summary>
internal static unsafe class BispectrumPass
{
    /// <summary>Fills the invariants; uses Y's memory for W with its half plane weights.</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Invariants, plan.TripleCount * T.Count).Clear();
        Weigh<T>(plan, group, group.Adjoint);
        var end = default(Contract<T>);
        BlockKernels.Run<T, Contract<T>>(plan, group.Full, group.Invariants, group.Adjoint, ref end);
    }

    /// <summary>Writes W with its half plane weights to the proper half of <paramref name="planes"/>, <c>[full planes][2]</c>.</summary>
    public static void Weigh<T>(SnapPlan plan, in SnapGroup group, double* planes)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var element = plan.Elements[e];
            var weight = T.Broadcast(element.Weight);
            double* source = group.Full + 2L * element.Full * count, target = planes + 2L * element.Full * count;
            (weight * T.Load(source)).Store(target);
            (weight * T.Load(source + count)).Store(target + count);
        }
    }

    /// <summary>Invariant += Re(W_z*·Z), W being weighted.</summary>
    internal struct Contract<T> : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Take(double* plane, double* triple, T real, T imaginary) =>
            T.MultiplyAdd(real, T.Load(plane), T.MultiplyAdd(imaginary, T.Load(plane + T.Count), T.Load(triple))).Store(triple);
    }
}
