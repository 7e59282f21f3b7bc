using System.Numerics;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// The distance field (<see cref="AtomSurfaces"/>) on a periodic grid along the cell vectors. Exact to the rounding of single precision.
/// </summary>
/// <remarks>
/// In blocks of 8×8×8 points: the field changes by at most the distance walked, so the nearest atom of every point of a block is among the atoms whose
/// surface is no further from the block's centre than the nearest one plus the block's diameter.
/// </remarks>
internal sealed class SurfaceGrid
{
    /// <summary>Points along the edge of a block.</summary>
    public const int Block = 8;

    /// <summary>A finer grid is refused instead of exhausting the memory.</summary>
    public const long MaximumPoints = 150_000_000;

    private readonly AtomSurfaces _surfaces;
    private readonly Point3[] _steps = new Point3[3];
    private readonly int[] _blocks;

    private SurfaceGrid(AtomSurfaces surfaces, double spacing)
    {
        _surfaces = surfaces;
        Images = new PeriodicImages(surfaces.Cell);
        var rows = surfaces.Cell.Rows;
        Counts = new int[3];
        long total = 1;
        for (var k = 0; k < 3; k++)
        {
            var vector = new Point3(rows[3 * k], rows[3 * k + 1], rows[3 * k + 2]);
            Counts[k] = Math.Max(1, (int)Math.Min(1e6, Math.Ceiling(vector.Length / spacing - 1e-9)));
            _steps[k] = 1.0 / Counts[k] * vector;
            total *= Counts[k];
        }

        if (total > MaximumPoints)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a grid of {spacing} angstrom has {total:N0} points in this cell", expected: $"at most {MaximumPoints:N0}", remedy: "Take a larger grid spacing.");
        }

