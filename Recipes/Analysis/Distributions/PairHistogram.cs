using System.Runtime.Intrinsics;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// Counts the distances of all pairs of atoms in a periodic cell by pairs of groups, images included. Where the cutoff is far below the size of a large cell, by the neighbour list; otherwise all pairs in
/// units of the cell, four at a time: the nearest image by rounding, then further images as far as the cutoff reaches.
/// </summary>
public sealed class PairHistogram : IDisposable
{
    private const int LargeSystem = 2000;
    private const double LargeCell = 3.5;

    private readonly PairSettings _settings;
    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly int[] _groupOf;
    private readonly double[][] _fractions;
    private readonly int[] _counts;
    private readonly double[] _near;
    private readonly double _nearSquare;
    private readonly int _bins;
    private readonly int _stride;
    private readonly NeighborList _list = new();

    /// <summary>Creates a counter.</summary>
    /// <exception cref="MofException">The settings cannot be meant (InvalidArgument).</exception>
    public PairHistogram(AtomGroups groups, PairSettings settings)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        _settings = settings;
        Groups = groups;
        _bins = settings.Bins;

        // One bin more takes what is beyond the cutoff, so that counting needs no branch.
        _stride = _bins + 1;
        _order = [.. groups.Members.SelectMany(members => members)];
        _starts = new int[groups.Count + 1];
        _groupOf = new int[_order.Length];
        for (var g = 0; g < groups.Count; g++)
        {
            _starts[g + 1] = _starts[g] + groups.Members[g].Length;
            foreach (var atom in groups.Members[g])
            {
                _groupOf[atom] = g;
            }
        }

        _fractions = [new double[_order.Length], new double[_order.Length], new double[_order.Length]];
        _counts = new int[PairCount * _stride];
        _near = new double[_order.Length + 2 * Vector256<double>.Count];

