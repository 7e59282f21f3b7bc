using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Against libtorch running NequIP 0.7 to 0.19 (<c>Data/NequIP/README.md</c>).</summary>
public sealed class CompiledNequipTests
{
    private static readonly string[] _models = ["first", "plain", "pairs", "latest", "single"];

    public static TheoryData<string> Models() => [.. _models];

    public static TheoryData<string, int> Lanes() => CompiledData.Lanes(_models);

    [Theory]
    [MemberData(nameof(Models))]
    public void The_plain_code_gives_energies_forces_and_virials_of_libtorch(string name)
    {
        var data = new CompiledData("NequIP", name);
        var model = NequipFile.Read(data.ModelFile);
        data.ShouldBeWhat(structure => Plain(model, data, structure), name == "single" ? 2e-7 : 1e-11);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void The_fast_code_gives_them_too(string name, int lanes)
    {
        var data = new CompiledData("NequIP", name);
        using var potential = new NequipPotential(NequipFile.Read(data.ModelFile), lanes, NetworkPrecision.Double);
        data.ShouldBeWhat(structure => Evaluation.Of(potential, data.Array(structure, "positions"), data.Types(structure), data.Cell(structure)), name == "single" ? 2e-7 : 1e-9);
        using var single = new NequipPotential(potential.Model, lanes, NetworkPrecision.Single);
        data.ShouldBeWhat(structure => Evaluation.Of(single, data.Array(structure, "positions"), data.Types(structure), data.Cell(structure)), 2e-5);
    }

    [Theory]
    [InlineData("pairs", "fragment")]
    [InlineData("latest", "molecule")]
    public void Forces_are_derivatives_of_the_energy_where_pairs_have_cutoffs_of_their_own(string name, string structure)
    {
        var data = new CompiledData("NequIP", name);
        using var potential = new NequipPotential(NequipFile.Read(data.ModelFile), NetworkPrecision.Double);
        FiniteDifferences.CheckForces(potential, data.Array(structure, "positions"), data.Types(structure), RandomSystem.SkewedCell(9.0), 2e-7);
        FiniteDifferences.CheckVirial(potential, data.Array(structure, "positions"), data.Types(structure), RandomSystem.SkewedCell(9.0), 2e-7);
    }

    [Fact]
    public void The_cutoff_of_a_pair_is_the_longer_of_both_directions()
    {
        using var potential = new NequipPotential(NequipFile.Read(new CompiledData("NequIP", "pairs").ModelFile));
        potential.Cutoff.ShouldBe(4.5, 1e-12);
        // H hears everything to 2.5, C hears H to 2.75, N hears C to 4.5.
        (potential.PairCutoff(0, 0), potential.PairCutoff(0, 1), potential.PairCutoff(1, 2)).ShouldBe((2.5, 2.75, 4.5));
        potential.Model.Cutoffs!.IsSymmetric.ShouldBeFalse();
    }

    private static Evaluation Plain(NequipModel model, CompiledData data, string structure) => Evaluation.Of(
        (in NeighborView atoms, in EvaluationBuffers buffers) =>
        {
            NequipReference.Compute(model, atoms, buffers);
            return EvaluationOutcome.Success;
        },
        model.Basis.Cutoff,
        data.Array(structure, "positions"),
        data.Types(structure),
        data.Cell(structure));
}
