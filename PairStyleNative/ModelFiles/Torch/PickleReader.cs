using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>
/// Interprets a pickle (CPython's Lib/pickletools.py tells the operations) as data. What it names becomes names, what it would call becomes plain values where
/// <see cref="PickledCalls"/> knows what comes out, and a <see cref="PickledObject"/> with its arguments otherwise. Protocols 2 to 5, without what only protocols 0 and 1 write.
/// </summary>
internal sealed class PickleReader
{
    // No deeper than a reader of the tree can follow by calling itself.
    private const int MostMarks = 1000;

    private readonly byte[] _bytes;
    private readonly string _where;
    private readonly PickledCalls _calls;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _place;
    private int _operation;

    /// <summary>Creates a reader.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <param name="where">For messages.</param>
    /// <param name="storage">The bytes of a storage by its key.</param>
    public PickleReader(byte[] bytes, string where, Func<string, byte[]> storage)
    {
        _bytes = bytes;
        _where = where;
        _calls = new PickledCalls(storage, () => $"{_where}, byte {_operation}");
    }

    /// <summary>The value.</summary>
    /// <exception cref="MofException">It is damaged, or uses an operation that PyTorch does not.</exception>
    public object? Read()
    {
        while (true)
        {
            _operation = _place;
            var operation = Byte();
            if (operation == '.')
            {
                return _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw Damaged("the pickle ends with values left over");
            }

            if (!Constant(operation) && !Container(operation) && !Memory(operation) && !Object(operation))
            {
                throw new MofException(ErrorKind.Unsupported, $"the pickle has the operation 0x{operation:x2}", $"{_where}, byte {_operation}", "those that PyTorch writes");
            }
        }
    }

    private bool Constant(byte operation)
    {
        object? value;
        switch (operation)
        {
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'K': value = (long)Byte(); break;
            case (byte)'M': value = (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)); break;
            case (byte)'J': value = (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)); break;
            case 0x8a: value = Long(Byte()); break;
            case 0x8b: value = Long(Length(4)); break;
            case (byte)'G': value = BinaryPrimitives.ReadDoubleBigEndian(Take(8)); break;
            case (byte)'X': value = Utf8(Length(4)); break;
            case 0x8c: value = Utf8(Byte()); break;
            case 0x8d: value = Utf8(Length(8)); break;
            case (byte)'U': value = Encoding.Latin1.GetString(Take(Byte())); break;
            case (byte)'T': value = Encoding.Latin1.GetString(Take(Length(4))); break;
            case (byte)'C': value = Take(Byte()).ToArray(); break;
            case (byte)'B': value = Take(Length(4)).ToArray(); break;
            case 0x8e or 0x96: value = Take(Length(8)).ToArray(); break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Container(byte operation)
    {
        switch (operation)
        {
            case (byte)'(':
                _marks.Add(_marks.Count < MostMarks ? _stack.Count : throw Damaged("the pickle is nested too deeply"));
                return true;
            case (byte)']': return Push(new PickledSequence(SequenceKind.List, []));
            case (byte)')': return Push(new PickledSequence(SequenceKind.Tuple, []));
            case 0x8f: return Push(new PickledSequence(SequenceKind.Set, []));
            case (byte)'}': return Push(new PickledDictionary());
            case (byte)'t': return Push(new PickledSequence(SequenceKind.Tuple, PopMarked()));
            case (byte)'l': return Push(new PickledSequence(SequenceKind.List, PopMarked()));
            case 0x91: return Push(new PickledSequence(SequenceKind.Set, PopMarked()));
            case 0x85 or 0x86 or 0x87: return Push(new PickledSequence(SequenceKind.Tuple, PopSome(operation - 0x84)));
            case (byte)'d':
                var pairs = PopMarked();
                SetItems(Pushed(new PickledDictionary()), pairs);
                return true;
            case (byte)'a':
                Items(PopSome(1));
                return true;
            case (byte)'e' or 0x90:
                Items(PopMarked());
                return true;
            case (byte)'s':
                SetItems(null, PopSome(2));
                return true;
            case (byte)'u':
                SetItems(null, PopMarked());
                return true;
            default: return false;
        }
    }

