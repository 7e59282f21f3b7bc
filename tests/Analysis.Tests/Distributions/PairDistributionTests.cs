using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis.Tests.Distributions;

/// <summary>Radial distribution functions against a slow count of all images, an ideal gas and a crystal.</summary>
public class PairDistributionTests
{
    private static readonly Cell Skewed = new([9, 0, 0, 2, 8, 0, -3, 1, 7]);

    [Theory]
    [InlineData(3.0)]
    [InlineData(6.5)]
    [InlineData(15.0)]
    public void Pairs_are_those_of_a_slow_count_also_beyond_the_cell(double cutoff)
    {
        var random = new Random(1);
        string[] names = [.. Enumerable.Range(0, 23).Select(k => k % 3 == 0 ? "Zn" : k % 5 == 0 ? "O" : "H")];
        var groups = AtomGroups.By(names);
        var settings = new PairSettings { Cutoff = cutoff, BinWidth = 0.1 };
        using var histogram = new PairHistogram(groups, settings);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var positions = Frames.RandomPositions(random, names.Length, Skewed).Select(x => x + random.Next(-2, 3) * 9.0).ToArray();
            histogram.Count(positions, Skewed);
            for (var a = 0; a < groups.Count; a++)
            {
                for (var b = a; b < groups.Count; b++)
                {
                    histogram.Counts(histogram.PairIndex(a, b)).ToArray().ShouldBe(SlowCount(positions, groups.Members[a], groups.Members[b], settings), $"{groups.Names[a]}-{groups.Names[b]}");
                }
            }
        }
    }

    [Fact]
    public void A_large_system_is_counted_by_the_neighbour_list_with_the_same_result()
    {
        var cell = Frames.Cubic(40);
        var positions = Frames.RandomPositions(new Random(2), 2400, cell);
        string[] names = [.. Enumerable.Range(0, 2400).Select(k => k % 2 == 0 ? "A" : "B")];
        var settings = new PairSettings { Cutoff = 5, BinWidth = 0.25 };
        using var large = new PairHistogram(AtomGroups.By(names), settings);
        using var wide = new PairHistogram(AtomGroups.By(names), settings with { Cutoff = 12 });
        large.Count(positions, cell);
        wide.Count(positions, cell);
        for (var pair = 0; pair < large.PairCount; pair++)
        {
            large.Counts(pair).ToArray().ShouldBe(wide.Counts(pair)[..settings.Bins].ToArray());
        }
    }

    [Fact]
    public void An_ideal_gas_has_the_distribution_one_in_a_cell_that_breathes()
    {
        var random = new Random(3);
        var atoms = Frames.Atoms([.. Enumerable.Range(0, 60).Select(k => k < 20 ? "He" : "Ar")]);
        using var distribution = new PairDistribution(AtomGroups.ByElement(atoms), new PairSettings { Cutoff = 5, BinWidth = 0.5 });
        for (var k = 0; k < 3000; k++)
        {
            var cell = Frames.Cubic(10 + 2 * random.NextDouble());
            distribution.Add(Frames.Of(k, Frames.RandomPositions(random, 60, cell), cell));
        }

        var curves = distribution.Partial().Append(distribution.Total()).ToArray();
        curves.Select(curve => $"{curve.First}-{curve.Second}").ShouldBe(["Ar-Ar", "Ar-He", "He-He", "all-all"]);
        foreach (var curve in curves)
        {
            for (var k = 2; k < curve.R.Length; k++)
            {
                curve.G[k].ShouldBe(1, 5 * curve.Errors[k] + 0.002, $"{curve.First}-{curve.Second} at {curve.R[k]}");
                curve.Errors[k].ShouldBeInRange(0.0003, 0.1);
            }
        }

        var (energy, errors) = curves[3].MeanForcePotential(300);
        energy[^1].ShouldBe(-PhysicalConstants.Boltzmann * 300 * Math.Log(curves[3].G[^1]), 1e-15);
        errors[^1].ShouldBe(PhysicalConstants.Boltzmann * 300 * curves[3].Errors[^1] / curves[3].G[^1], 1e-15);
    }

    [Fact]
    public void A_crystal_has_its_shells_at_their_distances_with_their_numbers()
    {
        // Simple cubic, one atom in the cell: everything is an image.
        var atoms = Frames.Atoms(1);
        using var distribution = new PairDistribution(AtomGroups.ByElement(atoms), new PairSettings { Cutoff = 7.05, BinWidth = 0.1 });
        distribution.Add(Frames.Of(0, [0.3, 0.1, 5], Frames.Cubic(3.02)));
        var coordination = distribution.Partial()[0].Coordination;
        coordination[29].ShouldBe(0);
        coordination[30].ShouldBe(6);
        coordination[42].ShouldBe(6 + 12);
        coordination[52].ShouldBe(6 + 12 + 8);
        coordination[60].ShouldBe(6 + 12 + 8 + 6);
        coordination[67].ShouldBe(6 + 12 + 8 + 6 + 24);
    }

    [Fact]
    public void The_highest_peak_lies_between_bins()
    {
        double[] r = [.. Enumerable.Range(0, 50).Select(k => 0.1 * k + 0.05)];
        var curve = new PairCurve("A", "A", r, [.. r.Select(x => Math.Exp(-(x - 3.72) * (x - 3.72)))], new double[50], new double[50]);
        curve.HighestPeak()!.Value.R.ShouldBe(3.72, 0.001);
    }

    [Fact]
    public void Atoms_without_a_cell_have_no_density()
    {
        using var distribution = new PairDistribution(AtomGroups.By(["H"]), new PairSettings());
        Should.Throw<MofException>(() => distribution.Add(Frames.Of(0, [0, 0, 0], null))).Message.ShouldContain("without a cell");
        Should.Throw<MofException>(() => new PairDistribution(AtomGroups.By(["H"]), new PairSettings { BinWidth = 0 })).Message.ShouldContain("in bins of 0");
    }

    private static int[] SlowCount(double[] positions, int[] first, int[] second, PairSettings settings)
    {
        var counts = new int[settings.Bins];
        var same = ReferenceEquals(first, second);
        foreach (var i in first)
        {
            foreach (var j in second)
            {
                for (var a = -7; a <= 7; a++)
                {
                    for (var b = -7; b <= 7; b++)
                    {
                        for (var c = -7; c <= 7; c++)
                        {
                            // Positions may lie several cells away: the nearest image first.
                            var (fa, fb, fc) = Skewed.ToFractional(positions[3 * j] - positions[3 * i], positions[3 * j + 1] - positions[3 * i + 1], positions[3 * j + 2] - positions[3 * i + 2]);
                            var (x, y, z) = Skewed.ToCartesian(fa - Math.Floor(fa) + a, fb - Math.Floor(fb) + b, fc - Math.Floor(fc) + c);
                            var distance = Math.Sqrt(x * x + y * y + z * z);
                            if (distance > 1e-9 && (int)(distance / settings.BinWidth) < counts.Length)
                            {
                                counts[(int)(distance / settings.BinWidth)]++;
                            }
                        }
                    }
                }
            }
        }

        return same ? [.. counts.Select(count => count / 2)] : counts;
    }
}
