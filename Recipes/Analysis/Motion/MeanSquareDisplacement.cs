using System.Numerics;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>Mean square displacements of groups against time.</summary>
/// <param name="Groups">Names.</param>
/// <param name="Frames">Lag of each point in frames, ascending.</param>
/// <param name="Displacements">[groups][lags], Å².</param>
/// <param name="Origins">How many pairs of frames each point is the mean of.</param>
public sealed record DisplacementCurves(IReadOnlyList<string> Groups, long[] Frames, double[][] Displacements, long[] Origins);

/// <summary>
/// Mean square displacement of groups of atoms by the order-n algorithm (D. Dubbeldam, D. C. Ford, D. E. Ellis and R. Q. Snurr, Mol. Simul. 35 (2009) 1084): level l keeps every 20^l-th frame,
/// the last 20 of them, and every frame that a level takes is compared with all that it keeps. So every lag has very many time origins, lags cover all powers of ten, and memory grows with
/// the logarithm of the length. The path of the centre of mass of all atoms is taken out. Positions must be unwrapped; where the cell changes (NPT), its breathing moves atoms too: use runs at constant
/// volume for diffusion. The trajectory is cut into segments that know nothing of each other, so that their scatter is the error.
/// </summary>
public sealed class MeanSquareDisplacement : IFrameAnalysis
{
    private const int Kept = 20;

    // Lags up to 20^8 frames: more than anybody has.
    private const int MostLevels = 8;

    private readonly AtomGroups _groups;
    private readonly int[] _order;
    private readonly double[] _weights;
    private readonly long _framesInSegment;
    private readonly bool _removeDrift;
    private readonly List<DisplacementCurves> _segments = [];
    private readonly double[] _current;
    private readonly List<Level> _levels = [];
    private long _inSegment;

    /// <summary>Creates an empty accumulator.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="groups">Whose displacements are wanted.</param>
    /// <param name="framesInSegment">After so many frames a new segment begins; 0: all is one.</param>
    /// <param name="removeDrift">Take out the motion of the centre of mass.</param>
    public MeanSquareDisplacement(TrajectoryAtoms atoms, AtomGroups groups, long framesInSegment = 0, bool removeDrift = true)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(groups);
        _groups = groups;
        _order = [.. groups.Members.SelectMany(members => members)];
        var masses = atoms.Masses();
        var total = masses.Sum();
        _weights = [.. masses.Select(mass => mass / total)];
        _framesInSegment = framesInSegment;
        _removeDrift = removeDrift;
        _current = new double[3 * _order.Length];
    }

    /// <inheritdoc/>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!frame.Continues)
        {
            // A gap: what was summed stays, what was kept to compare with does not.
            foreach (var level in _levels)
            {
                level.Forget();
            }
        }

        Take(frame.Positions);
        for (var l = 0; l < MostLevels; l++)
        {
            if (l == _levels.Count)
            {
                _levels.Add(new Level(_groups.Count, _current.Length));
            }

            Compare(_levels[l]);
            if (!_levels[l].Keep(_current))
            {
                break;
            }
        }

        if (++_inSegment == _framesInSegment)
        {
            CloseSegment();
        }
    }

    /// <summary>
    /// The curves of every whole segment; where there is none, of what there is. A rest of at least half of a segment counts as one.
    /// </summary>
    /// <exception cref="MofException">There are no two frames that follow each other (InvalidArgument).</exception>
    public IReadOnlyList<DisplacementCurves> Segments()
    {
        var segments = _segments.ToList();
        if (_inSegment > 1 && (segments.Count == 0 || 2 * _inSegment >= _framesInSegment))
        {
            segments.Add(Curves());
        }

        return segments.Count > 0 && segments[0].Frames.Length > 0
            ? segments
            : throw new MofException(ErrorKind.InvalidArgument, "no displacement can be measured", expected: "at least two frames at equal distances");
    }

    private void Take(double[] positions)
    {
        double x = 0, y = 0, z = 0;
        for (var i = 0; _removeDrift && i < _weights.Length; i++)
        {
            x += _weights[i] * positions[3 * i];
            y += _weights[i] * positions[3 * i + 1];
            z += _weights[i] * positions[3 * i + 2];
        }

        for (var k = 0; k < _order.Length; k++)
        {
            var i = 3 * _order[k];
            _current[3 * k] = positions[i] - x;
            _current[3 * k + 1] = positions[i + 1] - y;
            _current[3 * k + 2] = positions[i + 2] - z;
        }
    }

    private void Compare(Level level)
    {
        for (var back = 1; back <= level.Count; back++)
        {
            var past = level.Past(back);
            var begin = 0;
            for (var g = 0; g < _groups.Count; g++)
            {
                var length = 3 * _groups.Members[g].Length;
                level.Sums[g][back - 1] += SquaredDistance(_current.AsSpan(begin, length), past.AsSpan(begin, length)) / _groups.Members[g].Length;
                begin += length;
            }

            level.Origins[back - 1]++;
        }
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sums = Vector<double>.Zero;
        var k = 0;
        for (; k <= a.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            var step = new Vector<double>(a[k..]) - new Vector<double>(b[k..]);
            sums += step * step;
        }

        var sum = Vector.Sum(sums);
        for (; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }

    private void CloseSegment()
    {
        _segments.Add(Curves());
        _levels.Clear();
        _inSegment = 0;
    }

    private DisplacementCurves Curves()
    {
        var frames = new List<long>();
        var origins = new List<long>();
        var curves = _groups.Names.Select(_ => new List<double>()).ToArray();
        var unit = 1L;
        foreach (var level in _levels)
        {
            for (var back = 1; back < Kept; back++)
            {
                if (level.Origins[back - 1] == 0)
                {
                    continue;
                }

                frames.Add(unit * back);
                origins.Add(level.Origins[back - 1]);
                for (var g = 0; g < curves.Length; g++)
                {
                    curves[g].Add(level.Sums[g][back - 1] / level.Origins[back - 1]);
                }
            }

            unit *= Kept;
        }

        return new DisplacementCurves(_groups.Names, [.. frames], [.. curves.Select(curve => curve.ToArray())], [.. origins]);
    }

    /// <summary>The last frames that a level keeps, and its sums for lags 1 to 20 (of its own unit); lag 20 is lag 1 of the next level.</summary>
    private sealed class Level(int groups, int length)
    {
        private readonly double[][] _ring = new double[Kept][];
        private int _next;
        private int _taken;

        public int Count { get; private set; }

        public double[][] Sums { get; } = [.. Enumerable.Range(0, groups).Select(_ => new double[Kept])];

        public long[] Origins { get; } = new long[Kept];

        /// <summary>The frame so many before the one to come.</summary>
        public double[] Past(int back) => _ring[(_next - back + Kept) % Kept];

        /// <summary>Keeps a frame; true where the next level takes it too.</summary>
        public bool Keep(double[] frame)
        {
            frame.CopyTo(_ring[_next] ??= new double[length], 0);
            _next = (_next + 1) % Kept;
            Count = Math.Min(Count + 1, Kept);
            return _taken++ % Kept == 0;
        }

        public void Forget()
        {
            Count = 0;
            _taken = 0;
        }
    }
}
