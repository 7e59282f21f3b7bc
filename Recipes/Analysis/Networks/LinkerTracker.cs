using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Analysis.Networks;

/// <summary>When metals and donors count as bonded, and linkers as whole. Immutable.</summary>
public sealed record LinkerSettings
{
    /// <summary>A metal and a donor that were apart are bonded when closer than this, Å.</summary>
    public double BondedWithin { get; init; } = 2.5;

    /// <summary>A metal and a donor that were bonded are apart when further than this, Å. Equal to <see cref="BondedWithin"/>: a sharp cutoff; larger: brief excursions do not count.</summary>
    public double ApartBeyond { get; init; } = 2.5;

    /// <summary>A bond inside a linker is broken when longer than this times its starting length.</summary>
    public double BrokenFactor { get; init; } = 1.4;
}

/// <summary>How the linkers of one frame are.</summary>
/// <param name="Coordination">Donors bonded to each metal atom, on average.</param>
/// <param name="CoordinationFractions">Fraction of the metal atoms with 0, 1, 2, … donors.</param>
/// <param name="IntactFraction">Fraction of the linkers that are whole and bonded to as many metal atoms as in the starting structure.</param>
/// <param name="DanglingFraction">Whole, but bonded to fewer metal atoms, at least one.</param>
/// <param name="FreeFraction">Whole, and bonded to none.</param>
/// <param name="BrokenFraction">With a broken bond inside.</param>
/// <param name="Net">Metal atoms as nodes (in the order of <see cref="Linkers.Metals"/>), an edge for every linker that joins two of them (for each pair where it joins more).</param>
public sealed record LinkerState(
    double Coordination, IReadOnlyList<double> CoordinationFractions, double IntactFraction, double DanglingFraction, double FreeFraction, double BrokenFraction, PeriodicNet Net);

/// <summary>A donor that is bonded to a metal.</summary>
/// <param name="Metal">Atom.</param>
/// <param name="Donor">Atom.</param>
/// <param name="Vector">From the metal to the donor's image, <c>double[3]</c>, fractions of the cell vectors.</param>
public sealed record BondedPair(int Metal, int Donor, IReadOnlyList<double> Vector);

/// <summary>
/// Follows which donors are bonded to which metals along a trajectory. Bonds inside linkers are those of the starting structure; bonds of metals to donors are found
/// anew in every frame, by distance with hysteresis. Frames may be wrapped or not. Frames must come in order; not thread-safe.
/// </summary>
public sealed class LinkerTracker : IDisposable
{
    private readonly Linkers _linkers;
    private readonly LinkerSettings _settings;
    private readonly (double A, double B, double C)[] _startingFractions;
    private readonly NeighborList _neighbors = new();
    private readonly int[] _metalPlace;
    private readonly bool[] _isDonor;
    private readonly int[] _metalsAtStart;
    private ILookup<(int Metal, int Donor), (double A, double B, double C)> _bonded = Array.Empty<((int, int) Key, (double, double, double) Vector)>().ToLookup(one => one.Key, one => one.Vector);

    /// <summary>Creates a tracker.</summary>
    /// <param name="linkers">Of the starting structure.</param>
    /// <param name="structure">The starting structure: which images atoms are bonded to.</param>
    /// <param name="settings">Null: the defaults.</param>
    /// <exception cref="MofException">Not periodic, or the distances cannot be meant.</exception>
    public LinkerTracker(Linkers linkers, AtomicConfiguration structure, LinkerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(linkers);
        ArgumentNullException.ThrowIfNull(structure);
        _linkers = linkers;
        _settings = settings ?? new LinkerSettings();
        if (!(_settings.BondedWithin > 0) || !(_settings.ApartBeyond >= _settings.BondedWithin) || !(_settings.BrokenFactor > 1))
        {
            throw new MofException(
                ErrorKind.InvalidArgument, $"metals are bonded within {_settings.BondedWithin} angstrom and apart beyond {_settings.ApartBeyond}, bonds break at {_settings.BrokenFactor} lengths",
                expected: "positive distances, the second not below the first, and a factor above 1");
        }

        if (!structure.Periodic)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the structure is not periodic", expected: "a crystal with its cell");
        }

        _startingFractions = [.. linkers.Bonds.Select(bond => Fractions(structure, bond.First, bond.Second, bond.Translation))];
        _metalPlace = new int[linkers.Symbols.Count];
        Array.Fill(_metalPlace, -1);
        for (var k = 0; k < linkers.Metals.Count; k++)
        {
            _metalPlace[linkers.Metals[k]] = k;
        }

