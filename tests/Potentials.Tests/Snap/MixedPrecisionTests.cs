using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class MixedPrecisionTests
{
    private const double LargestForceError = 1e-5;

    public static TheoryData<string> Cases => new(
        "Ta06A_linear_2J6", "W_2940_linear_2J8", "WBe_linear_2J8", "W_rmin0_noswitch", "ZIF8_published_equilibrium",
        "ZIF8_published_rattled", "W_switchinner");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Forces_differ_from_double_precision_by_less_than_promised(string name)
    {
        var data = LammpsCase.Load(name);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(data.Model, lanes);
            var exact = Evaluation.Of(potential, data.Positions, data.Types, data.Cell);
            potential.MixedPrecision = true;
            var mixed = Evaluation.Of(potential, data.Positions, data.Types, data.Cell);
            var error = exact.Forces.Zip(mixed.Forces, (a, b) => Math.Abs(a - b)).Max();
            // Single precision has 7 digits, and atoms much too close have forces of thousands of eV/Å.
            error.ShouldBeInRange(1e-13, LargestForceError + 5e-7 * exact.Forces.Max(Math.Abs));
            mixed.Energy.ShouldBe(exact.Energy, 1e-6 * data.Types.Length + 1e-7 * Math.Abs(exact.Energy));
        }
    }

    // Linear scale of the crystal and displacement, Å: from cold to close to melting, and compressed by a fifth in volume.
    [SkippableTheory]
    [InlineData("Ta06A_linear_2J6", 3.316, 1.0, 0.02)]
    [InlineData("Ta06A_linear_2J6", 3.316, 1.0, 0.3)]
    [InlineData("Ta06A_linear_2J6", 3.316, 0.92, 0.1)]
    [InlineData("W_2940_linear_2J8", 3.1803, 1.0, 0.02)]
    [InlineData("W_2940_linear_2J8", 3.1803, 1.0, 0.3)]
    [InlineData("W_2940_linear_2J8", 3.1803, 0.92, 0.1)]
    public void Forces_in_hot_and_compressed_metals_are_within_the_promise(string name, double lattice, double scale, double step)
    {
        const int Repeats = 4;
        var data = LammpsCase.Load(name);
        var edge = lattice * scale;
        double[] sites = [.. Enumerable.Range(0, 2 * Repeats * Repeats * Repeats).SelectMany(i =>
            new[] { i / 2 % Repeats, i / 2 / Repeats % Repeats, i / 2 / Repeats / Repeats }.Select(cell => edge * (cell + 0.5 * (i % 2))))];
        var length = Repeats * edge;
        LargestError(data.Model, sites, new int[sites.Length / 3], new Cell([length, 0, 0, 0, length, 0, 0, 0, length]), step).ShouldBeLessThan(LargestForceError);
    }

    [SkippableTheory]
    [InlineData(1.0, 0.05)]
    [InlineData(1.0, 0.1)]
    [InlineData(0.97, 0.05)]
    [InlineData(1.03, 0.05)]
    public void Forces_in_hot_and_strained_zif8_are_within_the_promise(double scale, double step)
    {
        var data = LammpsCase.Load("ZIF8_published_equilibrium");
        var cell = new Cell([.. data.CellRows.Select(x => scale * x)]);
        LargestError(data.Model, [.. data.Positions.Select(x => scale * x)], data.Types, cell, step).ShouldBeLessThan(LargestForceError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(10)]
    public void Every_twojmax_and_unequal_numbers_of_neighbors_are_computed(int twoJMax)
    {
        var model = RandomSystem.Model(twoJMax, 3, 40 + twoJMax);
        var cell = RandomSystem.SkewedCell(9);
        var positions = RandomSystem.Positions(37, cell, 1.4, 41);
        var types = RandomSystem.Types(37, 3);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(model, lanes);
            var exact = Evaluation.Of(potential, positions, types, cell);
            potential.MixedPrecision = true;
            var mixed = Evaluation.Of(potential, positions, types, cell);
            var largest = exact.Forces.Max(Math.Abs);
            mixed.Forces.Zip(exact.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(2e-6 * largest + 1e-12);
            mixed.AtomEnergies.Zip(exact.AtomEnergies, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5 * exact.AtomEnergies.Max(Math.Abs));
            potential.MixedPrecision = false;
            Evaluation.Of(potential, positions, types, cell).Forces.ShouldBe(exact.Forces);
        }
    }

    [Fact]
    public void Quadratic_models_are_refused()
    {
        using var potential = new SnapPotential(RandomSystem.Model(2, 1, 42, p => p with { Quadratic = true }));
        Should.Throw<MofException>(() => potential.MixedPrecision = true).Message.ShouldContain("chemflag or quadraticflag compute in double precision only");
        potential.MixedPrecision.ShouldBeFalse();
    }

    // eV/Å, in three configurations displaced by normally distributed steps.
    private static double LargestError(SnapModel model, double[] sites, int[] types, Cell cell, double step)
    {
        var largest = 0.0;
        foreach (var (lanes, seed) in ((int, int)[])[(2, 21), (4, 22), (8, 23)])
        {
            var positions = RandomSystem.Displaced(sites, step, seed);
            using var potential = new SnapPotential(model, lanes);
            var exact = Evaluation.Of(potential, positions, types, cell).Forces;
            potential.MixedPrecision = true;
            largest = Math.Max(largest, Evaluation.Of(potential, positions, types, cell).Forces.Zip(exact, (a, b) => Math.Abs(a - b)).Max());
        }

        return largest;
    }
}
