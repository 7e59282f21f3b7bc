using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Cards;

/// <summary>From YAML nodes to a <see cref="ModelCard"/>.</summary>
internal static class ModelCardReader
{
    /// <summary>The version of the card format that this code reads and writes.</summary>
    public const int Format = 1;

    public static ModelCard Read(YamlMapping root)
    {
        CheckFormat(root.Text("format"));
        CheckUnits(root.Mapping("units"));
        var part = ReadPart(root, null);
        var card = new ModelCard
        {
            Kind = part.Kind,
            Species = part.Species,
            Files = part.Files,
            Zbl = part.Zbl,
            Dispersion = part.Dispersion,
            DeepPot = part.DeepPot,
            Nequip = part.Nequip,
            Mace = part.Mace,
            Allegro = part.Allegro,
            Sum = part.Sum,
            Reference = ReadReference(root.Mapping("reference")),
            Errors = [.. root.Mappings("errors").Select(ReadErrors)],
            TrainedRange = root.OptionalMapping("trained_range") is { } range ? ReadRange(range) : null,
            Provenance = root.OptionalMapping("provenance") is { } provenance ? ReadProvenance(provenance) : null,
        };
        root.Close();
        return card;
    }

    /// <summary>Reads what makes the potential: kind, species, files and the keys of its kind.</summary>
    /// <param name="mapping">A card, or a part of one.</param>
    /// <param name="sum">The species of the sum that it is a part of: then it need not name any. Null: it is a card.</param>
    public static CardPart ReadPart(YamlMapping mapping, IReadOnlyList<Species>? sum)
    {
        var kind = mapping.Text("kind").OneOf([.. ModelCard.KnownKinds]);
        var known = CardKind.All.GetValueOrDefault(kind);
        var species = ReadSpecies(mapping);
        if (species.Count == 0 && sum is null)
        {
            throw new MofException(ErrorKind.FileFormat, "the card has no species", mapping.Where, expected: "a list 'species' of labels");
        }

        var files = known is { HasFiles: true } ? mapping.Mapping("files") : known is null ? mapping.OptionalMapping("files") : null;
        var part = new CardPart { Kind = kind, Species = species, Files = files is null ? new Dictionary<string, CardFile>() : ReadFiles(files) };
        return known?.Read(mapping, part, species.Count > 0 ? species : sum!) ?? part;
    }

    private static void CheckFormat(YamlValue value)
    {
        if (value.Integer(1) != Format)
        {
            throw new MofException(ErrorKind.Unsupported, $"the card has format {value.Text}", value.Where, expected: $"format {Format}", remedy: "Use a later version of MofInterop.");
        }
    }

    private static void CheckUnits(YamlMapping units)
    {
        units.Text("energy").OneOf("eV");
        units.Text("length").OneOf("angstrom");
        units.Close();
    }

    private static List<Species> ReadSpecies(YamlMapping root)
    {
        var species = new List<Species>();
        foreach (var entry in root.Mappings("species"))
        {
            var label = entry.Text("label");
            var number = entry.OptionalText("atomic_number");
            var mass = entry.OptionalText("mass");
            if (species.Any(other => other.Label == label.Text))
            {
                throw new MofException(ErrorKind.FileFormat, $"species {label.Text} is repeated", label.Where, expected: "every label once");
            }

            if (number?.Integer(1) > 118)
            {
                throw number.Wrong("1 to 118");
            }

            if (mass is not null && !(mass.Number() > 0))
            {
                throw mass.Wrong("a positive number (atomic mass units)");
            }

            species.Add(new Species(label.Text, number?.Integer(1) ?? 0, mass?.Number() ?? 0));
            entry.Close();
        }

        return species;
    }

    private static Dictionary<string, CardFile> ReadFiles(YamlMapping files)
    {
        var result = new Dictionary<string, CardFile>(StringComparer.Ordinal);
        foreach (var role in files.AllKeys().ToList())
        {
            var entry = files.Mapping(role);
            result.Add(role, ReadFile(entry, "path"));
            entry.Close();
        }

        return result;
    }

    /// <summary>A file by its relative path and <c>sha256</c>.</summary>
    public static CardFile ReadFile(YamlMapping entry, string pathKey)
    {
        var path = entry.Text(pathKey);
        var sum = entry.Text("sha256");
        if (Path.IsPathRooted(path.Text))
        {
            throw path.Wrong("a path relative to the card, so that they can be moved together");
        }

        return sum.Text.Length == 64 && sum.Text.All(char.IsAsciiHexDigit)
            ? new CardFile(path.Text, sum.Text.ToLowerInvariant())
            : throw sum.Wrong("64 hexadecimal digits");
    }

    private static ReferenceMethod ReadReference(YamlMapping reference)
    {
        var result = new ReferenceMethod(
            reference.Text("method").Text,
            reference.Text("dispersion").OneOf("included", "not included") == "included",
            reference.OptionalText("program")?.Text);
        reference.Close();
        return result;
    }

    private static SetErrors ReadErrors(YamlMapping entry)
    {
        var result = new SetErrors(entry.Text("set").Text, entry.Text("frames").Integer(0))
        {
            EnergyRmse = entry.OptionalText("energy_rmse")?.Quantity(CardUnits.EnergyError),
            ForceRmse = entry.OptionalText("force_rmse")?.Quantity(CardUnits.ForceError),
            StressRmse = entry.OptionalText("stress_rmse")?.Quantity(CardUnits.StressError),
        };
        entry.Close();
        return result;
    }

    private static TrainedRange ReadRange(YamlMapping range)
    {
        var result = new TrainedRange
        {
            MinimumTemperature = range.OptionalText("minimum_temperature")?.Quantity(CardUnits.Temperature),
            MaximumTemperature = range.OptionalText("maximum_temperature")?.Quantity(CardUnits.Temperature),
            BondResolution = range.OptionalText("bond_resolution")?.Quantity(CardUnits.Length),
            AngleResolution = range.OptionalText("angle_resolution")?.Quantity(CardUnits.Degree),
            DihedralResolution = range.OptionalText("dihedral_resolution")?.Quantity(CardUnits.Degree),
            CellLengthResolution = range.OptionalText("cell_length_resolution")?.Quantity(CardUnits.Length),
            CellAngleResolution = range.OptionalText("cell_angle_resolution")?.Quantity(CardUnits.Radian),
            OccupiedBins = range.OptionalText("occupied_bins")?.Integer(0),
            ExtrapolationThreshold = range.OptionalText("extrapolation_threshold")?.Number(),
        };
        range.Close();
        return result;
    }

    private static Provenance ReadProvenance(YamlMapping provenance)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (provenance.OptionalMapping("versions") is { } programs)
        {
            foreach (var program in programs.AllKeys().ToList())
            {
                versions.Add(program, programs.Text(program).Text);
            }
        }

        var result = new Provenance { Recipe = provenance.OptionalText("recipe")?.Text, Versions = versions };
        provenance.Close();
        return result;
    }
}
