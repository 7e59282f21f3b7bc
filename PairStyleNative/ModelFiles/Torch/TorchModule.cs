using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>
/// A <c>torch.nn.Module</c> of an archive and what hangs below it, by names as of <c>named_modules</c>: <c>interactions.0.linear</c>. What e3nn keeps as
/// compiled code inside of a pickle (<c>__codegen__</c>: an archive of TorchScript) is opened where a name goes through it.
/// </summary>
public sealed class TorchModule
{
    private const string Generated = "__codegen__";
    private const int MostDepth = 100;

    private readonly string _file;
    private readonly Dictionary<byte[], PickledObject> _opened;

    private TorchModule(PickledObject values, string file, string name, Dictionary<byte[], PickledObject> opened)
    {
        Object = values;
        Name = name;
        _file = file;
        _opened = opened;
    }

    /// <summary>The module's class and attributes.</summary>
    public PickledObject Object { get; }

    /// <summary>Its name; empty for the outermost.</summary>
    public string Name { get; }

    /// <summary>For messages: file and name.</summary>
    public string Where => Name.Length == 0 ? _file : $"{_file}, {Name}";

    /// <summary>The module that an archive holds.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="MofException">It holds something else, such as a dictionary of weights alone.</exception>
    public static TorchModule Of(TorchArchive archive, string file)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Root is PickledObject root
            ? new TorchModule(root, file, "", new(ReferenceEqualityComparer.Instance))
            : throw OtherArchives.WithoutModule(archive.Root, Kind(archive.Root), file);
    }

    /// <summary>The value that a name leads to, or null where it leads nowhere or to None.</summary>
    /// <param name="name">Parts between points: attributes, parameters, buffers, modules, keys of dictionaries, places in lists.</param>
    public object? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        object? value = Object;
        var at = Name;
        foreach (var part in name.Split('.'))
        {
            at = Join(at, part);
            if (!Step(value, part, at, out value))
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>A module below.</summary>
    /// <exception cref="MofException">There is none of that name.</exception>
    public TorchModule Module(string name) => TryModule(name) ?? throw Missing(name, "a module");

    /// <summary>A module below, or null.</summary>
    public TorchModule? TryModule(string name) => Find(name) is PickledObject found ? new TorchModule(found, _file, Join(Name, name), _opened) : null;

    /// <summary>A tensor below.</summary>
    /// <exception cref="MofException">There is none of that name.</exception>
    public TorchTensor Tensor(string name) => Find(name) as TorchTensor ?? throw Missing(name, "a tensor");

    /// <summary>A tensor below, of known shape, in row-major order.</summary>
    /// <exception cref="MofException">There is none of that name, or it has another shape.</exception>
    public double[] Tensor(string name, params int[] shape)
    {
        var tensor = Tensor(name);
        return tensor.Shape.SequenceEqual(shape)
            ? tensor.ToDoubles()
            : throw new MofException(ErrorKind.FileFormat, $"the tensor {Join(Name, name)} has the shape [{string.Join(", ", tensor.Shape)}]", _file, $"[{string.Join(", ", shape)}]");
    }

    /// <summary>A number: int, float, bool or a tensor with one element.</summary>
    /// <exception cref="MofException">There is none of that name.</exception>
    public double Number(string name) => Find(name) switch
    {
        double number => number,
        long number => number,
        bool flag => flag ? 1 : 0,
        TorchTensor { Count: 1 } tensor => tensor.ToScalar(),
        _ => throw Missing(name, "a number"),
    };

    /// <summary>A text.</summary>
    /// <exception cref="MofException">There is none of that name.</exception>
    public string Text(string name) => Find(name) as string ?? throw Missing(name, "a text");

    /// <summary>A list or tuple.</summary>
    /// <exception cref="MofException">There is none of that name.</exception>
    public IReadOnlyList<object?> Sequence(string name) => (Find(name) as PickledSequence ?? throw Missing(name, "a list")).Values;

    /// <summary>The modules directly below, in their order.</summary>
    public IEnumerable<TorchModule> Children()
    {
        // Modules of torch.save have other objects among their attributes.
        var saved = Object.Attributes.TryGet("_modules", out var modules) && modules is PickledDictionary;
        foreach (var (key, value) in (saved ? (PickledDictionary)modules! : Object.Attributes).Entries)
        {
            if (key is string name && value is PickledObject child)
            {
                yield return new TorchModule(child, _file, Join(Name, name), _opened);
            }
        }
    }

    /// <summary>All parameters and buffers below with their names, those in compiled code too; a module that is met again is left out.</summary>
    public IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors()
    {
        var result = new List<(string, TorchTensor)>();
        Collect(Object, Name, 0, new HashSet<object>(ReferenceEqualityComparer.Instance), result);
        return result;
    }

    private void Collect(PickledObject module, string at, int depth, HashSet<object> seen, List<(string, TorchTensor)> result)
    {
        if (!seen.Add(module))
        {
            return;
        }

        if (depth > MostDepth)
        {
            throw new MofException(ErrorKind.FileFormat, "modules are nested too deeply", _file);
        }

        foreach (var (name, value) in Members(module))
        {
            if (value is TorchTensor tensor)
            {
                result.Add((Join(at, name), tensor));
            }
            else if (value is PickledObject child)
            {
                Collect(child, Join(at, name), depth + 1, seen, result);
            }
            else if (value is byte[] code && Open(code, Join(at, name)) is { } opened)
            {
                Collect(opened, Join(at, name), depth + 1, seen, result);
            }
        }
    }

    // Members of torch.save lie in dictionaries of the module, those of TorchScript are attributes.
    private static IEnumerable<(string Name, object? Value)> Members(PickledObject module)
    {
        string[] kept = [.. PickledObject.ModuleDictionaries, Generated];
        foreach (var (key, value) in module.Attributes.Entries)
        {
            if (key is string name && value is (TorchTensor or PickledObject))
            {
                yield return (name, value);
            }
            else if (key is string place && kept.Contains(place) && value is PickledDictionary dictionary)
            {
                foreach (var (inner, one) in dictionary.Entries)
                {
                    if (inner is string member && (one is (TorchTensor or PickledObject) || (place == Generated && one is byte[])))
                    {
                        yield return (member, one);
                    }
                }
            }
        }
    }

    private bool Step(object? from, string part, string at, out object? value)
    {
        value = null;
        switch (from)
        {
            case PickledObject one when one.TryGet(part, out value):
                return true;
            case PickledObject one when one.Attributes.TryGet(Generated, out var generated) && generated is PickledDictionary codes && codes.TryGet(part, out var code) && code is byte[] bytes:
                value = Open(bytes, at);
                return value is not null;
            case PickledDictionary one:
                return one.TryGet(part, out value);
            case PickledSequence one when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < one.Values.Count:
                value = one.Values[place];
                return true;
            default:
                return false;
        }
    }

    private PickledObject? Open(byte[] code, string at)
    {
        if (!_opened.TryGetValue(code, out var found))
        {
            found = TorchArchive.Parse(code, $"{_file}, {at}").Root as PickledObject;
            if (found is not null)
            {
                _opened.Add(code, found);
            }
        }

        return found;
    }

    private MofException Missing(string name, string expected) => new(ErrorKind.FileFormat, $"the model has no {expected[(expected.IndexOf(' ', StringComparison.Ordinal) + 1)..]} '{Join(Name, name)}'", _file, expected);

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}.{second}";

    private static string Kind(object? value) => value switch
    {
        PickledDictionary => "a dictionary",
        TorchTensor => "a tensor",
        PickledSequence => "a list",
        null => "nothing",
        _ => "a value",
    };
}
