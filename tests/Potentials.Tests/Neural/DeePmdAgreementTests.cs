using System.Globalization;
using MofInterop.ModelFiles.DeepPot;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;
using YamlDotNet.RepresentationModel;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Against what DeePMD-kit computed with its own model file.</summary>
public sealed class DeePmdAgreementTests
{
    [SkippableTheory]
    [InlineData(1, false, NetworkPrecision.Double, 1e-9)]
    [InlineData(8, false, NetworkPrecision.AsTrained, 1e-9)]
    [InlineData(8, true, NetworkPrecision.Double, 1e-9)]
    [InlineData(4, true, NetworkPrecision.Double, 1e-9)]
    [InlineData(2, true, NetworkPrecision.Double, 1e-9)]
    [InlineData(8, true, NetworkPrecision.Single, 1e-5)]
    [InlineData(8, false, NetworkPrecision.Single, 1e-5)]
    [InlineData(4, true, NetworkPrecision.Single, 1e-5)]
    [InlineData(2, true, NetworkPrecision.Single, 1e-5)]
    public void Energies_forces_and_virials_are_those_of_DeePMD_kit(int lanes, bool tabulated, NetworkPrecision precision, double tolerance)
    {
        var folder = ReferenceData.Find("deeppot");
        Skip.If(folder is null, "the reference data are not here");
        var model = DeepPotFile.Read(Path.Combine(folder!, "deeppot_sea.yaml"));
        model.Species.Select(one => (one.Label, one.AtomicNumber)).ShouldBe([("O", 8), ("H", 1)]);
        using var potential = new DeepPotPotential(model, lanes, precision, tabulated);
        foreach (var block in Blocks(Path.Combine(folder!, "deeppot-testcase.yaml")))
        {
            var box = Numbers(block, "box");
            var types = Numbers(block, "atype")!.Select(type => (int)type).ToArray();
            var result = Evaluation.Of(potential, Numbers(block, "coord")!, types, box is null ? null : new Cell(box));
            Close(result.AtomEnergies, Numbers(block, "atomic_energy")!, tolerance);
            Close(result.Forces, Numbers(block, "force")!, tolerance);
            var atoms = Numbers(block, "atomic_virial")!;
            Close(result.Virial, [.. Enumerable.Range(0, 9).Select(m => Enumerable.Range(0, types.Length).Sum(i => atoms[9 * i + m]))], tolerance);
        }
    }

    [Theory]
    [InlineData("se_a")]
    [InlineData("se_a_single")]
    [InlineData("se_a_options")]
    [InlineData("dpa1_concat")]
    [InlineData("dpa1_one_side")]
    [InlineData("dpa1_strip")]
    [InlineData("dpa1_smooth")]
    [InlineData("se_atten_v2")]
    public void Models_of_every_form_give_what_DeePMD_kit_gives(string name)
    {
        var model = DeepPotData.Model(name);
        model.SinglePrecision.ShouldBe(name == "se_a_single");
        foreach (var (lanes, tabulated, precision) in ((int, bool, NetworkPrecision)[])
            [(1, false, NetworkPrecision.Double), (8, true, NetworkPrecision.AsTrained), (8, false, NetworkPrecision.Double), (4, true, NetworkPrecision.Double), (2, false, NetworkPrecision.Double), (8, true, NetworkPrecision.Single), (4, false, NetworkPrecision.Single)])
        {
            using var potential = new DeepPotPotential(model, lanes, precision, tabulated);
            foreach (var computed in DeepPotData.Structures(name))
            {
                // Numbers of a model of single precision have its rounding on both sides.
                var tolerance = potential.IsSingle || model.SinglePrecision ? 3e-6 : 1e-9;
                var result = computed.Evaluate(potential);
                Close(result.AtomEnergies, computed.AtomEnergies, tolerance);
                result.Energy.ShouldBe(computed.Energy, 10 * tolerance);
                Close(computed.Forces.Length == 0 ? [] : result.Forces, computed.Forces, 2 * tolerance);
            }
        }
    }

    [Theory]
    [InlineData("se_a")]
    [InlineData("se_a_options")]
    [InlineData("dpa1_concat")]
    [InlineData("dpa1_strip")]
    [InlineData("dpa1_smooth")]
    [InlineData("se_atten_v2")]
    public void Virials_are_derivatives_of_their_energies(string name)
    {
        using var potential = new DeepPotPotential(DeepPotData.Model(name));
        var crystal = DeepPotData.Structures(name)[0];
        FiniteDifferences.CheckVirial(potential, crystal.Positions, crystal.Types, crystal.Cell!, 2e-8);
    }

    private static void Close(double[] found, double[] expected, double tolerance)
    {
        found.Length.ShouldBe(expected.Length);
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(expected[k], tolerance, $"number {k}");
        }
    }

    private static IEnumerable<YamlMappingNode> Blocks(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        var results = (YamlSequenceNode)yaml.Documents[0].RootNode["results"];
        results.Children.Count.ShouldBe(3);
        return results.Children.Cast<YamlMappingNode>();
    }

    private static double[]? Numbers(YamlMappingNode block, string key) => block[key] is YamlSequenceNode list
        ? [.. list.Children.Select(child => double.Parse(((YamlScalarNode)child).Value!, CultureInfo.InvariantCulture))]
        : null;
}
