using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Compares a potential with labels.</summary>
internal static class LabelledErrors
{
    /// <summary>Errors and parity data of a set.</summary>
    public static (ErrorRecord Record, ErrorReport Report) Of(FittedPotential potential, string set, IReadOnlyList<AtomicConfiguration> frames)
    {
        using var loaded = PotentialLoader.Load(potential.CardFile);
        var report = ErrorReport.Evaluate(set, loaded, frames);
        return (RecordOf(report), report);
    }

    /// <summary>A report in short.</summary>
    public static ErrorRecord RecordOf(ErrorReport report)
    {
        var hasStress = report.Stress.Count > 0;
        return new ErrorRecord(
            report.Configurations,
            report.Energy.RootMeanSquare,
            report.Energy.MeanAbsolute,
            report.Force.RootMeanSquare,
            report.Force.MeanAbsolute,
            hasStress ? report.Stress.RootMeanSquare : null,
            hasStress ? report.Stress.MeanAbsolute : null);
    }
}
