using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Dispersion;

public sealed class DispersionKernelTests
{
    private static readonly Species[] Atoms = DispersionData.Species("C", "H", "O", "Zn");

    public static TheoryData<string, double, double, double> Settings => new()
    {
        { "bj", 7, 5, 0 },
        { "bj", 5, 7, 0 },
        { "bj", 6, 6, 1.5 },
        { "zero", 7, 5, 0 },
        { "zero", 5, 7, 2 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_fast_kernel_agrees_with_the_plain_one_at_every_vector_width(string damping, double cutoff, double coordination, double switching)
    {
        var model = new DispersionModel(Atoms, DispersionData.MadeUp(), Choose(damping, cutoff, coordination, switching));
        var cell = RandomSystem.SkewedCell(9);
        var positions = RandomSystem.Positions(37, cell, 0.9, 41);
        var types = RandomSystem.Types(37, 4);
        double[] scales = [1, 0.5, 2, 1.5];
        foreach (var scale in (double[]?[])[null, scales])
        {
            var expected = Evaluation.Of(new DispersionReference(model).Compute, model.LargestCutoff, positions, types, cell, scale);
            foreach (var lanes in (int[])[2, 4, 8])
            {
                using var potential = new DispersionPotential(model, lanes);
                ShouldAgree(Evaluation.Of(potential, positions, types, cell, scale), expected);
            }
        }
    }

    [SkippableFact]
    public void The_fast_kernel_agrees_with_the_plain_one_for_the_published_table_and_lists_of_several_chunks()
    {
        var model = new DispersionModel(Atoms, DispersionData.Published(), DispersionData.Zero(14, 15));
        var cell = RandomSystem.SkewedCell(8);
        var positions = RandomSystem.Positions(30, cell, 0.9, 42);
        var types = RandomSystem.Types(30, 4);
        using var potential = new DispersionPotential(model);
        ShouldAgree(Evaluation.Of(potential, positions, types, cell), Evaluation.Of(new DispersionReference(model).Compute, model.LargestCutoff, positions, types, cell));
    }

    [Fact]
    public void Coordination_numbers_far_from_every_reference_still_give_a_coefficient()
    {
        // Twelve neighbours of carbon at 1.3 Å: exp(−4 (12 − 4)²) = 1e-111 for the nearest reference.
        var positions = new List<double> { 0, 0, 0 };
        foreach (var (a, b) in from a in (double[])[-1, 1] from b in (double[])[-1.618, 1.618] select (a, b))
        {
            positions.AddRange([0, 0.69 * a, 0.69 * b, 0.69 * a, 0.69 * b, 0, 0.69 * b, 0, 0.69 * a]);
        }

        var model = new DispersionModel(Atoms, DispersionData.MadeUp(), DispersionData.BeckeJohnson());
        using var potential = new DispersionPotential(model);
        var types = new int[13];
        var result = Evaluation.Of(potential, [.. positions], types, null);
        ShouldAgree(result, Evaluation.Of(new DispersionReference(model).Compute, model.LargestCutoff, [.. positions], types, null));
        result.Energy.ShouldBeLessThan(-0.05);
    }

    [Fact]
    public void The_exponential_of_lanes_is_accurate_to_rounding()
    {
        CheckExponential<Lanes128>();
        CheckExponential<Lanes256>();
        CheckExponential<Lanes512>();
    }

    [Fact]
    public void Repeated_computations_allocate_nothing()
    {
        using var potential = new DispersionPotential(new DispersionModel(Atoms, DispersionData.MadeUp(), DispersionData.BeckeJohnson(6, 5)));
        using var list = new NeighborList();
        var cell = RandomSystem.SkewedCell(9);
        list.Build(RandomSystem.Positions(20, cell, 1, 43), cell, true, true, true, potential.Cutoff);
        var view = list.View(RandomSystem.Types(20, 4));
        Compute(potential, view).ShouldBe(EvaluationOutcome.Success);
        Allocations.Least(() => Compute(potential, view)).ShouldBe(0);
    }

    private static unsafe EvaluationOutcome Compute(DispersionPotential potential, in NeighborView view)
    {
        var energy = 0.0;
        return potential.Compute(view, new EvaluationBuffers { Energy = &energy });
    }

    private static DispersionSettings Choose(string damping, double cutoff, double coordination, double switching) =>
        damping == "bj" ? DispersionData.BeckeJohnson(cutoff, coordination, switching) : DispersionData.Zero(cutoff, coordination, switching);

    private static void ShouldAgree(Evaluation result, Evaluation expected)
    {
        result.Outcome.ShouldBe(EvaluationOutcome.Success);
        result.Energy.ShouldBe(expected.Energy, 1e-12 * Math.Abs(expected.Energy));
        result.AtomEnergies.ShouldAgree(expected.AtomEnergies, 1e-12, 1e-13, "atomic energy");
        result.Forces.ShouldAgree(expected.Forces, 1e-11, 1e-12, "force");
        result.Virial.ShouldAgree(expected.Virial, 1e-11, 1e-11, "virial");
        result.AtomVirials.ShouldAgree(expected.AtomVirials, 1e-11, 1e-12, "atomic virial");
    }

    private static unsafe void CheckExponential<T>()
        where T : unmanaged, ILanes<T>
    {
        var memory = (double*)NativeMemory.AlignedAlloc(64, 64);
        for (var x = -700.0; x < 705; x += 0.0377)
        {
            for (var lane = 0; lane < T.Count; lane++)
            {
                memory[lane] = x + 0.001 * lane;
            }

            Exponential.Of(T.Load(memory)).Store(memory);
            for (var lane = 0; lane < T.Count; lane++)
            {
                var expected = Math.Exp(x + 0.001 * lane);
                Math.Abs(memory[lane] / expected - 1).ShouldBeLessThan(6e-16, $"exp {x + 0.001 * lane}");
            }
        }

        NativeMemory.AlignedFree(memory);
    }
}
