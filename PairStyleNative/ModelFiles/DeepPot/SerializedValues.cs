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
}
