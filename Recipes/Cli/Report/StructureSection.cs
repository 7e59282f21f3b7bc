using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Reports;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>The crystal and its atom types.</summary>
internal static class StructureSection
{
    public static ReportSection Of(StepSummary step)
    {
        var structure = ExtendedXyz.Read(step.Outputs["structure"].FilePath).Single();
        var types = StepJson.Read<AtomType[]>(step.Outputs["types"].FilePath);
        return new ReportSection("Structure",
        [
            new ReportStructure(structure, $"{structure.Count} atoms, {Text.Number(structure.Cell!.Volume)} Å³"),
            new ReportTable(
                "Atom types from the bond graph: element, number of bonds, and a letter for the environment.",
                ["type", "atoms", "neighbours"],
                [.. types.Select(type => (IReadOnlyList<string>)[type.Label, Text.Count(type.Count), string.Join(" ", type.Neighbors)])]),
        ]);
    }
}
