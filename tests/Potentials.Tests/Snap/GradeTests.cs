using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class GradeTests
{
    public static TheoryData<int, int> Cases => new() { { 2, 6 }, { 4, 6 }, { 8, 6 }, { 8, 5 }, { 8, 0 }, { 4, 1 }, { 1, 4 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fast_kernel_gives_the_grades_of_the_definition(int lanes, int twoJMax)
    {
        var model = WithGrades(RandomSystem.Model(twoJMax, 3, 31, p => p with { Normalized = twoJMax == 5, SubtractIsolatedAtom = twoJMax != 5 }), 32);
        var cell = RandomSystem.SkewedCell(7);
        var positions = RandomSystem.Positions(21, cell, 1.4, 33);
        var types = RandomSystem.Types(21, 3);
        using var potential = new SnapPotential(model, lanes);
        potential.HasGrades.ShouldBeTrue();
        var expected = Evaluation.Of(new SnapReference(model).Compute, potential.Cutoff, positions, types, cell);
        var got = Evaluation.Of(potential, positions, types, cell);
        got.Grades.ShouldAgree(expected.Grades, 1e-11, 1e-12, "grades");
        got.Forces.ShouldAgree(expected.Forces, 1e-10, 1e-10, "forces beside grades");
        got.Grades.ShouldAllBe(grade => grade > 0);
    }

    [Fact]
    public void An_atom_of_a_species_that_training_never_saw_has_an_infinite_grade()
    {
        var model = RandomSystem.Model(4, 2, 34);
        model = new SnapModel(model.Parameters, model.Species) { Grades = new SnapGrades(model.BispectrumCount, [Factor(model.BispectrumCount, 35), null]) };
        var cell = RandomSystem.SkewedCell(6);
        using var potential = new SnapPotential(model);
        var got = Evaluation.Of(potential, RandomSystem.Positions(9, cell, 1.4, 36), [0, 1, 0, 0, 1, 0, 0, 0, 1], cell);
        got.Grades.Select(double.IsPositiveInfinity).ShouldBe([false, true, false, false, true, false, false, false, true]);
    }

    [Fact]
    public void Grades_of_another_size_or_kind_of_model_are_refused()
    {
        var model = RandomSystem.Model(4, 2, 34);
        var grades = new SnapGrades(model.BispectrumCount, [Factor(model.BispectrumCount, 35)]);
        Should.Throw<MofException>(() => new SnapModel(model.Parameters, model.Species) { Grades = grades })
            .Message.ShouldContain("grades of 1 species with 14 bispectrum components; expected 2 species with 14");
        Should.Throw<MofException>(() => new SnapGrades(14, [new double[3]])).Message.ShouldContain("have 3 numbers; expected 120");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_scale_multiplies_energy_forces_and_virial_of_the_centers_of_its_type(int lanes)
    {
        var model = RandomSystem.Model(4, 2, 37);
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(12, cell, 1.4, 38);
        var types = RandomSystem.Types(12, 2);
        using var potential = new SnapPotential(model, lanes);
        var first = Evaluation.Of(potential, positions, types, cell, [1, 0]);
        var second = Evaluation.Of(potential, positions, types, cell, [0, 1]);
        var mixed = Evaluation.Of(potential, positions, types, cell, [0.5, 2]);
        mixed.Energy.ShouldBe(0.5 * first.Energy + 2 * second.Energy, 1e-10);
        mixed.Forces.ShouldAgree([.. first.Forces.Zip(second.Forces, (a, b) => 0.5 * a + 2 * b)], 1e-11, 1e-11, "forces");
        mixed.AtomVirials.ShouldAgree([.. first.AtomVirials.Zip(second.AtomVirials, (a, b) => 0.5 * a + 2 * b)], 1e-11, 1e-11, "virials");
        first.AtomEnergies.Where((_, i) => types[i] == 1).ShouldAllBe(energy => energy == 0);
    }

    private static SnapModel WithGrades(SnapModel model, int seed) => new(model.Parameters, model.Species)
    {
        Grades = new SnapGrades(model.BispectrumCount, [.. model.Species.Select((_, s) => Factor(model.BispectrumCount, seed + s))]),
    };

    private static double[] Factor(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, SnapGrades.FactorLength(count)).Select(_ => random.NextDouble() - 0.3)];
    }
}
