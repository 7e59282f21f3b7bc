using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>What comes out of the calls that pickles of PyTorch make, without any being made.</summary>
internal sealed partial class PickledCalls(Func<string, byte[]> storage, Func<string> where)
{
    private sealed record Storage(TorchType? Type, byte[] Bytes);

    /// <summary>A class or function by module and name, without the marks of TorchScript.</summary>
    public static PickledName NameOf(string module, string name)
    {
        var full = Mangling().Replace(module.Length == 0 ? name : $"{module}.{name}", "");
        return new PickledName(full.StartsWith("__torch__.", StringComparison.Ordinal) ? full["__torch__.".Length..] : full);
    }

    /// <summary>What a function returns, or an instance of a class.</summary>
    public object? Make(object? callable, object? arguments)
    {
        if (callable is not PickledName { Name: var name } || arguments is not PickledSequence { Kind: SequenceKind.Tuple, Items: var items })
        {
            throw Wrong("something is called that has no name, or without arguments");
        }

        switch (name)
        {
            case "collections.OrderedDict" or "builtins.dict" or "__builtin__.dict":
                return Dictionary(items);
            case "builtins.set" or "__builtin__.set" or "builtins.frozenset" or "__builtin__.frozenset":
                return new PickledSequence(SequenceKind.Set, Elements(items));
            case "builtins.list" or "__builtin__.list":
                return new PickledSequence(SequenceKind.List, Elements(items));
            case "builtins.tuple" or "__builtin__.tuple" or "torch.Size":
                return new PickledSequence(SequenceKind.Tuple, Elements(items));
            case "_codecs.encode" when items is [string text, ..] && (items.Count == 1 || items[1] is "latin1" or "latin-1"):
                return Encoding.Latin1.GetBytes(text);
            case "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" when items is [TorchTensor tensor, ..]:
                return tensor;
            case "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor_v3":
                return Tensor(items, name.EndsWith("_v3", StringComparison.Ordinal) && items.Count > 6 ? items[6] : null);
            case "torch.jit._pickle.build_intlist" or "torch.jit._pickle.build_doublelist" or "torch.jit._pickle.build_boollist" or "torch.jit._pickle.build_tensorlist" when items is [PickledSequence list]:
                return list;
            case "torch.jit._pickle.restore_type_tag" when items.Count > 0:
                return items[0];
            case "numpy.core.multiarray.scalar" or "numpy._core.multiarray.scalar" when items is [PickledObject { ClassName: "numpy.dtype", Arguments: [string type, ..] }, byte[] bytes]:
                return Scalar(type, bytes);
            case "copy_reg._reconstructor" or "copyreg._reconstructor" when items is [PickledName { Name: var type }, ..]:
                return new PickledObject(type, items.GetRange(1, items.Count - 1));
            default:
                return new PickledObject(name, items);
        }
    }

    /// <summary>Gives an object its state.</summary>
    public static void SetState(object? target, object? state)
    {
        // Dictionaries and sequences of a class of their own have attributes beside what they hold, which nothing here needs.
        if (target is not PickledObject instance)
        {
            return;
        }

        if (state is not PickledDictionary attributes)
        {
            instance.State = state;
            return;
        }

        foreach (var (key, value) in attributes.Entries)
        {
            instance.Attributes.Set(key, value);
        }
    }

    /// <summary>A storage by what stands for it.</summary>
    public object? Persistent(object? id)
    {
        if (id is not PickledSequence { Items: ["storage", PickledName { Name: var type }, string key, _, long count, ..] })
        {
            throw Wrong("something is kept outside the pickle that is no storage");
        }

        var element = type switch
        {
            "torch.storage.UntypedStorage" or "torch.UntypedStorage" => (TorchType?)null,
            _ when type.StartsWith("torch.", StringComparison.Ordinal) && type.EndsWith("Storage", StringComparison.Ordinal) && Enum.TryParse(type["torch.".Length..^"Storage".Length], out TorchType one) => one,
            _ => throw new MofException(ErrorKind.Unsupported, $"the archive has a storage of type {type}", where()),
        };
        var bytes = storage(key);
        return count >= 0 && bytes.LongLength == (Int128)count * (element is { } sized ? TorchTensor.SizeOf(sized) : 1)
            ? new Storage(element, bytes)
            : throw Wrong($"the storage {key} has {bytes.Length} bytes, but the pickle tells of {count} elements of type {type}");
    }

    private TorchTensor Tensor(List<object?> items, object? elementType)
    {
        if (items is not [Storage source, long offset, PickledSequence shape, PickledSequence strides, ..])
        {
            throw Wrong("a tensor is made from something else than storage, offset, shape and strides");
        }

        var type = elementType is PickledName { Name: var name } ? TypeOf(name) : source.Type;
        return TorchTensor.Create(type ?? throw Wrong("a tensor has no type"), source.Bytes, offset, Integers(shape), Integers(strides), where());
    }

    private TorchType TypeOf(string name) => name switch
    {
        "torch.float64" => TorchType.Double,
        "torch.float32" => TorchType.Float,
        "torch.float16" => TorchType.Half,
        "torch.bfloat16" => TorchType.BFloat16,
        "torch.int64" => TorchType.Long,
        "torch.int32" => TorchType.Int,
        "torch.int16" => TorchType.Short,
        "torch.int8" => TorchType.Char,
        "torch.uint8" => TorchType.Byte,
        "torch.bool" => TorchType.Bool,
        _ => throw new MofException(ErrorKind.Unsupported, $"the archive has a tensor of type {name}", where()),
    };

    private List<long> Integers(PickledSequence sequence) => [.. sequence.Items.Select(one => one is long number ? number : throw Wrong("the shape of a tensor is no list of integers"))];

    private object Scalar(string type, byte[] bytes) => (type.TrimStart('<'), bytes.Length) switch
    {
        ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ("b1", 1) => bytes[0] != 0,
        _ => throw new MofException(ErrorKind.Unsupported, $"the archive has a number of NumPy's type {type} and {bytes.Length} bytes", where()),
    };

    private List<object?> Elements(List<object?> arguments) => arguments switch
    {
        [] => [],
        [PickledSequence { Items: var items }] => [.. items],
        _ => throw Wrong("a list or set is made from something else than a list"),
    };

    private PickledDictionary Dictionary(List<object?> arguments)
    {
        var result = new PickledDictionary();
        foreach (var pair in Elements(arguments))
        {
            if (pair is not PickledSequence { Items: [var key, var value] })
            {
                throw Wrong("a dictionary is made from something else than pairs");
            }

            result.Set(key, value);
        }

        return result;
    }

    private MofException Wrong(string what) => new(ErrorKind.FileFormat, what, where(), remedy: "The file may be damaged; copy it again.");

    [GeneratedRegex(@"\.___torch_mangle_\d+")]
    private static partial Regex Mangling();
}
