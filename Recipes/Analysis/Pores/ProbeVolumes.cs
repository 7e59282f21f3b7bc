namespace MofInterop.Analysis.Pores;

/// <summary>Volumes by counting grid points.</summary>
/// <param name="Accessible">Of places that the probe's centre reaches through channels, Å³ in a cell.</param>
/// <param name="Enclosed">Of places that it fits in, in pockets, Å³.</param>
/// <param name="OccupiableAccessible">Of places that some part of a probe in a channel covers, Å³.</param>
/// <param name="OccupiableEnclosed">Of the other places that some part of a probe covers, in pockets, Å³.</param>
internal sealed record ProbeVolumes(double Accessible, double Enclosed, double OccupiableAccessible, double OccupiableEnclosed)
{
    /// <summary>Counts.</summary>
    public static ProbeVolumes Count(AtomSurfaces surfaces, SurfaceGrid grid, ProbeAccess access, ProbeContacts contacts, int threads, CancellationToken cancellation)
    {
        // Whole numbers, so that the sum does not depend on the order.
        var total = new VolumeCounts();
        Parallel.For(0, grid.Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => (Space: new OccupiableSpace(surfaces, grid, access, contacts), Counts: new VolumeCounts()), (block, _, work) =>
        {
            work.Space.Count(block, work.Counts);
            return work;
        }, work =>
        {
            lock (total)
            {
                total.Add(work.Counts);
            }
        });
        var voxel = grid.VoxelVolume;
        return new ProbeVolumes(total.Accessible * voxel, total.Enclosed * voxel, (total.Accessible + total.CoveredAccessible) * voxel, (total.Enclosed + total.CoveredEnclosed) * voxel);
    }
}

/// <summary>Numbers of grid points. Not thread-safe.</summary>
internal sealed class VolumeCounts
{
    /// <summary>Where the probe's centre can be, in channels.</summary>
    public long Accessible { get; set; }

    /// <summary>Where the probe's centre can be, in pockets.</summary>
    public long Enclosed { get; set; }

    /// <summary>Other points that a probe in a channel covers.</summary>
    public long CoveredAccessible { get; set; }

    /// <summary>Other points that only a probe in a pocket covers.</summary>
    public long CoveredEnclosed { get; set; }

    public void Add(VolumeCounts other)
    {
        Accessible += other.Accessible;
        Enclosed += other.Enclosed;
        CoveredAccessible += other.CoveredAccessible;
        CoveredEnclosed += other.CoveredEnclosed;
    }
}
