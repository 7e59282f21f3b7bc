namespace MofInterop.Analysis.Pores;

/// <summary>Volumes by counting grid points.</summary>
/// <param name="Accessible">Of places that the probe's centre reaches through channels, Å³ in a cell.</param>
/// <param name="Enclosed">Of places that it fits in, in pockets, Å³.</param>
/// <param name="OccupiableAccessible">Of places that some part of a probe in a channel covers, Å³.</param>
/// <param name="OccupiableEnclosed">Of the other places that some part of a probe covers, in pockets, Å³.</param>
internal sealed record ProbeVolumes(double Accessible, double Enclosed, double OccupiableAccessible, double OccupiableEnclosed)
{
    /// <summary>Counts.</summary>
    public static ProbeVolumes Count(AtomSurfaces surfaces, SurfaceGrid grid, ProbeAccess access, int threads, CancellationToken cancellation)
    {
        // Whole numbers, so that the sum does not depend on the order.
        var total = new long[4];
        var blocks = new GridBlocks(grid);
        var ball = OccupiableSpace.BallFor(grid, access.Radius);
        Parallel.For(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => (Space: new OccupiableSpace(surfaces, grid, access, ball), Counts: new long[4]), (block, _, work) =>
        {
            CountBlock(grid, blocks, access, block, work.Space, work.Counts);
            return work;
        }, work =>
        {
            for (var k = 0; k < total.Length; k++)
            {
                Interlocked.Add(ref total[k], work.Counts[k]);
            }
        });
        var voxel = grid.VoxelVolume;
        return new ProbeVolumes(total[0] * voxel, total[1] * voxel, (total[0] + total[2]) * voxel, (total[1] + total[3]) * voxel);
    }

    private static void CountBlock(SurfaceGrid grid, GridBlocks blocks, ProbeAccess access, int block, OccupiableSpace space, long[] counts)
    {
        // A centre within the probe's radius of a place is next to a grid point whose value is not much smaller than that radius.
        var possible = blocks.Reaches(block, access.Radius + grid.HalfDiagonal, access.Radius - grid.HalfDiagonal);
        foreach (var index in blocks.Points(block))
        {
            if (grid.Values[index] < 0)
            {
                continue;
            }

            var center = access.AtGridPoint(index);
            var covered = center != ProbePlace.Blocked || !possible ? ProbePlace.Blocked : space.At(index);
            if (center != ProbePlace.Blocked || covered != ProbePlace.Blocked)
            {
                counts[(center, covered) switch { (ProbePlace.Accessible, _) => 0, (ProbePlace.Enclosed, _) => 1, (_, ProbePlace.Accessible) => 2, _ => 3 }]++;
            }
        }
    }
}
