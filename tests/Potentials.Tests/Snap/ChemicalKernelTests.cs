using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Models with one density a species (<c>chemflag</c>) by the fast kernel.</summary>
public sealed class ChemicalKernelTests
{
    public static TheoryData<int> Lanes => new(2, 4, 8);

    public static TheoryData<int, bool, bool, bool> Flags
    {
        get
        {
            var all = new TheoryData<int, bool, bool, bool>();
            foreach (var species in (int[])[1, 2, 3])
            {
                for (var flags = 0; flags < 8; flags++)
                {
                    all.Add(species, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
                }
            }

            return all;
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 2)]
    public void Agrees_with_the_scalar_reference_for_every_twojmax(int twoJMax, int species) =>
        Compare(RandomSystem.Model(twoJMax, species, 110 + twoJMax, Chemical), twoJMax < 6 ? 15 : 6, 111);

    [Theory]
    [MemberData(nameof(Flags))]
    public void Agrees_for_every_combination_of_normalization_own_density_and_isolated_atom(int species, bool normalized, bool selfInAll, bool subtract) =>
        Compare(
            RandomSystem.Model(3, species, 112, p => Chemical(p) with { Normalized = normalized, SelfInAllDensities = selfInAll, SubtractIsolatedAtom = subtract }),
            11,
            113);

    [Fact]
    public void Agrees_without_switching() => Compare(RandomSystem.Model(4, 2, 114, p => Chemical(p) with { Switching = false }), 15, 115);

    [Fact]
    public void Agrees_where_atoms_are_closer_than_rmin0() =>
        Compare(RandomSystem.Model(4, 2, 116, p => Chemical(p) with { MinimumDistance = 1.7, SelfInAllDensities = true }), 15, 117);

    [Fact]
    public void Agrees_with_inner_switching() => Compare(RandomSystem.WithInnerSwitching(4, 3, 118, Chemical), 15, 119);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Agrees_for_quadratic_models(int species, bool normalized) =>
        Compare(RandomSystem.Model(2, species, 120, p => Chemical(p) with { Quadratic = true, Normalized = normalized }), 11, 121);

    [Fact]
    public void Agrees_for_a_quadratic_model_with_every_option() =>
        Compare(
            RandomSystem.WithInnerSwitching(3, 2, 122, p => Chemical(p) with { Quadratic = true, Normalized = true, SelfInAllDensities = true, MinimumDistance = 0.5 }),
            11,
            123);

    [Fact]
    public void Agrees_where_lanes_have_unequal_neighbours_or_none()
    {
        // Pairs far apart, a triple, and atoms alone: of every species some see nothing, or not all of the species.
        double[] positions = [0, 0, 0, 1.5, 0, 0, 20, 0, 0, 20, 1.7, 0, 20, 0, 1.6, 40, 0, 0, 60, 0, 0, 80, 0, 0, 80, 1.9, 0.4, 100, 0, 0, 120, 0, 0];
        foreach (var selfInAll in (bool[])[false, true])
        {
            var model = RandomSystem.Model(4, 3, 124, p => Chemical(p) with { SelfInAllDensities = selfInAll });
            KernelComparison.Compare(model, positions, [0, 0, 0, 1, 2, 1, 2, 2, 1, 0, 1], null);
            KernelComparison.Compare(model, positions, [1, 2, 0, 0, 2, 0, 0, 1, 1, 2, 2], null);
        }
    }

    [Fact]
    public void Agrees_where_a_species_of_the_model_is_absent()
    {
        var cell = RandomSystem.SkewedCell(6.5);
        var model = RandomSystem.Model(4, 3, 125, Chemical);
        KernelComparison.Compare(model, RandomSystem.Positions(13, cell, 1.2, 126), [.. Enumerable.Range(0, 13).Select(i => i % 3 == 0 ? 2 : 0)], cell);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Atoms_without_species_are_neither_centers_nor_neighbours(int lanes)
    {
        using var potential = new SnapPotential(RandomSystem.Model(3, 2, 127, Chemical), lanes);
        var with = Evaluation.Of(potential, [0, 0, 0, 1.6, 0.2, 0, 0.3, 1.7, 0.1], [0, -1, 1], null);
        var without = Evaluation.Of(potential, [0, 0, 0, 0.3, 1.7, 0.1], [0, 1], null);
        with.Energy.ShouldBe(without.Energy, 1e-13);
        with.AtomEnergies[1].ShouldBe(0);
        with.Forces[3..6].ShouldAllBe(f => f == 0);
        with.Forces[6..].ShouldAgree(without.Forces[3..], 1e-12, 1e-13, "force");
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Two_atoms_at_one_place_are_named(int lanes)
    {
        using var potential = new SnapPotential(RandomSystem.Model(3, 2, 128, Chemical), lanes);
        Evaluation.Of(potential, [0, 0, 0, 1.6, 0.2, 0, 1.6, 0.2, 1e-7], [0, 1, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 1, 2));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Species_may_stand_in_any_order_in_the_file(bool quadratic, bool selfInAll)
    {
        var model = RandomSystem.Model(2, 3, 129, p => Chemical(p) with { Quadratic = quadratic, SelfInAllDensities = selfInAll });
        var cell = RandomSystem.SkewedCell(6.5);
        var positions = RandomSystem.Positions(13, cell, 1.2, 130);
        var types = RandomSystem.Types(13, 3);
        using var potential = new SnapPotential(model);
        var here = Evaluation.Of(potential, positions, types, cell);
        foreach (var order in (int[][])[[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            using var permuted = new SnapPotential(SpeciesOrder.Permute(model, order));
            var there = Evaluation.Of(permuted, positions, [.. types.Select(species => Array.IndexOf(order, species))], cell);
            there.Energy.ShouldBe(here.Energy, 1e-11);
            there.AtomEnergies.ShouldAgree(here.AtomEnergies, 0, 1e-11, "atomic energy");
            there.Forces.ShouldAgree(here.Forces, 1e-11, 1e-11, "force");
            there.Virial.ShouldAgree(here.Virial, 1e-11, 1e-10, "virial");
        }
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Gives_the_same_bits_again_and_from_several_threads_at_once(int lanes)
    {
        using var potential = new SnapPotential(RandomSystem.Model(4, 3, 131, Chemical), lanes);
        var cell = RandomSystem.SkewedCell(8);
        var positions = RandomSystem.Positions(40, cell, 1.4, 132);
        var types = RandomSystem.Types(40, 3);
        var first = Evaluation.Of(potential, positions, types, cell);
        var others = new Evaluation[4];
        Parallel.For(0, others.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, k => others[k] = Evaluation.Of(potential, positions, types, cell));
        foreach (var other in others)
        {
            other.Energy.ShouldBe(first.Energy);
            other.Forces.ShouldBe(first.Forces);
            other.AtomVirials.ShouldBe(first.AtomVirials);
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    public void Allocates_nothing_once_warm(int lanes, bool quadratic) =>
        KernelComparison.AllocatesNothing(RandomSystem.Model(2, 2, 133, p => Chemical(p) with { Quadratic = quadratic }), lanes);

    [Fact]
    public void A_scale_multiplies_what_the_centers_of_its_type_give()
    {
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(12, cell, 1.4, 138);
        var types = RandomSystem.Types(12, 2);
        using var potential = new SnapPotential(RandomSystem.Model(3, 2, 137, Chemical));
        var first = Evaluation.Of(potential, positions, types, cell, [1, 0]);
        var second = Evaluation.Of(potential, positions, types, cell, [0, 1]);
        var mixed = Evaluation.Of(potential, positions, types, cell, [0.5, 2]);
        mixed.Energy.ShouldBe(0.5 * first.Energy + 2 * second.Energy, 1e-10);
        mixed.Forces.ShouldAgree([.. first.Forces.Zip(second.Forces, (a, b) => 0.5 * a + 2 * b)], 1e-11, 1e-11, "forces");
    }

    [Fact]
    public unsafe void Energy_alone_needs_no_other_buffers()
    {
        using var potential = new SnapPotential(RandomSystem.Model(4, 2, 135, Chemical));
        var cell = RandomSystem.SkewedCell(7);
        var positions = RandomSystem.Positions(20, cell, 1.4, 136);
        var types = RandomSystem.Types(20, 2);
        using var list = new NeighborList();
        list.Build(positions, cell, true, true, true, potential.Cutoff);
        var energy = 1.0;
        potential.Compute(list.View(types), new EvaluationBuffers { Energy = &energy }).Status.ShouldBe(EvaluationStatus.Success);
        energy.ShouldBe(1 + Evaluation.Of(potential, positions, types, cell).Energy, 1e-12);
    }

    private static SnapParameters Chemical(SnapParameters parameters) => parameters with { Chemical = true };

    private static void Compare(SnapModel model, int atoms, int seed) => KernelComparison.Compare(model, atoms, seed);
}
