using System.Collections.Concurrent;
using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>A bond of the starting structure, listed once.</summary>
/// <param name="First">An atom, counted from 0.</param>
/// <param name="Second">The other, not below <paramref name="First"/>; the same when an atom is bonded to its own image.</param>
/// <param name="ShiftA">How many cells along a the bonded image of <paramref name="Second"/> is from where the starting structure has it.</param>
/// <param name="ShiftB">Along b.</param>
/// <param name="ShiftC">Along c.</param>
/// <param name="Length">In the starting structure, Å.</param>
public readonly record struct Bond(int First, int Second, int ShiftA, int ShiftB, int ShiftC, double Length);

/// <summary>One end of a bond as seen from an atom.</summary>
/// <param name="Atom">The atom at the other end.</param>
/// <param name="Bond">Place in <see cref="BondGraph.Bonds"/>.</param>
/// <param name="Sign">+1 when the bond's vector points to <paramref name="Atom"/>, −1 when it points away from it.</param>
public readonly record struct BondedNeighbor(int Atom, int Bond, int Sign);

/// <summary>
/// Who is bonded to whom: found once, on the starting structure, by covalent radii, through periodic boundaries, and
/// carried along a trajectory. Later configurations must have the same atoms in the same order and the same cell
/// setting; their positions may be wrapped into the cell or not, each bond taking the image nearest to its starting
/// fractional vector. Immutable, safe for concurrent use.
/// </summary>
public sealed class BondGraph
{
    private readonly Bond[] _bonds;
    private readonly Vector3[] _startingVectors;
    private readonly Vector3[] _startingFractions;
    private readonly BondedNeighbor[][] _neighbors;
    private readonly string[] _symbols;
    private readonly BondRadii _radii;
    private readonly ConcurrentBag<NeighborList> _idleLists = [];

    private BondGraph(string[] symbols, bool periodic, BondRadii radii, List<(Bond Bond, Vector3 Vector, Vector3 Fraction)> bonds)
    {
        _symbols = symbols;
        Periodic = periodic;
        _radii = radii;
        _bonds = [.. bonds.Select(b => b.Bond)];
        _startingVectors = [.. bonds.Select(b => b.Vector)];
        _startingFractions = [.. bonds.Select(b => b.Fraction)];
        _neighbors = ListNeighbors(symbols.Length, _bonds);
    }

    /// <summary>Number of atoms.</summary>
    public int AtomCount => _symbols.Length;

    /// <summary>Whether bonds go through cell boundaries.</summary>
    public bool Periodic { get; }

    /// <summary>Chemical symbols of the atoms.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>All bonds, ordered by their atoms.</summary>
    public IReadOnlyList<Bond> Bonds => _bonds;

    /// <summary>The bonds of an atom.</summary>
    public ReadOnlySpan<BondedNeighbor> NeighborsOf(int atom) => _neighbors[atom];

    /// <summary>Finds the bonds of a structure.</summary>
    /// <exception cref="MofException">An unknown element, or two atoms on top of each other.</exception>
    public static BondGraph Build(AtomicConfiguration structure, BondSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        settings ??= new BondSettings();
        if (!(settings.Tolerance >= 0) || !(settings.Tolerance < 2))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the bond tolerance is {settings.Tolerance} angstrom", expected: "0 to 2 angstrom");
        }

