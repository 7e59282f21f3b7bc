using System.Globalization;
using System.Security.Cryptography;

namespace MofInterop.TestKit;

/// <summary>
/// A small potential of every kind that a model card can name, for tests that all kinds have to pass. The weights of NequIP and MACE are reference data, which is not everywhere; all others are in the repository or
/// made up here.
/// </summary>
public sealed class SampleModel
{
    private readonly string _settings;

    private SampleModel(string kind, string cardPath, string? weightPath, string role, string settings, (string Label, int AtomicNumber)[] species)
    {
        (Kind, CardPath, WeightPath, Role, _settings, Species) = (kind, cardPath, weightPath, role, settings, species);
    }

    /// <summary>Kinds whose weights are a file that another program has written.</summary>
    public static IReadOnlyList<string> NeuralKinds { get; } = ["deeppot", "nequip", "mace", "allegro"];

    /// <summary>Weight files in every format that is read; what <see cref="Write"/> takes.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. NeuralKinds, "deeppot.dp", "mace.safetensors"];

    /// <summary>All kinds but SNAP, and sums of a neural one with ZBL: one that runs in stages and one that does not.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. NeuralKinds, "zbl", "d3", "allegro+zbl", "nequip+zbl"];

    /// <summary>As in <see cref="Kinds"/>.</summary>
    public string Kind { get; }

    /// <summary>The model card.</summary>
    public string CardPath { get; }

    /// <summary>The weight file, or null where there is none.</summary>
    public string? WeightPath { get; }

    /// <summary>What the card calls the weight file.</summary>
    public string Role { get; }

    /// <summary>Species in the order of the card.</summary>
    public IReadOnlyList<(string Label, int AtomicNumber)> Species { get; }

    /// <summary>Whether ghosts have to be told what was found for their owners.</summary>
    public static bool IsStaged(string kind) => kind is "nequip" or "mace" or "d3" or "nequip+zbl";

    /// <summary>Writes a model into a folder.</summary>
    /// <param name="kind">One of <see cref="Kinds"/> or <see cref="Formats"/>.</param>
    /// <param name="folder">Must exist.</param>
    /// <returns>Null where the reference data, or the modules of Python, that it needs are not here.</returns>
    public static SampleModel? Write(string kind, string folder)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (kind.EndsWith("+zbl", StringComparison.Ordinal))
        {
            return Write(kind[..^4], folder) is { } part ? Sum(kind, part, folder) : null;
        }

        var sample = kind switch
        {
            "deeppot" => new SampleModel(kind, "", Text(folder, "zno.yaml", DeepPotText.Of()), "weights", "", [("Zn", 30), ("O", 8)]),
            "deeppot.dp" => new SampleModel("deeppot", "", DeepPotText.WriteHdf5(Text(folder, "zno.yaml", DeepPotText.Of()), Path.Combine(folder, "zno.dp"), "{}"), "weights", "", [("Zn", 30), ("O", 8)]),
            "allegro" => new SampleModel(kind, "", Copy(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Allegro", "full.pth"), folder), "model", "", [("H", 1), ("C", 6), ("N", 7), ("Zn", 30)]),
            "nequip" => new SampleModel(kind, "", Copy(ReferenceData.Find("nequip/toluene.nequip.pth"), folder), "model", "energy_unit: kcal/mol\n", [("H", 1), ("C", 6)]),
            "mace" => new SampleModel(kind, "", Copy(ReferenceData.Find("mace/run123/run123.model"), folder), "model", "", [("H", 1), ("C", 6), ("O", 8)]),
            "mace.safetensors" => new SampleModel("mace", "", Converted("run123", folder), "model", "", [("H", 1), ("C", 6), ("O", 8)]),
            "zbl" => new SampleModel(kind, "", null, "", "inner: 1.2 angstrom\nouter: 3 angstrom\n", [("Si", 14), ("C", 6)]),
            "d3" => new SampleModel(kind, DispersionFiles.WriteCard(folder, DispersionFiles.Settings, [("Si", 14), ("C", 6)]), Path.Combine(folder, "d3.dat"), "parameters", DispersionFiles.Settings, [("Si", 14), ("C", 6)]),
            _ => throw new ArgumentException($"there is no sample of kind {kind}", nameof(kind)),
        };
        return sample.Role.Length > 0 && sample.WeightPath is null ? null
            : sample.CardPath.Length > 0 ? sample
            : sample.At(Path.Combine(folder, kind + ".mof.yaml"));
    }

    /// <summary>Writes the card again, after its weight file has changed.</summary>
    /// <param name="kind">What it says about the kind; null: the truth.</param>
    /// <param name="weightPath">Another weight file in the same folder, or null.</param>
    public void WriteCard(string? kind = null, string? weightPath = null)
    {
        var species = string.Join(", ", Species.Select(one => string.Create(CultureInfo.InvariantCulture, $"{{label: {one.Label}, atomic_number: {one.AtomicNumber}}}")));
        weightPath ??= WeightPath;
        var files = weightPath is null ? "" : $"files:\n  {Role}: {{path: {Path.GetFileName(weightPath)}, sha256: \"{Checksum(weightPath)}\"}}\n";
        File.WriteAllText(CardPath, $"format: 1\nkind: {kind ?? Kind}\nspecies: [{species}]\n{files}{_settings}units: {{energy: eV, length: angstrom}}\nreference: {{method: none, dispersion: not included}}\n");
    }

    private SampleModel At(string cardPath)
    {
        var model = new SampleModel(Kind, cardPath, WeightPath, Role, _settings, [.. Species]);
        model.WriteCard();
        return model;
    }

    private static SampleModel Sum(string kind, SampleModel part, string folder)
    {
        var parts = $"parts:\n  - {{card: {Path.GetFileName(part.CardPath)}, sha256: \"{Checksum(part.CardPath)}\"}}\n  - {{kind: zbl, inner: 0.8 angstrom, outer: 1.6 angstrom}}\n";
        var sum = new SampleModel("sum", Path.Combine(folder, kind + ".mof.yaml"), null, "", parts, [.. part.Species]);
        sum.WriteCard();
        return new SampleModel(kind, sum.CardPath, null, "", parts, [.. part.Species]);
    }

    private static string? Converted(string name, string folder)
    {
        if (ReferenceData.Find($"mace/{name}/hyper.json") is not { } description)
        {
            return null;
        }

        var path = Path.Combine(folder, name + ".safetensors");
        SafeTensorsText.Write(path, new Dictionary<string, string> { ["mace"] = File.ReadAllText(description) }, NumpyArray.ReadArchive(ReferenceData.Find($"mace/{name}/weights.npz")!));
        return path;
    }

    private static string Text(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    // Reference data may be read-only: the copy is not.
    private static string? Copy(string? path, string folder)
    {
        if (path is null)
        {
            return null;
        }

        var target = Path.Combine(folder, Path.GetFileName(path));
        File.WriteAllBytes(target, File.ReadAllBytes(path));
        return target;
    }

    private static string Checksum(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
