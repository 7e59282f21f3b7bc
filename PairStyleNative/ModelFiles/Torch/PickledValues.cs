using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MofInterop.ModelFiles.Torch;

/// <summary>What kind of Python sequence a <see cref="PickledSequence"/> was.</summary>
public enum SequenceKind
{
    /// <summary>list.</summary>
    List,

    /// <summary>tuple, torch.Size.</summary>
    Tuple,

    /// <summary>set, frozenset.</summary>
    Set,
}

/// <summary>
/// A list, tuple or set of a pickle. Elements, like all values of a pickle, are <c>null</c> (None), <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="string"/>, <c>byte[]</c>, <see cref="TorchTensor"/>, <see cref="PickledSequence"/>, <see cref="PickledDictionary"/>, <see cref="PickledObject"/> or <see cref="PickledName"/>.
/// </summary>
public sealed class PickledSequence
{
    internal PickledSequence(SequenceKind kind, List<object?> items)
    {
        Kind = kind;
        Items = items;
    }

    /// <summary>Which.</summary>
    public SequenceKind Kind { get; }

    /// <summary>Elements.</summary>
    public IReadOnlyList<object?> Values => Items;

    internal List<object?> Items { get; }
}

/// <summary>A dict or OrderedDict, in its order.</summary>
public sealed class PickledDictionary
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<object?, object?>> _entries = [];

    /// <summary>Keys and values.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    /// <summary>The value of a key; integers go by their decimal text.</summary>
    public bool TryGet(string key, out object? value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _entries[place].Value : null;
        return found;
    }

    internal void Set(object? key, object? value)
    {
        var text = key switch { string one => one, long one => one.ToString(CultureInfo.InvariantCulture), _ => null };
        if (text is not null && _places.TryGetValue(text, out var place))
        {
            _entries[place] = new(key, value);
            return;
        }

        if (text is not null)
        {
            _places.Add(text, _entries.Count);
        }

        _entries.Add(new(key, value));
    }
}

/// <summary>A class or function that a pickle names: <c>torch.nn.functional.silu</c>. Nothing is ever called.</summary>
/// <param name="Name">Module and name, without what TorchScript puts around them (<c>__torch__.</c>, <c>___torch_mangle_7.</c>).</param>
public sealed record PickledName(string Name);

/// <summary>An instance of a class, or what a function would have returned: the arguments it was to be made from and the state that was to be set.</summary>
public sealed class PickledObject
{
    internal PickledObject(string className, IReadOnlyList<object?> arguments)
    {
        ClassName = className;
        Arguments = arguments;
    }

    /// <summary>As <see cref="PickledName.Name"/>.</summary>
    public string ClassName { get; }

    /// <summary>The last part of <see cref="ClassName"/>.</summary>
    public string ShortName => ClassName[(ClassName.LastIndexOf('.') + 1)..];

    /// <summary>Positional arguments; empty for most.</summary>
    public IReadOnlyList<object?> Arguments { get; }

    /// <summary>Attributes by name: the state of instances whose state is a dict.</summary>
    public PickledDictionary Attributes { get; } = new();

    /// <summary>The state where it is no dict.</summary>
    public object? State { get; internal set; }

    /// <summary>
    /// An attribute as Python finds it: of the instance, or one that <c>torch.nn.Module</c> keeps in <c>_parameters</c>, <c>_buffers</c> or <c>_modules</c>.
    /// </summary>
    public bool TryGet(string name, [MaybeNull] out object? value)
    {
        if (Attributes.TryGet(name, out value))
        {
            return true;
        }

        foreach (var kept in ModuleDictionaries)
        {
            if (Attributes.TryGet(kept, out var dictionary) && dictionary is PickledDictionary one && one.TryGet(name, out value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where modules keep what looks like attributes.</summary>
    internal static readonly string[] ModuleDictionaries = ["_parameters", "_buffers", "_modules"];
}
