using System.Globalization;
using MofInterop.Analysis.Pores;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;
using MofInterop.Zeopp;

namespace MofInterop.Cli;

/// <summary>Pores of a structure or of frames.</summary>
internal static class PoresSection
{
    private const double BinWidth = PoreSizeDistribution.BinWidth;

    public static ReportSection Of(StepSummary step)
    {
        var record = StepJson.Read<PoresRecord>(step.Outputs["pores"].FilePath);
        var several = record.Frames > 1;
        var radii = string.Join(", ", record.RadiiAngstrom.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
        var content = new List<ReportContent>
        {
            new ReportParagraph(
                $"Atoms are hard spheres (radii in Å: {radii}); diameters are exact for them, volumes are counted on a grid of {Text.Number(record.GridAngstrom)} Å. "
                + (several ? $"Means over {record.Frames} frames, errors by blocking." : "One structure.")),
            new ReportTable(
                "AV: where the centre of the probe can be, reached through channels; POAV: what the probe covers; NAV, PONAV, NASA: in pockets.",
                ["quantity", "probe, Å", "value", "error", "unit", .. record.Zeopp is null ? Array.Empty<string>() : ["Zeo++ (first frame)"]],
                [.. record.Quantities.Select(quantity => Row(quantity, record))]),
        };
        if (record.Distribution is { } distribution)
        {
            content.Add(new ReportFigure(
                new LineFigure($"{step.Name}-pore-sizes", "Pore size distribution", "pore diameter, Å", "fraction of the cell per Å",
                [
                    new Series(
                        "pore sizes", distribution.Diameter, [.. distribution.Fraction.Select(fraction => fraction / BinWidth)], [.. distribution.Errors.Select(error => error / BinWidth)], Style: SeriesStyle.Steps),
                ]),
                $"The pore size of a place is the diameter of the largest sphere that covers it and no atom. {distribution.Samples} places, bins of {Text.Number(BinWidth)} Å; bars are one standard error. "
                + "What a largest sphere covers has all the same size: cavities of a crystal are sharp peaks."));
        }

        if (several)
        {
            content.Add(new ReportFigure(Trace(step.Name, record), "Every frame."));
        }

        return new ReportSection("Pores", content);
    }

    private static string[] Row(MeasuredQuantity quantity, PoresRecord record)
    {
        string[] row = [quantity.Name, quantity.ProbeAngstrom is { } probe ? Text.Number(probe) : string.Empty, Precise(quantity.Value), double.IsNaN(quantity.Error) ? "–" : Text.Number(quantity.Error), quantity.Unit];
        if (record.Zeopp is not { } zeopp)
        {
            return row;
        }

        var first = record.Quantities.First(one => one.ProbeAngstrom is not null).ProbeAngstrom;
        return [.. row, quantity.ProbeAngstrom is null || quantity.ProbeAngstrom == first ? Compared(quantity, zeopp) : string.Empty];
    }

    private static string Compared(MeasuredQuantity quantity, ZeoppResult zeopp)
    {
        double? value = (Abbreviation(quantity.Name), quantity.Unit) switch
        {
            ("Di", _) => zeopp.LargestIncluded,
            ("Df", _) => zeopp.LargestFree,
            ("Dif", _) => zeopp.LargestAlongFreePath,
            ("", _) when quantity.Name == "channels" => zeopp.Channels,
            ("", _) when quantity.Name == "pockets" => zeopp.Pockets,
            ("AV", "cm³/g") => zeopp.AccessibleVolume,
            ("NAV", "cm³/g") => zeopp.EnclosedVolume,
            ("AV + NAV", "cm³/g") => zeopp.AccessibleVolume + zeopp.EnclosedVolume,
            ("POAV", "cm³/g") => zeopp.OccupiableVolume,
            ("PONAV", "cm³/g") => zeopp.EnclosedOccupiableVolume,
            ("ASA", "m²/g") => zeopp.AccessibleSurface,
            ("NASA", "m²/g") => zeopp.EnclosedSurface,
            _ => null,
        };
        return value is { } number ? Precise(number) : string.Empty;
    }

    private static string Abbreviation(string name)
    {
        var open = name.LastIndexOf('(');
        return open < 0 ? string.Empty : name[(open + 1)..].TrimEnd(')');
    }

    private static string Precise(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static TraceFigure Trace(string name, PoresRecord record)
    {
        var timed = record.Series.Picoseconds.All(time => time is not null);
        double[] axis = [.. Enumerable.Range(0, record.Frames).Select(k => timed ? record.Series.Picoseconds[k]!.Value : k + 1.0)];
        return new TraceFigure($"{name}-frames", "Pores of every frame", timed ? "time, ps" : "frame",
        [
            new TracePanel("diameter, Å", [Column("(Di)", "largest included"), Column("(Df)", "largest free")]),
            new TracePanel("total porous volume, cm³/g", [.. Probes("total porous volume", "cm³/g")]),
            new TracePanel("accessible surface, m²/g", [.. Probes("accessible surface", "m²/g")]),
        ]);

        Series Column(string part, string legend)
        {
            var column = Place(quantity => quantity.Name.Contains(part, StringComparison.Ordinal));
            return new Series(legend, axis, [.. record.Series.Values.Select(row => row[column])]);
        }

        IEnumerable<Series> Probes(string begins, string unit) => record.Quantities
            .Select((quantity, column) => (quantity, column))
            .Where(pair => pair.quantity.Name.StartsWith(begins, StringComparison.Ordinal) && pair.quantity.Unit == unit)
            .Select(pair => new Series($"probe {Text.Number(pair.quantity.ProbeAngstrom)} Å", axis, [.. record.Series.Values.Select(row => row[pair.column])]));

        int Place(Func<MeasuredQuantity, bool> wanted) => record.Quantities.Select((quantity, place) => (quantity, place)).First(pair => wanted(pair.quantity)).place;
    }
}
