using System.Numerics;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// For every grid point outside the atoms, the grid maximum that steepest ascent to neighbouring points leads to.
/// </summary>
internal sealed class GridBasins
{
    /// <summary>Of points inside atoms.</summary>
    public const int None = -1;

    private readonly SurfaceGrid _grid;
    private readonly int[] _summit;

    private GridBasins(SurfaceGrid grid)
    {
        _grid = grid;
        _summit = new int[grid.Values.Length];
    }

    /// <summary>Grid points that have no higher neighbour.</summary>
    public IReadOnlyList<int> Summits { get; private set; } = [];

    /// <summary>Finds them.</summary>
    public static GridBasins Find(SurfaceGrid grid, int threads, CancellationToken cancellation)
    {
        var basins = new GridBasins(grid);
        Parallel.For(0, grid.Counts[0], new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, basins.PointUp);
        basins.FollowUp();
        return basins;
    }

    /// <summary>The place of a point's maximum in <see cref="Summits"/>, or <see cref="None"/>.</summary>
    public int SummitOf(int index) => _summit[index] == None ? None : None - 1 - _summit[index];

    private void PointUp(int a)
    {
        var rows = new int[9];
        for (var b = 0; b < _grid.Counts[1]; b++)
        {
            for (var k = 0; k < rows.Length; k++)
            {
                rows[k] = _grid.WrappedIndex(a + k / 3 - 1, b + k % 3 - 1, 0);
            }

            PointUp(a, b, rows);
        }
    }

    /// <summary>A row of points, of which the middle ones have all their neighbours in the same cell, many at once.</summary>
    private void PointUp(int a, int b, int[] rows)
    {
        var (values, row, count) = (_grid.Values, rows[4], _grid.Counts[2]);
        var lanes = Vector<float>.Count;
        var c = 1;
        PointUp(a, b, 0);
        for (; c + lanes < count; c += lanes)
        {
            var own = new Vector<float>(values, row + c);
            var (best, place) = (own, Vector.CreateSequence(row + c, 1));
            foreach (var other in rows)
            {
                for (var step = -1; step <= 1; step++)
                {
                    var candidate = new Vector<float>(values, other + c + step);
                    var higher = Vector.GreaterThan(candidate, best);
                    best = Vector.ConditionalSelect(higher, candidate, best);
                    place = Vector.ConditionalSelect(higher, Vector.CreateSequence(other + c + step, 1), place);
                }
            }

            Vector.ConditionalSelect(Vector.LessThan(own, Vector<float>.Zero), new Vector<int>(None), place).CopyTo(_summit, row + c);
        }

        for (; c < count; c++)
        {
            PointUp(a, b, c);
        }
    }

    private void PointUp(int a, int b, int c)
    {
        var values = _grid.Values;
        var index = _grid.Index(a, b, c);
        var best = index;
        for (var k = 0; k < 27 && values[index] >= 0; k++)
        {
            var other = _grid.WrappedIndex(a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1);
            best = values[other] > values[best] ? other : best;
        }

        _summit[index] = values[index] < 0 ? None : best;
    }

    private void FollowUp()
    {
        var summits = new List<int>();
        for (var index = 0; index < _summit.Length; index++)
        {
            if (_summit[index] == index)
            {
                _summit[index] = Code(summits.Count);
                summits.Add(index);
            }
        }

        // Each path is walked to what is known, and once more to write it down.
        for (var start = 0; start < _summit.Length; start++)
        {
            var end = start;
            while (_summit[end] >= 0)
            {
                end = _summit[end];
            }

            var code = _summit[end];
            for (var walk = start; _summit[walk] >= 0;)
            {
                var next = _summit[walk];
                _summit[walk] = code;
                walk = next;
            }
        }

        Summits = summits;
    }

    /// <summary>How a point says that it belongs to a summit: below <see cref="None"/>, to be told from the next point of its path.</summary>
    private static int Code(int summit) => None - 1 - summit;
}