        _blocks = [.. Counts.Select(count => (count + Block - 1) / Block)];
        Values = new float[total];
    }

    /// <summary>Points along a, b, c.</summary>
    public int[] Counts { get; }

    /// <summary>Å; the point (ia, ib, ic) at (ia·Counts[1] + ib)·Counts[2] + ic.</summary>
    public float[] Values { get; }

    /// <summary>Of vectors in this cell.</summary>
    public PeriodicImages Images { get; }

    /// <summary>Å³.</summary>
    public double VoxelVolume => _surfaces.Cell.Volume / Values.Length;

    /// <summary>Half of the longest diagonal of a voxel, Å: no place is further from a grid point.</summary>
    public double HalfDiagonal { get; private set; }

    /// <summary>Computes the grid.</summary>
    /// <param name="surfaces">The atoms.</param>
    /// <param name="spacing">Largest distance between grid points along a cell vector, Å.</param>
    /// <param name="threads">How many at once; the result does not depend on it.</param>
    /// <param name="cancellation">Stops.</param>
    public static SurfaceGrid Build(AtomSurfaces surfaces, double spacing, int threads, CancellationToken cancellation)
    {
        var grid = new SurfaceGrid(surfaces, spacing);
        grid.HalfDiagonal = grid.LongestDiagonal(1, 1, 1) / 2;
        Parallel.For(
            0,
            grid.Blocks,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => (Near: new NearbyAtoms(), Row: new double[4 * Block]),
            (block, _, work) =>
            {
                grid.Fill(grid.BlockStart(block), work.Near, work.Row);
                return work;
            },
            _ => { });
        return grid;
    }

    /// <summary>Distance between neighbouring planes of grid points that one of a, b, c leads through, Å.</summary>
    public double PlaneDistance(int axis) => _surfaces.Cell.FaceDistance(axis) / Counts[axis];

    /// <summary>Where a grid point, or a place between grid points, is, Å; indices outside the cell are images.</summary>
    public Point3 Position(double a, double b, double c) => a * _steps[0] + b * _steps[1] + c * _steps[2];

    /// <summary>Where a grid point is, Å.</summary>
    public Point3 Position(int index)
    {
        var (a, b, c) = Split(index);
        return Position(a, b, c);
    }

    /// <summary>The three indices of a point.</summary>
    public (int A, int B, int C) Split(int index) => (index / Counts[2] / Counts[1], index / Counts[2] % Counts[1], index % Counts[2]);

    /// <summary>The index of a point by its three, which are in the cell.</summary>
    public int Index(int a, int b, int c) => (a * Counts[1] + b) * Counts[2] + c;

    /// <summary>The index of a point by its three, which may be in another cell.</summary>
    public int WrappedIndex(int a, int b, int c) => Index(Wrap(a, Counts[0]), Wrap(b, Counts[1]), Wrap(c, Counts[2]));

    /// <summary>Number of blocks.</summary>
    public int Blocks => _blocks[0] * _blocks[1] * _blocks[2];

    /// <summary>The first point of a block.</summary>
    public (int A, int B, int C) BlockStart(int block) =>
        (block / _blocks[2] / _blocks[1] * Block, block / _blocks[2] % _blocks[1] * Block, block % _blocks[2] * Block);

    /// <summary>How many grid points are outside all atoms.</summary>
    public long CountOutside()
    {
        long count = 0;
        foreach (var value in Values)
        {
            count += value >= 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Longest diagonal of a box of grid steps, Å.</summary>
    public double LongestDiagonal(int a, int b, int c)
    {
        var (u, v, w) = (a * _steps[0], b * _steps[1], c * _steps[2]);
        return new[] { (u + v + w).Length, (u + v - w).Length, (u - v + w).Length, (v + w - u).Length }.Max();
    }

    private static int Wrap(int index, int count)
    {
        if ((uint)index < (uint)count)
        {
            return index;
        }

        var rest = index % count;
        return rest < 0 ? rest + count : rest;
    }

    private void Fill((int A, int B, int C) start, NearbyAtoms near, double[] row)
    {
        var (a0, b0, c0) = start;
        int endA = Math.Min(a0 + Block, Counts[0]), endB = Math.Min(b0 + Block, Counts[1]), endC = Math.Min(c0 + Block, Counts[2]);
        var center = Position(a0, b0, c0) + (0.5 * (Block - 1)) * (_steps[0] + _steps[1] + _steps[2]);
        var halfDiameter = LongestDiagonal(Block - 1, Block - 1, Block - 1) / 2;
        var nearest = _surfaces.DistanceAt(center, near);
        _surfaces.Gather(center, nearest + 2 * halfDiameter + 1e-6, near);
        for (var a = a0; a < endA; a++)
        {
            for (var b = b0; b < endB; b++)
            {
                var first = Position(a, b, c0);
                for (var c = 0; c < Block; c++)
                {
                    row[c] = first.X + c * _steps[2].X;
                    row[Block + c] = first.Y + c * _steps[2].Y;
                    row[2 * Block + c] = first.Z + c * _steps[2].Z;
                }

                FillRow(row, near);
                var target = Values.AsSpan(Index(a, b, c0), endC - c0);
                for (var c = 0; c < target.Length; c++)
                {
                    target[c] = (float)row[3 * Block + c];
                }
            }
        }
    }

    private static void FillRow(double[] row, NearbyAtoms near)
    {
        for (var c = 0; c < Block; c += Vector<double>.Count)
        {
            var x = new Vector<double>(row, c);
            var y = new Vector<double>(row, Block + c);
            var z = new Vector<double>(row, 2 * Block + c);
            var least = new Vector<double>(double.PositiveInfinity);
            for (var i = 0; i < near.Count; i++)
            {
                var dx = x - new Vector<double>(near.X[i]);
                var dy = y - new Vector<double>(near.Y[i]);
                var dz = z - new Vector<double>(near.Z[i]);
                least = Vector.Min(least, Vector.SquareRoot(dx * dx + dy * dy + dz * dz) - new Vector<double>(near.Radius[i]));
            }

            least.CopyTo(row, 3 * Block + c);
        }
    }
}
