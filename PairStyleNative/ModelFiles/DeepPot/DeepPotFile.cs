using MofInterop.ModelFiles.Hdf5;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

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
        RequireEmpty(model, "atom_exclude_types", "pair_exclude_types");
        model.Ignore("@class", "rcond", "preset_out_bias", "trainable");
        string[] labels = [.. model.Texts("type_map").Select(label => label.Text)];
        var variables = model.Mapping("@variables");
        var shift = PerSpecies(variables, "out_bias", labels.Length);
        var factor = PerSpecies(variables, "out_std", labels.Length);
        variables.Close();
        YamlMapping describing = model.Mapping("descriptor"), fitted = model.Mapping("fitting");
        var isSingle = IsSingle(describing) && IsSingle(fitted);
        var descriptor = DescriptorReader.Read(describing, labels.Length);
        var (fitting, bias) = ReadFitting(fitted, labels.Length);
        model.Close();
        return new DeepPotModel
        {
            Species = [.. labels.Select(label => species.FirstOrDefault(one => one.Label == label) ?? Named(label))],
            Cutoff = descriptor.Cutoff,
            SmoothFrom = descriptor.SmoothFrom,
            Places = descriptor.Places,
            AxisWidth = descriptor.AxisWidth,
            Scaling = descriptor.Scaling,
            Embedding = descriptor.Embedding,
            Excluded = descriptor.Excluded,
            SinglePrecision = isSingle,
            Fitting = [.. fitting.Select((network, t) => factor[t] == 1 ? network : Scaled(network, factor[t]))],
            Bias = [.. bias.Select((one, t) => one * factor[t] + shift[t])],
        };
    }

    // Half precisions, in which DeePMD-kit computes nothing but networks, are taken as single.
    private static bool IsSingle(YamlMapping part) => part.OptionalText("precision")?.OneOf("default", "float64", "double", "float32", "single", "float16", "half", "bfloat16") is not (null or "default" or "float64" or "double");

    private static Species Named(string label) => Elements.TryBySymbol(label, out var element) ? new Species(label, element!.AtomicNumber, element.Mass) : new Species(label, 0, 0);

    private static (DenseNetwork[] Networks, double[] Bias) ReadFitting(YamlMapping fitting, int count)
    {
        RequireFeature(fitting, "type", "ener", "a fitting network of type");
        RequireVersion(fitting, 4);
        foreach (var key in (string[])["numb_fparam", "numb_aparam"])
        {
            if (fitting.Integer(key, 0) > 0)
            {
                throw Unsupported($"the model takes parameters of frames or atoms ({key})", fitting.PlaceOf(key));
            }
        }

        foreach (var key in (string[])["atom_ener", "spin"])
        {
            if (!fitting.IsNull(key))
            {
                throw Unsupported($"the fitting network has '{key}'", fitting.PlaceOf(key));
            }
        }

        if (fitting.Flag("mixed_types"))
        {
            throw Unsupported("one fitting network serves all types (mixed_types, as with a type embedding)", fitting.PlaceOf("mixed_types"));
        }

        RequireEmpty(fitting, "exclude_types");
        fitting.Ignore(
            "@class", "activation_function", "dim_descrpt", "dim_out", "layer_name", "neuron", "ntypes", "precision", "rcond", "resnet_dt", "tot_ener_zero", "trainable", "type_map",
            "use_aparam_as_mask", "var_name", "numb_fparam", "numb_aparam", "dim_case_embd", "default_fparam");
        var variables = fitting.Mapping("@variables");
        var bias = PerSpecies(variables, "bias_atom_e", count);
        foreach (var key in (string[])["fparam_avg", "fparam_inv_std", "aparam_avg", "aparam_inv_std", "case_embd", "default_fparam_tensor"])
        {
            _ = variables.IsNull(key);
        }

        variables.Close();
        var networks = NetworkReader.ReadCollection(fitting.Mapping("nets"), "fitting_network", 1, count);
        fitting.Close();
        return ([.. networks], bias);
    }

    // [1][species][1], [species][1] or [species].
    private static double[] PerSpecies(YamlMapping variables, string key, int count)
    {
        var values = variables.Variable(key).Values;
        return values.Length == count ? values : throw new MofException(ErrorKind.FileFormat, $"'{key}' has {values.Length} numbers", variables.PlaceOf(key), $"{count}, one for each type");
    }

    // The last layer is linear: what it gives is scaled by its weights.
    private static DenseNetwork Scaled(DenseNetwork network, double factor)
    {
        var last = network.Layers[^1];
        if (last.Activation != Activation.Linear || last.Copies > 0)
        {
            throw new MofException(ErrorKind.Unsupported, "energies are scaled (out_std) behind a last layer that is not linear", remedy: Remedy);
        }

        double[] Times(double[] values) => [.. values.Select(value => factor * value)];
        return new DenseNetwork([.. network.Layers.SkipLast(1), last with { Weights = Times(last.Weights), Bias = last.Bias is { } bias ? Times(bias) : null }], "fitting network");
    }

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

    internal static void RequireEmpty(YamlMapping mapping, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (!mapping.IsNull(key) && mapping.NestedNumbers(key).Values.Length > 0)
            {
                throw Unsupported($"types are excluded ({key})", mapping.PlaceOf(key));
            }
        }
    }

    internal static MofException Unsupported(string what, string where, string? expected = null) => new(ErrorKind.Unsupported, what, where, expected, Remedy);
}
