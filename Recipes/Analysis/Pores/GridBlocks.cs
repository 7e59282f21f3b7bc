namespace MofInterop.Analysis.Pores;

/// <summary>A grid in blocks of 8×8×8 points (fewer at its ends), and the largest value in each. Immutable.</summary>
internal sealed class GridBlocks
{
    private readonly SurfaceGrid _grid;
    private readonly int[] _counts;
    private readonly float[] _largest;

    public GridBlocks(SurfaceGrid grid)
    {
        _grid = grid;
        _counts = [.. grid.Counts.Select(count => (count + SurfaceGrid.Block - 1) / SurfaceGrid.Block)];
        Count = _counts[0] * _counts[1] * _counts[2];
        Reach = grid.LongestDiagonal(SurfaceGrid.Block - 1, SurfaceGrid.Block - 1, SurfaceGrid.Block - 1) / 2;
        _largest = new float[Count];
        for (var block = 0; block < Count; block++)
        {
            _largest[block] = Points(block).Max(index => grid.Values[index]);
        }
    }

    /// <summary>Number of blocks.</summary>
    public int Count { get; }

    /// <summary>No point of a block is further from its centre, Å.</summary>
    public double Reach { get; }

    /// <summary>Largest value in a block, Å.</summary>
    public float LargestIn(int block) => _largest[block];

    /// <summary>Centre of a block, Å.</summary>
    public Point3 Center(int block)
    {
        var (a, b, c) = Start(block);
        const double middle = 0.5 * (SurfaceGrid.Block - 1);
        return _grid.Position(a, b, c) + middle * (_grid.Position(1, 0, 0) + _grid.Position(0, 1, 0) + _grid.Position(0, 0, 1));
    }

    /// <summary>Indices of the grid points of a block.</summary>
    public IEnumerable<int> Points(int block)
    {
        var (a0, b0, c0) = Start(block);
        for (var a = a0; a < Math.Min(a0 + SurfaceGrid.Block, _grid.Counts[0]); a++)
        {
            for (var b = b0; b < Math.Min(b0 + SurfaceGrid.Block, _grid.Counts[1]); b++)
            {
                for (var c = c0; c < Math.Min(c0 + SurfaceGrid.Block, _grid.Counts[2]); c++)
                {
                    yield return _grid.Index(a, b, c);
                }
            }
        }
    }

    /// <summary>Whether a block holds a value of a size that may be within a distance of a point of another block.</summary>
    public bool Reaches(int block, double distance, double value)
    {
        var center = Center(block);
        var limit = distance + 2 * Reach;
        for (var other = 0; other < Count; other++)
        {
            if (_largest[other] >= value && _grid.Images.Any(Center(other) - center, limit))
            {
                return true;
            }
        }

        return false;
    }

    private (int A, int B, int C) Start(int block) =>
        (block / _counts[2] / _counts[1] * SurfaceGrid.Block, block / _counts[2] % _counts[1] * SurfaceGrid.Block, block % _counts[2] * SurfaceGrid.Block);
}