        // A little more than the cutoff: which bin a distance at its edge has is for the division to say.
        _nearSquare = Math.Pow(_bins * settings.BinWidth, 2) * (1 + 1e-9);
    }

    /// <summary>The groups.</summary>
    public AtomGroups Groups { get; }

    /// <summary>Pairs of groups a ≤ b: (0,0), (0,1), …, (1,1), ….</summary>
    public int PairCount => Groups.Count * (Groups.Count + 1) / 2;

    /// <summary>Place of a pair of groups, a ≤ b.</summary>
    public int PairIndex(int a, int b) => a * Groups.Count - a * (a - 1) / 2 + b - a;

    /// <summary>Counts of the last frame for a pair of groups, <c>int[Bins]</c>: every pair of atoms once, also within a group.</summary>
    public ReadOnlySpan<int> Counts(int pair) => _counts.AsSpan(pair * _stride, _bins);

    /// <summary>Counts a frame.</summary>
    /// <param name="positions"><c>double[3N]</c>, Å; wrapped or not.</param>
    /// <param name="cell">The periodic cell.</param>
    /// <exception cref="MofException">There is no cell (InvalidArgument).</exception>
    public void Count(double[] positions, Cell? cell)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a pair distribution of atoms without a cell", expected: "a periodic cell, whose volume gives the density");
        }

        Array.Clear(_counts);
        var heights = cell.FaceDistances();
        if (_order.Length >= LargeSystem && heights.Min() > LargeCell * _settings.Cutoff)
        {
            CountByList(positions, cell);
        }
        else
        {
            CountAllPairs(positions, cell, heights);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _list.Dispose();

    private void CountAllPairs(double[] positions, Cell cell, double[] heights)
    {
        for (var k = 0; k < _order.Length; k++)
        {
            var i = 3 * _order[k];
            (_fractions[0][k], _fractions[1][k], _fractions[2][k]) = cell.ToFractional(positions[i], positions[i + 1], positions[i + 2]);
        }

        var rows = cell.Rows.ToArray();
        foreach (var (a, b, c) in Shifts(heights))
        {
            CountShifted(rows, a, b, c);
            if ((a, b, c) != (0, 0, 0))
            {
                CountOwnImages(rows, a, b, c);
            }
        }
    }

    // Image shifts from the nearest image that can bring a pair within the cutoff.
    private IEnumerable<(int A, int B, int C)> Shifts(double[] heights)
    {
        int Reach(int k) => (int)Math.Ceiling(_settings.Cutoff / heights[k] - 0.5 - 1e-9) is var reach and > 0 ? reach : 0;
        for (var a = -Reach(0); a <= Reach(0); a++)
        {
            for (var b = -Reach(1); b <= Reach(1); b++)
            {
                for (var c = -Reach(2); c <= Reach(2); c++)
                {
                    yield return (a, b, c);
                }
            }
        }
    }

    // An atom and its own image are met from both ends: half of the shifts are all pairs.
    private void CountOwnImages(double[] rows, int a, int b, int c)
    {
        if (a < 0 || (a == 0 && (b < 0 || (b == 0 && c < 0))))
        {
            return;
        }

        double x = a * rows[0] + b * rows[3] + c * rows[6], y = a * rows[1] + b * rows[4] + c * rows[7], z = a * rows[2] + b * rows[5] + c * rows[8];
        var bin = Bin(Math.Sqrt(x * x + y * y + z * z) / _settings.BinWidth);
        for (var g = 0; g < Groups.Count; g++)
        {
            _counts[PairIndex(g, g) * _stride + bin] += _starts[g + 1] - _starts[g];
        }
    }

    private void CountShifted(double[] rows, int a, int b, int c)
    {
        for (var first = 0; first < Groups.Count; first++)
        {
            for (var i = _starts[first]; i < _starts[first + 1]; i++)
            {
                for (var second = first; second < Groups.Count; second++)
                {
                    var begin = first == second ? i + 1 : _starts[second];
                    CountRow(rows, (a, b, c), i, begin, _starts[second + 1], _counts.AsSpan(PairIndex(first, second) * _stride, _stride));
                }
            }
        }
    }

    // Distances from atom i to atoms begin ≤ j < end. Most pairs lie beyond the cutoff: squares of the others are put side by side without a branch, and only they get a root and a bin.
    private void CountRow(double[] m, (int A, int B, int C) shift, int i, int begin, int end, Span<int> counts)
    {
        double[] fa = _fractions[0], fb = _fractions[1], fc = _fractions[2];
        double a0 = fa[i], b0 = fb[i], c0 = fc[i];
        Vector256<double> va = Vector256.Create(a0), vb = Vector256.Create(b0), vc = Vector256.Create(c0);
        Vector256<double> sa = Vector256.Create((double)shift.A), sb = Vector256.Create((double)shift.B), sc = Vector256.Create((double)shift.C);
        var limit = Vector256.Create(_nearSquare);
        var rectangular = m[1] == 0 && m[2] == 0 && m[3] == 0 && m[5] == 0 && m[6] == 0 && m[7] == 0;
        var near = _near;
        int j = begin, count = 0;
        for (; j <= end - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            var da = Vector256.LoadUnsafe(ref fa[j]) - va;
            var db = Vector256.LoadUnsafe(ref fb[j]) - vb;
            var dc = Vector256.LoadUnsafe(ref fc[j]) - vc;
            da = da - Vector256.Round(da) + sa;
            db = db - Vector256.Round(db) + sb;
            dc = dc - Vector256.Round(dc) + sc;
            var (x, y, z) = rectangular
                ? (da * m[0], db * m[4], dc * m[8])
                : (da * m[0] + db * m[3] + dc * m[6], da * m[1] + db * m[4] + dc * m[7], da * m[2] + db * m[5] + dc * m[8]);
            var squares = x * x + y * y + z * z;
            var inside = (int)Vector256.LessThan(squares, limit).ExtractMostSignificantBits();
            near[count] = squares.GetElement(0);
            count += inside & 1;
            near[count] = squares.GetElement(1);
            count += (inside >> 1) & 1;
            near[count] = squares.GetElement(2);
            count += (inside >> 2) & 1;
            near[count] = squares.GetElement(3);
            count += inside >> 3;
        }

        for (; j < end; j++)
        {
            double da = fa[j] - a0, db = fb[j] - b0, dc = fc[j] - c0;
            da = da - Math.Round(da) + shift.A;
            db = db - Math.Round(db) + shift.B;
            dc = dc - Math.Round(dc) + shift.C;
            double x = da * m[0] + db * m[3] + dc * m[6], y = da * m[1] + db * m[4] + dc * m[7], z = da * m[2] + db * m[5] + dc * m[8];
            near[count++] = x * x + y * y + z * z;
        }

        CountNear(count, counts);
    }

    private void CountNear(int count, Span<int> counts)
    {
        // What fills up the last four goes into the bin of what is beyond the cutoff.
        _near.AsSpan(count, Vector256<double>.Count).Fill(double.MaxValue);
        var far = Vector256.Create((double)_bins);
        var scale = Vector256.Create(1 / _settings.BinWidth);
        for (var k = 0; k < count; k += Vector256<double>.Count)
        {
            var bins = Vector256.Min(Vector256.Sqrt(Vector256.LoadUnsafe(ref _near[k])) * scale, far);
            counts[(int)bins.GetElement(0)]++;
            counts[(int)bins.GetElement(1)]++;
            counts[(int)bins.GetElement(2)]++;
            counts[(int)bins.GetElement(3)]++;
        }
    }

    private int Bin(double place) => place < _bins ? (int)place : _bins;

    private unsafe void CountByList(double[] positions, Cell cell)
    {
        _list.Build(positions, cell, true, true, true, _bins * _settings.BinWidth);
        var view = _list.View(new int[positions.Length / 3]);
        var perBin = 1 / _settings.BinWidth;
        foreach (var i in _order)
        {
            var from = view.Positions + 3L * i;
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                var image = view.Neighbors[i][n];
                var j = _list.Owners[image];

                // Each pair of atoms is met from both ends; in so large a cell no atom meets its own image.
                if (j > i)
                {
                    var to = view.Positions + 3L * image;
                    double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2];
                    var pair = PairIndex(Math.Min(_groupOf[i], _groupOf[j]), Math.Max(_groupOf[i], _groupOf[j]));
                    _counts[pair * _stride + Bin(Math.Sqrt(x * x + y * y + z * z) * perBin)]++;
                }
            }
        }
    }
}
