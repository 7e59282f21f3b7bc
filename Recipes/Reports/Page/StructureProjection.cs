using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Reports;

/// <summary>Draws atoms, bonds and cell edges as an SVG: a parallel projection, nearest atoms on top.</summary>
internal static class StructureProjection
{
    private const double Size = 480;

    /// <summary>A slight turn off the axes, so that rows of atoms do not hide each other.</summary>
    private static readonly double[] View = Turned(-70 * Math.PI / 180, 20 * Math.PI / 180);

    public static string Draw(AtomicConfiguration structure)
    {
        var points = Rotate(structure.Positions);
        var edges = CellEdges(structure.Cell).Select(edge => (From: Rotate(edge.From), To: Rotate(edge.To))).ToList();
        var all = points.Chunk(3).Concat(edges.SelectMany(edge => (double[][])[edge.From, edge.To])).ToList();
        double left = all.Min(p => p[0]), right = all.Max(p => p[0]), low = all.Min(p => p[1]), high = all.Max(p => p[1]);
        var scale = (Size - 40) / Math.Max(1, Math.Max(right - left, high - low));
        double width = (right - left) * scale + 40, height = (high - low) * scale + 40;

        var shapes = new List<(double Depth, string Shape)>();
        edges.ForEach(edge => shapes.Add((Math.Min(edge.From[2], edge.To[2]), Line(Place(edge.From), Place(edge.To), "#9aa5b1", 1))));
        foreach (var (atom, half) in HalfBonds(structure))
        {
            var from = points.AsSpan(3 * atom, 3).ToArray();
            var to = Rotate(half);
            shapes.Add((Math.Min(from[2], to[2]), Line(Place(from), Place(to), AtomColors.Of(structure.Symbols[atom]), 0.22 * scale)));
        }

        for (var i = 0; i < structure.Count; i++)
        {
            var p = points.AsSpan(3 * i, 3).ToArray();
            var (x, y) = Place(p);
            var radius = scale * 0.45 * Elements.BySymbol(structure.Symbols[i]).CovalentRadius;
            shapes.Add((p[2], Invariant($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{radius:0.##}\" fill=\"{AtomColors.Of(structure.Symbols[i])}\" stroke=\"#333\" stroke-width=\"0.5\"/>")));
        }

        var svg = new StringBuilder(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.#} {height:0.#}\" width=\"{width:0}\" height=\"{height:0}\" role=\"img\" aria-label=\"structure\">\n"));
        foreach (var (_, shape) in shapes.OrderBy(entry => entry.Depth))
        {
            svg.Append(shape).Append('\n');
        }

        return svg.Append("</svg>").ToString();

        (double X, double Y) Place(double[] p) => ((p[0] - left) * scale + 20, (high - p[1]) * scale + 20);
    }

    /// <summary>The twelve edges of the cell, Å; none for a molecule.</summary>
    public static IEnumerable<(double[] From, double[] To)> CellEdges(Cell? cell)
    {
        for (var axis = 0; cell is not null && axis < 3; axis++)
        {
            for (var corner = 0; corner < 8; corner++)
            {
                if ((corner >> axis & 1) == 0)
                {
                    yield return (Corner(cell, corner), Corner(cell, corner | 1 << axis));
                }
            }
        }
    }

    private static double[] Corner(Cell cell, int corner)
    {
        var (x, y, z) = cell.ToCartesian(corner & 1, corner >> 1 & 1, corner >> 2 & 1);
        return [x, y, z];
    }

    /// <summary>From every atom to the middle of each of its bonds; a bond through a face of the cell shows as two ends.</summary>
    private static IEnumerable<(int Atom, double[] Middle)> HalfBonds(AtomicConfiguration structure)
    {
        var radii = structure.Symbols.Select(symbol => Elements.BySymbol(symbol).CovalentRadius).ToArray();
        var p = structure.Positions;
        for (var i = 0; i < structure.Count; i++)
        {
            for (var j = 0; j < structure.Count; j++)
            {
                double[] d = [p[3 * j] - p[3 * i], p[3 * j + 1] - p[3 * i + 1], p[3 * j + 2] - p[3 * i + 2]];
                if (structure is { Periodic: true, Cell: { } cell })
                {
                    var (a, b, c) = cell.ToFractional(d[0], d[1], d[2]);
                    (d[0], d[1], d[2]) = cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
                }

                var reach = 1.2 * (radii[i] + radii[j]);
                if (i != j && d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < reach * reach)
                {
                    yield return (i, [p[3 * i] + d[0] / 2, p[3 * i + 1] + d[1] / 2, p[3 * i + 2] + d[2] / 2]);
                }
            }
        }
    }

    private static string Line((double X, double Y) from, (double X, double Y) to, string color, double width) => Invariant(
        $"<line x1=\"{from.X:0.#}\" y1=\"{from.Y:0.#}\" x2=\"{to.X:0.#}\" y2=\"{to.Y:0.#}\" stroke=\"{color}\" stroke-width=\"{width:0.##}\" stroke-linecap=\"round\"/>");

    private static double[] Turned(double aboutX, double aboutZ)
    {
        double cx = Math.Cos(aboutX), sx = Math.Sin(aboutX), cz = Math.Cos(aboutZ), sz = Math.Sin(aboutZ);
        return [cz, -sz, 0, cx * sz, cx * cz, -sx, sx * sz, sx * cz, cx];
    }

    private static double[] Rotate(double[] vectors)
    {
        var turned = new double[vectors.Length];
        for (var i = 0; i < vectors.Length; i++)
        {
            var (first, row) = (i / 3 * 3, i % 3 * 3);
            turned[i] = View[row] * vectors[first] + View[row + 1] * vectors[first + 1] + View[row + 2] * vectors[first + 2];
        }

        return turned;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
