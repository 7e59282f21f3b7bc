using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="StructureStep"/>.</summary>
public sealed record StructureOptions
{
    /// <summary>File.</summary>
    [Parameter("The crystal structure: CIF, extended XYZ or POSCAR.")]
    public required InputFile File { get; init; }

    /// <summary>Cell.</summary>
    [Parameter("Which cell is simulated: the one in the file, or the primitive one of a CIF.")]
    public CellChoice Cell { get; init; } = CellChoice.AsGiven;

    /// <summary>Bond tolerance.</summary>
    [Parameter("Atoms are bonded when they are closer than the sum of their covalent radii plus this.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity BondTolerance { get; init; } = Quantity.Parse("0.3 angstrom");
}

/// <summary>Which cell of a crystal.</summary>
public enum CellChoice
{
    /// <summary>As in the file, symmetry expanded.</summary>
    AsGiven,

    /// <summary>The smallest.</summary>
    Primitive,
}

/// <summary>Reads the crystal, finds bonds and atom types.</summary>
/// <param name="services">Reads CIF files through Python.</param>
public sealed class StructureStep(StepServices services) : RecipeStep<StructureOptions>
{
    private const string ToleranceKey = "bond_tolerance";

    /// <summary>The input through which other steps take a structure.</summary>
    public static StepInput Input { get; } = new("structure", "structure", "The crystal with its atom types");

    /// <inheritdoc/>
    public override string Kind => "structure";

    /// <inheritdoc/>
    public override string Summary => "Reads a crystal structure and finds its bonds and atom types";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("structure", "structure", "The typed structure, extended XYZ"),
        new("types", "types", "Atom types with their counts"),
    ];

    /// <inheritdoc/>
    public override void Check(StructureOptions options, StepCheck check)
    {
        try
        {
            // Reading a CIF takes about a second; checks are synchronous because nothing else runs meanwhile.
            check.Publish("structure", LoadAsync(options, CancellationToken.None).GetAwaiter().GetResult());
        }
        catch (MofException error)
        {
            check.Problem("file", error);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(StructureOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = await LoadAsync(options, cancellation).ConfigureAwait(false);
        var types = AtomTyping.Assign(structure.Graph).Types;
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "structure.extxyz"), structure.Configuration);
        StepJson.Write(Path.Combine(context.OutputFolder, "types.json"), types);
        context.Say($"{structure.Configuration.Count} atoms: {string.Join(", ", types.Select(type => $"{type.Label} {type.Count}"))}");
        context.SetOutputFile("structure", "structure.extxyz");
        context.SetOutputFile("types", "types.json");
    }

    /// <summary>Reads what this step wrote.</summary>
    internal static TypedStructure Read(StepValue value)
    {
        var configuration = ExtendedXyz.Read(value.FilePath).Single();
        var tolerance = double.Parse(configuration.Info[ToleranceKey], CultureInfo.InvariantCulture);
        var settings = new BondSettings { Tolerance = tolerance };
        return configuration.Info.ContainsKey(TypedStructure.KeptTypesKey) ? TypedStructure.WithTypes(configuration, settings) : TypedStructure.Of(configuration, settings);
    }

    private async Task<TypedStructure> LoadAsync(StructureOptions options, CancellationToken cancellation)
    {
        var read = await services.Structures.ReadOneAsync(options.File.Path, options.Cell == CellChoice.Primitive, cancellation).ConfigureAwait(false);
        var tolerance = options.BondTolerance.Value;

        // The tolerance travels with the structure, so that every step finds the same bonds.
        var configuration = new AtomicConfiguration(read.Symbols, read.Positions, read.Cell, read.Periodic)
        {
            Info = new Dictionary<string, string> { [ToleranceKey] = tolerance.ToString("R", CultureInfo.InvariantCulture) },
        };
        return TypedStructure.Of(configuration, new BondSettings { Tolerance = tolerance });
    }
}
