using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>
/// How many of the labels that are asked for together have to succeed. Where most fail, something is wrong with the method or the structure, and what is
/// learnt from the rest would be learnt from the harmless ones.
/// </summary>
/// <param name="AtLeast">Part of the labels that has to be there, up to 1.</param>
internal sealed record LabelQuorum(double AtLeast)
{
    private const int ShownReasons = 6;

    /// <summary>Asks for none: every failure is set aside.</summary>
    public static LabelQuorum None { get; } = new(0);

    /// <summary>Accepts the labels or stops. One failure alone stops only where all labels are wanted: it says nothing about the others.</summary>
    /// <param name="what">Which labels.</param>
    /// <param name="records">All that were asked for.</param>
    /// <exception cref="MofException">Too few succeeded; the reasons are grouped and counted.</exception>
    public void Require(string what, IReadOnlyList<LabelRecord> records)
    {
        var failures = records.Where(record => record.Label is null).Select(record => record.Failure ?? "no reason is known").ToList();
        var wanted = AtLeast * records.Count - 1e-9;
        if (records.Count - failures.Count >= wanted || (failures.Count == 1 && AtLeast < 1))
        {
            return;
        }

        var groups = FailureReasons.Count(failures);
        var shown = groups.Take(ShownReasons).Select(group => $"\n    {group.Count} × {group.Reason}");
        var hidden = groups.Count > ShownReasons ? $"\n    and {groups.Count - ShownReasons} other reasons" : "";
        throw new MofException(
            ErrorKind.ToolFailure,
            string.Create(CultureInfo.InvariantCulture, $"{what}: {failures.Count} of {records.Count} failed:{string.Concat(shown)}{hidden}\n"),
            expected: string.Create(CultureInfo.InvariantCulture, $"at least {100 * AtLeast:0.##} % of them (reference: at_least)"),
            remedy: "All labels are kept. Mend the cause and run again with --retry-failed, or lower at_least");
    }
}
