using System.Text.Json;
using MofInterop.Benchmarks;
using MofInterop.Learning;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Comparison;

/// <summary>Atoms and the SNAP files that describe them.</summary>
internal sealed record Workload
{
    /// <summary>Stem of the files.</summary>
    public required string Name { get; init; }

    /// <summary>Typed atoms.</summary>
    public required AtomicConfiguration Atoms { get; init; }

    /// <summary>Type labels in the order of LAMMPS's types.</summary>
    public required IReadOnlyList<LammpsType> Types { get; init; }

    /// <summary>snapcoeff.</summary>
    public required string CoefficientFile { get; init; }

    /// <summary>snapparam.</summary>
    public required string ParameterFile { get; init; }

    /// <summary>
    /// Atoms are held at their places by springs of this stiffness, eV/Å²; 0: they are not. For coefficients that are noise, and for published models that need a
    /// repulsive part (ZBL) which isn't measured. Atoms then move as in a crystal at 300 K.
    /// </summary>
    public double Tether { get; init; }
}

/// <summary>Makes the workloads; their files go to one folder.</summary>
internal sealed class Workloads(string folder)
{
    private static readonly string[] _mof5Labels = ["C3a", "C3b", "C3c", "H1a", "O2a", "O4a", "Zn4a"];

    // Radii and weights of the published ZIF-8 model; with them as many neighbours are in reach as in use.
    private static readonly double[] _radii = [0.461, 0.445, 0.473, 0.277, 0.452, 0.452, 0.417];
    private static readonly double[] _weights = [1.047, 0.894, 0.977, 0.781, 1.184, 1.184, 0.291];

    /// <summary>Where the files are.</summary>
    public string Folder { get; } = folder;

    /// <summary>MOF-5, 7 species, 2J = 8, coefficients noise: 424 atoms, or the primitive cell's 106.</summary>
    public Workload Mof5(bool primitive = false)
    {
        var crystal = Crystal.Mof5(1, primitive);
        var (coefficients, parameters) = WriteNoise("mof5", Mof5Model());
        return Make(primitive ? "mof5-106" : "mof5-424", crystal, _mof5Labels, coefficients, parameters) with { Tether = 20 };
    }

    /// <summary>The model of <see cref="Mof5"/>.</summary>
    public static SnapModel Mof5Model()
    {
        var parameters = new SnapParameters { CutoffFactor = 4.0, TwoJMax = 8, AngleFactor = 0.95393876 };
        var count = SnapModel.CoefficientCountOf(SnapIndices.ComponentCount(parameters.TwoJMax), quadratic: false);
        var noise = new Random(7);
        return new SnapModel(parameters, [.. _mof5Labels.Select((label, s) =>
            new SnapSpecies(label, _radii[s], _weights[s], [.. Enumerable.Range(0, count).Select(_ => 2e-4 * (noise.NextDouble() - 0.5))]))]);
    }

    /// <summary>MOF-5 with <c>chemflag</c>: 4 species, the elements, each with its own density; 2J = 8, coefficients noise; 424 atoms.</summary>
    public Workload Mof5ByElement()
    {
        int[] elements = [0, 0, 0, 1, 2, 2, 3];
        string[] labels = ["C", "H", "O", "Zn"];
        var parameters = new SnapParameters { CutoffFactor = 4.0, TwoJMax = 8, AngleFactor = 0.95393876, Chemical = true };
        var count = SnapModel.CoefficientCountOf(64 * SnapIndices.ComponentCount(parameters.TwoJMax), quadratic: false);
        var noise = new Random(8);
        var model = new SnapModel(parameters, [.. labels.Select((_, s) => Array.IndexOf(elements, s)).Select((type, s) =>
            new SnapSpecies(labels[s], _radii[type], _weights[type], [.. Enumerable.Range(0, count).Select(_ => 2e-5 * (noise.NextDouble() - 0.5))]))]);
        var crystal = Crystal.Mof5(1);
        var (coefficients, parameterFile) = WriteNoise("mof5-chem", model);
        return Make("mof5-chem-424", crystal with { Types = [.. crystal.Types.Select(type => elements[type])] }, labels, coefficients, parameterFile) with { Tether = 20 };
    }

    /// <summary>bcc crystal of a published model, <c>repeats</c> conventional cells along each axis.</summary>
    public static Workload Bcc(string symbol, double lattice, (int X, int Y, int Z) repeats, string potential)
    {
        var crystal = Crystal.Bcc(symbol, lattice, repeats, 2);
        return Make($"{symbol}-{crystal.Types.Length}", crystal, [symbol], Published(potential + SnapFiles.CoefficientExtension), Published(potential + SnapFiles.ParameterExtension)) with { Tether = 200 };
    }

    /// <summary>One atom of tungsten in a simple cubic cell.</summary>
    public static Workload SingleAtom(string potential) =>
        Make("W-1", new Crystal("W", new Cell([2.7, 0, 0, 0, 2.7, 0, 0, 0, 2.7]), [0, 0, 0], [0]), ["W"], Published(potential + SnapFiles.CoefficientExtension), Published(potential + SnapFiles.ParameterExtension));

    /// <summary>Zinc-blende InP, 216 atoms, the published model with <c>chemflag</c>.</summary>
    public static Workload IndiumPhosphide()
    {
        var crystal = Crystal.ZincBlende("InP", 5.83, 3, 4);
        const string Potential = "InP_JCPA2020";
        return Make("InP-216", crystal, ["In", "P"], Published(Potential + SnapFiles.CoefficientExtension), Published(Potential + SnapFiles.ParameterExtension)) with { Tether = 20 };
    }

