using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

public sealed class AllegroTests
{
    private static readonly Cell _cell = RandomSystem.SkewedCell(6.5);

    private static double[] Positions(int atoms, int seed) => RandomSystem.Positions(atoms, _cell, 1.1, seed);

    private static int[] Types(AllegroModel model, int atoms) => RandomSystem.Types(atoms, model.Species.Count);

    [Theory]
    [InlineData("plain", 1)]
    [InlineData("full", 1)]
    [InlineData("zbl", 1)]
    [InlineData("so3", 1)]
    [InlineData("plain", 8)]
    [InlineData("full", 8)]
    [InlineData("zbl", 8)]
    [InlineData("so3", 8)]
    public void Forces_and_virial_are_derivatives_of_the_energy(string name, int lanes)
    {
        using var potential = new AllegroPotential(AllegroData.Of(name).Model, lanes, NetworkPrecision.Double);
        var (positions, types) = (Positions(6, 11), Types(potential.Model, 6));
        FiniteDifferences.CheckForces(potential, positions, types, _cell, 3e-8);
        FiniteDifferences.CheckVirial(potential, positions, types, _cell, 3e-8);
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("full", true)]
    [InlineData("zbl", true)]
    [InlineData("so3", false)]
    public void Turning_moving_and_renaming_change_no_energy_and_mirrors_only_without_parity(string name, bool keepsParity)
    {
        using var potential = new AllegroPotential(AllegroData.Of(name).Model);
        const int Atoms = 12;
        var (positions, types) = (Positions(Atoms, 17), Types(potential.Model, Atoms));
        var energy = Evaluation.Of(potential, positions, types, null).Energy;
        double Moved(Func<int, double[]> move) => Evaluation.Of(potential, [.. Enumerable.Range(0, Atoms).SelectMany(move)], types, null).Energy;
        Moved(i => Turned(positions.AsSpan(3 * i, 3))).ShouldBe(energy, 1e-10 * Math.Max(1, Math.Abs(energy)));
        var mirrored = Moved(i => [positions[3 * i], positions[3 * i + 1], -positions[3 * i + 2]]);
        if (keepsParity)
        {
            mirrored.ShouldBe(energy, 1e-10 * Math.Max(1, Math.Abs(energy)));
        }
        else
        {
            Math.Abs(mirrored - energy).ShouldBeGreaterThan(1e-6);
        }

        int[] order = [.. Enumerable.Range(0, Atoms).Select(i => i * 5 % Atoms)];
        var permuted = Evaluation.Of(potential, [.. order.SelectMany(i => positions[(3 * i)..(3 * i + 3)])], [.. order.Select(i => types[i])], null);
        permuted.Energy.ShouldBe(energy, 1e-10 * Math.Max(1, Math.Abs(energy)));
    }

    // About (1, 2, 2)/3 by an angle of cosine 0.6, and somewhere else.
    private static double[] Turned(ReadOnlySpan<double> r)
    {
        double[] axis = [1 / 3.0, 2 / 3.0, 2 / 3.0];
        var along = 0.4 * (axis[0] * r[0] + axis[1] * r[1] + axis[2] * r[2]);
        return
        [
            0.6 * r[0] + along * axis[0] + 0.8 * (axis[1] * r[2] - axis[2] * r[1]) + 3.3,
            0.6 * r[1] + along * axis[1] + 0.8 * (axis[2] * r[0] - axis[0] * r[2]) - 0.2,
            0.6 * r[2] + along * axis[2] + 0.8 * (axis[0] * r[1] - axis[1] * r[0]) + 7,
        ];
    }

