using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class FaultTests
{
    public static TheoryData<int> Lanes => new(1, 2, 4, 8);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void A_position_that_is_not_a_number_is_named(int lanes) =>
        Spoil(lanes, (positions, _) => positions[3 * 4 + 1] = double.NaN).Status.ShouldBe(EvaluationStatus.PositionNotFinite);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void An_infinite_position_is_named(int lanes) =>
        Spoil(lanes, (positions, _) => positions[3 * 4 + 1] = double.PositiveInfinity).Status.ShouldBe(EvaluationStatus.PositionNotFinite);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Two_atoms_at_one_place_are_named(int lanes)
    {
        var outcome = Spoil(lanes, (positions, _) =>
        {
            for (var k = 0; k < 3; k++)
            {
                positions[3 * 2 + k] = positions[3 * 1 + k] + 1e-7;
            }
        });
        outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 1, 2));
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void A_type_that_the_model_does_not_know_is_named(int lanes) =>
        Spoil(lanes, (_, types) => types[0] = 2).ShouldBe(new EvaluationOutcome(EvaluationStatus.UnknownSpecies, 0));

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Nothing_is_wrong_with_sound_atoms(int lanes) => Spoil(lanes, (_, _) => { }).ShouldBe(EvaluationOutcome.Success);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Atoms_without_species_are_neither_centers_nor_neighbours(int lanes)
    {
        using var potential = new SnapPotential(RandomSystem.Model(4, 2, 51), lanes);
        double[] three = [0, 0, 0, 1.6, 0.2, 0, 0.3, 1.7, 0.1];
        var with = Evaluation.Of(potential, three, [0, -1, 1], null);
        var without = Evaluation.Of(potential, [0, 0, 0, 0.3, 1.7, 0.1], [0, 1], null);
        with.Energy.ShouldBe(without.Energy, 1e-13);
        with.AtomEnergies[1].ShouldBe(0);
        with.Forces[3..6].ShouldAllBe(f => f == 0);
        with.Forces[6..].ShouldAgree(without.Forces[3..], 1e-12, 1e-13, "force");
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void No_atoms_at_all_have_no_energy(int lanes)
    {
        using var potential = new SnapPotential(RandomSystem.Model(4, 2, 52), lanes);
        var result = Evaluation.Of(potential, [], [], null);
        result.Outcome.ShouldBe(EvaluationOutcome.Success);
        result.Energy.ShouldBe(0);
    }

    [Fact]
    public void A_species_with_too_few_coefficients_is_refused()
    {
        var parameters = new SnapParameters { CutoffFactor = 4, TwoJMax = 8 };
        Should.Throw<MofException>(() => new SnapModel(parameters, [new SnapSpecies("Zn", 0.5, 1, new double[31])]))
            .Message.ShouldContain("56 for twojmax 8");
    }

    [Fact]
    public void A_repeated_label_is_refused()
    {
        var parameters = new SnapParameters { CutoffFactor = 4, TwoJMax = 0 };
        var zinc = new SnapSpecies("Zn", 0.5, 1, new double[2]);
        Should.Throw<MofException>(() => new SnapModel(parameters, [zinc, zinc])).Message.ShouldContain("Zn");
    }

    [Fact]
    public void An_absurd_twojmax_is_refused() =>
        Should.Throw<MofException>(() => new SnapModel(new SnapParameters { CutoffFactor = 4, TwoJMax = 21 }, [new SnapSpecies("Zn", 0.5, 1, new double[2])]));

    private static EvaluationOutcome Spoil(int lanes, Action<double[], int[]> spoil)
    {
        // The list is built from sound positions, as a host's may be a few steps old.
        using var potential = new SnapPotential(RandomSystem.Model(4, 2, 53), lanes);
        var positions = RandomSystem.Positions(12, new Cell([5, 0, 0, 0, 5, 0, 0, 0, 5]), 1.2, 54);
        var types = RandomSystem.Types(12, 2);
        using var list = new NeighborList();
        list.Build(positions, null, false, false, false, 20);
        spoil(positions, types);
        var view = list.View(types);
        var energy = 0.0;
        unsafe
        {
            positions.AsSpan().CopyTo(new Span<double>(view.Positions, positions.Length));
            var forces = stackalloc double[3 * 12];
            return potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces });
        }
    }
}
