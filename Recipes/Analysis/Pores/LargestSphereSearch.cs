namespace MofInterop.Analysis.Pores;

/// <summary>
/// Finds the largest sphere between the atoms that covers a place: exactly where its centre is a cavity, else to the grid's accuracy. Safe for concurrent use.
/// </summary>
internal sealed class LargestSphereSearch
{
    private readonly SurfaceGrid _grid;
    private readonly AtomSurfaces _surfaces;
    private readonly PoreNetwork _network;
    private readonly (float Largest, int A, int B, int C)[] _blocks;
    private readonly double _blockReach;

    public LargestSphereSearch(AtomSurfaces surfaces, SurfaceGrid grid, PoreNetwork network)
    {
        (_surfaces, _grid, _network) = (surfaces, grid, network);
        var blocks = new List<(float Largest, int A, int B, int C)>();
        for (var a = 0; a < grid.Counts[0]; a += SurfaceGrid.Block)
        {
            for (var b = 0; b < grid.Counts[1]; b += SurfaceGrid.Block)
            {
                for (var c = 0; c < grid.Counts[2]; c += SurfaceGrid.Block)
                {
                    var largest = LargestIn(a, b, c);
                    if (largest > 0)
                    {
                        blocks.Add((largest, a, b, c));
                    }
                }
            }
        }

        _blocks = [.. blocks.OrderByDescending(block => block.Largest)];
        _blockReach = grid.LongestDiagonal(SurfaceGrid.Block - 1, SurfaceGrid.Block - 1, SurfaceGrid.Block - 1) / 2;
    }

    /// <summary>Radius of the sphere, Å.</summary>
    public double Find(Point3 place)
    {
        var best = 0.0;
        foreach (var cavity in _network.Cavities)
        {
            if (cavity.Radius > best)
            {
                ForImages(cavity.Position - place, cavity.Radius, _ => best = Math.Max(best, cavity.Radius));
            }
        }

        foreach (var (largest, a, b, c) in _blocks)
        {
            if (largest <= best)
            {
                break;
            }

            var middle = 0.5 * (SurfaceGrid.Block - 1);
            var center = _grid.Position(a, b, c) + middle * (_grid.Position(1, 0, 0) + _grid.Position(0, 1, 0) + _grid.Position(0, 0, 1));
            ForImages(center - place, largest + _blockReach, shift => best = Math.Max(best, InBlock(a, b, c, shift, place, best)));
        }

        return best;
    }

    private double InBlock(int a0, int b0, int c0, Point3 shift, Point3 place, double best)
    {
        for (var a = a0; a < Math.Min(a0 + SurfaceGrid.Block, _grid.Counts[0]); a++)
        {
            for (var b = b0; b < Math.Min(b0 + SurfaceGrid.Block, _grid.Counts[1]); b++)
            {
                for (var c = c0; c < Math.Min(c0 + SurfaceGrid.Block, _grid.Counts[2]); c++)
                {
                    var radius = _grid.Values[_grid.Index(a, b, c)];
                    if (radius > best && (_grid.Position(a, b, c) + shift - place).Length <= radius)
                    {
                        best = radius;
                    }
                }
            }
        }

        return best;
    }

    /// <summary>Visits the images of a vector that are not longer than a length, with the translation to them.</summary>
    private void ForImages(Point3 vector, double length, Action<Point3> visit)
    {
        var cell = _surfaces.Cell;
        var (fa, fb, fc) = cell.ToFractional(vector.X, vector.Y, vector.Z);
        var (ra, rb, rc) = (length / cell.FaceDistance(0), length / cell.FaceDistance(1), length / cell.FaceDistance(2));
        for (var a = (int)Math.Ceiling(-fa - ra); a <= -fa + ra; a++)
        {
            for (var b = (int)Math.Ceiling(-fb - rb); b <= -fb + rb; b++)
            {
                for (var c = (int)Math.Ceiling(-fc - rc); c <= -fc + rc; c++)
                {
                    var (x, y, z) = cell.ToCartesian(a, b, c);
                    var shift = new Point3(x, y, z);
                    if ((vector + shift).Length <= length)
                    {
                        visit(shift);
                    }
                }
            }
        }
    }

    private float LargestIn(int a0, int b0, int c0)
    {
        var largest = float.NegativeInfinity;
        for (var a = a0; a < Math.Min(a0 + SurfaceGrid.Block, _grid.Counts[0]); a++)
        {
            for (var b = b0; b < Math.Min(b0 + SurfaceGrid.Block, _grid.Counts[1]); b++)
            {
                for (var c = c0; c < Math.Min(c0 + SurfaceGrid.Block, _grid.Counts[2]); c++)
                {
                    largest = Math.Max(largest, _grid.Values[_grid.Index(a, b, c)]);
                }
            }
        }

        return largest;
    }
}
