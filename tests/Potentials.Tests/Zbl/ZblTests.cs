using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.Potentials.Zbl;

namespace MofInterop.Potentials.Tests.Zbl;

public sealed class ZblTests
{
    private static readonly Species[] Atoms = [new("Zn4a", 30, 65.4), new("O2a", 8, 16), new("H1a", 1, 1)];

    // pair_style zbl 3.0 4.0, units metal, of LAMMPS 29Sep2021 (Debian 12): energy and force on the second of two atoms.
    [Theory]
    [InlineData(30, 8, 0.1, 16485.6921089613, 263909.165815831)]
    [InlineData(30, 8, 1.0, 56.6309778833423, 214.749286932057)]
    [InlineData(30, 8, 2.9, 0.237569911175731, 0.672085812773122)]
    [InlineData(30, 8, 3.2, 0.091168653617995, 0.336185134859784)]
    [InlineData(30, 8, 3.5, 0.0230067101551646, 0.134597079119689)]
    [InlineData(30, 8, 3.9, 0.00019796292398995, 0.0058980879745342)]
    [InlineData(1, 73, 0.1, 5108.49785946683, 81094.2483860873)]
    [InlineData(1, 73, 1.0, 18.7752521354339, 70.136074188474)]
    [InlineData(1, 73, 3.2, 0.0323391957148883, 0.118753606739389)]
    [InlineData(1, 73, 3.9, 7.075713108961081e-05, 0.00210761943547918)]
    public void Two_atoms_repel_each_other_as_in_LAMMPS(int first, int second, double distance, double energy, double force)
    {
        using var potential = Between(first, second, 3.0, 4.0);
        var result = Evaluation.Of(potential, [0, 0, 0, distance, 0, 0], [0, 1], null);
        result.Energy.ShouldBe(energy, 1e-13 * energy + 1e-14);
        result.Forces[3].ShouldBe(force, 1e-13 * force + 1e-14);
        result.Forces[0].ShouldBe(-result.Forces[3], 1e-13 * force);
    }

    [Fact]
    public void Energy_force_and_curvature_vanish_at_the_outer_radius()
    {
        using var potential = Between(30, 8, 1.0, 2.0);
        double Force(double distance) => Evaluation.Of(potential, [0, 0, 0, distance, 0, 0], [0, 1], null).Forces[3];
        Energy(potential, 2 - 1e-5).ShouldBe(0, 1e-11);
        Force(2 - 1e-5).ShouldBe(0, 1e-7);
        ((Force(2 - 1e-5) - Force(2 - 2e-5)) / 1e-5).ShouldBe(0, 1e-2);
        Energy(potential, 2 + 1e-9).ShouldBe(0);
        Force(1 - 1e-9).ShouldBe(Force(1 + 1e-9), 1e-5);
    }

