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
