using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>Three atoms that make an angle at the second.</summary>
/// <param name="First">An end, counted from 0.</param>
/// <param name="Centre">The vertex.</param>
/// <param name="Last">The other end.</param>
public readonly record struct AtomTriple(int First, int Centre, int Last);

/// <summary>Four atoms that make a dihedral angle round the bond of the middle two.</summary>
/// <param name="First">Counted from 0.</param>
/// <param name="Second">Begin of the axis.</param>
/// <param name="Third">End of the axis.</param>
/// <param name="Fourth">Last.</param>
public readonly record struct AtomQuadruple(int First, int Second, int Third, int Fourth);

/// <summary>Distribution of angles at a kind of atoms, between neighbours within cutoffs, found anew in every frame, or along bonds that are fixed. Distances are to nearest images.</summary>
public sealed class AngleDistribution : IFrameAnalysis
{
    private readonly AngleHistogram _histogram;
    private readonly AtomTriple[] _fixed = [];
    private readonly int[] _first = [], _centres = [], _last = [];
    private readonly double _firstCutoff, _lastCutoff;
    private readonly bool _sameEnds;

    /// <summary>Of the same angles in every frame, as the bond graph of the start has them.</summary>
    /// <param name="name">Of the curve.</param>
    /// <param name="angles">Which.</param>
    /// <param name="binWidth">Degrees; divides 180.</param>
    public AngleDistribution(string name, IReadOnlyList<AtomTriple> angles, double binWidth = 1)
    {
        _histogram = new AngleHistogram(name, 0, 180, binWidth);
        _fixed = [.. angles];
    }

    /// <summary>Of all angles first–centre–last whose ends are nearer to the centre than the cutoffs in the frame at hand. Where both ends are of one kind each pair counts once.</summary>
    /// <param name="name">Of the curve.</param>
    /// <param name="first">Atoms at one end, with their cutoff, Å.</param>
    /// <param name="centres">Atoms at the vertex.</param>
    /// <param name="last">Atoms at the other end, with their cutoff, Å.</param>
    /// <param name="binWidth">Degrees; divides 180.</param>
    public AngleDistribution(string name, (int[] Atoms, double Cutoff) first, int[] centres, (int[] Atoms, double Cutoff) last, double binWidth = 1)
    {
        _histogram = new AngleHistogram(name, 0, 180, binWidth);
        (_first, _firstCutoff) = first;
        (_last, _lastCutoff) = last;
        _centres = centres;
        _sameEnds = _first.SequenceEqual(_last) && _firstCutoff == _lastCutoff;
    }

    /// <inheritdoc/>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var images = new NearestImages(frame.Positions, frame.Cell, Math.Max(_firstCutoff, _lastCutoff));
        foreach (var (first, centre, last) in _fixed)
        {
            _histogram.Add(Degrees(images.Between(centre, first), images.Between(centre, last)));
        }

        foreach (var centre in _centres)
        {
            AddRound(images, centre);
        }

        _histogram.CloseFrame();
    }

    /// <summary>The distribution.</summary>
    public AngleCurve Curve() => _histogram.Curve();

    private void AddRound(NearestImages images, int centre)
    {
        var first = Near(images, centre, _first, _firstCutoff);
        var last = _sameEnds ? first : Near(images, centre, _last, _lastCutoff);
        for (var i = 0; i < first.Count; i++)
        {
            for (var j = _sameEnds ? i + 1 : 0; j < last.Count; j++)
            {
                if (first[i].Atom != last[j].Atom)
                {
                    _histogram.Add(Degrees(first[i].Vector, last[j].Vector));
                }
            }
        }
    }

    private static List<(int Atom, AtomVector Vector)> Near(NearestImages images, int centre, int[] atoms, double cutoff)
    {
        var near = new List<(int, AtomVector)>();
        foreach (var atom in atoms)
        {
            var vector = images.Between(centre, atom);
            if (atom != centre && vector.Length < cutoff)
            {
                near.Add((atom, vector));
            }
        }

        return near;
    }

    // By sine and cosine: exact also near 0 and 180 degrees.
    private static double Degrees(AtomVector a, AtomVector b) => Math.Atan2(a.Cross(b).Length, a.Dot(b)) * 180 / Math.PI;
}

/// <summary>
/// Distribution of dihedral angles of fixed quadruples, −180 to 180 degrees, 0 where first and fourth atom eclipse each other, positive clockwise from the front to the back bond (IUPAC).
/// </summary>
public sealed class DihedralDistribution : IFrameAnalysis
{
    private readonly AngleHistogram _histogram;
    private readonly AtomQuadruple[] _dihedrals;

    /// <summary>Of the same dihedrals in every frame.</summary>
    /// <param name="name">Of the curve.</param>
    /// <param name="dihedrals">Which.</param>
    /// <param name="binWidth">Degrees; divides 360.</param>
    public DihedralDistribution(string name, IReadOnlyList<AtomQuadruple> dihedrals, double binWidth = 2)
    {
        _histogram = new AngleHistogram(name, -180, 180, binWidth);
        _dihedrals = [.. dihedrals];
    }

    /// <inheritdoc/>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var images = new NearestImages(frame.Positions, frame.Cell);
        foreach (var (first, second, third, fourth) in _dihedrals)
        {
            _histogram.Add(Degrees(images.Between(first, second), images.Between(second, third), images.Between(third, fourth)));
        }

        _histogram.CloseFrame();
    }

    /// <summary>The distribution.</summary>
    public AngleCurve Curve() => _histogram.Curve();

    private static double Degrees(AtomVector a, AtomVector axis, AtomVector b)
    {
        AtomVector front = a.Cross(axis), back = axis.Cross(b);
        return Math.Atan2(axis.Length * a.Dot(back), front.Dot(back)) * 180 / Math.PI;
    }
}
