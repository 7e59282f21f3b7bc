using System.Security.Cryptography;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Tests;

/// <summary>A folder of model files that goes when the test ends.</summary>
public sealed class ModelFolder : IDisposable
{
    public const string Parameters = "rcutfac 4.0\ntwojmax 2\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-model-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>The text of a coefficient file for <see cref="Parameters"/>: two species of six coefficients.</summary>
    public static string Coefficients(params string[] labels) =>
        $"# a comment\n\n{labels.Length} 6\n" + string.Concat(labels.Select((label, n) => $"{label} 0.5 {n + 1}\n-1.5\n0.1\n.2\n3e-2\n4\n-5E0\n"));

    /// <summary>The text of a coefficient file with as many coefficients as wanted.</summary>
    public static string Coefficients(int count, params string[] labels) =>
        $"{labels.Length} {count}\n" + string.Concat(labels.Select((label, n) => $"{label} 0.5 {n + 1}\n" + string.Concat(Enumerable.Range(0, count).Select(k => $"{k / 8m}\n"))));

    /// <summary>Writes model.snapcoeff, model.snapparam and a card for them.</summary>
    public string WriteCard(Func<string, string>? change = null)
    {
        var coefficients = Write("model.snapcoeff", Coefficients("C3a", "Zn4a"));
        var parameters = Write("model.snapparam", Parameters);
        var text = $"""
            format: 1
            kind: snap
            species:
              - label: C3a
                atomic_number: 6
                mass: 12.011
              - label: Zn4a
                atomic_number: 30
                mass: 65.38
            files:
              coefficients: {"{"}path: model.snapcoeff, sha256: "{Checksum(coefficients)}"{"}"}
              parameters: {"{"}path: model.snapparam, sha256: "{Checksum(parameters)}"{"}"}
            units:
              energy: eV
              length: angstrom
            reference:
              method: PBE
              program: CP2K 2023.1
              dispersion: not included
            errors:
              - set: training
                frames: 70
                energy_rmse: 0.5 meV/atom
                force_rmse: 102 meV/angstrom
            trained_range:
              maximum_temperature: 300 K
              bond_resolution: 0.05 angstrom
            provenance:
              recipe: mof5-quickstart
              versions:
                cp2k: "2023.1"

            """;
        return Write("model.mof.yaml", change is null ? text : change(text));
    }

    /// <summary>The error that an action must end with.</summary>
    public static MofException Failure(Action action) => Should.Throw<MofException>(action);

    /// <summary>Every number of two models, compared bit by bit.</summary>
    public static void ShouldBeTheSame(SnapModel found, SnapModel expected)
    {
        found.Parameters.ShouldBe(expected.Parameters);
        found.Species.Count.ShouldBe(expected.Species.Count);
        for (var s = 0; s < found.Species.Count; s++)
        {
            var (one, other) = (found.Species[s], expected.Species[s]);
            one.Label.ShouldBe(other.Label);
            Bits(one.Radius).ShouldBe(Bits(other.Radius));
            Bits(one.Weight).ShouldBe(Bits(other.Weight));
            Bits(one.InnerSwitchCenter).ShouldBe(Bits(other.InnerSwitchCenter));
            Bits(one.InnerSwitchHalfWidth).ShouldBe(Bits(other.InnerSwitchHalfWidth));
            one.Coefficients.ToArray().Select(Bits).ShouldBe(other.Coefficients.ToArray().Select(Bits));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    internal static string Checksum(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