    /// <summary>ZIF-8, 138 atoms, published model.</summary>
    public static Workload Zif8()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Reference("snap/ZIF8_published_equilibrium.json")));
        var root = json.RootElement;
        double[] Numbers(string name) => [.. root.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray().Select(x => x.GetDouble()))];
        string[] labels = [.. root.GetProperty("types").EnumerateArray().Select(t => t.GetString()!)];
        int[] types = [.. root.GetProperty("type").EnumerateArray().Select(t => Array.IndexOf(labels, t.GetString()))];
        var crystal = new Crystal("ZIF-8", new Cell(Numbers("cell")), Numbers("positions"), types);
        return Make("zif8-138", crystal, labels, Published("zif8.snapcoeff"), Published("zif8.snapparam"));
    }

    /// <summary>A card of <see cref="Mof5"/>'s potential with extrapolation grades; the training set is a few rattled cells.</summary>
    public string GradedCard(Workload workload)
    {
        var model = Mof5Model();
        var grades = TrainingGrades.Of(model, TrainingRun.Frames(10)) ?? throw new InvalidOperationException("a linear model has grades");
        var file = Path.Combine(Folder, "graded" + SnapGradesFile.Extension);
        SnapGradesFile.Write(file, new SnapModel(model.Parameters, model.Species) { Grades = grades });
        var card = Path.Combine(Folder, "graded" + ModelCard.Extension);
        ModelCardFile.Write(card, new ModelCard
        {
            Kind = "snap",
            Species = [.. workload.Types.Select(t => new Species(t.Label, Elements.BySymbol(t.Symbol).AtomicNumber, t.Mass))],
            Files = new Dictionary<string, CardFile>
            {
                ["coefficients"] = ModelCardFile.Describe(card, workload.CoefficientFile),
                ["parameters"] = ModelCardFile.Describe(card, workload.ParameterFile),
                ["grades"] = ModelCardFile.Describe(card, file),
            },
            Reference = new ReferenceMethod("none: noise", DispersionIncluded: false),
        });
        return card;
    }

    /// <summary>A card of <see cref="Mof5"/>'s potential with PBE-D3(BJ), dispersion up to 12 Å, coordination numbers up to 10 Å.</summary>
    public string DispersionCard(Workload workload)
    {
        const string Installed = "/usr/share/cp2k/dftd3.dat";
        if (!File.Exists(Installed))
        {
            throw new MofException(ErrorKind.FileFormat, $"{Installed} is absent", remedy: "apt-get install cp2k-data");
        }

        var table = Path.Combine(Folder, "dftd3.dat");
        File.Copy(Installed, table, overwrite: true);
        var card = Path.Combine(Folder, "d3" + ModelCard.Extension);
        string Entry(string path) => $"{{path: {Path.GetFileName(path)}, sha256: {ModelCardFile.Describe(card, path).Sha256}}}";
        var species = string.Join('\n', workload.Types.Select(t => $"  - {{label: {t.Label}, atomic_number: {Elements.BySymbol(t.Symbol).AtomicNumber}}}"));
        File.WriteAllText(card, $$"""
            format: 1
            kind: sum
            species:
            {{species}}
            units: {energy: eV, length: angstrom}
            reference: {method: noise, dispersion: included}
            parts:
              - kind: snap
                files:
                  coefficients: {{Entry(workload.CoefficientFile)}}
                  parameters: {{Entry(workload.ParameterFile)}}
              - kind: d3
                files:
                  parameters: {{Entry(table)}}
                damping: bj
                functional: pbe
                cutoff: 12 angstrom
                coordination_cutoff: 10 angstrom

            """);
        return card;
    }

    private static Workload Make(string name, Crystal crystal, string[] labels, string coefficients, string parameters)
    {
        // C3a is carbon.
        string[] symbols = [.. labels.Select(label => string.Concat(label.TakeWhile(c => !char.IsDigit(c))))];
        var atoms = new AtomicConfiguration([.. crystal.Types.Select(t => symbols[t])], crystal.Positions, crystal.Cell, periodic: true) { Types = [.. crystal.Types.Select(t => labels[t])] };
        return new Workload
        {
            Name = name,
            Atoms = atoms,
            Types = [.. labels.Zip(symbols, (label, symbol) => new LammpsType(label, symbol, Elements.BySymbol(symbol).Mass))],
            CoefficientFile = coefficients,
            ParameterFile = parameters,
        };
    }

    private (string Coefficients, string Parameters) WriteNoise(string stem, SnapModel model)
    {
        Directory.CreateDirectory(Folder);
        var coefficients = Path.Combine(Folder, stem + SnapFiles.CoefficientExtension);
        var parameters = Path.Combine(Folder, stem + SnapFiles.ParameterExtension);
        SnapFiles.Write(model, coefficients, parameters, "noise, for timing only");
        return (coefficients, parameters);
    }

    private static string Published(string file) => Reference("snap/potentials/" + file);

    private static string Reference(string path) => ReferenceData.Find(path)
        ?? throw new MofException(ErrorKind.FileFormat, $"reference data absent: {path}", remedy: "Set MOFINTEROP_REFERENCE.");
}
