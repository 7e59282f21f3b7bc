using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// For every grid point outside the atoms, the grid maximum that steepest ascent to neighbouring points leads to, and in which image of the cell it is.
/// </summary>
internal sealed class GridBasins
{
    /// <summary>Of points inside atoms.</summary>
    public const int None = -1;

    private readonly SurfaceGrid _grid;
    private readonly int[] _summit;
    private readonly int[] _shift;

    private GridBasins(SurfaceGrid grid)
    {
        _grid = grid;
        _summit = new int[grid.Values.Length];
        _shift = new int[grid.Values.Length];
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

    /// <summary>The cell in which that maximum is, seen from the point in the first cell.</summary>
    public LatticeVector ShiftOf(int index) => Unpack(_shift[index]);

    /// <summary>The 26 neighbours of a point: indices and the cell they are in.</summary>
    public static (int Index, LatticeVector Cell) Neighbor(SurfaceGrid grid, int a, int b, int c)
    {
        var (wa, ca) = Wrap(a, grid.Counts[0]);
        var (wb, cb) = Wrap(b, grid.Counts[1]);
        var (wc, cc) = Wrap(c, grid.Counts[2]);
        return (grid.Index(wa, wb, wc), new LatticeVector(ca, cb, cc));
    }

    private static (int Index, int Cell) Wrap(int index, int count) => index < 0 ? (index + count, -1) : index >= count ? (index - count, 1) : (index, 0);

    private void PointUp(int a)
    {
        var values = _grid.Values;
        for (var b = 0; b < _grid.Counts[1]; b++)
        {
            for (var c = 0; c < _grid.Counts[2]; c++)
            {
                var index = _grid.Index(a, b, c);
                var (best, cell) = (index, LatticeVector.Zero);
                if (values[index] < 0)
                {
                    _summit[index] = None;
                    continue;
                }

                for (var k = 0; k < 27; k++)
                {
                    var (other, otherCell) = Neighbor(_grid, a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1);
                    if (values[other] > values[best])
                    {
                        (best, cell) = (other, otherCell);
                    }
                }

                _summit[index] = best;
                _shift[index] = Pack(cell);
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
                var next = _summit[point];
                _shift[point] = Pack(Unpack(_shift[point]) + Unpack(_shift[next]));
                _summit[point] = _summit[next];
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

    // Ten bits for each direction: an ascent crosses few cells.
    private static int Pack(LatticeVector v) => (v.A + 512) << 20 | (v.B + 512) << 10 | (v.C + 512);

    private static LatticeVector Unpack(int packed) => packed == 0 ? LatticeVector.Zero : new((packed >> 20 & 1023) - 512, (packed >> 10 & 1023) - 512, (packed & 1023) - 512);
}
