using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class FastKernelTests
{
    public static TheoryData<int> Lanes => new(2, 4, 8);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    public void Agrees_with_the_scalar_reference_for_every_twojmax(int twoJMax) =>
        Compare(RandomSystem.Model(twoJMax, 3, 10 + twoJMax), twoJMax < 9 ? 15 : 5, 11);

    [Fact]
    public void Agrees_without_switching() => Compare(RandomSystem.Model(6, 2, 1, p => p with { Switching = false }), 17, 2);

    [Fact]
    public void Agrees_with_the_isolated_atom_left_in() => Compare(RandomSystem.Model(5, 2, 3, p => p with { SubtractIsolatedAtom = false }), 17, 4);

    [Fact]
    public void Agrees_with_normalized_components() => Compare(RandomSystem.Model(6, 2, 5, p => p with { Normalized = true }), 17, 6);

    [Fact]
    public void Agrees_where_atoms_are_closer_than_rmin0() => Compare(RandomSystem.Model(6, 2, 7, p => p with { MinimumDistance = 1.7 }), 17, 8);

    [Fact]
    public void Agrees_where_the_angle_passes_half_a_turn() => Compare(RandomSystem.Model(6, 2, 7, p => p with { AngleFactor = 1.3 }), 17, 8);

    [Fact]
    public void Agrees_with_inner_switching() => Compare(RandomSystem.WithInnerSwitching(6, 2, 9), 17, 10);

    [Fact]
    public void Agrees_for_quadratic_models() => Compare(RandomSystem.Model(4, 2, 11, p => p with { Quadratic = true }), 17, 12);

    [Fact]
    public void Agrees_for_quadratic_normalized_models_of_odd_twojmax() =>
        Compare(RandomSystem.Model(5, 2, 13, p => p with { Quadratic = true, Normalized = true, SubtractIsolatedAtom = false }), 17, 14);

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Gives_the_same_bits_again_and_from_several_threads_at_once(int lanes)
    {
        var model = RandomSystem.Model(6, 3, 17);
        var cell = RandomSystem.SkewedCell(8);
        var positions = RandomSystem.Positions(40, cell, 1.4, 18);
        var types = RandomSystem.Types(40, 3);
        using var potential = new SnapPotential(model, lanes);
        var first = Evaluation.Of(potential, positions, types, cell);
        var others = new Evaluation[8];
        Parallel.For(0, others.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, k => others[k] = Evaluation.Of(potential, positions, types, cell));
        foreach (var other in others)
        {
            other.Energy.ShouldBe(first.Energy);
            other.Forces.ShouldBe(first.Forces);
            other.AtomVirials.ShouldBe(first.AtomVirials);
        }
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void Allocates_nothing_once_warm(int lanes) => KernelComparison.AllocatesNothing(RandomSystem.Model(4, 2, 19), lanes);

    [Fact]
    public void Energy_alone_needs_no_other_buffers()
    {
        var model = RandomSystem.Model(4, 2, 21);
        using var potential = new SnapPotential(model);
        var cell = RandomSystem.SkewedCell(7);
        var positions = RandomSystem.Positions(20, cell, 1.4, 22);
        var types = RandomSystem.Types(20, 2);
        using var list = new NeighborList();
        list.Build(positions, cell, true, true, true, potential.Cutoff);
        var energy = 1.0;
        unsafe
        {
            potential.Compute(list.View(types), new EvaluationBuffers { Energy = &energy }).Status.ShouldBe(EvaluationStatus.Success);
        }

        energy.ShouldBe(1 + Evaluation.Of(potential, positions, types, cell).Energy, 1e-12);
    }

    private static void Compare(SnapModel model, int atoms, int seed) => KernelComparison.Compare(model, atoms, seed);
}
