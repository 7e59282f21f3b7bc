using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Pores;

/// <summary>How pores are measured. Immutable.</summary>
public sealed record PoreSettings
{
    /// <summary>Radius of nitrogen as a probe, Å.</summary>
    public const double NitrogenRadius = 1.86;

    /// <summary>Radii of the atoms.</summary>
    public PoreRadii Radii { get; init; } = PoreRadii.Standard;

    /// <summary>Radii of the probes for volumes and surfaces, Å.</summary>
    public IReadOnlyList<double> Probes { get; init; } = [NitrogenRadius];

    /// <summary>Largest distance between grid points along a cell vector, Å.</summary>
    public double GridSpacing { get; init; } = 0.2;

    /// <summary>Points for each Å² of surface.</summary>
    public double SurfaceDensity { get; init; } = 8;

    /// <summary>Places that the pore size distribution is made from; 0: it is not made.</summary>
    public int DistributionSamples { get; init; } = 20_000;

    /// <summary>How many threads; nothing else depends on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Refuses what makes no sense.</summary>
    /// <exception cref="MofException">A value out of range.</exception>
    internal void Require()
    {
        Within(GridSpacing, 0.02, 1, "grid spacing", "angstrom");
        Within(SurfaceDensity, 0.1, 1e4, "number of surface points", "for each angstrom²");
        Within(DistributionSamples, 0, 1e8, "number of samples", "of the pore size distribution");
        foreach (var probe in Probes)
        {
            Within(probe, 0, 50, "probe radius", "angstrom");
        }
    }

    private static void Within(double value, double low, double high, string what, string unit)
    {
        if (!(value >= low && value <= high))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the {what} is {value} {unit}", expected: $"{low} to {high}");
        }
    }
}
