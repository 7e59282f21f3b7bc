using System.Globalization;
using System.Text.RegularExpressions;
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
    public async Task Names_of_close_marks_stand_side_by_side_above_the_curves_and_the_legend_beside_them()
    {
        double[] x = [.. Enumerable.Range(0, 351).Select(k => 10.0 * k)];
        Series[] curves = [.. ((string[])["C3a", "H1a", "N3a", "Zn4a"]).Select((name, j) => new Series(name, x, [.. x.Select(place => Math.Exp(-Math.Pow((place - 200 * (j + 1)) / 50, 2)))]))];
        var figure = new CurveFigure("vdos", "Densities", "wavenumber, cm⁻¹", "density, cm", curves, [new PlaceMark(180, "Zn-N 180"), new PlaceMark(226, "Zn-N 226"), new PlaceMark(286, "Zn-N 286"), new PlaceMark(9000, "outside")]);
        var svg = await File.ReadAllTextAsync((await new FigureMaker(Python).DrawAsync([figure], _folder)).Single());
        svg.ShouldNotContain("<!-- outside -->");
        (double X, double Y) Place(string text)
        {
            var found = Regex.Match(svg, $@"<!-- {Regex.Escape(text)} -->\s*<g [^>]*translate\(([-0-9.]+) ([-0-9.]+)\)");
            found.Success.ShouldBeTrue(text);
            return (double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture));
        }

        // The axes: a rectangle from left bottom to right top. Names are 6.5 points high and turned.
        var axes = Regex.Match(svg, @"id=""patch_2"">\s*<path d=""M ([-0-9.]+) ([-0-9.]+)\s*L ([-0-9.]+) [-0-9.]+\s*L [-0-9.]+ ([-0-9.]+)").Groups;
        double right = double.Parse(axes[3].Value, CultureInfo.InvariantCulture), top = double.Parse(axes[4].Value, CultureInfo.InvariantCulture);
        var names = figure.Marks.Take(3).Select(mark => Place(mark.Name)).ToArray();
        (names[1].X - names[0].X).ShouldBeGreaterThan(6.5);
        (names[2].X - names[1].X).ShouldBeGreaterThan(6.5);
        names.ShouldAllBe(name => name.Y < top);
        curves.Select(curve => Place(curve.Name).X).ShouldAllBe(place => place > right);
        Place("Densities").Y.ShouldBeLessThan(names.Min(name => name.Y) - 25);
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
