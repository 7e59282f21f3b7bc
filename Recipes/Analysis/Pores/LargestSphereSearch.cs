namespace MofInterop.Analysis.Pores;

/// <summary>
/// Finds the largest sphere between the atoms that covers a place: exactly where its centre is a cavity, else to the grid's accuracy. Safe for concurrent use.
/// </summary>
internal sealed class LargestSphereSearch
{
    private readonly SurfaceGrid _grid;
    private readonly Cavity[] _cavities;
    private readonly GridBlocks _blocks;
    private readonly int[] _order;

    public LargestSphereSearch(SurfaceGrid grid, PoreNetwork network)
    {
        _grid = grid;
        _cavities = [.. network.Cavities.OrderByDescending(cavity => cavity.Radius)];
        _blocks = new GridBlocks(grid);
        _order = [.. Enumerable.Range(0, _blocks.Count).Where(block => _blocks.LargestIn(block) > 0).OrderByDescending(_blocks.LargestIn)];
    }

    /// <summary>Radius of the sphere, Å.</summary>
    public double Find(Point3 place)
    {
        var covering = _cavities.FirstOrDefault(cavity => _grid.Images.Any(cavity.Position - place, cavity.Radius));
        var best = covering.Radius;
        foreach (var block in _order)
        {
            var largest = _blocks.LargestIn(block);
            if (largest <= best)
            {
                break;
            }

            _grid.Images.Visit(_blocks.Center(block) - place, largest + _blocks.Reach, shift =>
            {
                best = InBlock(block, place - shift, best);
                return true;
            });
        }

        return best;
    }

    private double InBlock(int block, Point3 place, double best)
    {
        foreach (var index in _blocks.Points(block))
        {
            var radius = _grid.Values[index];
            if (radius > best && (_grid.Position(index) - place).Length <= radius)
            {
                best = radius;
            }
        }

        return best;
    }
}
