using System.Globalization;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>A bin that no member of the training set had occupied.</summary>
/// <param name="Class">The class of descriptors: <c>cell a</c>, <c>bond C3a-O2a</c>, <c>dihedral C3a-O2a-Zn4a-O4a</c>.</param>
/// <param name="Bin">floor(value/width).</param>
/// <param name="From">Lower edge, Å or degrees (cell angles: radians).</param>
/// <param name="To">Upper edge.</param>
/// <param name="Unit">Å, ° or rad.</param>
public sealed record CbadBin(string Class, int Bin, double From, double To, string Unit)
{
    /// <summary>As a journal says it: <c>bond C3a-O2a in 1.25 … 1.30 Å</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class} in {From:0.###} … {To:0.###} {Unit}");
}

/// <summary>What a configuration would add.</summary>
/// <param name="NewBins">The bins that it occupies first, in the order of classes and bins.</param>
public sealed record CbadVerdict(IReadOnlyList<CbadBin> NewBins)
{
    /// <summary>A configuration joins when at least one of its bins is new.</summary>
    public bool Joins => NewBins.Count > 0;
}

/// <summary>
/// Selection by cell parameters, bonds, angles and dihedrals (A. Sharma and S. Sanvito, SNAP-AL, figure 2b): a
/// configuration joins the training set if at least one of its bins is not occupied yet, and then occupies its bins.
/// Deterministic; the result depends on the order of the candidates, as the method has it. Not thread-safe, except that
/// <see cref="FootprintOf"/> and <see cref="CountNew"/> may be called from several threads while nothing is offered.
/// </summary>
/// <remarks>
/// Bins are floor(value/width), where the paper's int() truncates and so merges the two bins around zero of signed
/// dihedrals. Dihedrals are periodic: ±180° is one value, in the bin of −180°.
/// </remarks>
public sealed class CbadSelection
{
    private readonly CbadDescriptors _descriptors;
    private readonly HashSet<long> _occupied = [];

    /// <summary>Starts with nothing occupied.</summary>
    /// <param name="graph">Bonds of the starting structure.</param>
    /// <param name="types">Type of every atom; descriptors of the same types along them are one class.</param>
    /// <param name="resolutions">Bin widths; null: the defaults.</param>
    public CbadSelection(BondGraph graph, IReadOnlyList<string> types, CbadResolutions? resolutions = null)
    {
        _descriptors = new CbadDescriptors(graph, types, resolutions ?? new CbadResolutions());
    }

    /// <summary>Names of the classes: six cell parameters, bonds, angles, dihedrals.</summary>
    public IReadOnlyList<string> Classes => _descriptors.Classes;

    /// <summary>How many bins are occupied.</summary>
    public int OccupiedCount => _occupied.Count;

    /// <summary>The bins of a configuration, whether occupied or not.</summary>
    /// <exception cref="MofException">Other atoms than the graph's, or no cell.</exception>
    public CbadFootprint FootprintOf(AtomicConfiguration configuration) => _descriptors.FootprintOf(configuration);

    /// <summary>How many bins of a footprint are not occupied.</summary>
    public int CountNew(CbadFootprint footprint)
    {
        ArgumentNullException.ThrowIfNull(footprint);
        var count = 0;
        foreach (var key in footprint.Keys)
        {
            count += _occupied.Contains(key) ? 0 : 1;
        }

        return count;
    }

    /// <summary>What of a footprint is not occupied: all that has to be remembered of a candidate, because bins are never given up.</summary>
    public CbadFootprint NewOf(CbadFootprint footprint)
    {
        ArgumentNullException.ThrowIfNull(footprint);
        return new CbadFootprint(Array.FindAll(footprint.Keys, key => !_occupied.Contains(key)));
    }

    /// <summary>What a configuration would add; occupies nothing.</summary>
    /// <exception cref="MofException">Other atoms than the graph's, or no cell.</exception>
    public CbadVerdict Judge(AtomicConfiguration configuration) => Judge(FootprintOf(configuration));

    /// <summary>What a footprint would add; occupies nothing.</summary>
    public CbadVerdict Judge(CbadFootprint footprint) =>
        new([.. NewOf(footprint).Keys.Select(key => _descriptors.Describe(CbadFootprint.PlaceOf(key), CbadFootprint.BinOf(key)))]);

    /// <summary>Judges a configuration and, when it joins, occupies its bins.</summary>
    /// <exception cref="MofException">Other atoms than the graph's, or no cell.</exception>
    public CbadVerdict Offer(AtomicConfiguration configuration) => Offer(FootprintOf(configuration));

    /// <summary>Judges a footprint and, when it joins, occupies its bins.</summary>
    public CbadVerdict Offer(CbadFootprint footprint)
    {
        var verdict = Judge(footprint);
        _occupied.UnionWith(footprint.Keys);
        return verdict;
    }

    /// <summary>The occupied bins of every class, ascending: what <see cref="Restore"/> takes and a model card lists.</summary>
    public IReadOnlyDictionary<string, int[]> Save()
    {
        var bins = _occupied.ToLookup(CbadFootprint.PlaceOf, CbadFootprint.BinOf);
        return Classes.Select((name, place) => (name, place)).ToDictionary(c => c.name, c => bins[c.place].Order().ToArray());
    }

    /// <summary>Replaces the occupied bins.</summary>
    /// <exception cref="MofException">A class that this graph does not have.</exception>
    public void Restore(IReadOnlyDictionary<string, int[]> occupied)
    {
        ArgumentNullException.ThrowIfNull(occupied);
        long[] keys = [.. occupied.SelectMany(entry => Array.ConvertAll(entry.Value, bin => CbadFootprint.Key(_descriptors.PlaceOf(entry.Key), bin)))];
        _occupied.Clear();
        _occupied.UnionWith(keys);
    }
}
