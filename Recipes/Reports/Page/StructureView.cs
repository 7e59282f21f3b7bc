using System.Globalization;
using System.Text;
using System.Text.Json;
using MofInterop.Structures;

namespace MofInterop.Reports;

/// <summary>
/// Shows a structure: as a drawing, which a script turns into a 3D view where the page carries 3Dmol.js
/// (N. Rego, D. Koes, Bioinformatics 31, 1322 (2015)) and the browser has WebGL.
/// </summary>
internal sealed class StructureView
{
    private const string FileName = "3Dmol-min.js";

    private readonly string? _viewer;

    /// <param name="viewerFile">A copy of 3Dmol-min.js; null: the one that was installed beside the program, if any.</param>
    public StructureView(string? viewerFile)
    {
        var file = viewerFile ?? Candidates().FirstOrDefault(File.Exists);
        _viewer = file is null ? null : File.ReadAllText(file);
    }

    /// <summary>Whether structures can be turned.</summary>
    public bool HasViewer => _viewer is not null;

    /// <summary>The viewer itself, once per page; empty where there is none.</summary>
    public string ViewerScript()
    {
        // A script inside a page must not hold its own end.
        var script = _viewer?.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        return script is null ? "" : $"<script>{script}</script>\n";
    }

    /// <summary>The drawing and, where there is a viewer, the data for the 3D view.</summary>
    public string Render(AtomicConfiguration structure, string id)
    {
        var html = new StringBuilder($"<div class=\"structure\" id=\"{id}\">{StructureProjection.Draw(structure)}</div>\n");
        return HasViewer ? html.Append(Script(structure, id)).ToString() : html.ToString();
    }

    private static IEnumerable<string> Candidates()
    {
        var program = AppContext.BaseDirectory;
        return [Path.Combine(program, FileName), Path.Combine(program, "..", FileName), Path.Combine(program, "..", "share", FileName)];
    }

    private static string Script(AtomicConfiguration structure, string id)
    {
        var atoms = new StringBuilder();
        atoms.Append(CultureInfo.InvariantCulture, $"{structure.Count}\n\n");
        for (var i = 0; i < structure.Count; i++)
        {
            var p = structure.Positions.AsSpan(3 * i, 3);
            atoms.Append(CultureInfo.InvariantCulture, $"{structure.Symbols[i]} {p[0]:0.####} {p[1]:0.####} {p[2]:0.####}\n");
        }

        var edges = StructureProjection.CellEdges(structure.Cell).Select(edge => edge.From.Concat(edge.To).Select(x => Math.Round(x, 4)));
        return $$"""
            <script>
            (function () {
              var box = document.getElementById("{{id}}"), drawing = box.innerHTML;
              try {
                box.innerHTML = "";
                box.classList.add("turnable");
                var viewer = $3Dmol.createViewer(box, { backgroundColor: "white" });
                viewer.addModel({{JsonSerializer.Serialize(atoms.ToString())}}, "xyz");
                viewer.setStyle({}, { stick: { radius: 0.13, colorscheme: "Jmol" }, sphere: { scale: 0.25, colorscheme: "Jmol" } });
                {{JsonSerializer.Serialize(edges)}}.forEach(function (e) {
                  viewer.addLine({ start: { x: e[0], y: e[1], z: e[2] }, end: { x: e[3], y: e[4], z: e[5] }, color: "gray" });
                });
                viewer.zoomTo();
                viewer.render();
              } catch (problem) {
                box.classList.remove("turnable");
                box.innerHTML = drawing;
              }
            })();
            </script>

            """;
    }
}
