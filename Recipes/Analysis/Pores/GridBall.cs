namespace MofInterop.Analysis.Pores;

/// <summary>The grid points in a ball round any grid point, nearest first. Immutable.</summary>
internal sealed class GridBall
{
    private readonly SurfaceGrid _grid;
    private readonly (int A, int B, int C, float Distance)[] _offsets;
    private readonly int[] _flat;
    private readonly int[] _reach;

    public GridBall(SurfaceGrid grid, double radius)
    {
        _grid = grid;
        var found = new List<(int A, int B, int C, float Distance)>();
        var reach = new int[3];
        _reach = reach;
        for (var k = 0; k < 3; k++)
        {
            reach[k] = (int)Math.Ceiling(radius / grid.PlaneDistance(k));
        }

        for (var a = -reach[0]; a <= reach[0]; a++)
        {
            for (var b = -reach[1]; b <= reach[1]; b++)
            {
                for (var c = -reach[2]; c <= reach[2]; c++)
                {
                    var distance = grid.Position(a, b, c).Length;
                    if (distance <= radius)
                    {
                        found.Add((a, b, c, (float)distance));
                    }
                }
            }
        }

        _offsets = [.. found.OrderBy(offset => offset.Distance)];
        _flat = [.. _offsets.Select(offset => (offset.A * grid.Counts[1] + offset.B) * grid.Counts[2] + offset.C)];
    }

    /// <summary>Number of points.</summary>
    public int Count => _offsets.Length;

    /// <summary>Distance of a point of the ball from its centre, Å.</summary>
    public float Distance(int k) => _offsets[k].Distance;

    /// <summary>Whether no point of the ball round a grid point is in another cell; then it is simply <see cref="Flat"/> away.</summary>
    public bool IsInside(int a, int b, int c) => IsInside(a, 0) && IsInside(b, 1) && IsInside(c, 2);

    /// <summary>From the index of a grid point to that of a point of the ball, where <see cref="IsInside(int, int, int)"/>.</summary>
    public int Flat(int k) => _flat[k];

    private bool IsInside(int index, int axis) => index >= _reach[axis] && index < _grid.Counts[axis] - _reach[axis];

    /// <summary>Index of a point of the ball round a grid point.</summary>
    public int Index(int a, int b, int c, int k)
    {
        ref readonly var offset = ref _offsets[k];
        return _grid.WrappedIndex(a + offset.A, b + offset.B, c + offset.C);
    }
}
