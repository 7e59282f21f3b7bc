using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Cells of every shape: forces and virials against differences of energies.</summary>
public sealed class ShapeTests
{
    /// <summary>Name, atoms, rows of the cell, periodic directions.</summary>
    public static TheoryData<string, int, double[], string> Shapes => new()
    {
        { "one atom, cell smaller than the cutoff", 1, [2.3, 0, 0, 0.4, 2.5, 0, -0.3, 0.2, 2.4], "abc" },
        { "two atoms, cell smaller than the cutoff", 2, [3.1, 0, 0, 0.9, 3.0, 0, 0.5, -0.7, 2.9], "abc" },
        { "eight atoms", 8, [5, 0.2, 0, 0.4, 5.2, 0.1, -0.3, 0.2, 4.9], "abc" },
        { "a hundred atoms", 100, [12, 0, 0, 3, 12, 0, -2, 4, 12], "abc" },
        { "a thousand atoms", 1000, [26, 0, 0, 1, 27, 0, 2, -1, 25], "abc" },
        { "a needle", 6, [2.6, 0, 0, 0.3, 2.7, 0, 0.1, 0.2, 31], "abc" },
        { "a flat and strongly skewed cell", 9, [9, 0, 0, 7.5, 6, 0, 3, 4, 2.8], "abc" },
        { "a slab", 20, [8, 0, 0, 1, 8, 0, 0, 0, 9], "ab" },
        { "a slab along a skewed axis", 15, [8, 0, 0, 1, 7, 0, 2, 3, 8], "bc" },
        { "a wire", 9, [4, 0, 0, 0, 9, 0, 0, 0, 9], "a" },
        { "a molecule", 12, [7, 0, 0, 0, 7, 0, 0, 0, 7], "" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forces_and_virial_are_derivatives_of_the_energy(string name, int atoms, double[] rows, string periodic)
    {
        var model = RandomSystem.Model(6, 3, 51);
        using var potential = new SnapPotential(model);
        var cell = new Cell(rows);
        var positions = RandomSystem.Positions(atoms, cell, 1.3, 52);
        var types = RandomSystem.Types(atoms, 3);
        var (_, forces, virial) = Compute(potential, positions, types, cell, periodic);
        var random = new Random(53);
        for (var check = 0; check < Math.Min(12, positions.Length); check++)
        {
            var k = positions.Length <= 12 ? check : random.Next(positions.Length);
            var slope = FiniteDifferences.Derivative(h =>
            {
                var moved = (double[])positions.Clone();
                moved[k] += h;
                return Compute(potential, moved, types, cell, periodic).Energy;
            });
            forces[k].ShouldBe(-slope, 2e-7 * Math.Max(1, Math.Abs(slope)), $"{name}: force component {k}");
        }

        for (var m = 0; m < 9; m++)
        {
            var slope = FiniteDifferences.Derivative(h => Compute(potential, FiniteDifferences.Strain(positions, m, h), types, new Cell(FiniteDifferences.Strain(rows, m, h)), periodic).Energy);
            // Strain takes pairs across the cutoff, where the second derivative jumps; their number grows with that of the atoms.
            virial[m].ShouldBe(-slope, 1e-6 * Math.Max(atoms, Math.Abs(slope)), $"{name}: virial component {m}");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Turning_cell_and_atoms_turns_forces_and_virial(string name, int atoms, double[] rows, string periodic)
    {
        using var potential = new SnapPotential(RandomSystem.Model(6, 3, 54));
        var cell = new Cell(rows);
        var positions = RandomSystem.Positions(atoms, cell, 1.3, 55);
        var types = RandomSystem.Types(atoms, 3);
        var before = Compute(potential, positions, types, cell, periodic);
        var after = Compute(potential, Turn(positions), types, new Cell(Turn(rows)), periodic);
        after.Energy.ShouldBe(before.Energy, 1e-11 * Math.Max(1, Math.Abs(before.Energy)), name);
        after.Forces.ShouldAgree(Turn(before.Forces), 1e-9, 1e-9, "forces");
        // W = Σ r ⊗ F turns on both sides: R·W·Rᵀ.
        after.Virial.ShouldAgree(Transpose(Turn(Transpose(Turn(before.Virial)))), 1e-9, 1e-9, "virial");
    }

    [Theory]
    [InlineData(false, 8)]
    [InlineData(false, 4)]
    [InlineData(false, 1)]
    [InlineData(true, 8)]
    public void Atoms_however_close_give_finite_numbers_or_are_refused(bool innerSwitching, int lanes)
    {
        var model = innerSwitching ? RandomSystem.WithInnerSwitching(6, 2, 56) : RandomSystem.Model(6, 2, 56);
        using var potential = new SnapPotential(model, lanes);
        for (var exponent = -12.0; exponent < 0.5; exponent += 0.05)
        {
            var distance = Math.Pow(10, exponent);
            double[] positions = [0.1, 0.2, 0.3, 0.1 + 0.48 * distance, 0.2 - 0.6 * distance, 0.3 + 0.64 * distance, 2, 0.5, -0.5];
            var result = Evaluation.Of(potential, positions, [0, 1, 1], null);
            if (result.Outcome.Status == EvaluationStatus.AtomsOverlap)
            {
                distance.ShouldBeLessThan(1.1e-6);
                continue;
            }

            result.Outcome.ShouldBe(EvaluationOutcome.Success);
            distance.ShouldBeGreaterThan(0.9e-6);
            result.Forces.ShouldAllBe(f => double.IsFinite(f));
            result.Virial.ShouldAllBe(w => double.IsFinite(w));
            double.IsFinite(result.Energy).ShouldBeTrue();
        }
    }

    private static unsafe (double Energy, double[] Forces, double[] Virial) Compute(SnapPotential potential, double[] positions, int[] types, Cell cell, string periodic)
    {
        using var list = new NeighborList();
        list.Build(positions, cell, periodic.Contains('a'), periodic.Contains('b'), periodic.Contains('c'), potential.Cutoff);
        var forces = new double[3 * list.AtomCount];
        var virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, w = virial)
        {
            potential.Compute(list.View(types), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = w }).ShouldBe(EvaluationOutcome.Success);
            list.FoldImages(f, 3);
        }

        return (energy, forces[..positions.Length], virial);
    }

    // A rotation by no special angle: every row v becomes R·v.
    private static double[] Turn(double[] rows)
    {
        double[] r = [2.0 / 3, -1.0 / 3, 2.0 / 3, 2.0 / 3, 2.0 / 3, -1.0 / 3, -1.0 / 3, 2.0 / 3, 2.0 / 3];
        var turned = new double[rows.Length];
        for (var k = 0; k < rows.Length; k++)
        {
            var v = k - k % 3;
            turned[k] = r[3 * (k % 3)] * rows[v] + r[3 * (k % 3) + 1] * rows[v + 1] + r[3 * (k % 3) + 2] * rows[v + 2];
        }

        return turned;
    }

    private static double[] Transpose(double[] m) => [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}
