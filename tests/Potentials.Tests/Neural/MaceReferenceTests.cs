using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>The slow implementation against MACE itself.</summary>
public sealed class MaceReferenceTests
{
    [SkippableTheory]
    [InlineData("run123", "own")]
    [InlineData("run123", "small_molecule")]
    [InlineData("run123", "small_cell")]
    [InlineData("run123", "own_testmol")]
    [InlineData("run123", "own_rattled")]
    [InlineData("run123", "own_rattled_sheared")]
    [InlineData("spice", "own")]
    [InlineData("spice", "small_molecule")]
    [InlineData("spice", "small_cell")]
    [InlineData("spice", "own_testmol")]
    [InlineData("spice", "own_rattled")]
    [InlineData("spice", "own_rattled_sheared")]
    [InlineData("gst_swa", "own")]
    [InlineData("gst_swa", "small_cell")]
    [InlineData("gst_swa", "small_cell7")]
    [InlineData("gst_swa", "own_rattled_sheared")]
    [InlineData("mof801", "small_molecule")]
    [InlineData("mof801", "small_cell")]
    [InlineData("mof801", "small_cluster")]
    public void Energies_forces_and_virials_are_those_of_MACE(string name, string structure) => Compare(MaceData.Model(name), name, structure);

    [SkippableTheory]
    [InlineData("run123", "small_cell")]
    [InlineData("gst_swa", "small_cell7")]
    public void A_pickled_model_gives_the_same(string name, string structure) => Compare(MaceData.Model(name, pickled: true), name, structure);

    [SkippableTheory]
    [InlineData("run123", "small_cell")]
    [InlineData("gst_swa", "small_cell")]
    [InlineData("mof801", "small_molecule")]
    public void What_is_found_on_the_way_is_the_same(string name, string structure)
    {
        var model = MaceData.Model(name);
        var one = MaceData.Case(name, structure);
        var steps = NumpyArray.ReadArchive(Path.Combine(MaceData.Folder(name), $"intermediates_{structure}.npz"));
        MaceReference? run = null;
        Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) => Run(model, atoms, buffers, out run), model.Cutoff, one.Positions, one.Types(model), one.Cell);
        for (var t = 0; t < model.Layers.Count; t++)
        {
            for (var i = 0; i < one.Numbers.Length; i++)
            {
                Close(run!.Products[t][i], [.. steps[$"products.{t}.symmetric_contractions__out"].Row(i)], 1e-12);
                Close(run.Features[t + 1][i], [.. steps[$"products.{t}__out"].Row(i)], 1e-12);
            }
        }
    }

    private static void Compare(MaceModel model, string name, string structure)
    {
        var one = MaceData.Case(name, structure);
        var result = Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) => Run(model, atoms, buffers, out _), model.Cutoff, one.Positions, one.Types(model), one.Cell);
        Close(result.AtomEnergies, one.AtomEnergies, 1e-9);
        result.Energy.ShouldBe(one.AtomEnergies.Sum(), 1e-8);
        Close(result.Forces, one.Forces, 1e-8);
        if (one.Virial is not null)
        {
            Close(MaceData.Symmetric(result.Virial), one.Virial, 1e-8);
        }
    }

    private static EvaluationOutcome Run(MaceModel model, in NeighborView atoms, in EvaluationBuffers buffers, out MaceReference run)
    {
        run = MaceReference.Compute(model, atoms, buffers);
        return EvaluationOutcome.Success;
    }

    private static void Close(double[] found, double[] expected, double tolerance)
    {
        found.Length.ShouldBe(expected.Length);
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(expected[k], tolerance, $"number {k}");
        }
    }
}
