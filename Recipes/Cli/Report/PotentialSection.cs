using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>A potential that came from files.</summary>
internal static class PotentialSection
{
    public static ReportSection Of(StepSummary step)
    {
        var potential = StepJson.Read<PotentialRecord>(step.Outputs["summary"].FilePath);
        var content = new List<ReportContent>
        {
            new ReportParagraph($"{potential.Origin}. It knows the atoms {string.Join(", ", potential.Labels)}."),
        };
        if (potential.Energy is { } energy)
        {
            content.Add(new ReportTable(
                "What it says of the structure as it is given",
                ["energy, eV", "largest force component, eV/Å", "pressure, MPa"],
                [[energy.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture), Text.Number(potential.LargestForce), Text.Number(potential.Pressure)]]));
        }

        return new ReportSection("Potential", content);
    }
}
