using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;
using MofInterop.TestKit;

namespace MofInterop.Structures.Tests;

public sealed class CifReaderTests : IDisposable
{
    private const string Cell = "data_x\n_cell_length_a 9\n_cell_length_b 9\n_cell_length_c 9\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n";
    private const string Loop = "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";

    private static readonly CifReader Reader = new(new PythonRunner(new ToolRunner()));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_MOF5_of_the_library_has_the_composition_and_distances_of_MOF5()
    {
        var mof5 = await Reader.ReadAsync(Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif"));
        mof5.Count.ShouldBe(424);
        Composition(mof5).ShouldBe("C192 H96 O104 Zn32");
        var primitive = await Reader.ReadAsync(Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif"), new CifOptions(Primitive: true));
        primitive.Count.ShouldBe(106);
        Composition(primitive).ShouldBe("C48 H24 O26 Zn8");
        primitive.Cell!.Volume.ShouldBe(mof5.Cell!.Volume / 4, 1e-6);
        foreach (var structure in (AtomicConfiguration[])[mof5, primitive])
        {
            Neighbours(structure, "Zn", "O", 2.5).ShouldAllBe(distances => distances.Count == 4 && distances.All(d => d > 1.92 && d < 1.95));
            Neighbours(structure, "H", "C", 1.5).ShouldAllBe(distances => distances.Count == 1 && Math.Abs(distances[0] - 1.08) < 0.005);
            Neighbours(structure, "C", "O", 1.6).Where(distances => distances.Count > 0).ShouldAllBe(distances => distances.Count == 2 && distances.All(d => Math.Abs(d - 1.27) < 0.01));
            Neighbours(structure, "C", "C", 1.6).SelectMany(d => d).ShouldAllBe(d => Math.Abs(d - 1.39) < 0.01 || Math.Abs(d - 1.49) < 0.01);
        }
    }

    [SkippableFact]
    public async Task The_MOF5_of_the_library_agrees_with_the_one_of_RASPA()
    {
        var path = ReferenceData.Find("mof/structures/MOF-5-conventional-RASPA.cif");
        Skip.If(path is null, "reference data absent");
        var published = await Reader.ReadAsync(path!);
        var ours = await Reader.ReadAsync(Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif"));
        published.Count.ShouldBe(424);
        for (var i = 0; i < published.Count; i++)
        {
            // Hydrogen differs by its longer bond.
            var nearest = Enumerable.Range(0, ours.Count).Where(j => ours.Symbols[j] == published.Symbols[i]).Min(j => Distance(ours, published.Positions.AsSpan(3 * i, 3), j));
            nearest.ShouldBeLessThan(published.Symbols[i] == "H" ? 0.2 : 0.05);
        }
    }

    [SkippableTheory]
    [InlineData("MOF-5.cif", 106)]
    [InlineData("HKUST1.cif", 156)]
    [InlineData("UiO-66.cif", 114)]
    [InlineData("MOF-74.cif", 54)]
    [InlineData("MIL-53.cif", 38)]
    [InlineData("ZIF-8.cif", 138)]
    [InlineData("ZIF-4.cif", 272)]
    public async Task Published_structures_are_read(string file, int atoms)
    {
        var path = ReferenceData.Find("mof/structures/" + file);
        Skip.If(path is null, "reference data absent");
        (await Reader.ReadAsync(path!)).Count.ShouldBe(atoms);
    }

    [Fact]
    public async Task Sites_rounded_off_their_special_position_are_put_back_on_it()
    {
        // P -3 m 1: (1/3, 2/3, z) has two images; written with four digits it must not give six.
        var path = _folder.File("a.cif", """
            data_x
            _cell_length_a 12.0(1)
            _cell_length_b 12.0(1)
            _cell_length_c 9
            _cell_angle_alpha 90
            _cell_angle_beta 90
            _cell_angle_gamma 120
            _space_group_name_H-M_alt 'P -3 m 1'
            loop_
            _atom_site_label
            _atom_site_type_symbol
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            Zn1A Zn2+ 0.3333 0.6667 0.25(1)
            """);
        var structure = await Reader.ReadAsync(path);
        structure.Symbols.ShouldBe(["Zn", "Zn"]);
        var (a, b, _) = structure.Cell!.ToFractional(structure.Positions[0], structure.Positions[1], structure.Positions[2]);
        a.ShouldBe(1.0 / 3, 1e-9);
        b.ShouldBe(2.0 / 3, 1e-9);
    }

    [Theory]
    [InlineData(Loop + "O1 0.1 0.1 0.1\nO2 0.15 0.1 0.1\n", "a.cif:13", "O1 is 0.450 Å from O2 (line 14)")]
    [InlineData("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,-y,-z\n" + Loop + "C1 0 0 0.02\n", "a.cif:17", "C1 is 0.360 Å from an image of itself")]
    [InlineData("loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nZn1 0 0 0 1\nO1A 0.2 0 0 0.50\n", "a.cif:15", "O1A has the occupancy 0.50")]
    [InlineData("loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_disorder_group\nZn1 0 0 0 .\nO1A 0.2 0 0 1\n", "a.cif:15", "disorder group 1")]
    [InlineData(Loop + "O1 0.1 ? 0.1\n", "a.cif:13", "a coordinate of O1 is '?'")]
    [InlineData(Loop + "Xx1 0.1 0.1 0.1\n", "a.cif:13", "no chemical element")]
    [InlineData(Loop + "O1 0.1 0.1\n", "a.cif:13", "a loop_ of 4 names has 3 values")]
    [InlineData("_space_group_name_H-M_alt 'F d -3 m'\n" + Loop + "C1 0 0 0\n", "a.cif", "several settings")]
    [InlineData("_space_group_name_H-M_alt 'Q 7'\n" + Loop + "C1 0 0 0\n", "a.cif", "not a standard setting")]
    [InlineData("_publ_author 'nobody\n", "a.cif:8", "does not end in its line")]
    [InlineData("", "a.cif", "no atom sites")]
    public async Task What_is_not_one_definite_set_of_atoms_is_refused_with_its_line(string rest, string where, string what)
    {
        var path = _folder.File("a.cif", Cell + rest);
        var error = await Should.ThrowAsync<MofException>(Reader.ReadAsync(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain(where + ": ");
        error.Message.ShouldContain(what);
    }

    [Fact]
    public async Task A_missing_file_is_an_error_with_its_name() =>
        (await Should.ThrowAsync<MofException>(Reader.ReadAsync(_folder.File("none.cif")))).Message.ShouldContain("none.cif: the file does not exist");

    private static string Composition(AtomicConfiguration structure) =>
        string.Join(' ', structure.Symbols.GroupBy(symbol => symbol).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}{group.Count()}"));

    private static List<List<double>> Neighbours(AtomicConfiguration structure, string of, string kind, double within) =>
    [
        .. Enumerable.Range(0, structure.Count).Where(i => structure.Symbols[i] == of).Select(i =>
            Enumerable.Range(0, structure.Count).Where(j => j != i && structure.Symbols[j] == kind)
                .Select(j => Distance(structure, structure.Positions.AsSpan(3 * i, 3), j)).Where(d => d < within).ToList()),
    ];

    private static double Distance(AtomicConfiguration structure, ReadOnlySpan<double> from, int to)
    {
        var p = structure.Positions.AsSpan(3 * to, 3);
        var (a, b, c) = structure.Cell!.ToFractional(p[0] - from[0], p[1] - from[1], p[2] - from[2]);
        var (x, y, z) = structure.Cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
