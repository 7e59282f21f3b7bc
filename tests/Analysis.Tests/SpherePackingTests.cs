using MofInterop.Analysis.Pores;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Analysis.Tests;

public class SpherePackingTests
{
    private static readonly double[][] FaceCentred = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]];

    [Theory]
    [InlineData("sc")]
    [InlineData("bcc")]
    [InlineData("fcc")]
    [InlineData("hcp")]
    [InlineData("diamond")]
    public void The_largest_spheres_between_equal_spheres_are_those_of_geometry(string packing)
    {
        const double radius = 1.7;
        var (structure, included, free) = Packing(packing, radius);
        var pores = PoreAnalysis.Measure(structure, Settings(radius)).Diameters;
        pores.LargestIncluded.ShouldBe(2 * included, 1e-6);
        pores.LargestFree.ShouldBe(2 * free, 1e-6);
        pores.LargestAlongFreePath.ShouldBe(2 * included, 1e-6);
        foreach (var direction in pores.Directions)
        {
            direction.LargestFree.ShouldBe(2 * free, 1e-6, direction.Direction);
        }
    }

    [Theory]
    [InlineData("sc", 6, 0.4)]
    [InlineData("bcc", 8, 0.2)]
    [InlineData("fcc", 12, 0.2)]
    [InlineData("hcp", 12, 0.2)]
    [InlineData("diamond", 4, 0.6)]
    public void Room_and_surface_between_equal_spheres_are_those_of_spheres_less_their_caps(string packing, int neighbours, double probe)
    {
        // The spheres R + r of nearest neighbours cut off a cap of height r from each other; those of further atoms do not reach them.
        const double radius = 1.7;
        var (structure, _, _) = Packing(packing, radius);
        var found = PoreAnalysis.Measure(structure, Settings(radius) with { Probes = [probe], GridSpacing = 0.05, SurfaceDensity = 100 }).Probes.Single();
        var around = radius + probe;
        var cap = Math.PI * probe * probe / 3 * (3 * around - probe);
        var covered = structure.Count * (4 * Math.PI / 3 * around * around * around - neighbours * cap);
        found.AccessibleVolume.CubicAngstrom.ShouldBe(structure.Cell!.Volume - covered, 0.002 * structure.Cell.Volume);
        var free = structure.Count * (4 * Math.PI * around * around - neighbours * 2 * Math.PI * around * probe);
        found.AccessibleSurface.SquareAngstrom.ShouldBe(free, 0.005 * free);
        (found.ChannelDimensions.Single(), found.Pockets, found.EnclosedVolume.CubicAngstrom).ShouldBe((3, 0, 0));
    }

    private static PoreSettings Settings(double radius) => new()
    {
        Radii = PoreRadii.With(new Dictionary<string, double> { ["Ar"] = radius }), Probes = [], DistributionSamples = 0, GridSpacing = 0.2,
    };

    /// <summary>Touching spheres, the radius of the largest hole, and of the widest window.</summary>
    private static (AtomicConfiguration Structure, double Included, double Free) Packing(string name, double r)
    {
        // Window of three touching spheres: the circumradius of their triangle less r.
        var triangle = (2 / Math.Sqrt(3) - 1) * r;
        var fcc = 2 * Math.Sqrt(2) * r;
        var hcp = 2 * r;
        var bcc = 4 / Math.Sqrt(3) * r;
        var diamond = 8 / Math.Sqrt(3) * r;
        return name switch
        {
            "sc" => (Crystal(Cubic(2 * r), [[0, 0, 0]]), (Math.Sqrt(3) - 1) * r, (Math.Sqrt(2) - 1) * r),
            "fcc" => (Crystal(Cubic(fcc), FaceCentred), (Math.Sqrt(2) - 1) * r, triangle),

            // Holes at (1/2, 1/4, 0); windows between corner, corner and centre: sides a, √3/2·a, √3/2·a.
            "bcc" => (Crystal(Cubic(bcc), [[0, 0, 0], [0.5, 0.5, 0.5]]), Math.Sqrt(5) / 4 * bcc - r, 3 * Math.Sqrt(2) / 8 * bcc - r),
            "hcp" => (Crystal(Cell.FromParameters(hcp, hcp, hcp * Math.Sqrt(8.0 / 3), 90, 90, 120), [[0, 0, 0], [1.0 / 3, 2.0 / 3, 0.5]]), (Math.Sqrt(2) - 1) * r, triangle),

            // Holes where the other atoms of a body-centred packing would be, r wide; windows: three atoms of a puckered ring, second neighbours of each other.
            "diamond" => (Crystal(Cubic(diamond), [.. FaceCentred, .. FaceCentred.Select(x => x.Select(y => y + 0.25).ToArray())]), r, diamond / Math.Sqrt(6) - r),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static Cell Cubic(double a) => new([a, 0, 0, 0, a, 0, 0, 0, a]);

    private static AtomicConfiguration Crystal(Cell cell, double[][] fractions) => new(
        [.. fractions.Select(_ => "Ar")],
        [.. fractions.SelectMany(f =>
        {
            var (x, y, z) = cell.ToCartesian(f[0], f[1], f[2]);
            return new[] { x, y, z };
        })],
        cell,
        periodic: true);
}
