using System.Xml.Linq;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Reports.Tests;

public sealed class HtmlReportTests : IDisposable
{
    private static readonly PythonRunner Python = new(new ToolRunner());

    private readonly string _folder = Directory.CreateTempSubdirectory("mof-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_page_holds_everything_and_fetches_nothing()
    {
        var path = await new HtmlReport(Python).WriteAsync(SampleReport.Document(), _folder);
        var html = await File.ReadAllTextAsync(path);
        html.ShouldContain("<title>MOF-5 &lt;quickstart&gt;</title>");
        html.ShouldContain("class=\"banner missed\"");
        html.ShouldContain("goal ≥ 4 ✗");
        html.ShouldContain("<strong>primitive</strong> cell of <code>106</code> atoms &amp; more");
        html.ShouldContain("<td class=\"number\">0.5</td>");
        html.ShouldNotContain("(not drawn)");
        html.Split("data:image/svg+xml").Length.ShouldBe(SampleReport.Figures.Count + 1);
        html.ShouldNotContain("src=\"http");
        html.ShouldNotContain("<link");
    }

    [Fact]
    public async Task Every_kind_of_figure_is_drawn_with_its_labels_and_drawn_alike_again()
    {
        var maker = new FigureMaker(Python);
        var files = await maker.DrawAsync(SampleReport.Figures, Path.Combine(_folder, "a"));
        files.Count.ShouldBe(SampleReport.Figures.Count);
        foreach (var (file, figure) in files.Zip(SampleReport.Figures))
        {
            var svg = await File.ReadAllTextAsync(file);
            XDocument.Parse(svg).Root!.Name.LocalName.ShouldBe("svg");
            // matplotlib draws text as outlines and leaves it in comments.
            svg.ShouldContain($"<!-- {figure.Title} -->");
        }

        (await File.ReadAllTextAsync(files[0])).ShouldContain("RMSE");
        (await File.ReadAllTextAsync(files[2])).ShouldContain("<!-- RMSE (meV/Å) -->");
        var again = await maker.DrawAsync([SampleReport.Figures[2]], Path.Combine(_folder, "b"));
        (await File.ReadAllTextAsync(again[0])).ShouldBe(await File.ReadAllTextAsync(files[2]));
    }

    [Fact]
    public async Task Without_the_viewer_the_structure_is_drawn_and_with_it_can_be_turned()
    {
        var document = SampleReport.Document() with { Sections = [SampleReport.Document().Sections[0]] };
        var drawn = await File.ReadAllTextAsync(await new HtmlReport(Python).WriteAsync(document, _folder));
        drawn.Split("<circle").Length.ShouldBe(13);
        drawn.ShouldNotContain("<script");

        var viewer = Path.Combine(_folder, "3Dmol-min.js");
        await File.WriteAllTextAsync(viewer, "var $3Dmol = { text: '</script>' };");
        var turned = await File.ReadAllTextAsync(await new HtmlReport(Python, viewer).WriteAsync(document, _folder));
        turned.ShouldContain("text: '<\\/script>'");
        turned.ShouldContain("$3Dmol.createViewer");
        turned.Split("<circle").Length.ShouldBe(13);
    }

    [Fact]
    public async Task A_Python_that_cannot_draw_costs_the_figures_and_not_the_report()
    {
        var bare = Path.Combine(_folder, "python3");
        await File.WriteAllTextAsync(bare, "#!/bin/sh\nexit 1\n");
        await new ToolRunner().RunAsync(new ToolCommand { Name = "chmod", Program = "chmod", Arguments = ["+x", bare], WorkingDirectory = _folder });
        var html = await File.ReadAllTextAsync(await new HtmlReport(new PythonRunner(new ToolRunner(), bare)).WriteAsync(SampleReport.Document(), _folder));
        html.ShouldContain("The figures could not be drawn");
        html.ShouldContain("Forces (not drawn)");
    }

    [Fact]
    public async Task Two_figures_of_one_name_are_refused() =>
        (await Should.ThrowAsync<MofException>(new FigureMaker(Python).DrawAsync([SampleReport.Figures[0], SampleReport.Figures[0]], _folder))).Message.ShouldContain("forces");
}