    [Theory]
    [InlineData("full", 4.5)]
    [InlineData("zbl", 3.5)]
    [InlineData("so3", 4.0)]
    public void An_atom_that_passes_a_cutoff_leaves_no_step_and_no_kink(string name, double cutoff)
    {
        using var potential = new AllegroPotential(AllegroData.Of(name).Model);
        (double Energy, double Force) At(double distance)
        {
            var result = Evaluation.Of(potential, [0, 0, 0, -1.2, 0.3, 0, distance, 0, 0], [0, 1, 0], null);
            return (result.Energy, result.Forces[6]);
        }

        At(cutoff - 1e-7).Energy.ShouldBe(At(cutoff + 1e-7).Energy, 1e-6 * 1e-3);
        At(cutoff - 1e-6).Force.ShouldBe(At(cutoff + 1e-6).Force, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Faults_are_told_and_lonely_atoms_have_the_energy_of_their_species(int lanes)
    {
        using var potential = new AllegroPotential(AllegroData.Of("full").Model, lanes, NetworkPrecision.Double);
        Evaluation.Of(potential, [0, 0, 0, 1e-7, 0, 0], [0, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 0, 1));
        Evaluation.Of(potential, [0, 0, 0, 1, 0, 0], [0, 4], null).Outcome.Status.ShouldBe(EvaluationStatus.UnknownSpecies);
        Evaluation.Of(potential, [0, 0, 0, 9, 0, 0], [0, 1], null).AtomEnergies.ShouldBe(potential.Model.Shifts[..2]);
        Evaluation.Of(potential, [], [], null).Energy.ShouldBe(0);
        using var list = new NeighborList();
        list.Build([0, 0, 0, 1, 0, 0], null, false, false, false, potential.Cutoff);
        unsafe
        {
            var view = list.View([0, 1]);
            view.Positions[4] = double.NaN;
            potential.Compute(view, default).Status.ShouldBe(EvaluationStatus.PositionNotFinite);
            var species = stackalloc int[] { 0, -1 };
            view.Positions[4] = 0;
            var energy = 0.0;
            potential.Compute(view with { SpeciesOfType = species }, new EvaluationBuffers { Energy = &energy }).Status.ShouldBe(EvaluationStatus.Success);
            energy.ShouldBe(potential.Model.Shifts[0], 1e-15);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void The_fast_code_agrees_with_the_plain_one(int lanes)
    {
        foreach (var name in (string[])["plain", "full", "zbl", "so3", "single"])
        {
            var model = AllegroData.Of(name).Model;
            using var potential = new AllegroPotential(model, lanes, NetworkPrecision.Double);
            using var rounded = new AllegroPotential(model, lanes, NetworkPrecision.Single);
            using var reference = new AllegroPotential(model, 1, NetworkPrecision.Double);
            var (positions, types) = (Positions(40, 3), Types(model, 40));
            double[] scales = [.. model.Species.Select((_, s) => 1 - 0.2 * s)];
            var expected = Evaluation.Of(reference, positions, types, _cell, scales);
            DeepPotTests.ShouldAgree(Evaluation.Of(potential, positions, types, _cell, scales), expected, 1e-11);
            DeepPotTests.ShouldAgree(Evaluation.Of(rounded, positions, types, _cell, scales), expected, 2e-5);
        }
    }

    [Fact]
    public void Atoms_closer_than_the_table_reaches_are_computed_by_the_network()
    {
        var model = AllegroData.Of("full").Model;
        using var potential = new AllegroPotential(model, 8, NetworkPrecision.Single);
        using var reference = new AllegroPotential(model, 1, NetworkPrecision.Double);
        double[] positions = [0, 0, 0, 0.3, 0, 0, 0, 1.5, 0, 0, 0, 2.5];
        DeepPotTests.ShouldAgree(Evaluation.Of(potential, positions, [0, 1, 1, 3], null), Evaluation.Of(reference, positions, [0, 1, 1, 3], null), 2e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_allocated_once_warm(bool isSingle)
    {
        using var potential = new AllegroPotential(AllegroData.Of("full").Model, 8, isSingle ? NetworkPrecision.Single : NetworkPrecision.Double);
        using var list = new NeighborList();
        list.Build(Positions(40, 5), _cell, true, true, true, potential.Cutoff);
        unsafe
        {
            var energy = 0.0;
            var forces = new double[3 * list.AtomCount];
            fixed (double* pointer = forces)
            {
                var buffers = new EvaluationBuffers { Energy = &energy, Forces = pointer };
                var view = list.View(Types(potential.Model, 40));
                potential.Compute(view, buffers);
                Allocations.Least(() => potential.Compute(view, buffers)).ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Models_whose_parts_do_not_fit_are_refused()
    {
        var model = AllegroData.Of("full").Model;
        Refused(model with { Degree = 1 }, "");
        Refused(model with { Scales = [1, 2] }, "scales");
        Refused(model with { Channels = 5 }, "");
        Refused(model with { Envelope = new EdgeEnvelope(EnvelopeKind.Cosine, 1.5) }, "cutoff function");
        Refused(model with { Input = (OneHotInput)model.Input with { Means = [0] } }, "normalization");
        Refused(model with { Layers = [model.Layers[0] with { Mixing = null }, model.Layers[1]] }, "not mixed");
        Refused(model with { Repulsion = new CutRepulsion(7, [1], ((OneHotInput)model.Input).Basis) }, "charges");
        Refused(model with { FinalLatent = model.FinalLatent with { Cutoff = 6 } }, "the cutoff of the last latent network");
    }

    private static void Refused(AllegroModel model, string message) => Should.Throw<MofException>(model.Checked).Message.ShouldContain(message);
}
