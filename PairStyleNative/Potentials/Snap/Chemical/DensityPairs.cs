using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>All products of two densities, each Z given to every density: see <see cref="ChemicalPlan"/>.</summary>
internal static unsafe class DensityPairs
{
    /// <summary>Runs all pairs of the densities that are present; Z of the absent ones is zero.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="groups">One group a density, each with its full planes.</param>
    /// <param name="present">The densities that are not zero in every lane.</param>
    /// <param name="triples"><c>[κ][λ][μ][triples]</c>.</param>
    /// <param name="offsets">Work space, <c>[2·densities]</c>.</param>
    /// <param name="each">What becomes of Z in one density.</param>
    public static void Run<T, TEnd>(ChemicalPlan plan, ReadOnlySpan<SnapGroup> groups, ReadOnlySpan<int> present, double* triples, long* offsets, TEnd each)
        where T : unmanaged, ILanes<T>
        where TEnd : struct, IBlockEnd<T>
    {
        var stride = (long)plan.Layers.TripleCount * T.Count;
        var planes = groups[0].Adjoint;
        for (var k = 0; k < present.Length; k++)
        {
            offsets[2 * k] = groups[present[k]].Adjoint - planes;
            offsets[2 * k + 1] = present[k] * stride;
        }

        var end = new EveryDensity<T, TEnd> { Count = present.Length, Offsets = offsets, Each = each };
        foreach (var first in present)
        {
            foreach (var second in present)
            {
                double* u = groups[first].Full, v = groups[second].Full;
                var weights = triples + (first * plan.DensityCount + second) * plan.DensityCount * stride;
                BlockKernels.Run<T, double, EveryDensity<T, TEnd>>(plan.Different, u, v, weights, planes, ref end);
                if (first >= second)
                {
                    var equal = first == second ? plan.EqualOfOneDensity : plan.EqualOfTwoDensities;
                    BlockKernels.Run<T, double, EveryDensity<T, TEnd>>(equal, u, v, weights, planes, ref end);
                }
            }
        }
    }

    // Gives Z to the planes and triples of every density; offsets are pairs of distances from those of the first.
    private struct EveryDensity<T, TEnd> : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
        where TEnd : struct, IBlockEnd<T>
    {
        public int Count;
        public long* Offsets;
        public TEnd Each;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(double* plane, double* triple, T real, T imaginary)
        {
            var offset = Offsets;
            for (var k = Count; k > 0; k--, offset += 2)
            {
                Each.Take(plane + offset[0], triple + offset[1], real, imaginary);
            }
        }
    }
}
