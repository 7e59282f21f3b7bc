using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>What the fitting network of a file gives to the atoms of each type.</summary>
/// <param name="Networks">By type, of the descriptor alone.</param>
/// <param name="Bias">By type, eV.</param>
internal sealed record FittingContent(DenseNetwork[] Networks, double[] Bias);

/// <summary>
/// Reads fitting networks of energies (deepmd/dpmodel/fitting/general_fitting.py), one for each type or one for all. Behind the descriptor they may take numbers that are the same for all atoms of a type:
/// its embedding, parameters of frames at their default, the embedding of a case.
/// </summary>
internal static class FittingReader
{
    public static FittingContent Read(YamlMapping fitting, int count, DescriptorContent descriptor)
    {
        DeepPotFile.RequireFeature(fitting, "type", "ener", "a fitting network of type");
        DeepPotFile.RequireVersion(fitting, 4);
        if (fitting.OptionalText("numb_aparam") is { } parameters && parameters.Integer(0) > 0)
        {
            throw DeepPotFile.Unsupported("the model takes parameters of atoms (numb_aparam)", parameters.Where);
        }

        if (!fitting.IsNull("spin"))
        {
            throw DeepPotFile.Unsupported("the fitting network has 'spin'", fitting.PlaceOf("spin"));
        }

        fitting.Ignore(
            "@class", "activation_function", "dim_descrpt", "dim_out", "layer_name", "neuron", "ntypes", "precision", "rcond", "resnet_dt", "tot_ener_zero", "trainable", "type_map", "use_aparam_as_mask", "var_name");
        var mixed = fitting.Flag("mixed_types");
        var variables = fitting.Mapping("@variables");
        var bias = variables.PerSpecies("bias_atom_e", count);
        double[] constants = [.. ReadDefaults(fitting, variables), .. ReadCase(fitting, variables)];
        variables.Ignore("aparam_avg", "aparam_inv_std", "default_fparam_tensor");
        variables.Close();
        var read = NetworkReader.ReadCollection(fitting.Mapping("nets"), "fitting_network", mixed ? 0 : 1, count);
        var embedding = descriptor.TypeEmbedding;
        double[] ConstantsOf(int type) => embedding is null ? constants : [.. embedding[type], .. constants];
        DenseNetwork[] networks = [.. Enumerable.Range(0, count).Select(type => ConstantInputs.Fold(read[mixed ? 0 : type], descriptor.Width, ConstantsOf(type), fitting))];
        var vacuum = ReadVacuum(fitting, count, mixed);
        for (var type = 0; type < count; type++)
        {
            bias[type] -= vacuum[type] ? OfVacuum(read[mixed ? 0 : type], descriptor.Width + (embedding?[type].Length ?? 0), constants) : 0;
        }

        foreach (var type in fitting.TypesOf("exclude_types", count))
        {
            (networks[type], bias[type]) = (Zero(networks[type].Inputs), 0);
        }

        fitting.Close();
        return new FittingContent(networks, bias);
    }

    /// <summary>The network of atoms whose energy does not count.</summary>
    public static DenseNetwork Zero(int inputs) => new([new DenseLayer(inputs, 1, new double[inputs], null, null, Activation.Linear, false)], "no network");

    // Parameters of a frame have their default wherever nobody gives them, and nobody can here.
    private static double[] ReadDefaults(YamlMapping fitting, YamlMapping variables)
    {
        var count = fitting.OptionalText("numb_fparam")?.Integer(0) ?? 0;
        if (count == 0)
        {
            fitting.Ignore("default_fparam");
            variables.Ignore("fparam_avg", "fparam_inv_std");
            return [];
        }

        if (fitting.IsNull("default_fparam"))
        {
            throw DeepPotFile.Unsupported("the model takes parameters of frames (numb_fparam) that have no default (default_fparam)", fitting.PlaceOf("numb_fparam"));
        }

        var values = fitting.NestedNumbers("default_fparam").Values;
        double[] mean = variables.Variable("fparam_avg").Values, inverse = variables.Variable("fparam_inv_std").Values;
        return values.Length == count && mean.Length == count && inverse.Length == count
            ? [.. values.Select((one, k) => (one - mean[k]) * inverse[k])]
            : throw new MofException(ErrorKind.FileFormat, $"'default_fparam', its mean and its deviation are {values.Length}, {mean.Length} and {inverse.Length} numbers", fitting.PlaceOf("default_fparam"), $"{count}, as numb_fparam says");
    }

    private static double[] ReadCase(YamlMapping fitting, YamlMapping variables)
    {
        var count = fitting.OptionalText("dim_case_embd")?.Integer(0) ?? 0;
        if (count == 0)
        {
            variables.Ignore("case_embd");
            return [];
        }

        if (variables.IsNull("case_embd"))
        {
            throw DeepPotFile.Unsupported("the model serves several cases and none is chosen (dim_case_embd)", fitting.PlaceOf("dim_case_embd"), "a case, as 'dp change-bias' or freezing with --head leaves it");
        }

        var values = variables.Variable("case_embd").Values;
        return values.Length == count ? values : throw new MofException(ErrorKind.FileFormat, $"'case_embd' is {values.Length} numbers", variables.PlaceOf("case_embd"), $"{count}, as dim_case_embd says");
    }

    // Types whose energies are told have none but that without neighbours, which is taken to have a descriptor of zeros; one network for all leaves no choice.
    private static bool[] ReadVacuum(YamlMapping fitting, int count, bool mixed)
    {
        bool[] told = fitting.IsNull("atom_ener") ? [] : [.. fitting.Texts("atom_ener").Select(one => one.Text is not ("null" or "~"))];
        return [.. Enumerable.Range(0, count).Select(type => told.Contains(true) && (mixed || type >= told.Length || told[type]))];
    }

    private static double OfVacuum(DenseNetwork network, int zeros, double[] constants) =>
        network.Inputs == zeros + constants.Length ? network.Value([.. new double[zeros], .. constants])[0] : 0;
}
