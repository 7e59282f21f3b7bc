using System.Globalization;

namespace MofInterop.CAbi.Tests;

/// <summary>A two-species SNAP model of our own with smooth random coefficients; cutoff up to 4.4 Å.</summary>
public sealed class TestModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-abi-");

    public TestModel()
    {
        var random = new Random(7);
        var lines = new List<string> { "2 15" };
        foreach (var head in (string[])["Si 0.55 1.0", "C 0.45 0.7"])
        {
            lines.Add(head);
            lines.AddRange(Enumerable.Range(0, 15).Select(_ => (0.04 * random.NextDouble() - 0.02).ToString("R", CultureInfo.InvariantCulture)));
        }

        File.WriteAllLines(CoefficientPath, lines);
        File.WriteAllText(ParameterPath, "rcutfac 4.0\ntwojmax 4\n");
    }

    public string CoefficientPath => Path.Combine(_folder.FullName, "toy.snapcoeff");

    public string ParameterPath => Path.Combine(_folder.FullName, "toy.snapparam");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
