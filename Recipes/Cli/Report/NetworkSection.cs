using System.Globalization;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Coordination, linkers and rings of a structure or of frames.</summary>
internal static class NetworkSection
{
    public static ReportSection Of(StepSummary step)
    {
        var record = StepJson.Read<NetworkRecord>(step.Outputs["network"].FilePath);
        var metals = string.Join(", ", record.Metals);
        var content = new List<ReportContent>
        {
            new ReportParagraph(
                $"{record.MetalCount} atoms of {metals} and {record.LinkerCount} linkers in a cell; {metals} and {string.Join(", ", record.Donors)} are bonded within {Text.Number(record.BondedWithinAngstrom)} Å"
                + (record.ApartBeyondAngstrom > record.BondedWithinAngstrom ? $" and until {Text.Number(record.ApartBeyondAngstrom)} Å. " : ". ")
                + "A linker is intact when no bond inside it is broken and it holds as many metal atoms as in the structure; dangling: fewer; free: none."),
            new ReportTable(
                record.Frames.Count > 1 ? $"Means over {record.Frames.Count} frames, errors by blocking" : "The structure",
                ["quantity", "value", "error"],
                [.. record.Quantities.Select(quantity => (IReadOnlyList<string>)[quantity.Name, Precise(quantity.Value), double.IsNaN(quantity.Error) ? "–" : Text.Number(quantity.Error)])]),
            new ReportTable(
                $"How many donors the atoms of {metals} have",
                ["donors", "fraction", "error"],
                [.. record.Coordination.Select(one => (IReadOnlyList<string>)[Text.Count(one.Donors), Precise(one.Fraction), double.IsNaN(one.Error) ? "–" : Text.Number(one.Error)])]),
            new ReportTable(
                $"Primitive rings (shortest-path rings) of up to {record.LargestRing} metal nodes, linkers contracted to edges",
                ["nodes", "rings per node", "error", "nodes in such a ring"],
                [.. record.Rings.Select(ring => (IReadOnlyList<string>)
                    [Text.Count(ring.Size), Precise(ring.PerNode), double.IsNaN(ring.PerNodeError) ? "–" : Text.Number(ring.PerNodeError), double.IsNaN(ring.NodesInRings) ? "–" : Precise(ring.NodesInRings)])]),
        };
        if (record.Rings.Count > 0)
        {
            content.Add(new ReportFigure(
                new BarFigure($"{step.Name}-rings", "Primitive rings", "metal atoms in the ring", "rings per metal atom", [.. record.Rings.Select(ring => Text.Count(ring.Size))], [new ValueSeries("rings", [.. record.Rings.Select(ring => ring.PerNode)])]),
                record.Frames.Count > 1 ? "Mean over the frames in which rings were counted." : "Linkers are the edges between metal atoms."));
        }

        if (record.Frames.Count > 1)
        {
            content.Add(new ReportFigure(Trace(step.Name, record), "Every frame; rings where they were counted."));
        }

        return new ReportSection("Coordination, linkers and rings", content);
    }

    private static TraceFigure Trace(string name, NetworkRecord record)
    {
        var timed = record.Frames.All(frame => frame.Picoseconds is not null);
        double[] axis = [.. record.Frames.Select((frame, k) => timed ? frame.Picoseconds!.Value : k + 1.0)];
        Series Line(string legend, Func<NetworkFrame, double> value) => new(legend, axis, [.. record.Frames.Select(value)]);
        return new TraceFigure($"{name}-frames", "Coordination, linkers and rings", timed ? "time, ps" : "frame",
        [
            new TracePanel("donors of a metal atom", [Line("mean", frame => frame.Coordination)]),
            new TracePanel("fraction of linkers", [Line("intact", frame => frame.IntactFraction), Line("dangling", frame => frame.DanglingFraction), Line("free", frame => frame.FreeFraction), Line("broken inside", frame => frame.BrokenFraction)]),
            new TracePanel("rings per metal atom", [.. record.Rings.Select(ring => Line($"{ring.Size} nodes", frame => frame.Rings is null ? double.NaN : frame.Rings.FirstOrDefault(one => one.Size == ring.Size)?.PerNode ?? 0))]),
        ]);
    }

    private static string Precise(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