        var donors = linkers.DonorElements.ToHashSet();
        _metalsAtStart = MetalsAtStart(structure);
        _isDonor = [.. linkers.Symbols.Select((symbol, atom) => _metalPlace[atom] < 0 && donors.Contains(symbol))];
    }

    /// <summary>Looks at the next frame.</summary>
    /// <exception cref="MofException">Other atoms, or no cell.</exception>
    public LinkerState Next(AtomicConfiguration frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Cell is null || !frame.Symbols.SequenceEqual(_linkers.Symbols))
        {
            throw new MofException(ErrorKind.InvalidArgument, "the atoms of a frame are not those of the structure", expected: $"the same {_linkers.Symbols.Count} atoms in the same order, in a cell");
        }

        var contacts = Contacts(frame);
        var offsets = Offsets(frame, out var broken);
        return Describe(contacts, offsets, broken);
    }

    /// <summary>What the next frame depends on: the pairs that are bonded now. A tracker that is given them goes on where this one stands.</summary>
    public IReadOnlyList<BondedPair> Bonded
    {
        get => [.. _bonded.SelectMany(pair => pair.Select(vector => new BondedPair(pair.Key.Metal, pair.Key.Donor, [vector.A, vector.B, vector.C])))];
        set => _bonded = value.ToLookup(pair => (pair.Metal, pair.Donor), pair => (pair.Vector[0], pair.Vector[1], pair.Vector[2]));
    }

    /// <inheritdoc/>
    public void Dispose() => _neighbors.Dispose();

    private static (double A, double B, double C) Fractions(AtomicConfiguration frame, int first, int second, LatticeVector translation)
    {
        var x = frame.Positions;
        var (a, b, c) = frame.Cell!.ToFractional(x[3 * second] - x[3 * first], x[3 * second + 1] - x[3 * first + 1], x[3 * second + 2] - x[3 * first + 2]);
        return (a + translation.A, b + translation.B, c + translation.C);
    }

    /// <summary>Metal–donor pairs that are bonded now: by images, for a donor can be bonded to two images of a metal.</summary>
    private unsafe List<(int Metal, int Donor, LatticeVector Translation)> Contacts(AtomicConfiguration frame)
    {
        _neighbors.Build(frame.Positions, frame.Cell, true, true, true, _settings.ApartBeyond);
        var view = _neighbors.View(new int[frame.Count]);
        var found = new List<(int Metal, int Donor, LatticeVector Translation)>();
        var vectors = new List<((int Metal, int Donor) Key, (double A, double B, double C) Vector)>();
        foreach (var metal in _linkers.Metals)
        {
            var from = view.Positions + 3 * metal;
            for (var n = 0; n < view.NeighborCounts[metal]; n++)
            {
                var image = view.Neighbors[metal][n];
                var donor = _neighbors.Owners[image];
                if (!_isDonor[donor])
                {
                    continue;
                }

                var to = view.Positions + 3 * image;
                double dx = to[0] - from[0], dy = to[1] - from[1], dz = to[2] - from[2];
                var distance = Math.Sqrt(dx * dx + dy * dy + dz * dz);
                var (a, b, c) = frame.Cell!.ToFractional(dx, dy, dz);
                if (distance < _settings.BondedWithin || WasBonded((metal, donor), a, b, c))
                {
                    var (fa, fb, fc) = Fractions(frame, metal, donor, LatticeVector.Zero);
                    found.Add((metal, donor, new LatticeVector((int)Math.Round(a - fa), (int)Math.Round(b - fb), (int)Math.Round(c - fc))));
                    vectors.Add(((metal, donor), (a, b, c)));
                }
            }
        }

        _bonded = vectors.ToLookup(one => one.Key, one => one.Vector);
        return found;
    }

    /// <summary>Whether a pair was bonded in the frame before by this image, and not by another one on the opposite side.</summary>
    private bool WasBonded((int Metal, int Donor) pair, double a, double b, double c) =>
        _bonded[pair].Any(known => Math.Abs(known.A - a) < 0.5 && Math.Abs(known.B - b) < 0.5 && Math.Abs(known.C - c) < 0.5);

    /// <summary>The cell of every linker atom relative to the first atom of its linker, as this frame's positions have them; and which linkers have a broken bond.</summary>
    private LatticeVector[] Offsets(AtomicConfiguration frame, out bool[] broken)
    {
        var offsets = new LatticeVector[frame.Count];
        broken = new bool[_linkers.All.Count];
        for (var k = 0; k < _linkers.All.Count; k++)
        {
            var linker = _linkers.All[k];
            var translations = new Dictionary<int, List<(int Atom, LatticeVector Cell)>>();
            foreach (var b in linker.Bonds)
            {
                var bond = _linkers.Bonds[b];
                var (a, bb, c) = Fractions(frame, bond.First, bond.Second, LatticeVector.Zero);
                var start = _startingFractions[b];
                var cell = new LatticeVector((int)Math.Round(start.A - a), (int)Math.Round(start.B - bb), (int)Math.Round(start.C - c));
                var (x, y, z) = frame.Cell!.ToCartesian(a + cell.A, bb + cell.B, c + cell.C);
                broken[k] |= !(Math.Sqrt(x * x + y * y + z * z) <= _settings.BrokenFactor * bond.Length);
                Add(translations, bond.First, (bond.Second, cell));
                Add(translations, bond.Second, (bond.First, -cell));
            }

            Walk(linker.Atoms[0], translations, offsets);
        }

        return offsets;
    }

    /// <summary>How many metal atoms, images counted, each linker is bonded to in the starting structure.</summary>
    private int[] MetalsAtStart(AtomicConfiguration structure)
    {
        var offsets = Offsets(structure, out _);
        var metals = new HashSet<NetPlace>[_linkers.All.Count];
        foreach (var bond in _linkers.Bonds)
        {
            var (metal, donor, translation) = _metalPlace[bond.First] >= 0 ? (bond.First, bond.Second, bond.Translation) : (bond.Second, bond.First, -bond.Translation);
            if (_metalPlace[metal] >= 0 && _linkers.LinkerOf[donor] is >= 0 and var linker)
            {
                (metals[linker] ??= []).Add(new NetPlace(_metalPlace[metal], offsets[donor] - translation));
            }
        }

        return [.. metals.Select(set => set?.Count ?? 0)];
    }

    private static void Add(Dictionary<int, List<(int Atom, LatticeVector Cell)>> lists, int key, (int Atom, LatticeVector Cell) value)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(value);
    }

    private static void Walk(int first, Dictionary<int, List<(int Atom, LatticeVector Cell)>> neighbors, LatticeVector[] offsets)
    {
        var seen = new HashSet<int> { first };
        var queue = new Queue<int>([first]);
        while (queue.TryDequeue(out var atom))
        {
            foreach (var (next, cell) in neighbors.GetValueOrDefault(atom) ?? [])
            {
                if (seen.Add(next))
                {
                    offsets[next] = offsets[atom] + cell;
                    queue.Enqueue(next);
                }
            }
        }
    }

    private LinkerState Describe(List<(int Metal, int Donor, LatticeVector Translation)> contacts, LatticeVector[] offsets, bool[] broken)
    {
        var coordination = new int[_linkers.Metals.Count];
        var ends = new List<NetPlace>[_linkers.All.Count];
        foreach (var (metal, donor, translation) in contacts)
        {
            coordination[_metalPlace[metal]]++;
            var linker = _linkers.LinkerOf[donor];

            // From the linker's first atom to the metal.
            (ends[linker] ??= []).Add(new NetPlace(_metalPlace[metal], offsets[donor] - translation));
        }

        var edges = new List<NetEdge>();
        var counts = new int[4];
        for (var k = 0; k < ends.Length; k++)
        {
            NetPlace[] metals = [.. (ends[k] ?? []).Distinct()];
            var wanted = _metalsAtStart[k];
            counts[broken[k] ? 3 : metals.Length == 0 && wanted > 0 ? 2 : metals.Length < wanted ? 1 : 0]++;
            for (var i = 0; i < metals.Length; i++)
            {
                for (var j = i + 1; j < metals.Length; j++)
                {
                    edges.Add(new NetEdge(metals[i].Node, metals[j].Node, metals[j].Cell - metals[i].Cell));
                }
            }
        }

        var fractions = new double[coordination.Max() + 1];
        foreach (var number in coordination)
        {
            fractions[number] += 1.0 / coordination.Length;
        }

        double Part(int kind) => (double)counts[kind] / ends.Length;
        return new LinkerState(coordination.Average(), fractions, Part(0), Part(1), Part(2), Part(3), new PeriodicNet(_linkers.Metals.Count, edges));
    }
}
