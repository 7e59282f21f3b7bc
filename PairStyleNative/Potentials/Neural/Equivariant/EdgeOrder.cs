using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>The edges of a batch in the order in which a table holds what belongs to them. One instance serves one thread.</summary>
/// <param name="gather">Centers, of one species, and edges.</param>
/// <param name="back">Whether edges are seen from their neighbours.</param>
internal sealed unsafe class EdgeOrder<TNumber>(EdgeGather<TNumber> gather, bool back) : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<TableEdge<TNumber>> _placed = new();
    private readonly NativeArray<TableEdge<TNumber>> _sorted = new();
    private readonly NativeArray<int> _ends = new();
    private RadialTable<TNumber>? _table;

    /// <summary>To be called when edges have changed.</summary>
    public void Forget() => _table = null;

    /// <summary>The edges sorted by piece, and before by the neighbours' species where functions depend on it.</summary>
    public TableEdge<TNumber>* In(RadialTable<TNumber> table)
    {
        if (_table != table)
        {
            Sort(table);
            _table = table;
        }

        return _sorted.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _placed.Dispose();
        _sorted.Dispose();
        _ends.Dispose();
    }

    private void Sort(RadialTable<TNumber> table)
    {
        var count = gather.EdgeCount;
        TableEdge<TNumber>* placed = _placed.Reserve(count + 1), sorted = _sorted.Reserve(count + 1);
        var keys = (table.OfSpecies ? gather.SpeciesCount : 1) * table.Pieces;
        var ends = _ends.Reserve(keys + 1);
        new Span<int>(ends, keys + 1).Clear();
        var lengths = back ? gather.ReturnLengths : gather.Lengths;
        for (var e = 0; e < count; e++)
        {
            var piece = table.Locate(lengths[e], out var place, out var rate);
            var key = (table.OfSpecies ? gather.Neighbors[e].Species * table.Pieces : 0) + piece;
            placed[e] = new TableEdge<TNumber> { Row = key, Edge = e, Place = Real.Of<TNumber>(place), Rate = Real.Of<TNumber>(rate) };
            ends[key + 1]++;
        }

        for (var key = 0; key < keys; key++)
        {
            ends[key + 1] += ends[key];
        }

        var center = gather.CenterCount > 0 ? gather.Centers[0].Species : 0;
        for (var e = 0; e < count; e++)
        {
            var neighbor = gather.Neighbors[e].Species;
            ref var target = ref sorted[ends[placed[e].Row]++];
            target = placed[e];
            target.Row = (back ? table.FunctionOf(neighbor, center) : table.FunctionOf(center, neighbor)) * table.Pieces + target.Row % table.Pieces;
        }
    }
}
