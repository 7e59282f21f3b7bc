using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Dispersion;

public sealed class DispersionBehaviourTests
{
    private const double Step = 3e-4;

    private static readonly Species[] Atoms = DispersionData.Species("C", "H", "O", "Zn");

    public static TheoryData<string> Dampings => new("bj", "zero");

    [Theory]
    [MemberData(nameof(Dampings))]
    public void Forces_are_minus_the_gradient_of_the_energy(string damping)
    {
        using var potential = Potential(damping, 2);
        var cell = RandomSystem.SkewedCell(7);
        var positions = RandomSystem.Positions(9, cell, 1.2, 51);
        var types = RandomSystem.Types(9, 4);
        var forces = Evaluation.Of(potential, positions, types, cell).Forces;
        for (var k = 0; k < positions.Length; k++)
        {
            var slope = Derivative(h =>
            {
                var moved = (double[])positions.Clone();
                moved[k] += h;
                return Evaluation.Of(potential, moved, types, cell).Energy;
            });
            forces[k].ShouldBe(-slope, 1e-9, $"component {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Dampings))]
    public void The_virial_is_minus_the_derivative_with_respect_to_strain(string damping)
    {
        using var potential = Potential(damping, 2);
        var cell = RandomSystem.SkewedCell(7);
        var positions = RandomSystem.Positions(9, cell, 1.2, 52);
        var types = RandomSystem.Types(9, 4);
        var result = Evaluation.Of(potential, positions, types, cell);
        for (var m = 0; m < 9; m++)
        {
            var slope = Derivative(h => Evaluation.Of(potential, FiniteDifferences.Strain(positions, m, h), types, new Cell(FiniteDifferences.Strain(cell.Rows.ToArray(), m, h))).Energy);
            result.Virial[m].ShouldBe(-slope, 1e-8, $"component {m}");
            Enumerable.Range(0, 9).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-12);
        }

        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Dampings))]
    public void Rotation_translation_order_and_repetition_change_nothing(string damping)
    {
        using var potential = Potential(damping, 0);
        var cell = new Cell([8, 0, 0, 0, 9, 0, 0, 0, 7.5]);
        var positions = RandomSystem.Positions(12, cell, 1.2, 53);
        var types = RandomSystem.Types(12, 4);
        var result = Evaluation.Of(potential, positions, types, cell);

        // x → y → z → x, and a shift.
        double[] turned = [.. Enumerable.Range(0, 36).Select(k => positions[k / 3 * 3 + (k + 1) % 3] + 0.7)];
        Evaluation.Of(potential, turned, types, new Cell([0, 0, 8, 9, 0, 0, 0, 7.5, 0])).Energy.ShouldBe(result.Energy, 1e-12);

        double[] reversed = [.. Enumerable.Range(0, 36).Select(k => positions[3 * (11 - k / 3) + k % 3])];
        var backwards = Evaluation.Of(potential, reversed, [.. types.Reverse()], cell);
        backwards.Energy.ShouldBe(result.Energy, 1e-12);
        backwards.Forces[0].ShouldBe(result.Forces[33], 1e-12);

        double[] twice = [.. positions, .. positions.Select((x, k) => k % 3 == 0 ? x + 8 : x)];
        Evaluation.Of(potential, twice, [.. types, .. types], new Cell([16, 0, 0, 0, 9, 0, 0, 0, 7.5])).Energy.ShouldBe(2 * result.Energy, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Dampings))]
    public void With_a_switching_width_energy_and_force_vanish_smoothly_at_the_cutoff(string damping)
    {
        using var potential = Potential(damping, 2);
        Forces(5.999).ShouldBe(0, 2e-8);
        for (var r = 3.0; r < 6.5; r += 0.01)
        {
            Math.Abs(Forces(r + 1e-5) - Forces(r)).ShouldBeLessThan(1e-6, $"at {r}");
        }

        double Forces(double r) => Evaluation.Of(potential, [0, 0, 0, r, 0, 0], [0, 3], null).Forces[0];
    }

    [Theory]
    [MemberData(nameof(Dampings))]
    public void Without_a_switching_width_a_pair_ends_at_the_cutoff(string damping)
    {
        using var potential = Potential(damping, 0);
        Energy(5.9999).ShouldBeLessThan(-1e-5);
        Energy(6.0001).ShouldBe(0);

        double Energy(double r) => Evaluation.Of(potential, [0, 0, 0, r, 0, 0], [0, 3], null).Energy;
    }

    [Theory]
    [MemberData(nameof(Dampings))]
    public void Atoms_that_come_close_stay_finite_and_overlapping_ones_are_named(string damping)
    {
        using var potential = Potential(damping, 0);
        for (var r = 1.0; r > 2e-6; r *= 0.7)
        {
            var result = Evaluation.Of(potential, [0, 0, 0, r, 0, 0], [0, 3], null);
            result.Outcome.ShouldBe(EvaluationOutcome.Success, $"at {r}");
            double.IsFinite(result.Energy + result.Forces.Sum()).ShouldBeTrue();
        }

        Evaluation.Of(potential, [0, 0, 0, 5e-7, 0, 0, 3, 0, 0], [0, 3, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 0, 1));
    }

    [Fact]
    public unsafe void Ghosts_without_owners_are_refused_and_a_view_of_centers_only_needs_none()
    {
        using var potential = Potential("bj", 0);
        using var list = new NeighborList();
        var cell = RandomSystem.SkewedCell(5);
        var energy = 0.0;
        list.Build(RandomSystem.Positions(4, cell, 1, 54), cell, true, true, true, potential.Cutoff);
        potential.Compute(list.View([0, 1, 2, 3]) with { Owners = null }, new EvaluationBuffers { Energy = &energy }).Status.ShouldBe(EvaluationStatus.GhostValuesUnknown);
        list.Build([0, 0, 0, 2, 0, 0], null, false, false, false, potential.Cutoff);
        potential.Compute(list.View([0, 1]) with { Owners = null }, new EvaluationBuffers { Energy = &energy }).ShouldBe(EvaluationOutcome.Success);
    }

    [Fact]
    public void Parameters_that_cannot_be_meant_are_refused()
    {
        var table = DispersionData.MadeUp();
        var good = DispersionData.BeckeJohnson();
        DispersionSettings[] wrong =
        [
            good with { Cutoff = 0 }, good with { Cutoff = double.NaN }, good with { CoordinationCutoff = -1 }, good with { SwitchingWidth = 10 },
            good with { Damping = new BeckeJohnsonDamping(1, 1, -1, 2) }, good with { Damping = new ZeroDamping(1, 1, 1, 1, 13) },
            good with { Damping = new ZeroDamping(double.NaN, 1, 1) },
        ];
        foreach (var settings in wrong)
        {
            Should.Throw<MofException>(() => new DispersionModel(Atoms, table, settings)).Kind.ShouldBe(ErrorKind.InvalidArgument);
        }

        Should.Throw<MofException>(() => new DispersionModel([new("C3a", 0, 12)], table, good)).Message.ShouldContain("C3a has no atomic number");
        Should.Throw<MofException>(() => new DispersionModel([new("He", 2, 4)], table, good)).Message.ShouldContain("not in the D3 reference table");
    }

    private static DispersionPotential Potential(string damping, double switching) =>
        new(new DispersionModel(Atoms, DispersionData.MadeUp(), damping == "bj" ? DispersionData.BeckeJohnson(6, 5, switching) : DispersionData.Zero(6, 5, switching)));

    // Sixth-order central difference.
    private static double Derivative(Func<double, double> f) =>
        (45 * (f(Step) - f(-Step)) - 9 * (f(2 * Step) - f(-2 * Step)) + f(3 * Step) - f(-3 * Step)) / (60 * Step);
}
