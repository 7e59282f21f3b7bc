using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>The fast kernel at every lane width against the scalar code.</summary>
internal static class KernelComparison
{
    /// <summary>Atoms at random in a small periodic cell, their species in turn.</summary>
    public static void Compare(SnapModel model, int atoms, int seed)
    {
        var cell = RandomSystem.SkewedCell(6.5);
        Compare(model, RandomSystem.Positions(atoms, cell, 1.2, seed), RandomSystem.Types(atoms, model.Species.Count), cell);
    }

    /// <summary>Any atoms; no cell for a molecule.</summary>
    public static void Compare(SnapModel model, double[] positions, int[] types, Cell? cell)
    {
        using var any = new SnapPotential(model);
        var expected = Evaluation.Of(new SnapReference(model).Compute, any.Cutoff, positions, types, cell);
        expected.Outcome.ShouldBe(EvaluationOutcome.Success);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(model, lanes);
            var result = Evaluation.Of(potential, positions, types, cell);
            result.Outcome.ShouldBe(EvaluationOutcome.Success);
            Close([result.Energy], [expected.Energy], "energy");
            Close(result.Forces, expected.Forces, "force");
            Close(result.Virial, expected.Virial, "virial");
            Close(result.AtomEnergies, expected.AtomEnergies, "atomic energy");
            Close(result.AtomVirials, expected.AtomVirials, "atomic virial");
        }
    }

    private static void Close(double[] got, double[] expected, string what) =>
        got.ShouldAgree(expected, 1e-11, 1e-11 * (1 + expected.Max(Math.Abs)), what);

    /// <summary>Computing again and again leaves nothing to collect.</summary>
    public static unsafe void AllocatesNothing(SnapModel model, int lanes)
    {
        using var potential = new SnapPotential(model, lanes);
        var cell = RandomSystem.SkewedCell(7);
        using var list = new NeighborList();
        list.Build(RandomSystem.Positions(20, cell, 1.4, 20), cell, true, true, true, potential.Cutoff);
        var view = list.View(RandomSystem.Types(20, 2));
        using var forces = new NativeArray<double>();
        var buffers = new EvaluationBuffers { Forces = forces.Reserve(3 * list.AtomCount) };
        new Span<double>(buffers.Forces, 3 * list.AtomCount).Clear();
        Allocations.Least(() => potential.Compute(view, buffers)).ShouldBe(0);
    }
}
