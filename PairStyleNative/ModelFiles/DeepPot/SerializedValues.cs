using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>Values of a serialized DeePMD-kit model.</summary>
internal static class SerializedValues
{
    /// <summary>An array: <c>{"@class": np.ndarray, dtype, value}</c>, or the name of a dataset.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: it is none, or not of numbers.</exception>
    public static (int[] Shape, double[] Values) Variable(this YamlMapping mapping, string key)
    {
        if (mapping.Referred(key) is { } elsewhere)
        {
            return elsewhere;
        }

        var array = mapping.Mapping(key);
        array.Text("@class").OneOf("np.ndarray");
        DeepPotFile.RequireVersion(array, 1);
        array.Text("dtype").OneOf("float64", "float32", "float16", "bfloat16", "int64", "int32");
        array.Ignore("@is_variable");
        var values = array.NestedNumbers("value");
        array.Close();
        return values;
    }

    /// <summary>An integer that must be there.</summary>
    public static int Integer(this YamlMapping mapping, string key, int minimum) => mapping.Text(key).Integer(minimum);

    /// <summary>True or false; absent: false.</summary>
    public static bool Flag(this YamlMapping mapping, string key) => mapping.OptionalText(key)?.OneOf("true", "false", "True", "False") is { } value && char.ToLowerInvariant(value[0]) == 't';

    /// <summary>Keys that say nothing that is needed here: training settings, and what the shapes of the weights say as well.</summary>
    public static void Ignore(this YamlMapping mapping, params string[] keys)
    {
        foreach (var key in keys)
        {
            _ = mapping.Has(key) && mapping.IsNull(key);
        }
    }

    /// <summary>A number for each type: <c>[1][types][1]</c>, <c>[types][1]</c> or <c>[types]</c>.</summary>
    public static double[] PerSpecies(this YamlMapping variables, string key, int count)
    {
        var values = variables.Variable(key).Values;
        return values.Length == count ? values : throw new MofException(ErrorKind.FileFormat, $"'{key}' has {values.Length} numbers", variables.PlaceOf(key), $"{count}, one for each type");
    }

    /// <summary>A list of types; absent or null: none.</summary>
    public static int[] TypesOf(this YamlMapping mapping, string key, int count)
    {
        var values = mapping.IsNull(key) ? [] : mapping.NestedNumbers(key).Values;
        return values.All(one => IsType(one, count))
            ? [.. values.Select(one => (int)one)]
            : throw new MofException(ErrorKind.FileFormat, $"'{key}' are not types", mapping.PlaceOf(key), $"numbers from 0 to {count - 1}");
    }

    /// <summary>Pairs of types, in both orders; absent or null: none.</summary>
    public static HashSet<(int, int)> PairsOfTypes(this YamlMapping mapping, string key, int count)
    {
        var pairs = new HashSet<(int, int)>();
        if (mapping.IsNull(key))
        {
            return pairs;
        }

        var (shape, values) = mapping.NestedNumbers(key);
        if (values.Length > 0 && (shape.Length != 2 || shape[1] != 2 || !values.All(one => IsType(one, count))))
        {
            throw new MofException(ErrorKind.FileFormat, $"'{key}' are not pairs of types", mapping.PlaceOf(key), $"pairs of numbers from 0 to {count - 1}");
        }

        for (var k = 0; k < values.Length; k += 2)
        {
            pairs.Add(((int)values[k], (int)values[k + 1]));
            pairs.Add(((int)values[k + 1], (int)values[k]));
        }

        return pairs;
    }

    private static bool IsType(double value, int count) => value >= 0 && value < count && value == Math.Floor(value);
}
