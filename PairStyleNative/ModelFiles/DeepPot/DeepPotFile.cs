using MofInterop.ModelFiles.Hdf5;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>
/// Reads models that DeePMD-kit has written as YAML or as its own <c>.dp</c> (HDF5): <c>dp convert-backend frozen_model.pb model.dp</c> makes such a file of any of its
/// models (deepmd/dpmodel/utils/serialization.py). Units are eV and Å.
/// </summary>
public static class DeepPotFile
{
    private const string Description = "DeePMD-kit model in YAML";
    private const string Remedy = "A model without it, or DeePMD-kit itself.";

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="species">Atomic number and mass by label, for names of the model's <c>type_map</c>; those that are no element and not here have none.</param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/> with file:line:column: not such a file, a key that is missing or unknown, weights of the wrong shape;
    /// <see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name.
    /// </exception>
    public static DeepPotModel Read(string path, IReadOnlyList<Species>? species = null)
    {
        var root = ReadRoot(path);
        var model = root.Mapping("model");
        try
        {
            return ReadModel(model, species ?? []).Checked();
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, e.Where is null ? path : $"{path}, {e.Where}", e.Expected, e.Remedy, e);
        }
    }

    // A .dp file has the same text as JSON, with the names of datasets where YAML has numbers.
    private static YamlMapping ReadRoot(string path)
    {
        if (!Hdf5File.IsOne(path))
        {
            return YamlText.ReadMapping(path, Description);
        }

        var file = Hdf5File.Read(path);
        return YamlText.ParseMapping(file.Attribute("json"), $"{path}, attribute json", Description, file.Dataset);
    }

    private static DeepPotModel ReadModel(YamlMapping model, IReadOnlyList<Species> species)
    {
        RequireFeature(model, "type", "standard", "a model of type");
        RequireVersion(model, 2);
        model.Ignore("@class", "rcond", "preset_out_bias", "trainable");
        string[] labels = [.. model.Texts("type_map").Select(label => label.Text)];
        var variables = model.Mapping("@variables");
        var shift = variables.PerSpecies("out_bias", labels.Length);
        // Of energies DeePMD-kit keeps the deviation and does not use it.
        variables.Ignore("out_std");
        variables.Close();
        YamlMapping describing = model.Mapping("descriptor"), fitted = model.Mapping("fitting");
        var isSingle = IsSingle(describing) && IsSingle(fitted);
        var descriptor = DescriptorReader.Read(describing, labels.Length);
        var fitting = FittingReader.Read(fitted, labels.Length, descriptor);
        HashSet<int> silent = [.. model.TypesOf("atom_exclude_types", labels.Length)];
        var removed = model.PairsOfTypes("pair_exclude_types", labels.Length);
        model.Close();
        return new DeepPotModel
        {
            Species = [.. labels.Select(label => species.FirstOrDefault(one => one.Label == label) ?? Named(label))],
            Cutoff = descriptor.Cutoff,
            SmoothFrom = descriptor.SmoothFrom,
            Protection = descriptor.Protection,
            Places = descriptor.Places,
            AxisWidth = descriptor.AxisWidth,
            Scaling = descriptor.Scaling,
            Embedding = descriptor.Embedding,
            Modulation = descriptor.Modulation,
            Excluded = descriptor.Excluded,
            Removed = removed,
            SinglePrecision = isSingle,
            Fitting = [.. fitting.Networks.Select((network, t) => silent.Contains(t) ? FittingReader.Zero(network.Inputs) : network)],
            Bias = [.. fitting.Bias.Select((one, t) => silent.Contains(t) ? 0 : one + shift[t])],
        };
    }

    // Half precisions, in which DeePMD-kit computes nothing but networks, are taken as single.
    private static bool IsSingle(YamlMapping part) => part.OptionalText("precision")?.OneOf("default", "float64", "double", "float32", "single", "float16", "half", "bfloat16") is not (null or "default" or "float64" or "double");

    private static Species Named(string label) => Elements.TryBySymbol(label, out var element) ? new Species(label, element!.AtomicNumber, element.Mass) : new Species(label, 0, 0);

    internal static void RequireFeature(YamlMapping mapping, string key, string value, string what)
    {
        if (mapping.Text(key) is var found && found.Text != value)
        {
            throw Unsupported($"{what} '{found.Text}'", found.Where, $"'{value}'");
        }
    }

    internal static void RequireVersion(YamlMapping mapping, int most)
    {
        if (mapping.OptionalText("@version") is { } version && version.Integer(1) > most)
        {
            throw Unsupported($"version {version.Text} of this part of the file", version.Where, $"at most {most}");
        }
    }

    internal static MofException Unsupported(string what, string where, string? expected = null) => new(ErrorKind.Unsupported, what, where, expected, Remedy);
}
