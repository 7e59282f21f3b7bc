using MofInterop.Structures;

namespace MofInterop.Reports;

/// <summary>A report as plain data: what is on the page, not how it looks.</summary>
/// <param name="Title">Of the page.</param>
/// <param name="Banner">What a reader must know first.</param>
/// <param name="Sections">In order.</param>
public sealed record ReportDocument(string Title, ReportBanner Banner, IReadOnlyList<ReportSection> Sections);

/// <summary>How a run ended.</summary>
public enum ReportOutcome
{
    /// <summary>Every goal was met.</summary>
    Passed,

    /// <summary>It finished, and a goal was missed.</summary>
    Missed,

    /// <summary>It did not finish, or has not yet.</summary>
    Unfinished,
}

/// <summary>The top of the page.</summary>
/// <param name="Outcome">Gives it its colour.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Headlines">The few figures that matter.</param>
/// <param name="Warnings">What the reader should doubt or mend; in sight even when all goals were met.</param>
public sealed record ReportBanner(ReportOutcome Outcome, string Text, IReadOnlyList<Headline> Headlines, IReadOnlyList<string> Warnings);

/// <summary>A figure at the top of the page.</summary>
/// <param name="Name"><c>Held-out force RMSE</c>.</param>
/// <param name="Value">With its unit: <c>98 meV/Å</c>.</param>
/// <param name="Goal"><c>≤ 150 meV/Å</c>, or null.</param>
/// <param name="Met">Whether the goal was met; null: there is none.</param>
public sealed record Headline(string Name, string Value, string? Goal = null, bool? Met = null);

/// <summary>A part of the page.</summary>
/// <param name="Heading">Also its entry in the table of contents.</param>
/// <param name="Content">In order.</param>
public sealed record ReportSection(string Heading, IReadOnlyList<ReportContent> Content);

/// <summary>Something in a section: one of the records below.</summary>
public abstract record ReportContent;

/// <summary>Text; <c>**bold**</c> and <c>`code`</c> are understood, everything else stands as it is.</summary>
/// <param name="Text">One paragraph.</param>
public sealed record ReportParagraph(string Text) : ReportContent;

/// <summary>Text that keeps its line breaks: a command, the end of a log.</summary>
/// <param name="Text">As it is.</param>
public sealed record ReportListing(string Text) : ReportContent;

/// <summary>A table; columns of numbers are aligned to the right.</summary>
/// <param name="Caption">Above it.</param>
/// <param name="Columns">Headings, with units.</param>
/// <param name="Rows">Cells as they are shown.</param>
public sealed record ReportTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportContent;

/// <summary>A figure; it is also saved as <c>figures/&lt;name&gt;.svg</c>.</summary>
/// <param name="Figure">What it shows.</param>
/// <param name="Caption">Below it.</param>
public sealed record ReportFigure(Figure Figure, string Caption) : ReportContent;

/// <summary>Atoms to look at: turned with the mouse where the viewer is available, otherwise drawn.</summary>
/// <param name="Structure">With its cell.</param>
/// <param name="Caption">Below it.</param>
public sealed record ReportStructure(AtomicConfiguration Structure, string Caption) : ReportContent;
