using System.Globalization;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>A structure before and after its relaxation.</summary>
internal static class RelaxationSection
{
    public static ReportSection Of(StepSummary step)
    {
        var record = StepJson.Read<RelaxationRecord>(step.Outputs["summary"].FilePath);
        return new ReportSection(
            "Relaxation",
            [
                new ReportParagraph($"Positions and cell ({RecipeWords.Of(record.Cell)}) relaxed by {(record.Engine == RelaxationEngine.Ase ? "ASE" : "LAMMPS")} in {record.Iterations} {(record.Engine == RelaxationEngine.Ase ? "steps" : "cells")}; {(record.Converged ? "within the tolerances" : "**not within the tolerances**")}. An atom moved by at most {Text.Number(record.LargestDisplacement)} Å beyond what the cell moved it."),
                new ReportTable(
                    "Before and after",
                    ["", "energy, eV", "largest force, eV/Å", "largest stress, MPa", "a, b, c, Å", "α, β, γ, degree", "volume, Å³"],
                    [Row("as given", record.Before), Row("relaxed", record.After)]),
                new ReportTable(
                    "Space group by the distance that atoms may have from their symmetric places",
                    ["tolerance, Å", "as given", "relaxed"],
                    [.. record.SpaceGroups.Select(group => (IReadOnlyList<string>)[group.Tolerance.ToString("g3", CultureInfo.InvariantCulture) + (group.Decides ? " (asked for)" : string.Empty), group.Before, group.After])]),
            ]);
    }

    private static IReadOnlyList<string> Row(string name, RelaxedStateRecord state) =>
    [
        name, state.Energy.ToString("0.000000", CultureInfo.InvariantCulture), Text.Number(state.LargestForce), Text.Number(state.LargestStress),
        string.Join(", ", state.CellParameters.Take(3).Select(value => value.ToString("0.00000", CultureInfo.InvariantCulture))),
        string.Join(", ", state.CellParameters.Skip(3).Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture))), state.Volume.ToString("0.000", CultureInfo.InvariantCulture),
    ];
}
