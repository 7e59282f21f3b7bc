using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Models with what MACE's foundation models have, and other features: slow and fast implementation against MACE itself.</summary>
public sealed class MaceMadeTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var model in (string[])["agnesi", "soft", "density", "heads", "nonlinear", "omol", "so3", "one_layer", "last_readout", "gaussian"])
        {
            foreach (var name in MaceMadeData.Cases(model))
            {
                data.Add(model, name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_slow_implementation_gives_what_MACE_gives(string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        Check(one, Slow(model, one), 1e-9, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fast_implementation_gives_what_MACE_gives(string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        foreach (var lanes in (int[])[8, 4, 2])
        {
            using var potential = new MacePotential(model, lanes, NetworkPrecision.Double);
            Check(one, Evaluation.Of(potential, one.Positions, one.Types(model), one.Cell), 1e-9, 1e-8);
        }
    }

    [Theory]
    [InlineData("nonlinear.safetensors", "nonlinear", "periodic_matpes_r2scan")]
    [InlineData("heads.model-mliap_lammps.pt", "heads", "periodic_Default")]
    public void Converted_models_and_those_for_LAMMPS_give_the_same(string path, string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        Check(one, Slow(MaceMadeData.Model(path, name), one), 1e-9, 1e-8);
    }

    [Theory]
    [InlineData("density", "periodic")]
    [InlineData("nonlinear", "periodic_matpes_r2scan")]
    [InlineData("omol", "close_1_2")]
    public void In_single_precision_it_is_off_by_its_rounding(string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        using var potential = new MacePotential(model, NetworkPrecision.Single);
        Check(one, Evaluation.Of(potential, one.Positions, one.Types(model), one.Cell), 2e-5, 1e-4);
    }

    [Theory]
    [InlineData("density", "periodic")]
    [InlineData("heads", "close_Default")]
    [InlineData("nonlinear", "periodic_omat_pbe")]
    [InlineData("omol", "close_0_1")]
    [InlineData("soft", "close")]
    public void Forces_are_the_derivatives_of_the_energy_and_virials_those_of_atoms(string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        using var potential = new MacePotential(model, 8, NetworkPrecision.Double);
        FiniteDifferences.CheckForces(potential, one.Positions, one.Types(model), one.Cell, 2e-6);
        var (found, slow) = (Evaluation.Of(potential, one.Positions, one.Types(model), one.Cell), Slow(model, one));
        Close(found.AtomVirials, slow.AtomVirials, 1e-8, "virials of atoms");
        Close(found.Virial, slow.Virial, 1e-8, "virial");
    }

    private static Evaluation Slow(MaceModel model, MaceCase one) => Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) =>
    {
        MaceReference.Compute(model, atoms, buffers);
        return EvaluationOutcome.Success;
    }, model.Cutoff, one.Positions, one.Types(model), one.Cell);

    private static void Check(MaceCase expected, Evaluation found, double energies, double forces)
    {
        found.Outcome.Status.ShouldBe(EvaluationStatus.Success);
        Close(found.AtomEnergies, expected.AtomEnergies, energies, "energies");
        Close(found.Forces, expected.Forces, forces, "forces");
        if (expected.Virial is not null)
        {
            Close(MaceData.Symmetric(found.Virial), expected.Virial, 10 * forces, "virial");
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
