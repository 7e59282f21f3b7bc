using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Comparison;

/// <summary>What was measured, on what.</summary>
/// <param name="Date">When it ended, UTC.</param>
/// <param name="Revision">Commit of the checkout.</param>
/// <param name="Machine">Processor and cores.</param>
/// <param name="Load">Mean number of other runnable processes before it began (the load average of 1 minute).</param>
/// <param name="Priority">The nice value it ran with.</param>
/// <param name="Peer">What it was compared with.</param>
/// <param name="Rows">The table.</param>
internal sealed record Results(string Date, string Revision, string Machine, double Load, int Priority, string Peer, IReadOnlyList<Row> Rows);

/// <summary>The table as text, JSON and Markdown.</summary>
internal static class Report
{
    public const string Begin = "<!-- bench:begin -->";
    public const string End = "<!-- bench:end -->";

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Json(Results results) => JsonSerializer.Serialize(results, _json) + "\n";

    public static Results FromJson(string text) => JsonSerializer.Deserialize<Results>(text, _json)!;

    /// <summary>One line for the terminal.</summary>
    public static string Line(Row row)
    {
        var head = $"{row.Case,-44} {row.Subject,-16}";
        return row.Refused is not null
            ? $"{head} refused: {row.Refused}"
            : string.Create(CultureInfo.InvariantCulture, $"{head} {row.Quantity,-12} {Show(row.Value!),-28} {(row.ReferenceValue is null ? "" : Show(row.ReferenceValue)),-28} {row.Unit,-10} {(row.Ratio is null ? "" : Show(row.Ratio)),-24} {Verdict(row)}");
    }

    /// <summary>The tables, a heading for each group.</summary>
    public static string Markdown(Results results)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{results.Date}, commit {results.Revision}; {results.Machine}; load {results.Load:f1}, nice {results.Priority}. Reference: {results.Peer}.\n");
        text.Append("Each figure is the median of repeats in turn, with the least and the largest in brackets; a ratio is reference ÷ ours, repeat by repeat.\n");
        foreach (var group in results.Rows.GroupBy(row => row.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {group.Key}\n| case | ours | quantity | ours | reference | ratio | goal |\n|---|---|---|---|---|---|---|\n");
            foreach (var row in group)
            {
                var reference = row.ReferenceValue is null ? "" : $"{Show(row.ReferenceValue)} ({row.Reference})";
                text.Append(row.Refused is not null
                    ? $"| {row.Case} | {row.Subject} | | refused: {row.Refused.Replace("|", "\\|", StringComparison.Ordinal)} | | | |\n"
                    : $"| {row.Case} | {row.Subject} | {row.Quantity}, {row.Unit} | {Show(row.Value!)} | {reference} | {(row.Ratio is null ? "" : Show(row.Ratio))} | {Verdict(row)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Replaces what stands between the markers.</summary>
    /// <exception cref="MofException">The text has no markers.</exception>
    public static string Insert(string document, string section, string where)
    {
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new MofException(ErrorKind.FileFormat, "there is no place for the table", where, $"the lines {Begin} and {End}");
        }

        return string.Concat(document.AsSpan(0, begin + Begin.Length), "\n", section.TrimEnd() + "\n", document.AsSpan(end));
    }

    private static string Verdict(Row row)
    {
        if (row.Met is not { } met)
        {
            return "";
        }

        var goal = row.RatioAtLeast is { } least ? $"≥ {Number(least)}" : $"≤ {Number(row.ValueAtMost!.Value)}";
        return met ? $"{goal} ✓" : $"{goal} **missed**";
    }

    private static string Show(Spread spread) => $"{Number(spread.Median)} ({Number(spread.Minimum)}–{Number(spread.Maximum)})";

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "f0" : "g3", CultureInfo.InvariantCulture);
}