        string[] symbols = [.. structure.Symbols];
        var radii = new BondRadii(symbols, settings);
        return new BondGraph(symbols, structure.Periodic, radii, FindBonds(structure, radii, settings));
    }

    /// <summary>From first to second atom of a bond in the starting structure, Å.</summary>
    internal Vector3 StartingVector(int bond) => _startingVectors[bond];

    /// <summary>Vectors from first to second atom of every bond in a later configuration, <c>double[bonds][3]</c>, Å.</summary>
    /// <param name="configuration">The same atoms in the same order.</param>
    /// <param name="vectors">Receives <c>3·Bonds.Count</c> numbers.</param>
    /// <exception cref="MofException">Another number of atoms, or a periodic graph meets a configuration without a cell.</exception>
    public void BondVectors(AtomicConfiguration configuration, Span<double> vectors)
    {
        Require(configuration);
        var x = configuration.Positions;
        for (var b = 0; b < _bonds.Length; b++)
        {
            int i = 3 * _bonds[b].First, j = 3 * _bonds[b].Second;
            double dx = x[j] - x[i], dy = x[j + 1] - x[i + 1], dz = x[j + 2] - x[i + 2];
            if (Periodic)
            {
                var start = _startingFractions[b];
                var (fa, fb, fc) = configuration.Cell!.ToFractional(dx, dy, dz);
                (dx, dy, dz) = configuration.Cell.ToCartesian(
                    fa + Math.Round(start.X - fa), fb + Math.Round(start.Y - fb), fc + Math.Round(start.Z - fc));
            }

            vectors[3 * b] = dx;
            vectors[3 * b + 1] = dy;
            vectors[3 * b + 2] = dz;
        }
    }

    /// <summary>
    /// Whether a later configuration still has these bonds and no others.
    /// </summary>
    /// <param name="configuration">The same atoms in the same order; types, when present, are used in the text.</param>
    /// <param name="settings">Limits; null: the defaults.</param>
    /// <returns>Null when intact; otherwise one sentence that names the bond or contact, its atoms counted from 0.</returns>
    public string? FindBreak(AtomicConfiguration configuration, IntegritySettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new IntegritySettings();
        Require(configuration);
        for (var k = 0; k < configuration.Positions.Length; k++)
        {
            if (!double.IsFinite(configuration.Positions[k]))
            {
                return $"the position of {Name(configuration, k / 3)} is not a number";
            }
        }

        var vectors = new double[3 * _bonds.Length];
        BondVectors(configuration, vectors);
        for (var b = 0; b < _bonds.Length; b++)
        {
            var length = LengthOf(vectors, b);
            var bond = _bonds[b];
            var radii = _radii.Sum(bond.First, bond.Second);
            if (!(length >= settings.MinimumFactor * Math.Min(bond.Length, radii)) || !(length <= settings.MaximumFactor * Math.Max(bond.Length, radii)))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the bond {Name(configuration, bond.First)} – {Name(configuration, bond.Second)} is {length:f2} Å long ({bond.Length:f2} Å at the start)");
            }
        }

        return FindContact(configuration, vectors, settings);
    }

    /// <summary>
    /// How many times as long as the larger of its starting length and the sum of its atoms' covalent radii the most stretched bond of a later
    /// configuration is (see <see cref="IntegritySettings.MaximumFactor"/>); 0 without bonds.
    /// </summary>
    public double StretchOf(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Require(configuration);
        var vectors = new double[3 * _bonds.Length];
        BondVectors(configuration, vectors);
        var largest = 0.0;
        for (var b = 0; b < _bonds.Length; b++)
        {
            largest = Math.Max(largest, LengthOf(vectors, b) / Math.Max(_bonds[b].Length, _radii.Sum(_bonds[b].First, _bonds[b].Second)));
        }

        return largest;
    }

    /// <summary>True when <see cref="FindBreak"/> finds nothing.</summary>
    public bool IsIntact(AtomicConfiguration configuration, IntegritySettings? settings = null) => FindBreak(configuration, settings) is null;

    private static double LengthOf(double[] vectors, int bond) =>
        Math.Sqrt(vectors[3 * bond] * vectors[3 * bond] + vectors[3 * bond + 1] * vectors[3 * bond + 1] + vectors[3 * bond + 2] * vectors[3 * bond + 2]);

    private static BondedNeighbor[][] ListNeighbors(int count, Bond[] bonds)
    {
        var lists = new List<BondedNeighbor>[count];
        for (var i = 0; i < count; i++)
        {
            lists[i] = [];
        }

        for (var b = 0; b < bonds.Length; b++)
        {
            lists[bonds[b].First].Add(new BondedNeighbor(bonds[b].Second, b, 1));
            lists[bonds[b].Second].Add(new BondedNeighbor(bonds[b].First, b, -1));
        }

        return [.. lists.Select(l => l.ToArray())];
    }

    private static List<(Bond Bond, Vector3 Vector, Vector3 Fraction)> FindBonds(AtomicConfiguration structure, BondRadii radii, BondSettings settings)
    {
        var found = new List<(Bond Bond, Vector3 Vector, Vector3 Fraction)>();
        foreach (var (i, j, vector) in Pairs(structure, radii.LongestBond + settings.Tolerance))
        {
            var length = vector.Length;
            RefuseOverlap(structure, radii, settings, i, j, length);
            if (radii.Bonded(i, j, length, settings.Tolerance) && ListedFromHere(i, j, vector))
            {
                found.Add(Describe(structure, i, j, vector, length));
            }
        }

        found.Sort((a, b) => Key(a.Bond).CompareTo(Key(b.Bond)));
        return found;

        static (int, int, int, int, int) Key(Bond b) => (b.First, b.Second, b.ShiftA, b.ShiftB, b.ShiftC);
    }

    /// <summary>All pairs within a distance, from both ends, images included.</summary>
    private static List<(int First, int Second, Vector3 Vector)> Pairs(AtomicConfiguration structure, double distance)
    {
        var pairs = new List<(int, int, Vector3)>();
        using var list = new NeighborList();
        VisitPairs(list, structure, distance, (i, j, vector) =>
        {
            pairs.Add((i, j, vector));
            return true;
        });
        return pairs;
    }

    /// <summary>Visits all pairs within a distance, from both ends, images included, until the visitor says false.</summary>
    private static unsafe void VisitPairs(NeighborList list, AtomicConfiguration structure, double distance, Func<int, int, Vector3, bool> visit)
    {
        var periodic = structure.Periodic;
        list.Build(structure.Positions, structure.Cell, periodic, periodic, periodic, distance);
        var view = list.View(new int[structure.Count]);
        for (var i = 0; i < view.CenterCount; i++)
        {
            var from = view.Positions + 3 * i;
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                var image = view.Neighbors[i][n];
                var to = view.Positions + 3 * image;
                if (!visit(i, list.Owners[image], new Vector3(to[0] - from[0], to[1] - from[1], to[2] - from[2])))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Each pair is met from both ends; an atom and its own image are told apart by the vector's direction.</summary>
    private static bool ListedFromHere(int i, int j, in Vector3 v) =>
        i != j ? i < j : v.X != 0 ? v.X > 0 : v.Y != 0 ? v.Y > 0 : v.Z > 0;

    private static (Bond Bond, Vector3 Vector, Vector3 Fraction) Describe(AtomicConfiguration structure, int i, int j, in Vector3 vector, double length)
    {
        if (!structure.Periodic)
        {
            return (new Bond(i, j, 0, 0, 0, length), vector, default);
        }

        var x = structure.Positions;
        var cell = structure.Cell!;
        var (a, b, c) = cell.ToFractional(vector.X, vector.Y, vector.Z);
        var (ga, gb, gc) = cell.ToFractional(x[3 * j] - x[3 * i], x[3 * j + 1] - x[3 * i + 1], x[3 * j + 2] - x[3 * i + 2]);
        var bond = new Bond(i, j, (int)Math.Round(a - ga), (int)Math.Round(b - gb), (int)Math.Round(c - gc), length);
        return (bond, vector, new Vector3(a, b, c));
    }

    private static void RefuseOverlap(AtomicConfiguration structure, BondRadii radii, BondSettings settings, int i, int j, double length)
    {
        if (length < settings.OverlapFactor * radii.Sum(i, j))
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"{structure.Symbols[i]} and {structure.Symbols[j]} are {length:f3} angstrom apart"),
                where: $"atoms {i} and {j} (counted from 0)",
                expected: "atoms at bonding distance or further",
                remedy: "Overlapping atoms usually come from disorder: keep one of the alternative positions.");
        }
    }

    private string? FindContact(AtomicConfiguration configuration, double[] vectors, IntegritySettings settings)
    {
        // Trajectories ask this of every frame: the work space is kept.
        if (!_idleLists.TryTake(out var list))
        {
            list = new NeighborList();
        }

        string? found = null;
        try
        {
            VisitPairs(list, configuration, _radii.LongestBond + settings.ContactTolerance, (i, j, vector) =>
            {
                var length = vector.Length;
                if (i <= j && _radii.Bonded(i, j, length, settings.ContactTolerance) && !IsBond(i, j, vector, vectors))
                {
                    found = string.Create(CultureInfo.InvariantCulture, $"{Name(configuration, i)} and {Name(configuration, j)}, which are not bonded, are {length:f2} Å apart");
                }

                return found is null;
            });
        }
        finally
        {
            _idleLists.Add(list);
        }

        return found;
    }

    private bool IsBond(int i, int j, in Vector3 vector, double[] vectors)
    {
        const double same = 1e-6;
        foreach (var neighbor in _neighbors[i])
        {
            var v = 3 * neighbor.Bond;
            if (neighbor.Atom == j
                && Math.Abs(neighbor.Sign * vectors[v] - vector.X) < same
                && Math.Abs(neighbor.Sign * vectors[v + 1] - vector.Y) < same
                && Math.Abs(neighbor.Sign * vectors[v + 2] - vector.Z) < same)
            {
                return true;
            }
        }

        return false;
    }

    private static string Name(AtomicConfiguration configuration, int atom) =>
        $"{configuration.Types?[atom] ?? configuration.Symbols[atom]}({atom})";

    private void Require(AtomicConfiguration configuration)
    {
        if (configuration.Count != AtomCount || (Periodic && configuration.Cell is null))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a bond graph of {AtomCount} atoms{(Periodic ? " in a cell" : "")} meets a configuration of {configuration.Count}{(configuration.Cell is null ? " without a cell" : "")}");
        }
    }
}
