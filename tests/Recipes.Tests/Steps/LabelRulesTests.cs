using MofInterop.Potentials.Atoms;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>What every label is held against, whatever program gave it.</summary>
public sealed class LabelRulesTests
{
    private static readonly AtomicConfiguration Pair = new(["C", "O"], [0, 0, 0, 1.1, 0, 0], new Cell([5, 0, 0, 0, 5, 0, 0, 0, 5]), true);
    private static readonly double[] NoForces = new double[6];
    private static readonly LabelRules Rules = new(1000, NeedsStress: true);

    [Fact]
    public void An_ordinary_label_is_believed() => Rules.Problem(Pair, new ReferenceLabel(-600, [1, -2, 3, -1, 2, -3], new double[6])).ShouldBeNull();

    [Fact]
    public void All_electrons_of_the_heaviest_elements_are_no_absurd_energy() => Rules.Problem(Pair, new ReferenceLabel(-3e6, NoForces, new double[6])).ShouldBeNull();

    [Theory]
    [InlineData(1e30, 0, 0, "the energy is 1e30 eV for 2 atoms; no method gives more than 1e7 eV/atom")]
    [InlineData(double.NaN, 0, 0, "not finite")]
    [InlineData(0, 1e6, 0, "the force on atom 1 (counted from 0) is 1e6 eV/Å; expected at most 1000 (reference: largest_force)")]
    [InlineData(0, -1000.1, 0, "the force on atom 1")]
    [InlineData(0, double.PositiveInfinity, 0, "not finite")]
    [InlineData(0, 0, -200, "the stress is -2e2 eV/Å³; expected at most 100 in size")]
    [InlineData(0, 0, double.NaN, "not finite")]
    public void Absurd_numbers_are_not(double energy, double force, double stress, string said) =>
        Rules.Problem(Pair, new ReferenceLabel(energy, [0, 0, 0, 0, force, 0], [0, 0, stress, 0, 0, 0])).ShouldNotBeNull().ShouldContain(said);

    [Fact]
    public void Forces_on_another_number_of_atoms_are_none() =>
        LabelRules.Defect(Pair, new ReferenceLabel(0, new double[9], null)).ShouldBe("the program gave 9 force components for 2 atoms");

    [Fact]
    public void A_missing_stress_matters_for_periodic_configurations_and_where_it_is_wanted()
    {
        var label = new ReferenceLabel(0, NoForces, null);
        Rules.Problem(Pair, label).ShouldNotBeNull().ShouldContain("gave no stress");
        (Rules with { NeedsStress = false }).Problem(Pair, label).ShouldBeNull();
        Rules.Problem(new AtomicConfiguration(["C", "O"], Pair.Positions, null, false), label).ShouldBeNull();
    }
}
