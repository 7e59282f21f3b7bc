using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Mace;

namespace MofInterop.ModelFiles.Mace;

/// <summary>Reads MACE models: those that MACE saves (<c>.model</c>), and what <c>mofinterop.convert_mace</c> makes of them (<c>.safetensors</c>). Units are eV and Å.</summary>
public static class MaceFile
{
    private const string DescriptionKey = "mace";

    // More are not in one simulation: a card for all elements of such a model was not thought of.
    private const int MostElements = 20;

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="species">Those that are wanted, with atomic numbers; null: all elements of the model.</param>
    /// <param name="choice">What the file leaves open; null: nothing.</param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: not such a file, damaged, an element that the model does not know; <see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name.
    /// </exception>
    public static MaceModel Read(string path, IReadOnlyList<Species>? species = null, MaceChoice? choice = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return MaceBuilder.Build(Describe(path), species, choice ?? MaceChoice.None);
    }

    /// <summary>Reads a model for those of some species that it knows.</summary>
    internal static MaceModel ReadKnown(string path, IReadOnlyList<Species> species, MaceChoice choice)
    {
        var description = Describe(path);
        List<Species> known = [.. species.Where(one => description.AtomicNumbers.Contains(one.AtomicNumber))];
        return known.Count > 0
            ? MaceBuilder.Build(description, known, choice)
            : throw new MofException(ErrorKind.FileFormat, "the model knows none of the species", path, "species with the atomic numbers " + string.Join(", ", description.AtomicNumbers));
    }

    /// <summary>Reads a model for elements by their symbols; null: for all that it knows, if these are few.</summary>
    internal static MaceModel ReadElements(string path, IReadOnlyList<string>? symbols, MaceChoice choice)
    {
        var description = Describe(path);
        if (symbols is null && description.AtomicNumbers.Count > MostElements)
        {
            throw new MofException(
                ErrorKind.InvalidArgument, $"the model knows {description.AtomicNumbers.Count} elements", path, "those that the card is for, such as --species Zn,O,C,H",
                $"It knows {string.Join(' ', description.AtomicNumbers.Select(number => Elements.ByAtomicNumber(number).Symbol))}. All of them in one card would take the memory of all.");
        }

        List<Species>? species = symbols is null ? null : [.. symbols.Select(symbol => Elements.TryBySymbol(symbol, out var element) && element is not null
            ? new Species(element.Symbol, element.AtomicNumber, element.Mass)
            : throw new MofException(ErrorKind.InvalidArgument, $"'{symbol}' is no element", expected: "symbols such as Zn"))];
        return MaceBuilder.Build(description, species, choice);
    }

    private static MaceDescription Describe(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal) ? ReadConverted(path) : MaceArchive.Read(path);

    private static MaceDescription ReadConverted(string path)
    {
        var file = SafeTensors.SafeTensorsFile.Read(path);
        return file.Metadata.TryGetValue(DescriptionKey, out var description)
            ? MaceText.Read(description, file.Tensors.ToDictionary(one => one.Key, one => new MaceTensor(one.Value.Shape, one.Value.Values), StringComparer.Ordinal), path)
            : throw new MofException(ErrorKind.FileFormat, "the file does not say what model its numbers make", path, $"a text '{DescriptionKey}' in its metadata, as mofinterop.convert_mace writes it");
    }
}
