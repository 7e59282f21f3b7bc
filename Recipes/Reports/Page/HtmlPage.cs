using System.Globalization;
using System.Text;

namespace MofInterop.Reports;

/// <summary>Turns a report into HTML.</summary>
internal sealed class HtmlPage(ReportDocument document, IReadOnlyDictionary<string, string> images, StructureView structures)
{
    private readonly StringBuilder _html = new();
    private int _structureCount;

    public string Render()
    {
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        _html.Append(CultureInfo.InvariantCulture, $"<title>{HtmlText.Encode(document.Title)}</title>\n<style>\n{Style()}</style>\n");
        if (document.Sections.Any(section => section.Content.Any(content => content is ReportStructure)))
        {
            _html.Append(structures.ViewerScript());
        }

        _html.Append(CultureInfo.InvariantCulture, $"</head>\n<body>\n<h1>{HtmlText.Encode(document.Title)}</h1>\n");
        RenderBanner(document.Banner);
        RenderContents();
        for (var k = 0; k < document.Sections.Count; k++)
        {
            RenderSection(document.Sections[k], k);
        }

        _html.Append("<footer>Made by MofInterop. The figures are also in <code>figures/</code> beside this page.");
        _html.Append(_structureCount > 0 && structures.HasViewer ? " 3D view: 3Dmol.js, University of Pittsburgh, BSD-3-Clause." : "");
        return _html.Append("</footer>\n</body>\n</html>\n").ToString();
    }

    private static string Style()
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }

    private void RenderBanner(ReportBanner banner)
    {
        var outcome = banner.Outcome switch { ReportOutcome.Passed => "passed", ReportOutcome.Missed => "missed", _ => "unfinished" };
        _html.Append(CultureInfo.InvariantCulture, $"<div class=\"banner {outcome}\"><p>{HtmlText.Inline(banner.Text)}</p></div>\n");
        if (banner.Headlines.Count > 0)
        {
            _html.Append("<div class=\"headlines\">\n");
            foreach (var headline in banner.Headlines)
            {
                var state = headline.Met switch { true => " met", false => " unmet", null => "" };
                var goal = headline.Goal is null ? "" : $"<div class=\"goal\">goal {HtmlText.Encode(headline.Goal)}{(headline.Met switch { true => " ✓", false => " ✗", null => "" })}</div>";
                _html.Append(CultureInfo.InvariantCulture, $"<div class=\"headline{state}\"><div class=\"name\">{HtmlText.Encode(headline.Name)}</div><div class=\"value\">{HtmlText.Encode(headline.Value)}</div>{goal}</div>\n");
            }

            _html.Append("</div>\n");
        }

        if (banner.Warnings.Count > 0)
        {
            _html.Append("<div class=\"warnings\"><strong>Warnings</strong><ul>\n");
            foreach (var warning in banner.Warnings)
            {
                _html.Append(CultureInfo.InvariantCulture, $"<li>{HtmlText.Inline(warning)}</li>\n");
            }

            _html.Append("</ul></div>\n");
        }
    }

    private void RenderContents()
    {
        _html.Append("<nav>");
        for (var k = 0; k < document.Sections.Count; k++)
        {
            var heading = document.Sections[k].Heading;
            _html.Append(CultureInfo.InvariantCulture, $"<a href=\"#{HtmlText.Anchor(heading, k)}\">{HtmlText.Encode(heading)}</a> ");
        }

        _html.Append("</nav>\n");
    }

    private void RenderSection(ReportSection section, int place)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<section>\n<h2 id=\"{HtmlText.Anchor(section.Heading, place)}\">{HtmlText.Encode(section.Heading)}</h2>\n");
        var inFigures = false;
        foreach (var content in section.Content)
        {
            // Neighbouring figures stand side by side where the window is wide enough.
            if (content is ReportFigure != inFigures)
            {
                _html.Append(inFigures ? "</div>\n" : "<div class=\"figures\">\n");
                inFigures = !inFigures;
            }

            RenderContent(content);
        }

        _html.Append(inFigures ? "</div>\n</section>\n" : "</section>\n");
    }

    private void RenderContent(ReportContent content)
    {
        switch (content)
        {
            case ReportParagraph paragraph:
                _html.Append(CultureInfo.InvariantCulture, $"<p>{HtmlText.Inline(paragraph.Text)}</p>\n");
                break;
            case ReportListing listing:
                _html.Append(CultureInfo.InvariantCulture, $"<pre>{HtmlText.Encode(listing.Text)}</pre>\n");
                break;
            case ReportTable table:
                RenderTable(table);
                break;
            case ReportFigure figure:
                RenderFigure(figure);
                break;
            case ReportStructure structure:
                var id = string.Create(CultureInfo.InvariantCulture, $"structure-{++_structureCount}");
                _html.Append(CultureInfo.InvariantCulture, $"<figure>\n{structures.Render(structure.Structure, id)}<figcaption>{HtmlText.Inline(structure.Caption)}</figcaption>\n</figure>\n");
                break;
            default:
                throw new InvalidOperationException($"a report cannot show {content.GetType().Name}");
        }
    }

    private void RenderFigure(ReportFigure figure)
    {
        var name = HtmlText.Encode(figure.Figure.Title);
        var image = images.TryGetValue(figure.Figure.Name, out var data) ? $"<img alt=\"{name}\" src=\"data:image/svg+xml;base64,{data}\">" : $"<p>{name} (not drawn)</p>";
        _html.Append(CultureInfo.InvariantCulture, $"<figure>{image}<figcaption>{HtmlText.Inline(figure.Caption)}</figcaption></figure>\n");
    }

    private void RenderTable(ReportTable table)
    {
        var numeric = table.Columns.Select((_, k) => table.Rows.All(row => k < row.Count && HtmlText.IsNumeric(row[k]))).ToArray();
        _html.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table>\n<caption>{HtmlText.Inline(table.Caption)}</caption>\n<thead><tr>");
        for (var k = 0; k < table.Columns.Count; k++)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<th{Class(numeric[k])}>{HtmlText.Encode(table.Columns[k])}</th>");
        }

        _html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            _html.Append("<tr>");
            for (var k = 0; k < row.Count; k++)
            {
                _html.Append(CultureInfo.InvariantCulture, $"<td{Class(k < numeric.Length && numeric[k])}>{HtmlText.Inline(row[k])}</td>");
            }

            _html.Append("</tr>\n");
        }

        _html.Append("</tbody>\n</table></div>\n");

        static string Class(bool isNumber) => isNumber ? " class=\"number\"" : "";
    }
}
