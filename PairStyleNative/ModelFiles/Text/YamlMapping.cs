using MofInterop.Potentials.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MofInterop.ModelFiles.Text;

/// <summary>
/// A YAML mapping that is read key by key and then closed: a key that nobody asked for is refused, so that a misspelt
/// one is never passed over.
/// </summary>
internal sealed class YamlMapping
{
    private readonly YamlMappingNode _node;
    private readonly string _path;
    private readonly string _name;
    private readonly Func<string, (int[] Shape, double[] Values)>? _arrays;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <param name="node">The mapping.</param>
    /// <param name="path">The file.</param>
    /// <param name="name">Its full key.</param>
    /// <param name="arrays">Numbers by the names under which the text refers to them; null: the text has all numbers itself.</param>
    public YamlMapping(YamlMappingNode node, string path, string name, Func<string, (int[] Shape, double[] Values)>? arrays = null)
    {
        _arrays = arrays;
        _node = node;
        _path = path;
        _name = name;
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: not null })
            {
                throw new MofException(ErrorKind.FileFormat, "a key is not a word", YamlText.Place(path, key.Start));
            }
        }
    }

    /// <summary><c>file:line:column</c> of the mapping.</summary>
    public string Where => YamlText.Place(_path, _node.Start);

    /// <summary>All keys, in the order of the file; they count as asked for.</summary>
    public IEnumerable<string> AllKeys()
    {
        foreach (var key in _node.Children.Keys)
        {
            var name = ((YamlScalarNode)key).Value!;
            _asked.Add(name);
            yield return name;
        }
    }

    /// <summary>A text that must be there.</summary>
    public YamlValue Text(string key) => OptionalText(key) ?? throw Missing(key);

    /// <summary>A text, or null.</summary>
    public YamlValue? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode { Value: { } value } scalar when value.Length > 0 => new YamlValue(value, YamlText.Place(_path, scalar.Start), Full(key)),
        var other => throw Wrong(key, other, "a text or number"),
    };

    /// <summary>A mapping that must be there.</summary>
    public YamlMapping Mapping(string key) => OptionalMapping(key) ?? throw Missing(key);

    /// <summary>A mapping, or null.</summary>
    public YamlMapping? OptionalMapping(string key) => Find(key) switch
    {
        null => null,
        YamlMappingNode mapping => new YamlMapping(mapping, _path, Full(key), _arrays),
        var other => throw Wrong(key, other, "a mapping of keys to values"),
    };

    /// <summary>A list of mappings; empty when the key is absent.</summary>
    public IReadOnlyList<YamlMapping> Mappings(string key)
    {
        if (Find(key) is not { } node)
        {
            return [];
        }

        var list = node as YamlSequenceNode ?? throw Wrong(key, node, "a list");
        return [.. list.Children.Select((child, n) => child is YamlMappingNode mapping
            ? new YamlMapping(mapping, _path, $"{Full(key)}[{n}]", _arrays)
            : throw Wrong($"{key}[{n}]", child, "a mapping of keys to values"))];
    }

    /// <summary>A list of texts that must be there.</summary>
    public IReadOnlyList<YamlValue> Texts(string key)
    {
        var node = Find(key) ?? throw Missing(key);
        var list = node as YamlSequenceNode ?? throw Wrong(key, node, "a list");
        return [.. list.Children.Select((child, n) => child is YamlScalarNode { Value: { Length: > 0 } value } scalar
            ? new YamlValue(value, YamlText.Place(_path, scalar.Start), $"{Full(key)}[{n}]")
            : throw Wrong($"{key}[{n}]", child, "a text or number"))];
    }

    /// <summary>A list whose entries are mappings or null.</summary>
    public IReadOnlyList<YamlMapping?> OptionalMappings(string key)
    {
        var node = Find(key) ?? throw Missing(key);
        var list = node as YamlSequenceNode ?? throw Wrong(key, node, "a list");
        return [.. list.Children.Select((child, n) => child switch
        {
            YamlMappingNode mapping => new YamlMapping(mapping, _path, $"{Full(key)}[{n}]", _arrays),
            YamlScalarNode scalar when IsNull(scalar) => null,
            _ => throw Wrong($"{key}[{n}]", child, "a mapping of keys to values, or null"),
        })];
    }

    /// <summary>Whether the value is absent or null; counts as asked for.</summary>
    public bool IsNull(string key) => Find(key) switch
    {
        null => true,
        YamlScalarNode scalar => IsNull(scalar),
        _ => false,
    };

    /// <summary>Numbers in lists of lists, of one length each.</summary>
    /// <returns>The lengths from the outermost list inwards, and the numbers, those of the innermost list together.</returns>
    public (int[] Shape, double[] Values) NestedNumbers(string key)
    {
        var node = Find(key) ?? throw Missing(key);
        var shape = new List<int>();
        for (var inner = node; inner is YamlSequenceNode list; inner = list.Children.Count > 0 ? list.Children[0] : null)
        {
            shape.Add(list.Children.Count);
        }

        var values = new List<double>();
        Collect(key, node, [.. shape], 0, values);
        return ([.. shape], [.. values]);
    }

    /// <summary>Numbers that lie elsewhere, where the value is the name under which they do; otherwise null.</summary>
    public (int[] Shape, double[] Values)? Referred(string key) =>
        _arrays is not null && Find(key) is YamlScalarNode { Value: { Length: > 0 } name } ? _arrays(name) : null;

    /// <summary>Whether a key is there; asking does not make it known.</summary>
    public bool Has(string key) => _node.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary><c>file:line:column</c> of a key's value, or of the mapping where it has no such key.</summary>
    public string PlaceOf(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? YamlText.Place(_path, value.Start) : Where;

    /// <summary>Refuses keys that nobody asked for.</summary>
    public void Close()
    {
        foreach (var key in _node.Children.Keys)
        {
            var name = ((YamlScalarNode)key).Value!;
            if (!_asked.Contains(name))
            {
                throw new MofException(ErrorKind.FileFormat, $"unknown key '{Full(name)}'", YamlText.Place(_path, key.Start), expected: "one of " + string.Join(", ", _asked));
            }
        }
    }

    private static bool IsNull(YamlScalarNode scalar) => scalar is { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    private void Collect(string key, YamlNode node, int[] shape, int depth, List<double> values)
    {
        if (depth == shape.Length)
        {
            values.Add(node is YamlScalarNode { Value: { Length: > 0 } text }
                ? Numbers.ReadDouble(text, YamlText.Place(_path, node.Start), Full(key))
                : throw Wrong(key, node, "a number"));
            return;
        }

        if (node is not YamlSequenceNode list || list.Children.Count != shape[depth])
        {
            throw Wrong(key, node, $"a list of {shape[depth]} like the first one");
        }

        foreach (var child in list.Children)
        {
            Collect(key, child, shape, depth + 1, values);
        }
    }

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private string Full(string key) => _name.Length == 0 ? key : $"{_name}.{key}";

    private MofException Missing(string key) =>
        new(ErrorKind.FileFormat, $"key '{Full(key)}' is missing among {string.Join(", ", AllKeys())}", Where);

    private MofException Wrong(string key, YamlNode node, string expected) =>
        new(ErrorKind.FileFormat, $"'{Full(key)}' is a {node.NodeType.ToString().ToLowerInvariant()}", YamlText.Place(_path, node.Start), expected);
}
