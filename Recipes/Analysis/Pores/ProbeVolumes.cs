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
        Parallel.For(0, grid.Counts[0], new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => (Space: new OccupiableSpace(surfaces, access), Counts: new long[4]), (a, _, work) =>
        {
            CountPlane(grid, access, a, work.Space, work.Counts);
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

    private static void CountPlane(SurfaceGrid grid, ProbeAccess access, int a, OccupiableSpace space, long[] counts)
    {
        var plane = grid.Counts[1] * grid.Counts[2];
        for (var index = a * plane; index < (a + 1) * plane; index++)
        {
            if (grid.Values[index] < 0)
            {
                continue;
            }

            var center = access.AtGridPoint(index);
            if (center != ProbePlace.Blocked)
            {
                counts[center == ProbePlace.Accessible ? 0 : 1]++;
                continue;
            }

            var covered = space.At(grid.Position(index));
            if (covered != ProbePlace.Blocked)
            {
                counts[covered == ProbePlace.Accessible ? 2 : 3]++;
            }
        }
    }
}
