using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>What the descriptor of a file holds of a <see cref="DeepPotModel"/>; names as there.</summary>
internal sealed record DescriptorContent
{
    public required double Cutoff { get; init; }

    public required double SmoothFrom { get; init; }

    public required double Protection { get; init; }

    public required int[] Places { get; init; }

    public required int AxisWidth { get; init; }

    public required EnvironmentScaling[][] Scaling { get; init; }

    public required DenseNetwork[][] Embedding { get; init; }

    public double[][][]? Modulation { get; init; }

    public required IReadOnlySet<(int, int)> Excluded { get; init; }

    /// <summary>What follows the descriptor into the fitting network, by type; null: nothing.</summary>
    public double[][]? TypeEmbedding { get; init; }

    /// <summary>Numbers that describe an atom.</summary>
    public int Width => Embedding[0][0].Outputs * AxisWidth;
}

/// <summary>Reads descriptors: <c>se_e2_a</c> (deepmd/dpmodel/descriptor/se_e2_a.py), and by <see cref="TypedDescriptorReader"/> those with an embedding of types.</summary>
internal static class DescriptorReader
{
    private const int RowWidth = 4;

    public static DescriptorContent Read(YamlMapping descriptor, int count)
    {
        var type = descriptor.Text("type");
        return type.Text switch
        {
            "se_e2_a" or "se_a" => ReadPlain(descriptor, count),
            "dpa1" or "se_atten" or "se_atten_v2" => TypedDescriptorReader.Read(descriptor, count, type.Text == "se_atten_v2"),
            _ => throw DeepPotFile.Unsupported($"a descriptor of type '{type.Text}'", type.Where, "'se_e2_a', or 'dpa1', 'se_atten' or 'se_atten_v2' without attention"),
        };
    }

    /// <summary>Refuses what no descriptor here can have.</summary>
    public static void RequireNoSpin(YamlMapping descriptor)
    {
        if (!descriptor.IsNull("spin"))
        {
            throw DeepPotFile.Unsupported("the model knows spins (spin)", descriptor.PlaceOf("spin"));
        }
    }

    private static DescriptorContent ReadPlain(YamlMapping descriptor, int count)
    {
        // Version 3 adds tables of the embedding networks (compress) beside the networks.
        DeepPotFile.RequireVersion(descriptor, 3);
        RequireNoSpin(descriptor);
        descriptor.Ignore("@class", "activation_function", "compress", "env_mat", "neuron", "precision", "resnet_dt", "set_davg_zero", "trainable", "type_map", "ntypes");
        int[] places = [.. descriptor.Texts("sel").Select(one => one.Integer(0))];
        if (places.Length != count)
        {
            throw new MofException(ErrorKind.FileFormat, $"'sel' has {places.Length} numbers", descriptor.PlaceOf("sel"), $"{count}, one for each type");
        }

        var oneSided = descriptor.Flag("type_one_side");
        var networks = NetworkReader.ReadCollection(descriptor.Mapping("embeddings"), "embedding_network", oneSided ? 1 : 2, count);
        var content = new DescriptorContent
        {
            Cutoff = descriptor.Text("rcut").Number(),
            SmoothFrom = descriptor.Text("rcut_smth").Number(),
            Protection = descriptor.OptionalText("env_protection")?.Number() ?? 0,
            Places = places,
            AxisWidth = descriptor.Integer("axis_neuron", 1),
            Scaling = ReadScaling(descriptor.Mapping("@variables"), places, count),
            Embedding = [.. Enumerable.Range(0, count).Select(center => Enumerable.Range(0, count).Select(neighbor => networks[oneSided ? neighbor : center + count * neighbor]).ToArray())],
            Excluded = descriptor.PairsOfTypes("exclude_types", count),
        };
        descriptor.Close();
        return content;
    }

    /// <summary>The file has mean and deviation for every place; DeePMD-kit makes them the same for all places of a species.</summary>
    /// <returns>By center, and by the kinds of places.</returns>
    public static EnvironmentScaling[][] ReadScaling(YamlMapping variables, int[] places, int count)
    {
        var (meanShape, means) = variables.Variable("davg");
        var (deviationShape, deviations) = variables.Variable("dstd");
        variables.Close();
        var all = places.Sum();
        foreach (var (key, shape) in (IEnumerable<(string, int[])>)[("davg", meanShape), ("dstd", deviationShape)])
        {
            if (!shape.SequenceEqual([count, all, RowWidth]))
            {
                throw new MofException(ErrorKind.FileFormat, $"'{key}' is {string.Join(" × ", shape)} numbers", variables.PlaceOf(key), $"{count} × {all} × {RowWidth}: types, places (the sum of sel), numbers of a row");
            }
        }

        var scaling = new EnvironmentScaling[count][];
        for (var center = 0; center < count; center++)
        {
            scaling[center] = new EnvironmentScaling[places.Length];
            for (int neighbor = 0, place = 0; neighbor < places.Length; place += places[neighbor], neighbor++)
            {
                // A species without places is never a neighbour.
                scaling[center][neighbor] = places[neighbor] == 0
                    ? new EnvironmentScaling(0, 1, 1)
                    : ReadOne(means.AsSpan(RowWidth * (center * all + place), RowWidth * places[neighbor]), deviations.AsSpan(RowWidth * (center * all + place), RowWidth * places[neighbor]), variables);
            }
        }

        return scaling;
    }

    private static EnvironmentScaling ReadOne(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, YamlMapping variables)
    {
        for (var k = 0; k < mean.Length; k++)
        {
            if (mean[k] != mean[k % RowWidth] || deviation[k] != deviation[k % RowWidth])
            {
                throw DeepPotFile.Unsupported("places of one type differ in mean or deviation", variables.PlaceOf("davg"), "one value for all places of a type");
            }
        }

        return mean[1] == 0 && mean[2] == 0 && mean[3] == 0 && deviation[1] == deviation[2] && deviation[2] == deviation[3]
            ? new EnvironmentScaling(mean[0], deviation[0], deviation[1])
            : throw DeepPotFile.Unsupported("the three directions differ in mean or deviation, which makes energies depend on the orientation", variables.PlaceOf("davg"));
    }
}
