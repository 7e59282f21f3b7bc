using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>The scalar code against what libtorch computed with the deployed models, in double precision.</summary>
public sealed class NequipReferenceTests
{
    public static TheoryData<string, string> Small => new()
    {
        { "zif4", "fragment" }, { "zif4", "small_cell" }, { "zif4", "dimer_ZnN" }, { "toluene", "own" }, { "toluene", "own_rattled" }, { "toluene", "small_cell" }, { "toluene", "dimer_CH" },
    };

    public static TheoryData<string, string> WithIntermediates => new() { { "zif4", "fragment" }, { "zif4", "small_cell" }, { "toluene", "own" }, { "toluene", "small_cell" } };

    [SkippableTheory]
    [MemberData(nameof(Small))]
    public void Energies_forces_and_virials_are_those_of_libtorch(string name, string structure)
    {
        var data = NequipData.Find(name);
        var expected = data.Structure(structure);
        expected.ShouldBeWhat(Compute(data.Model, expected), 1e-10, 1e-9, 1e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(WithIntermediates))]
    public unsafe void Every_layer_is_that_of_libtorch(string name, string structure)
    {
        var data = NequipData.Find(name);
        var (atoms, expected) = (data.Structure(structure), data.Intermediates(structure));
        using var list = new NeighborList();
        list.Build(atoms.Positions, atoms.Cell, atoms.Cell is not null, atoms.Cell is not null, atoms.Cell is not null, data.Model.Basis.Cutoff);
        var run = new NequipReference(data.Model, list.View(atoms.Types));
        run.Differentiate();
        for (var t = 0; t < data.Model.Layers.Count; t++)
        {
            Compare(run.Sent[t], $"layer{t}_convnet.conv.linear_1__out");
            Compare(run.Sums[t], $"layer{t}_convnet.conv.linear_2__in");
            Compare(run.Mixed[t], $"layer{t}_convnet.conv__out");
            Compare(run.Features[t + 1], $"layer{t}_convnet__out");
            Compare(run.Gradients[t + 1], $"grad__layer{t}_convnet__out");
        }

        Compare([.. run.Scalars.Select(one => new[] { one })], "output_hidden_to_scalar__out");

        void Compare(double[][] found, string key)
        {
            if (!expected.TryGetValue(key, out var array))
            {
                array = expected.First(one => one.Key.StartsWith(key + "__first", StringComparison.Ordinal)).Value;
            }

            var largest = Math.Max(1, array.Values.Max(Math.Abs));
            for (var i = 0; i < array.Shape[0]; i++)
            {
                for (var k = 0; k < array.Shape[1]; k++)
                {
                    found[i][k].ShouldBe(array.Row(i)[k], 1e-12 * largest, $"{key}, atom {i}, number {k}");
                }
            }
        }
    }

    [SkippableTheory]
    [InlineData("zif4", "nequip_l2r6stress0.pth", "small_cell", "H C N Zn")]
    [InlineData("toluene", "toluene.nequip.pth", "small_cell", "H C")]
    public void A_deployed_file_gives_the_same_model(string name, string file, string structure, string labels)
    {
        var data = NequipData.Find(name);
        var model = NequipFile.Read(ReferenceData.Find($"nequip/{file}")!);
        model.Species.Select(one => one.Label).ShouldBe(labels.Split(' '));
        model.SinglePrecision.ShouldBe(name == "zif4");
        model.Shifts[0].ShouldBe(name == "zif4" ? -220.768 : -11319.596, 1e-2);
        var expected = data.Structure(structure);
        expected.ShouldBeWhat(Compute(model with { Shifts = new double[model.Species.Count] }, expected), 1e-10, 1e-9, 1e-8);
        NequipFile.Read(ReferenceData.Find($"nequip/{file}")!, energyUnit: 0.5).Shifts[0].ShouldBe(0.5 * model.Shifts[0]);
    }

    internal static Evaluation Compute(NequipModel model, NequipStructure structure, double[]? scales = null) =>
        Evaluation.Of(
            (in NeighborView atoms, in EvaluationBuffers buffers) =>
            {
                NequipReference.Compute(model, atoms, buffers);
                return EvaluationOutcome.Success;
            },
            model.Basis.Cutoff,
            structure.Positions,
            structure.Types,
            structure.Cell,
            scales);
}
