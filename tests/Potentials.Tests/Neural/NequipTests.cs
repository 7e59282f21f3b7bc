using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

public sealed class NequipTests
{
    private static readonly Cell _cell = RandomSystem.SkewedCell(5.0);

    public static TheoryData<string, string, int> InDouble()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var lanes in (int[])[8, 4, 2])
        {
            foreach (var (name, structure) in ((string, string)[])[("zif4", "fragment small_cell dimer_ZnN"), ("toluene", "own own_rattled small_cell dimer_CH")])
            {
                data.Add(name, structure, lanes);
            }
        }

        data.Add("zif4", "own own_rattled own_strained_rattled", 8);
        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(InDouble))]
    public void Energies_forces_and_virials_in_double_precision_are_those_of_libtorch(string name, string structures, int lanes)
    {
        var data = NequipData.Find(name);
        using var potential = new NequipPotential(data.Model, lanes, NetworkPrecision.Double);
        foreach (var expected in structures.Split(' ').Select(data.Structure))
        {
            expected.ShouldBeWhat(Evaluation.Of(potential, expected.Positions, expected.Types, expected.Cell), 1e-9, 1e-8, 1e-6);
        }
    }

    [SkippableTheory]
    [InlineData("own own_rattled small_cell dimer_ZnN", 8)]
    [InlineData("own_rattled fragment", 4)]
    [InlineData("fragment small_cell", 2)]
    public void In_single_precision_they_are_off_by_its_rounding(string structures, int lanes)
    {
        var data = NequipData.Find("zif4");
        using var potential = new NequipPotential(data.Model, lanes, NetworkPrecision.AsTrained);
        potential.IsSingle.ShouldBeTrue();
        foreach (var expected in structures.Split(' ').Select(data.Structure))
        {
            expected.ShouldBeWhat(Evaluation.Of(potential, expected.Positions, expected.Types, expected.Cell), 2e-5, 2e-4, 1e-2);
        }
    }

    [Theory]
    [InlineData(8, "5x0e+3x1o+4x2e", 2, 3, true)]
    [InlineData(4, "5x0e+3x0o+20x1e+4x1o+2x2e+3x2o", 2, 3, true)]
    [InlineData(2, "17x0e+3x1o+3x2e+2x3o", 3, 2, false)]
    [InlineData(8, "4x0e", 0, 1, true)]
    [InlineData(8, "33x0e+4x1o", 1, 4, true)]
    public void The_fast_code_agrees_with_the_plain_one(int lanes, string hidden, int degree, int layers, bool itself)
    {
        var model = RandomNequip.Make(3, new RandomNequip.Shape(hidden, degree, layers, itself)).Checked();
        using var potential = new NequipPotential(model, lanes, NetworkPrecision.Double);
        var (positions, types) = (Positions(14, 5), RandomSystem.Types(14, 3));
        DeepPotTests.ShouldAgree(Evaluation.Of(potential, positions, types, _cell, [1, 0.5, 2]), Plain(model, positions, types, [1, 0.5, 2]), 1e-9);
        using var single = new NequipPotential(model, lanes, NetworkPrecision.Single);
        DeepPotTests.ShouldAgree(Evaluation.Of(single, positions, types, _cell), Plain(model, positions, types), 1e-4);
    }

    [Theory]
    [InlineData("5x0e+3x0o+2x1e+4x1o+2x2e+3x2o", 2)]
    [InlineData("4x0e+3x1o+3x2e+2x3o", 3)]
    public void Forces_and_virial_are_derivatives_of_the_energy(string hidden, int degree)
    {
        using var potential = new NequipPotential(RandomNequip.Make(7, new RandomNequip.Shape(hidden, degree)), NetworkPrecision.Double);
        var (positions, types) = (Positions(6, 11), RandomSystem.Types(6, 3));
        FiniteDifferences.CheckForces(potential, positions, types, _cell, 2e-7);
        FiniteDifferences.CheckVirial(potential, positions, types, _cell, 2e-7);
        var result = Evaluation.Of(potential, positions, types, _cell);
        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-10);
        for (var m = 0; m < 9; m++)
        {
            Enumerable.Range(0, 6).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-9);
        }
    }

    [SkippableTheory]
    [InlineData("zif4", "fragment", false)]
    [InlineData("toluene", "own", true)]
    public void Turning_everything_turns_forces_and_only_parity_minds_mirrors(string name, string structure, bool parity)
    {
        var data = NequipData.Find(name);
        var atoms = data.Structure(structure);
        using var potential = new NequipPotential(data.Model, NetworkPrecision.Double);
        var expected = Evaluation.Of(potential, atoms.Positions, atoms.Types, null);

        // About x + y + z by a third of a turn: (x, y, z) → (z, x, y); and by an odd angle about z.
        var (cosine, sine) = (Math.Cos(0.7), Math.Sin(0.7));
        double[] Turned(double[] v) => [.. Enumerable.Range(0, v.Length / 3).SelectMany(i => new[] { cosine * v[3 * i + 2] - sine * v[3 * i], sine * v[3 * i + 2] + cosine * v[3 * i], v[3 * i + 1] })];
        var turned = Evaluation.Of(potential, Turned(atoms.Positions), atoms.Types, null);
        // Couplings of single precision.
        turned.Energy.ShouldBe(expected.Energy, 1e-8);
        turned.Forces.ShouldBe(Turned(expected.Forces), 1e-7);

        double[] mirrored = [.. atoms.Positions.Select((one, k) => k % 3 == 2 ? -one : one)];
        var difference = Math.Abs(Evaluation.Of(potential, mirrored, atoms.Types, null).Energy - expected.Energy);
        (difference < 1e-8).ShouldBe(parity);
    }

    [Fact]
    public void An_atom_that_passes_the_cutoff_leaves_no_step_and_no_kink()
    {
        using var potential = new NequipPotential(RandomNequip.Make(19), NetworkPrecision.Double);
        (double Energy, double Force) At(double distance)
        {
            var result = Evaluation.Of(potential, [0, 0, 0, -1.2, 0.3, 0, distance, 0, 0], [0, 1, 2], null);
            return (result.Energy, result.Forces[6]);
        }

        At(4.5 - 1e-7).Energy.ShouldBe(At(4.5 + 1e-7).Energy, 1e-10);
        At(4.5 - 1e-4).Force.ShouldBe(At(4.5 + 1e-4).Force, 1e-5);
    }

    [Fact]
    public void Faults_are_told_and_nothing_is_allocated_once_warm()
    {
        using var potential = new NequipPotential(RandomNequip.Make(37), NetworkPrecision.Single);
        Evaluation.Of(potential, [0, 0, 0, 1e-7, 0, 0], [0, 1], null).Outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.AtomsOverlap, 0, 1));
        Evaluation.Of(potential, [0, 0, 0, 1, 0, 0], [0, 3], null).Outcome.Status.ShouldBe(EvaluationStatus.UnknownSpecies);
        using var list = new NeighborList();
        list.Build(Positions(14, 3), _cell, true, true, true, potential.Cutoff);
        unsafe
        {
            var forces = new double[3 * list.AtomCount];
            var energy = 0.0;
            fixed (double* pointer = forces)
            {
                var buffers = new EvaluationBuffers { Energy = &energy, Forces = pointer };
                var view = list.View(RandomSystem.Types(14, 3));
                potential.Compute(view, buffers);
                Allocations.Least(() => potential.Compute(view, buffers)).ShouldBe(0);
                potential.Compute(view with { Owners = null }, buffers).Status.ShouldBe(EvaluationStatus.GhostValuesUnknown);
                view.Positions[4] = double.NaN;
                potential.Compute(view, buffers).Status.ShouldBe(EvaluationStatus.PositionNotFinite);
            }
        }
    }

    [Fact]
    public void Models_whose_parts_do_not_fit_are_refused()
    {
        var model = RandomNequip.Make(41);
        Should.Throw<MofException>(() => (model with { Scales = [1] }).Checked()).Message.ShouldContain("scales");
        Should.Throw<MofException>(() => (model with { Basis = model.Basis with { Power = 1 } }).Checked()).Message.ShouldContain("power of the cutoff");
        Should.Throw<MofException>(() => (model with { Embedding = [.. model.Embedding.Take(2)] }).Checked()).Message.ShouldContain("embedding");
        Should.Throw<MofException>(() => (model with { Layers = [.. model.Layers.Skip(1)] }).Checked()).Message.ShouldContain("layer 0 takes");
        Should.Throw<MofException>(() => (model with { Layers = [model.Layers[0] with { Radial = model.Layers[1].Radial }] }).Checked()).Message.ShouldContain("radial network");
    }

    private static double[] Positions(int atoms, int seed) => RandomSystem.Positions(atoms, _cell, 1.0, seed);

    private static Evaluation Plain(NequipModel model, double[] positions, int[] types, double[]? scales = null) =>
        Evaluation.Of(
            (in NeighborView atoms, in EvaluationBuffers buffers) =>
            {
                NequipReference.Compute(model, atoms, buffers);
                return EvaluationOutcome.Success;
            },
            model.Basis.Cutoff,
            positions,
            types,
            _cell,
            scales);
}
