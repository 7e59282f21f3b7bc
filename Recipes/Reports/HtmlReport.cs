using System.Text;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Reports;

/// <summary>
/// Writes a report as one HTML page that needs nothing else: style, figures and the structure viewer are inside, nothing is fetched
/// when it is opened. Figures are also saved beside it, as <c>figures/&lt;name&gt;.svg</c>.
/// </summary>
public sealed class HtmlReport
{
    /// <summary>Name of the page in its folder.</summary>
    public const string FileName = "report.html";

    private readonly FigureMaker _figures;
    private readonly StructureView _structures;

    /// <summary>Creates a writer.</summary>
    /// <param name="python">Draws the figures.</param>
    /// <param name="viewerFile">A copy of 3Dmol-min.js; null: the one beside the program, and drawings where there is none.</param>
    public HtmlReport(PythonRunner python, string? viewerFile = null)
    {
        _figures = new FigureMaker(python);
        _structures = new StructureView(viewerFile);
    }

    /// <summary>Writes the page and returns its path. Figures that cannot be drawn become a warning on it: hours of work are not to end without a report.</summary>
    /// <exception cref="MofException">Two figures have one name (InvalidArgument).</exception>
    public async Task<string> WriteAsync(ReportDocument document, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var figures = document.Sections.SelectMany(section => section.Content).OfType<ReportFigure>().Select(content => content.Figure).ToList();
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var file in await _figures.DrawAsync(figures, Path.Combine(folder, "figures"), cancellation).ConfigureAwait(false))
            {
                images[Path.GetFileNameWithoutExtension(file)] = Convert.ToBase64String(await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false));
            }
        }
        catch (MofException problem) when (problem.Kind == ErrorKind.ToolFailure)
        {
            var banner = document.Banner;
            document = document with { Banner = banner with { Warnings = [.. banner.Warnings, $"The figures could not be drawn: {problem.Message}"] } };
        }

        var path = Path.Combine(folder, FileName);
        // A page that is being looked at is replaced in one step.
        await File.WriteAllTextAsync(path + ".part", new HtmlPage(document, images, _structures).Render(), new UTF8Encoding(false), cancellation).ConfigureAwait(false);
        File.Move(path + ".part", path, overwrite: true);
        return path;
    }
}