    private bool Memory(byte operation)
    {
        switch (operation)
        {
            case (byte)'q': _memo[Byte()] = Top(); return true;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); return true;
            case 0x94: _memo[_memo.Count] = Top(); return true;
            case (byte)'h': return Push(Remembered(Byte()));
            case (byte)'j': return Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
            case (byte)'0': _ = Pop(); return true;
            case (byte)'1': _ = PopMarked(); return true;
            case (byte)'2': return Push(Top());
            default: return false;
        }
    }

    private bool Object(byte operation)
    {
        switch (operation)
        {
            case 0x80: return Byte() is >= 2 and <= 5 ? true : throw Damaged("the pickle has an unknown protocol");
            case 0x95: _ = Length(8); return true;
            case (byte)'c': return Push(PickledCalls.NameOf(Line(), Line()));
            case 0x93:
                var name = PopSome(2);
                return name is [string module, string one] ? Push(PickledCalls.NameOf(module, one)) : throw Damaged("a name is no text");
            case (byte)'R' or 0x81:
                var call = PopSome(2);
                return Push(_calls.Make(call[0], call[1]));
            case 0x92:
                var named = PopSome(3);
                return named[2] is PickledDictionary { Entries.Count: 0 }
                    ? Push(_calls.Make(named[0], named[1]))
                    : throw new MofException(ErrorKind.Unsupported, "an object is made from named arguments", $"{_where}, byte {_operation}");
            case (byte)'b':
                var state = Pop();
                PickledCalls.SetState(Top(), state);
                return true;
            case (byte)'Q': return Push(_calls.Persistent(Pop()));
            default: return false;
        }
    }

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private PickledDictionary Pushed(PickledDictionary value)
    {
        _stack.Add(value);
        return value;
    }

    private object? Top() => _stack.Count > Bottom ? _stack[^1] : throw Damaged("the pickle takes more values than there are");

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private int Bottom => _marks.Count == 0 ? 0 : _marks[^1];

    private List<object?> PopSome(int count)
    {
        if (_stack.Count - count < Bottom)
        {
            throw Damaged("the pickle takes more values than there are");
        }

        var values = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private List<object?> PopMarked()
    {
        if (_marks.Count == 0)
        {
            throw Damaged("the pickle closes more than it opens");
        }

        var values = PopSome(_stack.Count - Bottom);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private void Items(List<object?> items)
    {
        var target = Top() as PickledSequence ?? throw Damaged("something is appended to what is no list");
        target.Items.AddRange(items);
    }

    private void SetItems(PickledDictionary? dictionary, List<object?> pairs)
    {
        var target = dictionary ?? Top() switch
        {
            PickledDictionary one => one,
            PickledObject one => one.Attributes,
            _ => throw Damaged("a key is set in what is no dictionary"),
        };
        if (pairs.Count % 2 != 0)
        {
            throw Damaged("a key has no value");
        }

        for (var k = 0; k < pairs.Count; k += 2)
        {
            target.Set(pairs[k], pairs[k + 1]);
        }
    }

    private object? Remembered(long key) => _memo.TryGetValue(key, out var value) ? value : throw Damaged($"the pickle asks for value {key}, which it has not kept");

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _place)
        {
            throw Damaged("the pickle is truncated");
        }

        _place += count;
        return _bytes.AsSpan(_place - count, count);
    }

    private int Length(int size)
    {
        var length = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= (ulong)(_bytes.Length - _place) ? (int)length : throw Damaged("the pickle is truncated");
    }

    private string Utf8(int length) => Encoding.UTF8.GetString(Take(length));

    private long Long(int length)
    {
        var value = new BigInteger(Take(length <= 16 ? length : throw Damaged("an integer is too large")));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw Damaged("an integer is too large");
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_place).IndexOf((byte)'\n');
        if (length is < 0 or > 1000)
        {
            throw Damaged("a name does not end");
        }

        var line = Utf8(length);
        _place++;
        return line;
    }

    private MofException Damaged(string what) => new(ErrorKind.FileFormat, what, $"{_where}, byte {_operation}", remedy: "The file may be truncated or damaged; copy it again.");
}
