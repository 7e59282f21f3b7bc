using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>
/// Reads descriptors with an embedding of types and no attention: <c>dpa1</c>, which is <c>se_atten</c> too, and <c>se_atten_v2</c> (deepmd/dpmodel/descriptor/dpa1.py), with <c>attn_layer: 0</c>. One embedding network serves all pairs
/// of types and knows them by vectors that are constant for a pair: behind its input (<c>tebd_input_mode: concat</c>), or in a second network by which its output is multiplied (<c>strip</c>). So for each pair it is a network of one number.
/// </summary>
internal static class TypedDescriptorReader
{
    public static DescriptorContent Read(YamlMapping descriptor, int count, bool secondVersion)
    {
        // Version 3 adds tables (compress) beside the networks, version 4 moments of higher degree.
        DeepPotFile.RequireVersion(descriptor, 4);
        DescriptorReader.RequireNoSpin(descriptor);
        Refuse(descriptor, "attn_layer", 0, "attention between neighbours");
        Refuse(descriptor, "lmax", 1, "moments of higher degree");
        if (descriptor.Flag("use_econf_tebd"))
        {
            throw DeepPotFile.Unsupported("types are embedded by the electrons of their elements (use_econf_tebd)", descriptor.PlaceOf("use_econf_tebd"));
        }

        descriptor.Ignore(
            "@class", "activation_function", "attention_layers", "attn", "attn_dotr", "attn_mask", "compress", "env_mat", "ln_eps", "neuron", "normalize", "ntypes", "precision", "resnet_dt", "scaling_factor", "set_davg_zero",
            "tebd_dim", "temperature", "trainable", "trainable_ln", "type_map", "use_tebd_bias");
        var embedding = ReadTypes(descriptor.Mapping("type_embedding"), count);
        var strip = secondVersion || descriptor.Text("tebd_input_mode").OneOf("concat", "strip") == "strip";
        // Without attention it acts on the second network alone.
        var smooth = secondVersion || descriptor.Flag("smooth_type_embedding");
        var oneSided = descriptor.Flag("type_one_side");
        var radial = NetworkReader.ReadCollection(descriptor.Mapping("embeddings"), "embedding_network", 0, count)[0];
        double[] Of(int center, int neighbor) => oneSided ? embedding[neighbor] : [.. embedding[neighbor], .. embedding[center]];
        var second = strip ? NetworkReader.ReadCollection(descriptor.Mapping("embeddings_strip"), "embedding_network", 0, count)[0] : null;
        var factors = second is null ? null : Table(count, oneSided, (center, neighbor) => FactorsOf(second, Of(center, neighbor), radial.Outputs, descriptor));
        var content = new DescriptorContent
        {
            Cutoff = descriptor.Text("rcut").Number(),
            SmoothFrom = descriptor.Text("rcut_smth").Number(),
            Protection = descriptor.OptionalText("env_protection")?.Number() ?? 0,
            Places = [ReadPlaces(descriptor)],
            AxisWidth = descriptor.Integer("axis_neuron", 1),
            Scaling = ReadScaling(descriptor, count),
            Embedding = Embedding(count, oneSided, radial, smooth ? null : factors, strip ? null : Of, descriptor),
            Modulation = smooth ? factors : null,
            Excluded = descriptor.PairsOfTypes("exclude_types", count),
            TypeEmbedding = descriptor.OptionalText("concat_output_tebd") is null || descriptor.Flag("concat_output_tebd") ? embedding : null,
        };
        descriptor.Close();
        return content;
    }

    private static DenseNetwork[][] Embedding(int count, bool oneSided, DenseNetwork radial, double[][][]? factors, Func<int, int, double[]>? constants, YamlMapping where)
    {
        if (constants is not null)
        {
            return Table(count, oneSided, (center, neighbor) => ConstantInputs.Fold(radial, 1, constants(center, neighbor), where));
        }

        var width = radial.Outputs;
        var same = new double[width * width];
        for (var m = 0; m < width; m++)
        {
            same[m * width + m] = 1;
        }

        // The factors as a layer of its own, since what skips the last layer is multiplied too.
        return Table(count, oneSided, (center, neighbor) => factors is null
            ? radial
            : new DenseNetwork([.. radial.Layers, new DenseLayer(width, width, same, null, [.. factors[center][neighbor].Select(one => 1 + one)], Activation.Linear, false)], where.Where));
    }

    // Where the center makes no difference, one object serves all.
    private static TItem[][] Table<TItem>(int count, bool oneSided, Func<int, int, TItem> make)
    {
        TItem[] Row(int center) => [.. Enumerable.Range(0, count).Select(neighbor => make(center, neighbor))];
        var first = Row(0);
        return [.. Enumerable.Range(0, count).Select(center => oneSided || center == 0 ? first : Row(center))];
    }

    private static double[] FactorsOf(DenseNetwork second, double[] types, int width, YamlMapping descriptor) => second.Inputs == types.Length && second.Outputs == width
        ? second.Value(types)
        : throw new MofException(ErrorKind.FileFormat, $"the network of pairs of types goes from {second.Inputs} to {second.Outputs} numbers", descriptor.PlaceOf("embeddings_strip"), $"from {types.Length} to {width}");

    private static double[][] ReadTypes(YamlMapping types, int count)
    {
        DeepPotFile.RequireVersion(types, 2);
        types.Ignore("@class", "activation_function", "neuron", "ntypes", "padding", "precision", "resnet_dt", "trainable", "type_map", "use_econf_tebd", "use_tebd_bias");
        var network = NetworkReader.ReadNetwork(types.Mapping("embedding"), "type embedding");
        types.Close();
        return network.Inputs == count
            ? [.. Enumerable.Range(0, count).Select(type => network.Value([.. Enumerable.Range(0, count).Select(other => other == type ? 1.0 : 0.0)]))]
            : throw new MofException(ErrorKind.FileFormat, $"the embedding of types knows {network.Inputs} of them", types.Where, $"{count}");
    }

    private static int ReadPlaces(YamlMapping descriptor)
    {
        // A number, or a list of one.
        var (_, values) = descriptor.NestedNumbers("sel");
        return values.Sum() is > 0 and < int.MaxValue and var sum && values.All(one => one >= 0 && one == Math.Floor(one))
            ? (int)sum
            : throw new MofException(ErrorKind.FileFormat, "'sel' is no number of places", descriptor.PlaceOf("sel"), "a positive integer");
    }

    private static EnvironmentScaling[][] ReadScaling(YamlMapping descriptor, int count)
    {
        var variables = descriptor.Mapping("@variables");
        var where = variables.PlaceOf("davg");
        var byCenter = DescriptorReader.ReadScaling(variables, [ReadPlaces(descriptor)], count);
        return byCenter.All(one => one[0].Mean == 0)
            ? [.. byCenter.Select(one => Enumerable.Repeat(one[0], count).ToArray())]
            : throw DeepPotFile.Unsupported("the mean of the environment is not zero (set_davg_zero: false): places without a neighbour would count as neighbours of the type that the first atom has", where, "0");
    }

    private static void Refuse(YamlMapping descriptor, string key, int known, string what)
    {
        if (descriptor.OptionalText(key) is { } value && value.Integer(0) != known)
        {
            throw DeepPotFile.Unsupported($"{what} ({key}: {value.Text})", value.Where, $"{key}: {known}");
        }
    }
}
