using MofInterop.ModelFiles.Allegro;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Against libtorch running Allegro 0.4 and 0.7 (<c>Data/AllegroCompiled/README.md</c>).</summary>
public sealed class CompiledAllegroTests
{
    private static readonly string[] _models = ["early", "pairs", "spline", "plain", "single"];

    public static TheoryData<string> Models() => [.. _models];

    public static TheoryData<string, int> Lanes() => CompiledData.Lanes(_models);

    [Theory]
    [MemberData(nameof(Models))]
    public void The_plain_code_gives_energies_forces_and_virials_of_libtorch(string name)
    {
        var data = new CompiledData("AllegroCompiled", name);
        var model = AllegroFile.Read(data.ModelFile);
        data.ShouldBeWhat(structure => Plain(model, data, structure), name == "single" ? 1e-6 : 1e-11);
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public void The_fast_code_gives_them_too(string name, int lanes)
    {
        var data = new CompiledData("AllegroCompiled", name);
        using var potential = new AllegroPotential(AllegroFile.Read(data.ModelFile), lanes, NetworkPrecision.Double);
        data.ShouldBeWhat(structure => Fast(potential, data, structure), name == "single" ? 1e-6 : 1e-10);
        using var single = new AllegroPotential(potential.Model, lanes, NetworkPrecision.Single);
        data.ShouldBeWhat(structure => Fast(single, data, structure), 2e-5);
    }

    [Theory]
    [InlineData("pairs", "fragment")]
    [InlineData("spline", "molecule")]
    public void Forces_are_derivatives_of_the_energy(string name, string structure)
    {
        var data = new CompiledData("AllegroCompiled", name);
        using var potential = new AllegroPotential(AllegroFile.Read(data.ModelFile), NetworkPrecision.Double);
        FiniteDifferences.CheckForces(potential, data.Array(structure, "positions"), data.Types(structure), RandomSystem.SkewedCell(9.0), 2e-6);
        FiniteDifferences.CheckVirial(potential, data.Array(structure, "positions"), data.Types(structure), RandomSystem.SkewedCell(9.0), 2e-6);
    }

    [Fact]
    public void Pairs_have_cutoffs_of_their_own()
    {
        using var potential = new AllegroPotential(AllegroFile.Read(new CompiledData("AllegroCompiled", "pairs").ModelFile));
        potential.Cutoff.ShouldBe(4.5, 1e-12);
        (potential.PairCutoff(0, 0), potential.PairCutoff(0, 1), potential.PairCutoff(1, 2)).ShouldBe((2.5, 2.75, 4.5));
    }

    private static Evaluation Fast(AllegroPotential potential, CompiledData data, string structure) => Evaluation.Of(potential, data.Array(structure, "positions"), data.Types(structure), data.Cell(structure));

    private static Evaluation Plain(AllegroModel model, CompiledData data, string structure) => Evaluation.Of(
        (in NeighborView atoms, in EvaluationBuffers buffers) =>
        {
            AllegroReference.Compute(model, atoms, buffers);
            return EvaluationOutcome.Success;
        },
        model.Cutoff,
        data.Array(structure, "positions"),
        data.Types(structure),
        data.Cell(structure));
}
