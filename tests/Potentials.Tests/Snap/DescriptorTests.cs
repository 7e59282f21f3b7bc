using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class DescriptorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Energies_and_forces_follow_from_descriptors_and_coefficients(int twoJMax)
    {
        var model = RandomSystem.Model(twoJMax, 2, 61);
        Compare(model);
    }

    [Fact]
    public void Options_of_the_density_are_honoured()
    {
        Compare(RandomSystem.Model(4, 2, 62, p => p with { Normalized = true, SubtractIsolatedAtom = false }));
        Compare(RandomSystem.WithInnerSwitching(4, 2, 63));
        Compare(RandomSystem.Model(2, 2, 64, p => p with { Chemical = true }));
    }

    [Fact]
    public void Without_derivatives_only_the_bispectrum_is_given()
    {
        var model = RandomSystem.Model(4, 2, 65);
        var cell = RandomSystem.SkewedCell(6);
        using var list = new NeighborList();
        list.Build(RandomSystem.Positions(9, cell, 1.4, 66), cell, true, true, true, 2 * 0.6 * 4);
        var all = new Collector();
        var some = new Collector();
        using var descriptors = new SnapDescriptors(model);
        descriptors.Compute(list.View(RandomSystem.Types(9, 2)), all);
        descriptors.Compute(list.View(RandomSystem.Types(9, 2)), some, derivatives: false);
        some.Items.ShouldAllBe(one => one.Derivatives.Length == 0);
        some.Items.Select(one => one.Center).ShouldBe(all.Items.Select(one => one.Center));
        some.Items.SelectMany(one => one.Bispectrum).ToArray().ShouldAgree([.. all.Items.SelectMany(one => one.Bispectrum)], 1e-13, 1e-13, "bispectrum");
    }

    private static void Compare(SnapModel model)
    {
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(13, cell, 1.4, 67);
        var types = RandomSystem.Types(13, 2);
        using var potential = new SnapPotential(model);
        var expected = Evaluation.Of(new SnapReference(model).Compute, potential.Cutoff, positions, types, cell);
        using var list = new NeighborList();
        list.Build(positions, cell, true, true, true, potential.Cutoff);
        foreach (var lanes in (int[])[1, 2, 4, 8])
        {
            Compare(model, list, types, expected, lanes);
        }
    }

    private static void Compare(SnapModel model, NeighborList list, int[] types, Evaluation expected, int lanes)
    {
        var collector = new Collector();
        using var descriptors = new SnapDescriptors(model, lanes);
        descriptors.Compute(list.View(types), collector).ShouldBe(EvaluationOutcome.Success);
        var forces = new double[39];
        var virial = new double[9];
        var energies = new double[13];
        var width = new SnapAtomDescriptors { Center = 0, Species = 0, Bispectrum = new double[model.BispectrumCount], Neighbors = [], Displacements = [], Derivatives = [] }.DerivativeWidth;
        unsafe
        {
            foreach (var one in collector.Items)
            {
                var beta = model.Species[one.Species].Coefficients.ToArray();
                energies[one.Center] += beta[0] + one.Bispectrum.Select((b, k) => b * beta[1 + k]).Sum();
                for (var n = 0; n < one.Neighbors.Length; n++)
                {
                    for (var k = 0; k < 3; k++)
                    {
                        var row = one.Derivatives.AsSpan((3 * n + k) * width + 1, model.BispectrumCount);
                        var force = 0.0;
                        for (var c = 0; c < row.Length; c++)
                        {
                            force -= beta[1 + c] * row[c];
                        }

                        forces[3 * list.Owners[one.Neighbors[n]] + k] += force;
                        forces[3 * one.Center + k] -= force;
                        for (var a = 0; a < 3; a++)
                        {
                            virial[3 * a + k] += one.Displacements[3 * n + a] * force;
                        }
                    }
                }
            }
        }

        collector.Items.Select(one => one.Center).Order().ShouldBe(Enumerable.Range(0, 13));
        energies.ShouldAgree(expected.AtomEnergies, 1e-11, 1e-11, "energy");
        forces.ShouldAgree(expected.Forces, 1e-10, 1e-10, "force");
        virial.ShouldAgree(expected.Virial, 1e-10, 1e-9, "virial");
    }

    private sealed record Item(int Center, int Species, double[] Bispectrum, int[] Neighbors, double[] Displacements, double[] Derivatives);

    private sealed class Collector : ISnapDescriptorConsumer
    {
        public List<Item> Items { get; } = [];

        public void Accept(in SnapAtomDescriptors d) =>
            Items.Add(new Item(d.Center, d.Species, d.Bispectrum.ToArray(), d.Neighbors.ToArray(), d.Displacements.ToArray(), d.Derivatives.ToArray()));
    }
}
