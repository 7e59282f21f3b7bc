using MofInterop.Potentials.Snap.Cubic;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The bispectrum itself, which energies and forces of linear models don't need: for every component the invariant that is
/// proportional to it (<see cref="ISnapWeights"/>).
/// </summary>
internal static unsafe class BispectrumPass
{
    /// <summary>Fills the invariants of a single density, Σ_M Re(W_z*·Z) over the proper half planes of <see cref="CubicForm"/>.</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Invariants, plan.WeightCount * T.Count).Clear();
        CubicPass.AddInvariants(plan.Blocks!, (T*)group.Planes, (T*)group.Weights, (T*)group.Invariants);
    }
}
