using MofInterop.Analysis.Pores;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="PoresStep"/>.</summary>
public sealed record PoresOptions
{
    /// <summary>Frames.</summary>
    [Parameter("Where frames come from; without files and without uses: { frames: ... } the structure itself is measured.")]
    public FrameOptions Frames { get; init; } = new();

    /// <summary>Probes.</summary>
    [Parameter("Radii of the spherical probes for volumes and surfaces (nitrogen: 1.86 angstrom).", Dimension = Dimension.Length, AtLeast = "0 angstrom", MinimumCount = 1)]
    public IReadOnlyList<Quantity> Probes { get; init; } = [Quantity.Parse("1.86 angstrom")];

    /// <summary>Grid.</summary>
    [Parameter("Largest distance between grid points.", Dimension = Dimension.Length, AtLeast = "0.02 angstrom", AtMost = "1 angstrom")]
    public Quantity Grid { get; init; } = Quantity.Parse("0.2 angstrom");

    /// <summary>Radii.</summary>
    [Parameter("Radii of elements or atom types (C3a) in place of the standard ones.", Dimension = Dimension.Length, AtLeast = "0 angstrom")]
    public IReadOnlyDictionary<string, Quantity> Radii { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>Samples.</summary>
    [Parameter("Places that the pore size distribution of a frame is made from; 0: none is made.", AtLeast = 0)]
    public int DistributionSamples { get; init; } = 20_000;

    /// <summary>Zeo++.</summary>
    [Parameter("Also run Zeo++'s network on the first frame and compare.")]
    public bool Zeopp { get; init; }

    internal PoreSettings Settings(int threads) => new()
    {
        Radii = PoreRadii.With(Radii.ToDictionary(pair => pair.Key, pair => pair.Value.Value)),
        Probes = [.. Probes.Select(probe => probe.Value)],
        GridSpacing = Grid.Value,
        DistributionSamples = DistributionSamples,
        Threads = threads,
    };
}