    [Fact]
    public void Forces_and_virial_are_derivatives_of_the_energy()
    {
        using var potential = new ZblPotential(new ZblModel(Atoms, [new(0, 1, 1.2, 3.1), new(1, 1, 0.9, 2.2), new(0, 2, 2.0, 4.0)]));
        var cell = RandomSystem.SkewedCell(5.0);
        var positions = RandomSystem.Positions(9, cell, 1.0, 3);
        var types = RandomSystem.Types(9, 3);
        FiniteDifferences.CheckForces(potential, positions, types, cell);
        FiniteDifferences.CheckVirial(potential, positions, types, cell);
        var result = Evaluation.Of(potential, positions, types, cell);
        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-11);
        for (var m = 0; m < 9; m++)
        {
            Enumerable.Range(0, 9).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-10);
        }
    }

    [Fact]
    public void Only_chosen_pairs_repel_each_other_each_with_its_own_radii()
    {
        using var potential = new ZblPotential(new ZblModel(Atoms, [new(0, 1, 1.0, 2.0), new(1, 1, 0.5, 1.5)]));
        potential.Cutoff.ShouldBe(2.0);
        (potential.PairCutoff(1, 0), potential.PairCutoff(0, 1), potential.PairCutoff(1, 1)).ShouldBe((2.0, 2.0, 1.5));
        (potential.PairCutoff(0, 0), potential.PairCutoff(2, 1)).ShouldBe((0, 0));
        double Of(int a, int b, double distance) => Evaluation.Of(potential, [0, 0, 0, distance, 0, 0], [a, b], null).Energy;
        Of(0, 1, 1.8).ShouldBeGreaterThan(0);
        Of(1, 0, 1.8).ShouldBe(Of(0, 1, 1.8));
        Of(1, 1, 1.8).ShouldBe(0);
        Of(1, 1, 1.4).ShouldBeGreaterThan(0);
        Of(0, 0, 0.3).ShouldBe(0);
        Of(2, 0, 0.3).ShouldBe(0);
    }

    [Theory]
    [InlineData(1e-1)]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1.1e-6)]
    public void Close_atoms_give_finite_repulsion(double distance)
    {
        using var potential = Between(92, 92, 1.0, 2.0);
        var result = Evaluation.Of(potential, [0, 0, 0, distance, 0, 0], [0, 1], null);
        result.Outcome.Status.ShouldBe(EvaluationStatus.Success);
        double.IsFinite(result.Energy).ShouldBeTrue();
        result.Energy.ShouldBeGreaterThan(0);
        result.Forces[3].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Atoms_on_one_spot_and_positions_that_are_not_finite_are_refused()
    {
        using var potential = Between(8, 8, 1.0, 2.0);
        Evaluation.Of(potential, [0, 0, 0, 1e-7, 0, 0], [0, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 0, 1));
        var list = new NeighborList();
        list.Build([0, 0, 0, 1, 0, 0], null, false, false, false, 2);
        unsafe
        {
            var view = list.View([0, 1]);
            view.Positions[3] = double.NaN;
            potential.Compute(view, default).Status.ShouldBe(EvaluationStatus.PositionNotFinite);
            view.Positions[3] = 1;
            list.View([0, 7]);
            potential.Compute(view, default).ShouldBe(new EvaluationOutcome(EvaluationStatus.UnknownSpecies, 1));
        }

        list.Dispose();
    }

    [Fact]
    public void A_scale_acts_on_the_half_of_a_pair_that_is_its_centers()
    {
        using var potential = Between(8, 6, 1.0, 2.0);
        double[] positions = [0, 0, 0, 1.3, 0, 0];
        var plain = Evaluation.Of(potential, positions, [0, 1], null);
        var scaled = Evaluation.Of(potential, positions, [0, 1], null, [0.5, 2.0]);
        scaled.Energy.ShouldBe(1.25 * plain.Energy, 1e-12);
        scaled.AtomEnergies.ShouldBe([0.25 * plain.Energy, plain.Energy], 1e-12);
        scaled.Forces[3].ShouldBe(1.25 * plain.Forces[3], 1e-12);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        string Refusal(Species[] species, params ZblPair[] pairs)
        {
            var error = Should.Throw<MofException>(() => new ZblModel(species, pairs));
            error.Kind.ShouldBe(ErrorKind.InvalidArgument);
            return error.Message;
        }

        Refusal(Atoms).ShouldContain("no pairs");
        Refusal(Atoms, new ZblPair(0, 1, 2, 1)).ShouldContain("radii of Zn4a-O2a are 2 and 1");
        Refusal(Atoms, new ZblPair(0, 1, 0, 1)).ShouldContain("radii");
        Refusal(Atoms, new ZblPair(0, 1, 1, double.NaN)).ShouldContain("radii");
        Refusal(Atoms, new ZblPair(0, 1, 1, 2), new ZblPair(1, 0, 1, 3)).ShouldContain("O2a-Zn4a is there twice");
        Refusal(Atoms, new ZblPair(0, 3, 1, 2)).ShouldContain("names the species 3");
        Refusal([new("X", 0, 0)], new ZblPair(0, 0, 1, 2)).ShouldContain("atomic number of species X");
        Refusal([new("X", 1, 0), new("X", 2, 0)], new ZblPair(0, 0, 1, 2)).ShouldContain("twice");
    }

    private static ZblPotential Between(int first, int second, double inner, double outer) =>
        new(new ZblModel([new("A", first, 0), new("B", second, 0)], [new(0, 1, inner, outer), new(0, 0, inner, outer), new(1, 1, inner, outer)]));

    private static double Energy(ZblPotential potential, double distance) => Evaluation.Of(potential, [0, 0, 0, distance, 0, 0], [0, 1], null).Energy;
}
