using System.Collections.Concurrent;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The descriptors of CBAD on a fixed bond graph and their bins. Classes: the six cell parameters, then bonds, angles
/// and dihedrals by the types along them, both directions being one class, each sorted by name.
/// </summary>
internal sealed class CbadDescriptors
{
    /// <summary>Dihedrals over bond angles beyond this, degrees, in the starting structure have no meaning.</summary>
    private const double StraightAngle = 175;

    private static readonly string[] _cellClasses = ["cell a", "cell b", "cell c", "cell alpha", "cell beta", "cell gamma"];

    private readonly BondGraph _graph;
    private readonly CbadResolutions _resolutions;
    private readonly Dictionary<string, int> _places = [];
    private readonly ConcurrentBag<Work> _idle = [];
    private readonly int[] _bondPlaces;
    private readonly (int First, int FirstSign, int Second, int SecondSign, int Place)[] _angles;
    private readonly (int First, int FirstSign, int Middle, int Last, int LastSign, int Place)[] _dihedrals;

    public CbadDescriptors(BondGraph graph, IReadOnlyList<string> types, CbadResolutions resolutions)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(types);
        resolutions.Require();
        if (types.Count != graph.AtomCount)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{types.Count} types for a bond graph of {graph.AtomCount} atoms");
        }

        if (!graph.Periodic)
        {
            throw new MofException(ErrorKind.Unsupported, "CBAD selection of a structure without a cell", expected: "a periodic framework");
        }

        _graph = graph;
        _resolutions = resolutions;
        var angles = CbadPaths.Angles(graph);
        var dihedrals = CbadPaths.Dihedrals(graph, StraightAngle);
        string[] bondNames = [.. graph.Bonds.Select(b => CbadPaths.Name("bond", types, b.First, b.Second))];
        string[] angleNames = [.. angles.Select(a => CbadPaths.Name("angle", types, a.First.Atom, a.Center, a.Second.Atom))];
        string[] dihedralNames = [.. dihedrals.Select(d => CbadPaths.Name("dihedral", types, d.First.Atom, d.Left, d.Right, d.Last.Atom))];
        Classes = [.. _cellClasses, .. Distinct(bondNames), .. Distinct(angleNames), .. Distinct(dihedralNames)];
        for (var place = 0; place < Classes.Count; place++)
        {
            _places.Add(Classes[place], place);
        }

        _bondPlaces = [.. bondNames.Select(PlaceOf)];
        _angles = [.. angles.Zip(angleNames, (a, name) => (a.First.Bond, a.First.Sign, a.Second.Bond, a.Second.Sign, PlaceOf(name)))];
        _dihedrals = [.. dihedrals.Zip(dihedralNames, (d, name) => (d.First.Bond, d.First.Sign, d.Middle, d.Last.Bond, d.Last.Sign, PlaceOf(name)))];
    }

    public IReadOnlyList<string> Classes { get; }

    /// <exception cref="MofException">No such class.</exception>
    public int PlaceOf(string name) => _places.TryGetValue(name, out var place)
        ? place
        : throw new MofException(ErrorKind.InvalidArgument, $"there is no CBAD class '{name}' in this structure", remedy: "The saved bins belong to another structure or typing; select anew.");

    /// <summary>The distinct bins of a configuration. Safe for concurrent use.</summary>
    public CbadFootprint FootprintOf(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!_idle.TryTake(out var work))
        {
            work = new Work(new double[3 * _graph.Bonds.Count], new BinCollector());
        }

        try
        {
            return new CbadFootprint(Collect(configuration, work.Vectors, work.Bins));
        }
        finally
        {
            _idle.Add(work);
        }
    }

    private long[] Collect(AtomicConfiguration configuration, double[] vectors, BinCollector bins)
    {
        _graph.BondVectors(configuration, vectors);
        bins.Begin();
        var cell = configuration.Cell!.Parameters();
        for (var k = 0; k < 6; k++)
        {
            bins.Add(CbadFootprint.Key(k, Bin(k < 3 ? cell[k] : cell[k] * Math.PI / 180, Width(k))));
        }

        for (var b = 0; b < _bondPlaces.Length; b++)
        {
            bins.Add(CbadFootprint.Key(_bondPlaces[b], Bin(Vector(vectors, b, 1).Length, _resolutions.Bond)));
        }

        foreach (var a in _angles)
        {
            var angle = Vector3.Angle(Vector(vectors, a.First, a.FirstSign), Vector(vectors, a.Second, a.SecondSign));
            bins.Add(CbadFootprint.Key(a.Place, Bin(angle, _resolutions.Angle)));
        }

        foreach (var d in _dihedrals)
        {
            var angle = Vector3.Dihedral(Vector(vectors, d.First, -d.FirstSign), Vector(vectors, d.Middle, 1), Vector(vectors, d.Last, d.LastSign));
            bins.Add(CbadFootprint.Key(d.Place, DihedralBin(angle, _resolutions.Dihedral)));
        }

        return bins.Sorted();
    }

    public CbadBin Describe(int place, int bin)
    {
        var width = Width(place);
        var unit = Classes[place][..4] switch
        {
            "cell" => place < 3 ? "Å" : "rad",
            "bond" => "Å",
            _ => "°",
        };
        var dihedral = IsDihedral(place);
        return new CbadBin(
            Classes[place],
            bin,
            dihedral ? Math.Max(bin * width, -180) : bin * width,
            dihedral ? Math.Min((bin + 1) * width, 180) : (bin + 1) * width,
            unit);
    }

    /// <summary>floor(value/width), so that bins around zero are as wide as all others.</summary>
    internal static int Bin(double value, double width) => (int)Math.Floor(value / width);

    /// <summary>As <see cref="Bin"/> for degrees on a circle: +180 is −180.</summary>
    internal static int DihedralBin(double degrees, double width)
    {
        var wrapped = degrees - 360 * Math.Floor((degrees + 180) / 360);
        return Bin(wrapped >= 180 ? -180 : wrapped, width);
    }

    private static IOrderedEnumerable<string> Distinct(string[] names) => names.Distinct().Order(StringComparer.Ordinal);

    private static Vector3 Vector(double[] vectors, int bond, int sign) =>
        new(sign * vectors[3 * bond], sign * vectors[3 * bond + 1], sign * vectors[3 * bond + 2]);

    private bool IsDihedral(int place) => Classes[place].StartsWith("dihedral", StringComparison.Ordinal);

    private double Width(int place) => place switch
    {
        < 3 => _resolutions.CellLength,
        < 6 => _resolutions.CellAngle,
        _ when IsDihedral(place) => _resolutions.Dihedral,
        _ when Classes[place].StartsWith("angle", StringComparison.Ordinal) => _resolutions.Angle,
        _ => _resolutions.Bond,
    };

    /// <summary>Work space of one configuration at a time.</summary>
    private sealed record Work(double[] Vectors, BinCollector Bins);
}
