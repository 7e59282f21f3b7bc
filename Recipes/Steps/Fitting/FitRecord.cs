using System.Text.Json.Serialization;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>What a fit to given frames came to.</summary>
/// <param name="Rank">Directions that the data determine.</param>
/// <param name="Columns">Coefficients.</param>
/// <param name="Rows">Equations.</param>
/// <param name="ConditionNumber">Of what is solved.</param>
/// <param name="Errors">Of the training set and of what was held out, each in total and by group.</param>
/// <param name="Training">Parity plot.</param>
/// <param name="HeldOut">Parity plot; null where nothing was held out.</param>
/// <param name="Grades">How far the atoms held out lie from the training set; null where that is not known.</param>
public sealed record FitRecord(int Rank, int Columns, long Rows, double ConditionNumber, IReadOnlyList<GroupErrors> Errors, Parity Training, Parity? HeldOut, IReadOnlyList<GradeRecord>? Grades)
{
    /// <summary>How cross-validation chose the ridge; null where it was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RidgeCurve? RidgeCurve { get; init; }
}

/// <summary>Errors of a set or of one group of it.</summary>
/// <param name="Set"><c>training</c> or <c>held-out</c>.</param>
/// <param name="Group">Its name, or null for the whole set.</param>
/// <param name="Frames">How many.</param>
/// <param name="Energy">meV/atom.</param>
/// <param name="Force">meV/Å.</param>
/// <param name="Stress">MPa.</param>
public sealed record GroupErrors(string Set, string? Group, int Frames, ErrorFigures Energy, ErrorFigures Force, ErrorFigures Stress)
{
    /// <summary>Of a set's reports, the first of which is that of the whole.</summary>
    internal static IEnumerable<GroupErrors> Of(string set, IReadOnlyList<ErrorReport> reports) => reports.Select((report, k) =>
        new GroupErrors(set, k == 0 ? null : report.Set, report.Configurations, ErrorFigures.Of(report.Energy), ErrorFigures.Of(report.Force), ErrorFigures.Of(report.Stress)));
}

/// <summary>Errors of one quantity.</summary>
/// <param name="Count">Values compared.</param>
/// <param name="Mae">Mean absolute error.</param>
/// <param name="Rmse">Root mean square error.</param>
/// <param name="Maximum">Largest error.</param>
/// <param name="Determination">R²; NaN where the reference does not vary.</param>
/// <param name="Weighted">The same of rows times their weights, pure numbers: what the fit made small.</param>
public sealed record ErrorFigures(int Count, double Mae, double Rmse, double Maximum, double Determination, WeightedErrors? Weighted)
{
    internal static ErrorFigures Of(QuantityErrors errors) =>
        new(errors.Count, errors.MeanAbsolute, errors.RootMeanSquare, errors.Maximum, errors.Determination, errors.Weighted);
}
