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
    public int SummitOf(int index) => _summit[index];

    private void PointUp(int a)
    {
        var values = _grid.Values;
        for (var b = 0; b < _grid.Counts[1]; b++)
        {
            for (var c = 0; c < _grid.Counts[2]; c++)
            {
                var index = _grid.Index(a, b, c);
                var best = index;
                if (values[index] < 0)
                {
                    _summit[index] = None;
                    continue;
                }

                for (var k = 0; k < 27; k++)
                {
                    var other = _grid.WrappedIndex(a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1);
                    best = values[other] > values[best] ? other : best;
                }

                _summit[index] = best;
            }
        }
    }

    private void FollowUp()
    {
        var summits = new List<int>();
        var path = new Stack<int>();
        var done = new System.Collections.BitArray(_summit.Length);
        for (var start = 0; start < _summit.Length; start++)
        {
            if (_summit[start] == None)
            {
                continue;
            }

            for (var walk = start; !done[walk]; walk = _summit[walk])
            {
                if (_summit[walk] == walk)
                {
                    summits.Add(walk);
                    done[walk] = true;
                    break;
                }

                path.Push(walk);
            }

            while (path.TryPop(out var point))
            {
                _summit[point] = _summit[_summit[point]];
                done[point] = true;
            }
        }

        summits.Sort();
        Summits = summits;
        var places = summits.Select((point, place) => (point, place)).ToDictionary(pair => pair.point, pair => pair.place);
        for (var i = 0; i < _summit.Length; i++)
        {
            _summit[i] = _summit[i] == None ? None : places[_summit[i]];
        }
    }
}
