using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>The fast engine against MACE itself, and against what must hold of any potential.</summary>
public sealed class MaceTests
{
    public static TheoryData<string, string, int> InDouble()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var lanes in (int[])[8, 4, 2])
        {
            foreach (var (name, structure) in ((string, string)[])[
                ("run123", "own_testmol"), ("run123", "small_cell"), ("run123", "own_rattled_sheared"), ("spice", "own"), ("spice", "small_cell"), ("spice", "small_molecule"), ("gst_swa", "own"),
                ("gst_swa", "small_cell"), ("gst_swa", "small_cell7"), ("mof801", "small_molecule"), ("mof801", "small_cell"), ("mof801", "small_cluster")])
            {
                data.Add(name, structure, lanes);
            }
        }

        foreach (var (name, structure) in ((string, string)[])[
            ("run123", "own"), ("run123", "small_molecule"), ("run123", "own_rattled"), ("spice", "own_testmol"), ("spice", "own_rattled"), ("spice", "own_rattled_sheared"), ("gst_swa", "own_rattled"),
            ("gst_swa", "own_rattled_sheared"), ("mof801", "own"), ("mof801", "own_rattled"), ("mof801", "own_rattled_sheared")])
        {
            data.Add(name, structure, 8);
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(InDouble))]
    public void Energies_forces_and_virials_in_double_precision_are_those_of_MACE(string name, string structure, int lanes)
    {
        var one = MaceData.Case(name, structure);
        using var potential = new MacePotential(MaceData.Model(name), lanes, NetworkPrecision.Double);
        Check(one, Evaluation.Of(potential, one.Positions, one.Types(potential.Model), one.Cell), 1e-9, 1e-8, 1e-7);
    }

    [SkippableTheory]
    [InlineData("mof801", "own_rattled", 8)]
    [InlineData("mof801", "small_cluster", 4)]
    [InlineData("spice", "own_testmol", 2)]
    [InlineData("spice", "small_cell", 8)]
    public void In_single_precision_they_are_off_by_its_rounding(string name, string structure, int lanes)
    {
        var one = MaceData.Case(name, structure);
        using var potential = new MacePotential(MaceData.Model(name), lanes, NetworkPrecision.AsTrained);
        potential.IsSingle.ShouldBeTrue();
        Check(one, Evaluation.Of(potential, one.Positions, one.Types(potential.Model), one.Cell), 2e-5, 3e-4, 3e-2);
    }

    [SkippableTheory]
    [InlineData("gst_swa", "small_cell7", 8)]
    [InlineData("mof801", "small_cell", 4)]
    [InlineData("run123", "small_cell", 2)]
    public void Forces_and_virials_are_the_derivatives_of_the_energy(string name, string structure, int lanes)
    {
        var one = MaceData.Case(name, structure);
        using var potential = new MacePotential(MaceData.Model(name), lanes, NetworkPrecision.Double);
        FiniteDifferences.CheckForces(potential, one.Positions, one.Types(potential.Model), one.Cell, 2e-7);
        FiniteDifferences.CheckVirial(potential, one.Positions, one.Types(potential.Model), one.Cell!, 2e-7);
    }

    // With a transform that it was not trained with the model has energies of 1e11 eV, beside which repulsion would not be seen.
    [SkippableTheory]
    [InlineData(false, 8)]
    [InlineData(true, 4)]
    public void Repulsion_and_a_transform_of_distances_are_those_of_the_slow_implementation(bool transformed, int lanes)
    {
        var plain = MaceData.Model("mof801");
        var model = transformed ? plain with { Radial = WithTransform(plain) } : plain with { Repulsion = RepulsionOf(plain) };
        var one = MaceData.Case("mof801", "small_molecule");
        int[] types = one.Types(model);

        // Close enough for nuclei to repel each other.
        double[] positions = [.. one.Positions.Select(x => 0.8 * x)];
        using var potential = new MacePotential(model, lanes, NetworkPrecision.Double);
        var found = Evaluation.Of(potential, positions, types, null);
        var slow = Slow(model, positions, types);
        Math.Abs(found.Energy - Slow(plain, positions, types).Energy).ShouldBeGreaterThan(0.1);
        Close(found.AtomEnergies, slow.AtomEnergies, 1e-10 * slow.AtomEnergies.Max(Math.Abs), "energies");
        Close(found.Forces, slow.Forces, 1e-9 * slow.Forces.Max(Math.Abs), "forces");
        Close(found.Virial, slow.Virial, 1e-9 * slow.Virial.Max(Math.Abs), "virial");
        Close(found.AtomVirials, slow.AtomVirials, 1e-9 * slow.AtomVirials.Max(Math.Abs), "atom virials");
        FiniteDifferences.CheckForces(potential, positions, types, null, 1e-6);
    }

    [SkippableFact]
    public void Turning_and_numbering_atoms_otherwise_changes_nothing()
    {
        var one = MaceData.Case("gst_swa", "small_cell7");
        using var potential = new MacePotential(MaceData.Model("gst_swa"));
        var types = one.Types(potential.Model);
        var expected = Evaluation.Of(potential, one.Positions, types, one.Cell);
        double[] Turned(double[] vectors) => [.. Enumerable.Range(0, vectors.Length / 3).SelectMany(n =>
        {
            // About z and then about x.
            double x = 0.6 * vectors[3 * n] - 0.8 * vectors[3 * n + 1], y = 0.8 * vectors[3 * n] + 0.6 * vectors[3 * n + 1], z = vectors[3 * n + 2];
            return new[] { x, (5 * y - 12 * z) / 13, (12 * y + 5 * z) / 13 };
        })];
        var turned = Evaluation.Of(potential, Turned(one.Positions), types, new Cell(Turned(one.Cell!.Rows.ToArray())));
        turned.Energy.ShouldBe(expected.Energy, 1e-9);
        Close(turned.Forces, Turned(expected.Forces), 1e-8, "forces");

        int[] order = [3, 0, 6, 2, 5, 1, 4];
        var numbered = Evaluation.Of(potential, [.. order.SelectMany(i => one.Positions[(3 * i)..(3 * i + 3)])], [.. order.Select(i => types[i])], one.Cell);
        Close(numbered.AtomEnergies, [.. order.Select(i => expected.AtomEnergies[i])], 1e-10, "energies");
        Close(numbered.Forces, [.. order.SelectMany(i => expected.Forces[(3 * i)..(3 * i + 3)])], 1e-9, "forces");
    }

    [SkippableFact]
    public void Energies_are_smooth_where_atoms_pass_the_cutoff()
    {
        using var potential = new MacePotential(MaceData.Model("run123"), 8, NetworkPrecision.Double);
        double[] Energies(double r) => [Evaluation.Of(potential, [0, 0, 0, r, 0, 0, 0, 1, 0], [0, 2, 1], null).Energy];
        (Energies(potential.Cutoff - 1e-4)[0] - Energies(potential.Cutoff + 1e-4)[0]).ShouldBe(0, 1e-10);
    }

    [SkippableFact]
    public void A_type_may_count_for_less()
    {
        var one = MaceData.Case("mof801", "small_molecule");
        var model = MaceData.Model("mof801");
        using var potential = new MacePotential(model, 8, NetworkPrecision.Double);
        double[] scales = [0.5, 2, 1, 1];
        var found = Evaluation.Of(potential, one.Positions, one.Types(model), null, scales);
        var slow = Slow(model, one.Positions, one.Types(model), scales);
        Close(found.AtomEnergies, slow.AtomEnergies, 1e-9, "energies");
        Close(found.Forces, slow.Forces, 1e-8, "forces");
    }

    [SkippableFact]
    public void Nothing_is_allocated_once_it_is_warm()
    {
        var one = MaceData.Case("gst_swa", "small_cell7");
        using var potential = new MacePotential(MaceData.Model("gst_swa"));
        Evaluate(potential, one, out _);
        Evaluate(potential, one, out var bytes);
        bytes.ShouldBeLessThan(100);
    }

    private static unsafe void Evaluate(MacePotential potential, MaceCase one, out long bytes)
    {
        using var list = new NeighborList();
        list.Build(one.Positions, one.Cell, true, true, true, potential.Cutoff);
        var view = list.View(one.Types(potential.Model));
        var forces = new double[3 * list.AtomCount];
        double energy;
        fixed (double* target = forces)
        {
            var buffers = new EvaluationBuffers { Energy = &energy, Forces = target };
            potential.Compute(view, buffers).Status.ShouldBe(EvaluationStatus.Success);
            bytes = long.MaxValue;
            for (var round = 0; round < 5; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                potential.Compute(view, buffers);
                bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    private static Evaluation Slow(MaceModel model, double[] positions, int[] types, double[]? scales = null) => Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) =>
    {
        MaceReference.Compute(model, atoms, buffers);
        return EvaluationOutcome.Success;
    }, model.Cutoff, positions, types, null, scales);

    private static double[] Radii(MaceModel model) => [.. model.Species.Select(one => Elements.ByAtomicNumber(one.AtomicNumber).CovalentRadius)];

    private static RadialForm WithTransform(MaceModel model) => new(model.Radial.Basis, new AgnesiTransform(1.0805, 0.9183, 4.5791, Radii(model)));

    private static PairRepulsion RepulsionOf(MaceModel model) => new([.. model.Species.Select(one => one.AtomicNumber)], Radii(model), [0.1818, 0.5099, 0.2802, 0.02817], 0.4543, 0.3, 5);

    private static void Check(MaceCase expected, Evaluation found, double energies, double forces, double virial)
    {
        found.Outcome.Status.ShouldBe(EvaluationStatus.Success);
        Close(found.AtomEnergies, expected.AtomEnergies, energies, "energies");
        Close(found.Forces, expected.Forces, forces, "forces");
        if (expected.Virial is not null)
        {
            Close(MaceData.Symmetric(found.Virial), expected.Virial, virial, "virial");
        }
    }

    private static void Close(double[] found, double[] expected, double tolerance, string what)
    {
        found.Length.ShouldBe(expected.Length);
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(expected[k], tolerance, $"{what}, number {k}");
        }
    }
}
