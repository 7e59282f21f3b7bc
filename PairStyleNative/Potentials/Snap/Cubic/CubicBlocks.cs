using System.Numerics;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>Neighbouring blocks of one kernel.</summary>
/// <param name="Kind">Their width; negative for those of M = (0,0).</param>
/// <param name="Count">How many.</param>
internal readonly record struct CubicRun(int Kind, int Count);

/// <summary>
/// The blocks of <see cref="CubicForm"/> in unmanaged memory, as <see cref="CubicPass"/> reads them: product by product, so that
/// the layers of a product stay in the innermost cache, and within it loops of one length after the other, which a
/// processor foresees. Offsets are bytes. Immutable.
/// </summary>
/// <typeparam name="TNumber">What the factors are kept as: double or float.</typeparam>
internal sealed unsafe class CubicBlocks<TNumber> : IDisposable
    where TNumber : unmanaged, INumberBase<TNumber>
{
    private readonly NativeArray<int> _blocks = new();
    private readonly NativeArray<int> _places = new();
    private readonly NativeArray<TNumber> _factors = new();

    /// <summary>Copies the blocks.</summary>
    /// <param name="form">The form.</param>
    /// <param name="vectorSize">Bytes of a vector.</param>
    public CubicBlocks(CubicForm form, int vectorSize)
    {
        CubicBlock[] blocks = [.. form.Blocks.GroupBy(block => block.Product).SelectMany(product => product.OrderBy(KindOf).ThenByDescending(block => block.Elements.Count))];
        var (headers, places, factors, runs) = (new List<int>(), new List<int>(), new List<TNumber>(), new List<CubicRun>());
        foreach (var block in blocks)
        {
            headers.Add(block.Elements.Count);
            for (var k = 0; k < block.Width; k++)
            {
                headers.Add(4 * vectorSize * block.Receivers[k]);
                headers.Add(vectorSize * block.Components[k]);
            }

            foreach (var (x, y) in block.Elements)
            {
                places.Add(4 * vectorSize * x);
                places.Add(4 * vectorSize * y);
            }

            factors.AddRange(block.Factors.SelectMany(k => k).Select(TNumber.CreateTruncating));
            if (runs.Count > 0 && runs[^1].Kind == KindOf(block))
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            }
            else
            {
                runs.Add(new CubicRun(KindOf(block), 1));
            }
        }

        _blocks.Fill(headers);
        _places.Fill(places);
        _factors.Fill(factors);
        Runs = [.. runs];
    }

    /// <summary>What to run, in order.</summary>
    public CubicRun[] Runs { get; }

    /// <summary>
    /// Where to begin. Headers: number of elements, then for every z its receiver's offset and its weight's. Places: the offsets of
    /// both factors of every element. Factors: K of every z for every element.
    /// </summary>
    public CubicCursor<TNumber> Start => new() { Block = _blocks.Pointer, Place = _places.Pointer, Factor = _factors.Pointer };

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _places.Dispose();
        _factors.Dispose();
    }

    private static int KindOf(CubicBlock block) => block.Central ? -block.Width : block.Width;
}
