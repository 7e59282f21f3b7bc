using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>One atom of the asymmetric unit.</summary>
/// <param name="Label">As in the file: <c>C12</c>.</param>
/// <param name="Symbol">The element; deuterium counts as hydrogen.</param>
/// <param name="Fractional">Fractional coordinates.</param>
/// <param name="Line">Line of the file.</param>
internal sealed record CifSite(string Label, string Symbol, double[] Fractional, int Line);

/// <summary>Reads cell and atom sites of a CIF and refuses what is not one definite set of atoms.</summary>
internal sealed class CifSites(string path, CifDocument cif)
{
    public Cell ReadCell()
    {
        var values = new double[6];
        string[] names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];
        for (var k = 0; k < 6; k++)
        {
            values[k] = cif.Item("_cell_" + names[k]) is { } value
                ? Number(value, "_cell_" + names[k])
                : throw new MofException(ErrorKind.FileFormat, $"_cell_{names[k]} has no value", path, "the lengths and angles of the cell");
        }

        try
        {
            return Cell.FromParameters(values[0], values[1], values[2], values[3], values[4], values[5]);
        }
        catch (MofException problem)
        {
            throw Error(cif.Item("_cell_length_a")!.Value.Line, problem.What, problem.Expected);
        }
    }

    public IReadOnlyList<CifSite> ReadSites()
    {
        var loop = cif.Sites;
        var symbol = loop.Find("_atom_site_type_symbol");
        var label = loop.Find("_atom_site_label");
        int[] coordinates = [loop.Find("_atom_site_fract_x"), loop.Find("_atom_site_fract_y"), loop.Find("_atom_site_fract_z")];
        if (coordinates.Contains(-1) || (symbol < 0 && label < 0))
        {
            throw Error(loop.Rows[0][0].Line, "the atom sites lack fractional coordinates or labels", "_atom_site_label, _atom_site_fract_x, _y and _z");
        }

        var sites = new List<CifSite>();
        foreach (var row in loop.Rows)
        {
            var name = row[label < 0 ? symbol : label].Text;
            RefuseDisorder(loop, row, name);
            sites.Add(new CifSite(name, Symbol(row[symbol < 0 ? label : symbol], name), Array.ConvertAll(coordinates, k => Number(row[k], $"a coordinate of {name}")), row[0].Line));
        }

        return sites;
    }

    private void RefuseDisorder(CifLoop loop, CifValue[] row, string name)
    {
        const string remedy = "Keep one of the alternatives, with occupancy 1, and delete the others.";
        if (loop.Find("_atom_site_occupancy") is var occupancy and >= 0 && !row[occupancy].IsAbsent && Math.Abs(Number(row[occupancy], $"the occupancy of {name}") - 1) > 1e-6)
        {
            throw Error(row[occupancy].Line, $"{name} has the occupancy {row[occupancy].Text}: the structure is disordered", "occupancy 1 for every atom", remedy);
        }

        if (loop.Find("_atom_site_disorder_group") is var group and >= 0 && !row[group].IsAbsent && row[group].Text != "0")
        {
            throw Error(row[group].Line, $"{name} belongs to the disorder group {row[group].Text}", "an ordered structure", remedy);
        }

        if (loop.Find("_atom_site_calc_flag") is var flag and >= 0 && row[flag].Text == "dum")
        {
            throw Error(row[flag].Line, $"{name} is a dummy site", "atoms only", "Delete it.");
        }
    }

    /// <summary>The element of <c>Zn</c>, <c>Zn2+</c>, or, where only labels are given, <c>Zn1A</c>.</summary>
    private string Symbol(CifValue value, string name)
    {
        var letters = new string([.. value.Text.TakeWhile(char.IsAsciiLetter)]);
        foreach (var length in (int[])[2, 1])
        {
            if (letters.Length >= length)
            {
                var symbol = char.ToUpperInvariant(letters[0]) + letters[1..length].ToLowerInvariant();
                // "CA1" may be calcium or the carbon A1; the file's own type symbol decides, a label does so only by its case.
                if (Elements.TryBySymbol(symbol, out _) && (length == 1 || char.IsAsciiLetterLower(letters[1]) || letters.Length == value.Text.Length))
                {
                    return symbol;
                }
            }
        }

        return letters is "D" or "d" ? "H" : throw Error(value.Line, $"'{value.Text}' of site {name} is no chemical element", "_atom_site_type_symbol such as Zn");
    }

    /// <summary>A number without its standard uncertainty: 0.2819(3).</summary>
    private double Number(CifValue value, string meaning)
    {
        var text = value.Text.AsSpan();
        var end = text.IndexOf('(');
        return double.TryParse(end < 0 ? text : text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Error(value.Line, $"{meaning} is '{value.Text}'", "a number");
    }

    private MofException Error(int line, string what, string? expected = null, string? remedy = null) => new(ErrorKind.FileFormat, what, $"{path}:{line}", expected, remedy);
}
