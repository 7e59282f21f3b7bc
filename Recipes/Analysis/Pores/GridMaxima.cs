namespace MofInterop.Analysis.Pores;

/// <summary>A sphere between the atoms.</summary>
/// <param name="Center">Å.</param>
/// <param name="Radius">Å.</param>
internal readonly record struct CoveringSphere(Point3 Center, double Radius);

/// <summary>The largest value of the grid in boxes of 2×2×2, 4×4×4, … points, up to boxes so large that there are few. Immutable.</summary>
internal sealed class GridMaxima
{
    private const int Few = 1500;

    private readonly SurfaceGrid _grid;
    private readonly List<Level> _levels = [];

    public GridMaxima(SurfaceGrid grid)
    {
        _grid = grid;
        var points = new Level(1, grid.Counts, grid.Values, 0);
        for (var level = points; _levels.Count == 0 || level.Largest.Length > Few; _levels.Add(level))
        {
            level = Coarser(level);
        }
    }

    /// <summary>Number of the largest boxes.</summary>
    public int Count => Top.Largest.Length;

    /// <summary>No point of one of the largest boxes is further from its centre, Å.</summary>
    public double Reach => Top.Reach;

    /// <summary>No place in the part of the cell that one of the largest boxes fills is further from its centre, Å: up to the first points of the next box.</summary>
    public double PlaceReach => _grid.LongestDiagonal(Top.Size + 1, Top.Size + 1, Top.Size + 1) / 2;

    private Level Top => _levels[^1];

    /// <summary>Largest value in a box, Å.</summary>
    public float LargestIn(int box) => Top.Largest[box];

    /// <summary>Centre of a box, Å.</summary>
    public Point3 Center(int box)
    {
        var (a, b, c) = Top.Split(box);
        return Center(Top, a, b, c);
    }

    /// <summary>The box that a place is in, by its fractions of the cell vectors from 0 to 1.</summary>
    public int BoxAt(double a, double b, double c)
    {
        return (Part(a, 0) * Top.Counts[1] + Part(b, 1)) * Top.Counts[2] + Part(c, 2);

        int Part(double fraction, int axis) => Math.Min(_grid.Counts[axis] - 1, (int)(fraction * _grid.Counts[axis])) / Top.Size;
    }

    /// <summary>The largest of the spheres round the grid points of a box that cover a place; or what was known before, if that is larger.</summary>
    public CoveringSphere LargestCovering(int box, Point3 place, CoveringSphere known)
    {
        var (a, b, c) = Top.Split(box);
        return LargestCovering(_levels.Count - 1, a, b, c, place, known);
    }

    private CoveringSphere LargestCovering(int depth, int a, int b, int c, Point3 place, CoveringSphere known)
    {
        var level = _levels[depth];
        var largest = level.Largest[level.Index(a, b, c)];
        if (largest <= known.Radius || (Center(level, a, b, c) - place).Length > largest + level.Reach)
        {
            return known;
        }

        var next = depth > 0 ? _levels[depth - 1].Counts : _grid.Counts;
        for (var part = 0; part < 8; part++)
        {
            var (i, j, k) = (2 * a + (part >> 2), 2 * b + (part >> 1 & 1), 2 * c + (part & 1));
            if (i < next[0] && j < next[1] && k < next[2])
            {
                known = depth > 0 ? LargestCovering(depth - 1, i, j, k, place, known) : AtPoint(i, j, k, place, known);
            }
        }

        return known;
    }

    private CoveringSphere AtPoint(int a, int b, int c, Point3 place, CoveringSphere known)
    {
        var radius = _grid.Values[_grid.Index(a, b, c)];
        if (radius <= known.Radius)
        {
            return known;
        }

        var center = _grid.Position(a, b, c);
        return (center - place).Length <= radius ? new CoveringSphere(center, radius) : known;
    }

    private Point3 Center(Level level, int a, int b, int c)
    {
        var middle = 0.5 * (level.Size - 1);
        return _grid.Position(a * level.Size + middle, b * level.Size + middle, c * level.Size + middle);
    }

    private Level Coarser(Level fine)
    {
        int[] counts = [.. fine.Counts.Select(count => (count + 1) / 2)];
        var size = 2 * fine.Size;
        var coarse = new Level(size, counts, new float[counts[0] * counts[1] * counts[2]], _grid.LongestDiagonal(size - 1, size - 1, size - 1) / 2);
        Array.Fill(coarse.Largest, float.NegativeInfinity);
        for (var a = 0; a < fine.Counts[0]; a++)
        {
            for (var b = 0; b < fine.Counts[1]; b++)
            {
                var (from, to) = (fine.Index(a, b, 0), coarse.Index(a / 2, b / 2, 0));
                for (var c = 0; c < fine.Counts[2]; c++)
                {
                    coarse.Largest[to + c / 2] = Math.Max(coarse.Largest[to + c / 2], fine.Largest[from + c]);
                }
            }
        }

        return coarse;
    }

    private sealed record Level(int Size, int[] Counts, float[] Largest, double Reach)
    {
        public int Index(int a, int b, int c) => (a * Counts[1] + b) * Counts[2] + c;

        public (int A, int B, int C) Split(int index) => (index / Counts[2] / Counts[1], index / Counts[2] % Counts[1], index % Counts[2]);
    }
}
