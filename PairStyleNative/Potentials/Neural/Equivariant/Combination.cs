using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>target[To] += Value·source[From], rows of channels: how couplings act on sums over edges. Immutable.</summary>
internal sealed unsafe class Combination<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private struct Term
    {
        public int From;
        public int To;
        public TNumber Value;
    }

    private readonly NativeArray<Term> _terms = new();
    private readonly int _count;

    /// <summary>Keeps terms, in the order of what they are added to.</summary>
    public Combination(IEnumerable<(int From, int To, double Value)> terms)
    {
        _count = _terms.Fill([.. terms.OrderBy(term => term.To).Select(term => new Term { From = term.From, To = term.To, Value = Real.Of<TNumber>(term.Value) })]);
    }

    /// <summary>Adds to rows of so many channels, whole strips.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(TNumber* source, int width, TNumber* target)
        where T : unmanaged, ILanes<T, TNumber>
    {
        var lanes = T.Count;
        for (var c = 0; c < width; c += lanes)
        {
            var term = _terms.Pointer;
            for (var end = term + _count; term < end;)
            {
                var place = target + term->To + c;
                var to = term->To;
                var sum = T.Load(place);
                for (; term < end && term->To == to; term++)
                {
                    sum = T.MultiplyAdd(T.Broadcast(term->Value), T.Load(source + term->From + c), sum);
                }

                sum.Store(place);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _terms.Dispose();
}
