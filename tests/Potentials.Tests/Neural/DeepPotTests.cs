using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

public sealed class DeepPotTests
{
    private static readonly Cell _cell = RandomSystem.SkewedCell(7.0);

    private static double[] Positions(int atoms, int seed) => RandomSystem.Positions(atoms, _cell, 1.0, seed);

    public static TheoryData<int, bool> Implementations()
    {
        var data = new TheoryData<int, bool>();
        foreach (var lanes in (int[])[2, 4, 8])
        {
            data.Add(lanes, false);
            data.Add(lanes, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void The_fast_code_agrees_with_the_plain_one(int lanes, bool tabulated)
    {
        foreach (var shape in (RandomDeepPot.Shape[])[new(), new() { OneSided = false, Axis = 1, Embedding = [3, 9] }, new() { Excluded = [(0, 1), (2, 2)], Timesteps = false, Axis = 9, Fitting = [11, 22] },
            new() { Axis = 5, Fitting = [100, 7] }, new() { Axis = 17, Embedding = [5, 10, 18], Fitting = [6] }, new() { Axis = 2, Embedding = [2], Fitting = [8, 1, 2] }, new() { Axis = 1, Embedding = [1], Fitting = [] },
            new() { Typed = true, Protection = 0.1, Excluded = [(0, 1)] }, new() { Species = 9, Embedding = [4, 7], Typed = true }])
        {
            var model = RandomDeepPot.Make(5, shape);
            using var potential = new DeepPotPotential(model, lanes, NetworkPrecision.Double, tabulated);
            using var rounded = new DeepPotPotential(model, lanes, NetworkPrecision.Single, tabulated);
            using var reference = new DeepPotPotential(model, 1, NetworkPrecision.Double, false);
            var (positions, types) = (Positions(45, 3), RandomSystem.Types(45, shape.Species));
            double[] scales = [.. Enumerable.Range(0, shape.Species).Select(s => 1 + 0.3 * s)];
            var expected = Evaluation.Of(reference, positions, types, _cell, scales);
            ShouldAgree(Evaluation.Of(potential, positions, types, _cell, scales), expected, 1e-10);
            ShouldAgree(Evaluation.Of(rounded, positions, types, _cell, scales), expected, 1e-5);
        }
    }

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Softplus)]
    [InlineData(Activation.Gelu)]
    public void Forces_and_virial_are_derivatives_of_the_energy(Activation activation)
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(7, new RandomDeepPot.Shape { Activation = activation, OneSided = false, Excluded = [(0, 2)] }));
        var (positions, types) = (Positions(8, 11), RandomSystem.Types(8, 3));
        FiniteDifferences.CheckForces(potential, positions, types, _cell, 2e-8);
        FiniteDifferences.CheckVirial(potential, positions, types, _cell, 2e-8);
        var result = Evaluation.Of(potential, positions, types, _cell);
        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-10);
        for (var m = 0; m < 9; m++)
        {
            Enumerable.Range(0, 8).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-10);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Modulated_embeddings_have_forces_and_virial_that_are_derivatives_of_the_energy(bool tabulated)
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(9, new RandomDeepPot.Shape { Typed = true, OneSided = false, Protection = 0.07 }), 8, NetworkPrecision.Double, tabulated);
        var (positions, types) = (Positions(8, 11), RandomSystem.Types(8, 3));
        FiniteDifferences.CheckForces(potential, positions, types, _cell, 2e-8);
        FiniteDifferences.CheckVirial(potential, positions, types, _cell, 2e-8);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Single_precision_has_forces_and_virial_that_are_derivatives_of_its_energy(int lanes)
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(7, new RandomDeepPot.Shape { OneSided = false, Axis = 6 }), lanes, NetworkPrecision.Single, tabulated: true);
        var (positions, types) = (Positions(8, 11), RandomSystem.Types(8, 3));
        FiniteDifferences.CheckForces(potential, positions, types, _cell, 1e-3, 5e-3);
        FiniteDifferences.CheckVirial(potential, positions, types, _cell, 1e-3, 2e-3);
    }

    [Fact]
    public void Models_compute_in_the_precision_that_they_were_trained_in_unless_told_otherwise()
    {
        var model = RandomDeepPot.Make(3);
        bool IsSingle(bool trained, NetworkPrecision precision)
        {
            using var potential = new DeepPotPotential(model with { SinglePrecision = trained }, precision);
            return potential.IsSingle;
        }

        (IsSingle(true, NetworkPrecision.AsTrained), IsSingle(false, NetworkPrecision.AsTrained)).ShouldBe((true, false));
        (IsSingle(true, NetworkPrecision.Double), IsSingle(false, NetworkPrecision.Single)).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(NetworkPrecision.Double, 1e-10)]
    [InlineData(NetworkPrecision.Single, 1e-6)]
    public void Turning_and_moving_everything_changes_no_energy(NetworkPrecision precision, double tolerance)
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(13), precision);
        var (positions, types) = (Positions(20, 17), RandomSystem.Types(20, 3));
        var energy = Evaluation.Of(potential, positions, types, null).Energy;
        double[] turned = [.. Enumerable.Range(0, 20).SelectMany(i => new[] { positions[3 * i + 1] + 3.3, -positions[3 * i] + 0.1, positions[3 * i + 2] - 7 })];
        Evaluation.Of(potential, turned, types, null).Energy.ShouldBe(energy, tolerance * Math.Abs(energy));
    }

    [Fact]
    public void An_atom_that_passes_the_cutoff_leaves_no_step_and_no_kink()
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(19));
        (double Energy, double Force) At(double distance)
        {
            var result = Evaluation.Of(potential, [0, 0, 0, -1.2, 0.3, 0, distance, 0, 0], [0, 1, 2], null);
            return (result.Energy, result.Forces[6]);
        }

        At(4.5 - 1e-7).Energy.ShouldBe(At(4.5 + 1e-7).Energy, 1e-10);
        At(4.5 - 1e-4).Force.ShouldBe(At(4.5 + 1e-4).Force, 1e-6);
    }

    [Fact]
    public void More_neighbours_than_places_are_all_counted()
    {
        var model = RandomDeepPot.Make(23) with { Places = [2, 2, 2] };
        using var potential = new DeepPotPotential(model);
        var (positions, types) = (Positions(30, 29), RandomSystem.Types(30, 3));
        FiniteDifferences.CheckForces(potential, positions[..30], types[..10], _cell, 2e-8);
        using var reference = new DeepPotPotential(model, 1, NetworkPrecision.Double, false);
        ShouldAgree(Evaluation.Of(potential, positions, types, _cell), Evaluation.Of(reference, positions, types, _cell), 1e-9);
    }

    [Fact]
    public void Atoms_closer_than_the_table_reaches_are_computed_by_the_network()
    {
        var model = RandomDeepPot.Make(31);
        using var potential = new DeepPotPotential(model);
        using var reference = new DeepPotPotential(model, 1, NetworkPrecision.Double, false);
        double[] positions = [0, 0, 0, 0.3, 0, 0, 0, 1.5, 0];
        ShouldAgree(Evaluation.Of(potential, positions, [0, 1, 1], null), Evaluation.Of(reference, positions, [0, 1, 1], null), 1e-10);
    }

    [Theory]
    [InlineData(NetworkPrecision.Double)]
    [InlineData(NetworkPrecision.Single)]
    public void Faults_are_told_and_nothing_is_allocated_once_warm(NetworkPrecision precision)
    {
        using var potential = new DeepPotPotential(RandomDeepPot.Make(37), precision);
        Evaluation.Of(potential, [0, 0, 0, 1e-7, 0, 0], [0, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 0, 1));
        Evaluation.Of(potential, [0, 0, 0, 1, 0, 0], [0, 3], null).Outcome.Status.ShouldBe(EvaluationStatus.UnknownSpecies);
        using var list = new NeighborList();
        list.Build(Positions(45, 3), _cell, true, true, true, potential.Cutoff);
        unsafe
        {
            var forces = new double[3 * list.AtomCount];
            var energy = 0.0;
            fixed (double* pointer = forces)
            {
                var buffers = new EvaluationBuffers { Energy = &energy, Forces = pointer };
                var view = list.View(RandomSystem.Types(45, 3));
                potential.Compute(view, buffers);
                Allocations.Least(() => potential.Compute(view, buffers)).ShouldBe(0);
                view.Positions[4] = double.NaN;
                potential.Compute(view, buffers).Status.ShouldBe(EvaluationStatus.PositionNotFinite);
            }
        }
    }

    [Fact]
    public void Models_whose_parts_do_not_fit_are_refused()
    {
        var model = RandomDeepPot.Make(41);
        Should.Throw<MofException>(() => (model with { AxisWidth = 21 }).Checked()).Message.ShouldContain("second factor");
        Should.Throw<MofException>(() => (model with { SmoothFrom = 5 }).Checked()).Message.ShouldContain("radii");
        Should.Throw<MofException>(() => (model with { Protection = -1 }).Checked()).Message.ShouldContain("protected");
        Should.Throw<MofException>(() => (model with { Places = [60] }).Checked()).Message.ShouldContain("one for all");
        Should.Throw<MofException>(() => (model with { Modulation = [[[1.0]]] }).Checked()).Message.ShouldContain("multiplied");
        Should.Throw<MofException>(() => (model with { Bias = [1, 2, double.NaN] }).Checked()).Message.ShouldContain("energies of atoms");
        Should.Throw<MofException>(() => (model with { Fitting = [.. model.Fitting.Take(2)] }).Checked()).Message.ShouldContain("no network");
        Should.Throw<MofException>(() => new DenseNetwork([new DenseLayer(2, 2, [1, 2, 3], null, null, Activation.Tanh, true)], "n")).Message.ShouldContain("3 numbers");
    }

    internal static void ShouldAgree(Evaluation found, Evaluation expected, double tolerance)
    {
        found.Outcome.ShouldBe(expected.Outcome);
        found.Energy.ShouldBe(expected.Energy, tolerance * Math.Max(1, Math.Abs(expected.Energy)));
        foreach (var (a, b) in ((double[], double[])[])[(found.Forces, expected.Forces), (found.Virial, expected.Virial), (found.AtomEnergies, expected.AtomEnergies), (found.AtomVirials, expected.AtomVirials)])
        {
            var size = Math.Max(1, b.Max(Math.Abs));
            for (var k = 0; k < b.Length; k++)
            {
                a[k].ShouldBe(b[k], tolerance * size);
            }
        }
    }
}
