using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Temperature, volume and energy of runs against time.</summary>
internal static class DynamicsFigures
{
    private const double FemtosecondsInPicosecond = 1000;

    public static TraceFigure Trace(string name, string title, IReadOnlyList<DynamicsRecord> runs, double? temperature)
    {
        return new TraceFigure(name, title, "time, ps",
        [
            new TracePanel("temperature, K", Lines(trace => trace.Temperature), temperature is { } kelvin ? new TargetLine(kelvin, "set") : null),
            new TracePanel("volume, Å³", Lines(trace => trace.Volume)),
            new TracePanel("potential energy, eV", Lines(trace => trace.Energy)),
        ]);

        Series[] Lines(Func<DynamicsTrace, IReadOnlyList<double>> quantity) =>
            [.. runs.Select((run, index) => new Series($"run {index + 1}", [.. run.Trace.Time.Select(t => t / FemtosecondsInPicosecond)], quantity(run.Trace)))];
    }
}
