using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>
/// All products of two densities, each Z given to every density: see <see cref="ChemicalPlan"/>. Pairs with an absent
/// density are left out, as their Z is zero. One instance serves one thread.
/// </summary>
internal sealed unsafe class DensityPairs<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly ChemicalPlan _plan;
    private readonly NativeArray<long> _offsets = new();
    private readonly DensityPair[] _pairs;
    private int _pairCount;
    private DensityReceivers _receivers;

    /// <summary>Makes work memory.</summary>
    public DensityPairs(ChemicalPlan plan)
    {
        _plan = plan;
        _pairs = new DensityPair[plan.DensityCount * plan.DensityCount];
        _receivers.Offsets = _offsets.Reserve(2 * plan.DensityCount);
    }

    /// <summary>Adds β′·Z to Y of every density; two pairs at a time where the processor has registers enough.</summary>
    /// <param name="groups">One group a density, each with its full planes; weights <c>[κ][λ][μ][triples]</c> are those of all.</param>
    /// <param name="present">The densities that are not zero in every lane.</param>
    public void AddWeighted(ReadOnlySpan<SnapGroup> groups, ReadOnlySpan<int> present) =>
        Run(groups, present, groups[0].Weights, default(AddWeighted<T>), twoAtOnce: T.ForceNeighbors == 4);

    /// <summary>Adds Σ Re(W_z*·Z) to the invariants <c>[κ][λ][μ][triples]</c>, weighted W standing in Y's place.</summary>
    /// <param name="groups">As for <see cref="AddWeighted"/>.</param>
    /// <param name="present">The densities that are not zero in every lane.</param>
    public void Contract(ReadOnlySpan<SnapGroup> groups, ReadOnlySpan<int> present) =>
        Run(groups, present, groups[0].Invariants, default(Contract<T>), twoAtOnce: false);

    /// <inheritdoc/>
    public void Dispose() => _offsets.Dispose();

    private void Run<TEnd>(ReadOnlySpan<SnapGroup> groups, ReadOnlySpan<int> present, double* triples, TEnd each, bool twoAtOnce)
        where TEnd : struct, IBlockEnd<T>
    {
        _receivers.Count = present.Length;
        _receivers.Planes = groups[0].Adjoint;
        for (var k = 0; k < present.Length; k++)
        {
            _receivers.Offsets[2 * k] = groups[present[k]].Adjoint - _receivers.Planes;
            _receivers.Offsets[2 * k + 1] = (long)present[k] * _plan.Layers.TripleCount * T.Count;
        }

        Collect(groups, present, triples, static (first, second) => true);
        Run(_plan.Different, each, twoAtOnce);
        Collect(groups, present, triples, static (first, second) => first == second);
        Run(_plan.EqualOfOneDensity, each, twoAtOnce);
        Collect(groups, present, triples, static (first, second) => first > second);
        Run(_plan.EqualOfTwoDensities, each, twoAtOnce);
    }

    private void Collect(ReadOnlySpan<SnapGroup> groups, ReadOnlySpan<int> present, double* triples, Func<int, int, bool> wanted)
    {
        var count = _plan.DensityCount;
        _pairCount = 0;
        foreach (var first in present)
        {
            foreach (var second in present)
            {
                if (wanted(first, second))
                {
                    var weights = triples + (long)(first * count + second) * count * _plan.Layers.TripleCount * T.Count;
                    _pairs[_pairCount++] = new DensityPair { First = groups[first].Full, Second = groups[second].Full, Weights = weights };
                }
            }
        }
    }

    private void Run<TEnd>(SnapBlocks blocks, TEnd each, bool twoAtOnce)
        where TEnd : struct, IBlockEnd<T>
    {
        var k = 0;
        if (twoAtOnce)
        {
            for (; k + 2 <= _pairCount; k += 2)
            {
                PairedBlockKernels.Run<T>(blocks, _pairs[k], _pairs[k + 1], _receivers);
            }
        }

        var end = new EveryDensity<TEnd> { Receivers = _receivers, Each = each };
        for (; k < _pairCount; k++)
        {
            BlockKernels.Run<T, EveryDensity<TEnd>>(blocks, _pairs[k].First, _pairs[k].Second, _pairs[k].Weights, _receivers.Planes, ref end);
        }
    }

    // Gives Z to the planes and triples of every density.
    private struct EveryDensity<TEnd> : IBlockEnd<T>
        where TEnd : struct, IBlockEnd<T>
    {
        public DensityReceivers Receivers;
        public TEnd Each;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(double* plane, double* triple, T real, T imaginary)
        {
            var offset = Receivers.Offsets;
            for (var k = Receivers.Count; k > 0; k--, offset += 2)
            {
                Each.Take(plane + offset[0], triple + offset[1], real, imaginary);
            }
        }
    }
}
