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
/// Deterministic; the result depends on the order of the candidates, as the method has it. Not thread-safe.
/// </summary>
/// <remarks>
/// Bins are floor(value/width), where the paper's int() truncates and so merges the two bins around zero of signed
/// dihedrals. Dihedrals are periodic: ±180° is one value, in the bin of −180°.
/// </remarks>
public sealed class CbadSelection
{
    private readonly CbadDescriptors _descriptors;
    private readonly SortedSet<int>[] _occupied;

    /// <summary>Starts with nothing occupied.</summary>
    /// <param name="graph">Bonds of the starting structure.</param>
    /// <param name="types">Type of every atom; descriptors of the same types along them are one class.</param>
    /// <param name="resolutions">Bin widths; null: the defaults.</param>
    public CbadSelection(BondGraph graph, IReadOnlyList<string> types, CbadResolutions? resolutions = null)
    {
        _descriptors = new CbadDescriptors(graph, types, resolutions ?? new CbadResolutions());
        _occupied = [.. _descriptors.Classes.Select(_ => new SortedSet<int>())];
    }

    /// <summary>Names of the classes: six cell parameters, bonds, angles, dihedrals.</summary>
    public IReadOnlyList<string> Classes => _descriptors.Classes;

    /// <summary>How many bins are occupied.</summary>
    public int OccupiedCount => _occupied.Sum(o => o.Count);

    /// <summary>What a configuration would add; occupies nothing.</summary>
    /// <exception cref="MofException">Other atoms than the graph's, or no cell.</exception>
    public CbadVerdict Judge(AtomicConfiguration configuration)
    {
        var bins = new List<CbadBin>();
        foreach (var (place, bin) in _descriptors.BinsOf(configuration))
        {
            if (!_occupied[place].Contains(bin))
            {
                bins.Add(_descriptors.Describe(place, bin));
            }
        }

        return new CbadVerdict(bins);
    }

    /// <summary>Judges a configuration and, when it joins, occupies its bins.</summary>
    /// <inheritdoc cref="Judge"/>
    public CbadVerdict Offer(AtomicConfiguration configuration)
    {
        var verdict = Judge(configuration);
        foreach (var bin in verdict.NewBins)
        {
            _occupied[_descriptors.PlaceOf(bin.Class)].Add(bin.Bin);
        }

        return verdict;
    }

    /// <summary>The occupied bins of every class, ascending: what <see cref="Restore"/> takes and a model card lists.</summary>
    public IReadOnlyDictionary<string, int[]> Save() =>
        Classes.Select((name, place) => (name, place)).ToDictionary(c => c.name, c => _occupied[c.place].ToArray());

    /// <summary>Replaces the occupied bins.</summary>
    /// <exception cref="MofException">A class that this graph does not have.</exception>
    public void Restore(IReadOnlyDictionary<string, int[]> occupied)
    {
        ArgumentNullException.ThrowIfNull(occupied);
        var places = occupied.Keys.Select(_descriptors.PlaceOf).ToArray();
        foreach (var bins in _occupied)
        {
            bins.Clear();
        }

        foreach (var (place, bins) in places.Zip(occupied.Values))
        {
            _occupied[place].UnionWith(bins);
        }
    }
}
