using MofInterop.ModelFiles.Dispersion;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Dispersion;

/// <summary>Tables for tests: the published one where a program that ships it is installed, and a made-up one.</summary>
internal static class DispersionData
{
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
        Skip.IfNot(File.Exists(DispersionFiles.PublishedTable), "cp2k-data is not installed: no " + DispersionFiles.PublishedTable);
        return DispersionTableFile.Read(DispersionFiles.PublishedTable);
    }

    /// <summary>A made-up table.</summary>
    public static DispersionTable MadeUp()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, DispersionFiles.TableText());
        var table = DispersionTableFile.Read(path);
        File.Delete(path);
        return table;
    }
}
