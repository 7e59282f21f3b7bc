using MofInterop.ModelFiles.Dispersion;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;

namespace MofInterop.Potentials.Tests.Dispersion;

/// <summary>Tables for tests: the published one where a program that ships it is installed, and a made-up one.</summary>
internal static class DispersionData
{
    private const string PublishedPath = "/usr/share/cp2k/dftd3.dat";

    /// <summary>Units of the program that made the reference values: LAMMPS's pair_dispersion_d3.</summary>
    public static DispersionUnits LammpsUnits => new(0.52917725, 27.21140795);

    public static DispersionSettings BeckeJohnson(double cutoff = 12, double coordination = 10, double switching = 0) =>
        new(Functional("PBE").BeckeJohnson!, cutoff, coordination, switching);

    public static DispersionSettings Zero(double cutoff = 12, double coordination = 10, double switching = 0) =>
        new(Functional("PBE").Zero!, cutoff, coordination, switching);

    public static DispersionFunctional Functional(string name) =>
        DispersionFunctional.TryFind(name, out var found) ? found : throw new ArgumentException(name);

    public static Species[] Species(params string[] symbols) =>
        [.. symbols.Select(Elements.BySymbol).Select(e => new Species(e.Symbol, e.AtomicNumber, e.Mass))];

    /// <summary>The table of the D3 papers, from the package cp2k-data.</summary>
    public static DispersionTable Published()
    {
        Skip.IfNot(File.Exists(PublishedPath), "cp2k-data is not installed: no " + PublishedPath);
        return DispersionTableFile.Read(PublishedPath);
    }

    /// <summary>A table of hydrogen, carbon, oxygen and zinc with made-up numbers of the right size, for tests that need no true ones.</summary>
    public static DispersionTable MadeUp()
    {
        (int Element, double[] Coordination)[] references = [(1, [0.9, 0]), (6, [0, 1, 2, 3, 4]), (8, [0, 1, 2]), (30, [0, 2])];
        var atoms = references.SelectMany(r => r.Coordination.Select((number, n) => (r.Element, Reference: n, Number: number))).ToArray();
        var entries = new List<DispersionTableEntry>();
        for (var a = 0; a < atoms.Length; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var coefficient = (4 + 0.5 * atoms[a].Element) * (4 + 0.5 * atoms[b].Element) / (1 + 0.2 * atoms[a].Number) / (1 + 0.2 * atoms[b].Number);
                entries.Add(new(coefficient, atoms[a].Element, atoms[a].Reference, atoms[b].Element, atoms[b].Reference, atoms[a].Number, atoms[b].Number));
            }
        }

        return new DispersionTable(entries);
    }
}
