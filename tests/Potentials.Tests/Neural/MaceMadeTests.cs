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
        using var potential = new MacePotential(model, 8, NetworkPrecision.Double);
        Check(one, Evaluation.Of(potential, one.Positions, one.Types(model), one.Cell), 1e-9, 1e-8);
    }

    [Theory]
    [InlineData("density", "periodic", 4)]
    [InlineData("density", "close", 2)]
    [InlineData("nonlinear", "close_omat_pbe", 4)]
    [InlineData("omol", "close_1_2", 2)]
    public void It_gives_the_same_with_shorter_vectors(string file, string name, int lanes)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        using var potential = new MacePotential(model, lanes, NetworkPrecision.Double);
        Check(one, Evaluation.Of(potential, one.Positions, one.Types(model), one.Cell), 1e-9, 1e-8);
    }

    [Theory]
    [InlineData("density", "periodic")]
    [InlineData("heads", "periodic_Default")]
    [InlineData("nonlinear", "periodic_omat_pbe")]
    [InlineData("omol", "periodic_0_1")]
    public void Ranks_that_share_the_atoms_need_no_more_of_each_other_than_what_is_exchanged(string file, string name)
    {
        var one = MaceMadeData.Case(file, name);
        var model = MaceMadeData.Model(file + ".model", name);
        using var potential = new MacePotential(model, 8, NetworkPrecision.Double);
        var found = Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) => OnTwoRanks(potential, atoms, buffers), potential.Cutoff, one.Positions, one.Types(model), one.Cell);
        Check(one, found, 1e-9, 1e-8);
    }

    private static unsafe EvaluationOutcome OnTwoRanks(MacePotential potential, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        int[] all = [.. Enumerable.Range(0, atoms.CenterCount)];
        int[][] shares = [[.. all.Where(i => i % 3 != 0)], [.. all.Where(i => i % 3 == 0)]];
        var count = atoms.AtomCount * potential.ValueWidth;
        using NativeArray<double> ofFirst = new(), ofSecond = new();
        double*[] values = [ofFirst.Reserve(count), ofSecond.Reserve(count)];
        new Span<double>(values[0], count).Fill(double.NaN);
        new Span<double>(values[1], count).Fill(double.NaN);
        var outcome = EvaluationOutcome.Success;
        for (var stage = 0; stage < potential.StageCount && outcome.Status == EvaluationStatus.Success; stage++)
        {
            for (var rank = 0; rank < 2 && outcome.Status == EvaluationStatus.Success; rank++)
            {
                fixed (int* centers = shares[rank])
                {
                    outcome = potential.ComputeStage(stage, atoms with { Centers = centers, CenterCount = shares[rank].Length }, buffers, values[rank]);
                }
            }

            var block = potential.ExchangedAfter(stage);
            for (var rank = 0; rank < 2 && stage + 1 < potential.StageCount; rank++)
            {
                foreach (var i in shares[1 - rank])
                {
                    var first = block.First * atoms.AtomCount + block.Width * i;
                    new Span<double>(values[1 - rank] + first, block.Width).CopyTo(new Span<double>(values[rank] + first, block.Width));
                }
            }
        }

        return outcome;
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
