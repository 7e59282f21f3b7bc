using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>What the descriptor of a file holds of a <see cref="DeepPotModel"/>.</summary>
internal sealed record DescriptorContent(
    double Cutoff, double SmoothFrom, int[] Places, int AxisWidth, EnvironmentScaling[][] Scaling, DenseNetwork[][] Embedding, IReadOnlySet<(int, int)> Excluded);

/// <summary>Reads <c>se_e2_a</c> descriptors (deepmd/dpmodel/descriptor/se_e2_a.py).</summary>
internal static class DescriptorReader
{
    private const int RowWidth = 4;

    public static DescriptorContent Read(YamlMapping descriptor, int count)
    {
        DeepPotFile.RequireFeature(descriptor, "type", "se_e2_a", "a descriptor of type");
        DeepPotFile.RequireVersion(descriptor, 2);
        if (descriptor.OptionalText("env_protection") is { } protection && protection.Number() != 0)
        {
            throw DeepPotFile.Unsupported("distances are protected from zero (env_protection)", protection.Where, "0");
        }

        if (!descriptor.IsNull("spin"))
        {
            throw DeepPotFile.Unsupported("the model knows spins (spin)", descriptor.PlaceOf("spin"));
        }

        descriptor.Ignore("@class", "activation_function", "env_mat", "neuron", "precision", "resnet_dt", "set_davg_zero", "trainable", "type_map", "ntypes");
        int[] places = [.. descriptor.Texts("sel").Select(one => one.Integer(0))];
        if (places.Length != count)
        {
            throw new MofException(ErrorKind.FileFormat, $"'sel' has {places.Length} numbers", descriptor.PlaceOf("sel"), $"{count}, one for each type");
        }

        var oneSided = descriptor.Flag("type_one_side");
        var networks = NetworkReader.ReadCollection(descriptor.Mapping("embeddings"), "embedding_network", oneSided ? 1 : 2, count);
        var content = new DescriptorContent(
            descriptor.Text("rcut").Number(),
            descriptor.Text("rcut_smth").Number(),
            places,
            descriptor.Integer("axis_neuron", 1),
            ReadScaling(descriptor.Mapping("@variables"), places),
            [.. Enumerable.Range(0, count).Select(center => Enumerable.Range(0, count).Select(neighbor => networks[oneSided ? neighbor : center + count * neighbor]).ToArray())],
            ReadExcluded(descriptor, count));
        descriptor.Close();
        return content;
    }

    private static HashSet<(int, int)> ReadExcluded(YamlMapping descriptor, int count)
    {
        var excluded = new HashSet<(int, int)>();
        if (descriptor.IsNull("exclude_types"))
        {
            return excluded;
        }

        var (shape, values) = descriptor.NestedNumbers("exclude_types");
        if (values.Length > 0 && (shape.Length != 2 || shape[1] != 2 || values.Any(one => one < 0 || one >= count || one != Math.Floor(one))))
        {
            throw new MofException(ErrorKind.FileFormat, "'exclude_types' are not pairs of types", descriptor.PlaceOf("exclude_types"), $"pairs of numbers from 0 to {count - 1}");
        }

        for (var k = 0; k < values.Length; k += 2)
        {
            excluded.Add(((int)values[k], (int)values[k + 1]));
            excluded.Add(((int)values[k + 1], (int)values[k]));
        }

        return excluded;
    }

    /// <summary>The file has mean and deviation for every place; DeePMD-kit makes them the same for all places of a species.</summary>
    private static EnvironmentScaling[][] ReadScaling(YamlMapping variables, int[] places)
    {
        var (meanShape, means) = variables.Variable("davg");
        var (deviationShape, deviations) = variables.Variable("dstd");
        variables.Close();
        int count = places.Length, all = places.Sum();
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
            scaling[center] = new EnvironmentScaling[count];
            for (int neighbor = 0, place = 0; neighbor < count; place += places[neighbor], neighbor++)
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
