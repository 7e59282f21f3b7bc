using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Structures;

/// <summary>How a CIF is read.</summary>
/// <param name="Primitive">Reduce to the primitive cell (spglib <c>standardize_cell</c>), in spglib's orientation.</param>
/// <param name="SymmetryTolerance">Å, for finding the primitive cell.</param>
public sealed record CifOptions(bool Primitive = false, double SymmetryTolerance = 0.01);

/// <summary>
/// Crystal structures from CIF: symmetry expanded (operations of the file, or those of its space group by ASE), optionally reduced to
/// the primitive cell (spglib). Refused: partial occupancy, disorder, dummy sites, atoms closer than 0.5 Å. Deuterium becomes hydrogen.
/// </summary>
public sealed class CifReader
{
    private static readonly PythonScript ExpandSymmetry = PythonScript.FromResource(typeof(CifReader).Assembly, "expand_symmetry");

    private readonly PythonRunner _python;

    /// <summary>Creates a reader; Python is started only for files that list symmetry or when the primitive cell is wanted.</summary>
    public CifReader(PythonRunner python)
    {
        ArgumentNullException.ThrowIfNull(python);
        _python = python;
    }

    /// <summary>Reads the first structure of a file.</summary>
    /// <exception cref="MofException">
    /// Missing file, syntax, disorder or overlapping atoms, with <c>file:line</c> (FileFormat); no Python with ASE and spglib (ToolFailure).
    /// </exception>
    public async Task<AtomicConfiguration> ReadAsync(string path, CifOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new CifOptions();
        var cif = CifDocument.Read(path);
        var reader = new CifSites(path, cif);
        var cell = reader.ReadCell();
        var sites = reader.ReadSites();
        var operations = cif.Column("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz").Select(value => value.Text).ToArray();
        var group = cif.Item("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_it_number", "_symmetry_int_tables_number");
        var isPlain = operations.Length > 0 ? operations.All(IsIdentity) : group is null || group.Value.Text.Replace(" ", "", StringComparison.Ordinal) is "P1" or "1";
        if (isPlain && !options.Primitive)
        {
            var owners = Enumerable.Range(0, sites.Count).ToArray();
            return Checked(path, sites, Build(cell, [.. sites.Select(site => site.Fractional)], [.. sites.Select(site => site.Symbol)]), owners);
        }

        var request = new ExpansionRequest(
            path,
            cell.Rows.ToArray(),
            isPlain ? ["x,y,z"] : operations,
            cif.Item("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m")?.Text,
            int.TryParse(cif.Item("_space_group_it_number", "_symmetry_int_tables_number")?.Text, out var number) ? number : 1,
            [.. sites.Select(site => site.Fractional)],
            [.. sites.Select(site => Elements.BySymbol(site.Symbol).AtomicNumber)],
            options.Primitive,
            options.SymmetryTolerance);
        var expansion = await _python.RunAsync<Expansion>(ExpandSymmetry, request, cancellation: cancellation).ConfigureAwait(false);
        var full = Checked(path, sites, Build(cell, expansion.Positions, Array.ConvertAll(expansion.Owners, k => sites[k].Symbol)), expansion.Owners);
        return expansion.Primitive is { } primitive
            ? Build(new Cell([.. primitive.Cell.SelectMany(row => row)]), primitive.Positions, Array.ConvertAll(primitive.Numbers, z => Elements.ByAtomicNumber(z).Symbol))
            : full;
    }

    private static bool IsIdentity(string operation) =>
        operation.Replace(" ", "", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal).Equals("x,y,z", StringComparison.OrdinalIgnoreCase);

    private static AtomicConfiguration Build(Cell cell, double[][] fractional, string[] symbols)
    {
        var positions = new double[3 * symbols.Length];
        for (var i = 0; i < symbols.Length; i++)
        {
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = cell.ToCartesian(fractional[i][0], fractional[i][1], fractional[i][2]);
        }

        return new AtomicConfiguration(symbols, positions, cell, periodic: true);
    }

    private static AtomicConfiguration Checked(string path, IReadOnlyList<CifSite> sites, AtomicConfiguration structure, int[] owners)
    {
        if (StructureChecks.FindOverlap(structure) is not { } pair)
        {
            return structure;
        }

        CifSite first = sites[owners[pair.First]], second = sites[owners[pair.Second]];
        var other = second == first ? $"an image of itself (atoms {pair.First + 1} and {pair.Second + 1})" : $"{second.Label} (line {second.Line})";
        throw new MofException(
            ErrorKind.FileFormat,
            FormattableString.Invariant($"{first.Label} is {pair.Distance:0.000} Å from {other}"),
            $"{path}:{first.Line}",
            FormattableString.Invariant($"at least {StructureChecks.SmallestDistance} Å between any two atoms"),
            "Delete one of the two, or correct the symmetry.");
    }

    private sealed record ExpansionRequest(
        string Where, double[] Cell, string[] Operations, string? SpaceGroupName, int SpaceGroupNumber, double[][] Sites, int[] Numbers, bool Primitive, double Tolerance);

    private sealed record Expansion(double[][] Positions, int[] Owners, PrimitiveCell? Primitive);

    private sealed record PrimitiveCell(double[][] Cell, double[][] Positions, int[] Numbers);
}
