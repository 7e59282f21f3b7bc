using MofInterop.Analysis.Pores;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Analysis.Tests;

public class PoreTests
{
    private const double Tenth = 0.1;

    [Fact]
    public void A_lone_atom_leaves_the_volume_and_surface_of_its_exclusion_sphere()
    {
        const double radius = 2, probe = 1, edge = 12;
        var found = PoreAnalysis.Measure(Atoms(edge, [6, 6, 6]), Settings(radius, Tenth, probe)).Probes.Single();
        var sphere = 4 * Math.PI / 3 * Cube(radius + probe);
        found.AccessibleVolume.CubicAngstrom.ShouldBe(Cube(edge) - sphere, 0.002 * sphere);
        found.AccessibleSurface.SquareAngstrom.ShouldBe(4 * Math.PI * 9, 1e-9);

        // All space up to the atom itself can be covered by a probe.
        found.OccupiableVolume.CubicAngstrom.ShouldBe(Cube(edge) - 4 * Math.PI / 3 * Cube(radius), 0.2);
        (found.EnclosedVolume.CubicAngstrom, found.EnclosedSurface.SquareAngstrom, found.Pockets).ShouldBe((0, 0, 0));
        found.ChannelDimensions.ShouldBe([3]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Two_overlapping_atoms_hide_their_caps(double apart)
    {
        const double radius = 2, probe = 1, edge = 16;
        var found = PoreAnalysis.Measure(Atoms(edge, [5, 8, 8], [5 + apart, 8, 8]), Settings(radius, Tenth, probe)).Probes.Single();
        const double r = radius + probe;
        var cap = r - apart / 2;
        found.AccessibleSurface.SquareAngstrom.ShouldBe(2 * (4 * Math.PI * r * r - 2 * Math.PI * r * cap), 0.003 * 8 * Math.PI * r * r);
        var union = 2 * (4 * Math.PI / 3 * Cube(r) - Math.PI * cap * cap / 3 * (3 * r - cap));
        found.AccessibleVolume.CubicAngstrom.ShouldBe(Cube(edge) - union, 0.003 * union);
    }

    [Fact]
    public void The_crevice_between_two_touching_atoms_is_not_occupiable()
    {
        // Between the spheres and the torus that a probe touching both leaves: R. M. Connolly's reentrant surface, as a solid of revolution.
        const double radius = 2, probe = 1, edge = 14;
        var found = PoreAnalysis.Measure(Atoms(edge, [5, 7, 7], [9, 7, 7]), Settings(radius, Tenth, probe)).Probes.Single();
        var ring = Math.Sqrt(Cube(radius + probe) / (radius + probe) - radius * radius);
        var crevice = 0.0;
        const int slices = 20_000;
        var end = radius * probe / (radius + probe);
        for (var k = 0; k < slices; k++)
        {
            var x = end * (k + 0.5) / slices;
            var outer = ring - Math.Sqrt(probe * probe - x * x);
            var inner = Math.Sqrt(Math.Max(0, radius * radius - (radius - x) * (radius - x)));
            crevice += 2 * Math.PI * (outer * outer - inner * inner) * end / slices;
        }

        var atoms = 2 * 4 * Math.PI / 3 * Cube(radius);
        found.OccupiableVolume.CubicAngstrom.ShouldBe(Cube(edge) - atoms - crevice, 0.15 * crevice);
    }

    [Fact]
    public void Room_behind_windows_narrower_than_the_probe_is_a_pocket()
    {
        // A cage of close-packed atoms in a loose box: 1.3 Å fits into the octahedral hole (1.35 Å) of touching atoms of 3.26 Å and not through its windows (0.5 Å).
        var (structure, hole) = ClosePacked(3.26);
        var found = PoreAnalysis.Measure(structure, Settings(3.26, Tenth, 1.3, 0.4));
        found.Diameters.LargestIncluded.ShouldBe(2 * hole, 1e-6);
        var (wide, narrow) = (found.Probes[0], found.Probes[1]);
        (wide.Pockets, wide.ChannelDimensions.Count).ShouldBe((4, 0));
        wide.AccessibleVolume.CubicAngstrom.ShouldBe(0);
        wide.EnclosedVolume.CubicAngstrom.ShouldBeGreaterThan(0);
        wide.EnclosedOccupiableVolume.CubicAngstrom.ShouldBeGreaterThan(4 * 4 * Math.PI / 3 * Cube(1.3));
        wide.AccessibleSurface.SquareAngstrom.ShouldBe(0);
        (narrow.Pockets, narrow.ChannelDimensions.Single()).ShouldBe((0, 3));
        narrow.EnclosedVolume.CubicAngstrom.ShouldBe(0);
    }

    [Fact]
    public void The_pore_size_distribution_of_a_close_packing_peaks_at_its_two_holes()
    {
        var (structure, hole) = ClosePacked(3.26);
        var settings = Settings(3.26, 0.15) with { DistributionSamples = 40_000 };
        var distribution = PoreAnalysis.Measure(structure, settings).Distribution!;
        distribution.Fraction.Sum().ShouldBe(1 - Math.PI / (3 * Math.Sqrt(2)), 0.01);

        // Four octahedral holes a cell, and eight tetrahedral ones of (√(3/2) − 1)·r: their spheres' volume has exactly their size.
        var volume = Cube(2 * Math.Sqrt(2) * 3.26);
        var tetrahedral = (Math.Sqrt(1.5) - 1) * 3.26;
        FractionAt(distribution, 2 * hole).ShouldBe(4 * 4 * Math.PI / 3 * Cube(hole) / volume, 0.004);
        FractionAt(distribution, 2 * tetrahedral).ShouldBeGreaterThan(8 * 4 * Math.PI / 3 * Cube(tetrahedral) / volume - 0.004);
    }

    [Fact]
    public void Cell_setting_supercell_and_rotation_change_nothing()
    {
        var primitive = Random(new Cell([7, 0, 0, 2, 8, 0, -1, 1.5, 9]), 5);
        var settings = Settings(1.5, 0.1, 0.6) with { SurfaceDensity = 200 };
        var reference = PoreAnalysis.Measure(primitive, settings);
        foreach (var (name, other, times) in new[]
        {
            ("other vectors", InCell(primitive, [1, 1, 0, 0, 1, 0, 0, -1, 1]), 1),
            ("doubled", InCell(primitive, [2, 0, 0, 0, 1, 0, 0, 0, 1]), 2),
            ("rotated", Rotated(primitive), 1),
        })
        {
            var found = PoreAnalysis.Measure(other, settings);
            found.Diameters.LargestIncluded.ShouldBe(reference.Diameters.LargestIncluded, 1e-6, name);
            found.Diameters.LargestFree.ShouldBe(reference.Diameters.LargestFree, 1e-6, name);
            found.Diameters.LargestAlongFreePath.ShouldBe(reference.Diameters.LargestAlongFreePath, 1e-6, name);
            var (one, two) = (reference.Probes.Single(), found.Probes.Single());
            two.TotalVolume.CubicAngstrom.ShouldBe(times * one.TotalVolume.CubicAngstrom, 0.006 * times * one.TotalVolume.CubicAngstrom, name);
            two.AccessibleSurface.SquareAngstrom.ShouldBe(times * one.AccessibleSurface.SquareAngstrom, 0.006 * times * one.AccessibleSurface.SquareAngstrom, name);
            two.OccupiableVolume.Fraction.ShouldBe(one.OccupiableVolume.Fraction, 0.004, name);
        }
    }

    [Theory]
    [InlineData(2, 1.1, 0.3)]
    [InlineData(5, 1.1, 0.6)]
    [InlineData(5, 0.9, 1.2)]
    [InlineData(9, 0.8, 0.45)]
    public void Volumes_are_those_of_the_slow_and_obvious_way_point_by_point(int atoms, double radius, double probe)
    {
        var structure = Random(new Cell([6, 0, 0, 1, 5.5, 0, -1, 0.5, 6.5]), atoms);
        var found = PoreAnalysis.Measure(structure, Settings(radius, 0.33, probe)).Probes.Single();
        var (counts, centers, covered) = SlowVolumes.Count(structure, radius, probe, 0.33);
        var voxel = structure.Cell!.Volume / counts;
        found.TotalVolume.CubicAngstrom.ShouldBe(centers * voxel, 1e-9);
        (found.OccupiableVolume + found.EnclosedOccupiableVolume).CubicAngstrom.ShouldBe(covered * voxel, 1e-9);
        covered.ShouldBeGreaterThan(centers);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void Pore_sizes_are_those_of_the_largest_of_all_spheres_on_the_grid_and_in_cavities_or_somewhat_larger(int atoms)
    {
        const double radius = 1.1, spacing = 0.3;
        var cell = new Cell([6, 0, 0, 1, 5.5, 0, -1, 0.5, 6.5]);
        var surfaces = new AtomSurfaces(cell, Random(cell, atoms).Positions, [.. Enumerable.Repeat(radius, atoms)]);
        var grid = SurfaceGrid.Build(surfaces, spacing, 1, CancellationToken.None);
        var (network, _) = new NetworkBuilder(surfaces, grid, 1, CancellationToken.None).Build();
        var search = new LargestSphereSearch(surfaces, grid, network);
        var (random, shift, better) = (new Random(7), new SphereShift(surfaces), 0);
        for (var n = 0; n < 60; n++)
        {
            var place = (random.NextDouble(), random.NextDouble(), random.NextDouble());
            var found = search.Find(place, shift);
            if (double.IsNaN(found))
            {
                shift.RadiusAt(SlowVolumes.At(cell, place.Item1, place.Item2, place.Item3)).ShouldBeLessThan(0);
                continue;
            }

            // Between the grid points there may be a larger one; the grid point beside its centre is nearly as large and covers the place nearly.
            var onGrid = SlowVolumes.LargestSphere(cell, grid, network, place, 0);
            found.ShouldBeInRange(onGrid - 1e-6, SlowVolumes.LargestSphere(cell, grid, network, place, 2 * grid.HalfDiagonal) + grid.HalfDiagonal);
            better += found > onGrid + 1e-3 ? 1 : 0;
        }

        better.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var structure = Random(new Cell([7, 0, 0, 2, 8, 0, -1, 1.5, 9]), 11);
        var settings = Settings(1.2, 0.3, 0.5) with { DistributionSamples = 500 };
        var one = PoreAnalysis.Measure(structure, settings with { Threads = 1 });
        var many = PoreAnalysis.Measure(structure, settings with { Threads = 4 });
        System.Text.Json.JsonSerializer.Serialize(many).ShouldBe(System.Text.Json.JsonSerializer.Serialize(one));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Diameters_agree_with_a_search_through_a_fine_grid(int atoms)
    {
        // The slow reference: distances to all images at every point, union of neighbouring points above a level, level by bisection.
        var structure = Random(new Cell([6, 0, 0, 1, 5.5, 0, -1, 0.5, 6.5]), atoms);
        const double radius = 1.1;
        var found = PoreAnalysis.Measure(structure, Settings(radius, 0.2)).Diameters;
        var (included, free) = SlowPores.Diameters(structure, radius, points: 60);

        // The grid is too low by up to half of a voxel's diagonal.
        (found.LargestIncluded - included).ShouldBeInRange(-1e-6, 0.12);
        (found.LargestFree - free).ShouldBeInRange(-0.12, 0.12);
    }

    [Fact]
    public void Diameters_do_not_depend_on_the_grid()
    {
        var structure = Random(new Cell([11, 0, 0, 2, 10, 0, -1, 1.5, 12]), 40);
        var fine = PoreAnalysis.Measure(structure, Settings(1.2, 0.2)).Diameters;
        var coarse = PoreAnalysis.Measure(structure, Settings(1.2, 0.5)).Diameters;
        fine.LargestFree.ShouldBeGreaterThan(0.5);
        coarse.LargestIncluded.ShouldBe(fine.LargestIncluded, 1e-6);
        coarse.LargestFree.ShouldBe(fine.LargestFree, 1e-6);
        coarse.LargestAlongFreePath.ShouldBe(fine.LargestAlongFreePath, 1e-6);
        coarse.Directions.Select(one => one.LargestFree).ShouldBe(fine.Directions.Select(one => one.LargestFree), 1e-6);
    }

    [SkippableFact]
    public void Crystals_have_their_known_pores()
    {
        var folder = ReferenceData.Find("nequip");
        Skip.If(folder is null, "no reference data");
        var crystal = ExtendedXyz.Read(Path.Combine(folder, "zif4", "own.extxyz")).First();
        var found = PoreAnalysis.Measure(crystal, new PoreSettings { Probes = [1.2], DistributionSamples = 0, GridSpacing = 0.15 });

        // N. Castel and co-workers, Digital Discovery 3, 355 (2024): 53.0 cm³/kg at 300 K, AV + NAV of Zeo++ with a probe of 1.2 Å.
        (1000 * found.Probes.Single().TotalVolume.CubicCentimetrePerGram).ShouldBe(53.0, 1.5);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var molecule = new AtomicConfiguration(["Ar"], [0, 0, 0], null, periodic: false);
        Should.Throw<MofException>(() => PoreAnalysis.Measure(molecule)).Message.ShouldContain("not periodic");
        Should.Throw<MofException>(() => PoreAnalysis.Measure(Atoms(5, [0, 0, 0]), new PoreSettings { GridSpacing = 0 })).Message.ShouldContain("grid spacing");
        Should.Throw<MofException>(() => PoreAnalysis.Measure(Atoms(300, [0, 0, 0]), new PoreSettings { GridSpacing = 0.1 })).Message.ShouldContain("larger grid spacing");
        Should.Throw<MofException>(() => PoreRadii.With(new Dictionary<string, double> { ["Zn"] = -1 })).Message.ShouldContain("Zn");
    }

    [Fact]
    public void Atoms_that_fill_the_cell_leave_nothing()
    {
        var found = PoreAnalysis.Measure(Atoms(3, [0, 0, 0]), Settings(3, 0.2, 1));
        (found.VoidFraction, found.Diameters.LargestIncluded, found.Diameters.LargestFree).ShouldBe((0, 0, 0));
        found.Probes.Single().TotalVolume.CubicAngstrom.ShouldBe(0);
    }

    private static double FractionAt(PoreSizeDistribution distribution, double diameter) =>
        distribution.Fraction[(int)(diameter / PoreSizeDistribution.BinWidth)];

    private static double Cube(double x) => x * x * x;

    private static PoreSettings Settings(double radius, double spacing, params double[] probes) => new()
    {
        Radii = PoreRadii.With(new Dictionary<string, double> { ["Ar"] = radius }), Probes = probes, DistributionSamples = 0, GridSpacing = spacing,
    };

    private static AtomicConfiguration Atoms(double edge, params double[][] places) =>
        new([.. places.Select(_ => "Ar")], [.. places.SelectMany(x => x)], new Cell([edge, 0, 0, 0, edge, 0, 0, 0, edge]), periodic: true);

    private static (AtomicConfiguration Structure, double Hole) ClosePacked(double r)
    {
        var a = 2 * Math.Sqrt(2) * r;
        return (Atoms(a, [0, 0, 0], [0, a / 2, a / 2], [a / 2, 0, a / 2], [a / 2, a / 2, 0]), (Math.Sqrt(2) - 1) * r);
    }

    private static AtomicConfiguration Random(Cell cell, int count)
    {
        var random = new Random(3);
        var positions = new double[3 * count];
        for (var i = 0; i < count; i++)
        {
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = cell.ToCartesian(random.NextDouble(), random.NextDouble(), random.NextDouble());
        }

        return new AtomicConfiguration([.. Enumerable.Repeat("Ar", count)], positions, cell, periodic: true);
    }

    /// <summary>The same crystal in a cell whose vectors are whole combinations of the old ones.</summary>
    private static AtomicConfiguration InCell(AtomicConfiguration structure, int[] combinations)
    {
        var old = structure.Cell!;
        var rows = new double[9];
        for (var k = 0; k < 3; k++)
        {
            (rows[3 * k], rows[3 * k + 1], rows[3 * k + 2]) = old.ToCartesian(combinations[3 * k], combinations[3 * k + 1], combinations[3 * k + 2]);
        }

        var cell = new Cell(rows);
        var found = new List<double>();
        for (var i = 0; i < structure.Count; i++)
        {
            for (var n = 0; n < 343; n++)
            {
                var (sx, sy, sz) = old.ToCartesian(n % 7 - 3, n / 7 % 7 - 3, n / 49 - 3);
                double x = structure.Positions[3 * i] + sx, y = structure.Positions[3 * i + 1] + sy, z = structure.Positions[3 * i + 2] + sz;
                var (a, b, c) = cell.ToFractional(x, y, z);
                if (a is >= 0 and < 1 && b is >= 0 and < 1 && c is >= 0 and < 1)
                {
                    found.AddRange([x, y, z]);
                }
            }
        }

        return new AtomicConfiguration([.. Enumerable.Repeat("Ar", found.Count / 3)], [.. found], cell, periodic: true);
    }

    private static AtomicConfiguration Rotated(AtomicConfiguration structure)
    {
        double[] Turn(double[] vectors) => [.. vectors.Chunk(3).SelectMany(v => new[] { 0.36 * v[0] + 0.48 * v[1] - 0.8 * v[2], -0.8 * v[0] + 0.6 * v[1], 0.48 * v[0] + 0.64 * v[1] + 0.6 * v[2] })];
        return new AtomicConfiguration(structure.Symbols, Turn(structure.Positions), new Cell(Turn(structure.Cell!.Rows.ToArray())), periodic: true);
    }
}
