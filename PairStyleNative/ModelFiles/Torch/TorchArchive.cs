using System.Text;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>
/// A file of torch.save (MACE: <c>.model</c>) or torch.jit.save (NequIP, Allegro: <c>.pth</c>): a zip archive of a pickle, <c>data.pkl</c>, and the storages of its tensors. The pickle is read as data: nothing that
/// it names is called, so that a hostile file can do no more than be refused (torch/serialization.py, torch/csrc/jit/serialization).
/// </summary>
public sealed class TorchArchive
{
    private const string Description = "PyTorch archive";
    private const string Pickle = "data.pkl";
    private const long MostStorageBytes = 1L << 31;

    private readonly ZipRecords _records;
    private readonly string _prefix;
    private readonly string _where;
    private readonly Dictionary<string, byte[]> _storages = new(StringComparer.Ordinal);
    private long _storageBytes;

    private TorchArchive(byte[] bytes, string where)
    {
        _where = where;
        _records = new ZipRecords(bytes, where);
        string[] pickles = [.. _records.Names.Where(name => name == Pickle || name.EndsWith('/' + Pickle, StringComparison.Ordinal)).OrderBy(name => name.Count(c => c == '/')).Take(1)];
        _prefix = pickles.Length == 1
            ? pickles[0][..^Pickle.Length]
            : throw OtherArchives.WithoutPickle(_records.Names, where);
        if (_records.Has(_prefix + "byteorder") && Encoding.ASCII.GetString(_records.Read(_prefix + "byteorder")) is var order and not "little")
        {
            throw new MofException(ErrorKind.Unsupported, $"the archive has the byte order '{order}'", where, "'little'");
        }

        Root = new PickleReader(_records.Read(_prefix + Pickle), $"{where}, {Pickle}", key => Storage("data/", key)).Read();
    }

    /// <summary>What was saved, see <see cref="PickledSequence"/> for the types of values.</summary>
    public object? Root { get; }

    /// <summary>Names of all records, without the folder that they are in.</summary>
    public IEnumerable<string> RecordNames => _records.Names.Select(name => name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..] : name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: missing, damaged, of another kind; <see cref="ErrorKind.Unsupported"/>: a way of pickling that PyTorch does not use.</exception>
    public static TorchArchive Read(string path) => Parse(TextFile.ReadBytes(path, Description), path);

    /// <summary>Reads the bytes of a file, as those that e3nn keeps inside of pickles.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">As <see cref="Read"/>.</exception>
    public static TorchArchive Parse(byte[] bytes, string where) => new(bytes, where);

    /// <summary>The text of a record such as <c>extra/type_names</c>, or null where there is none.</summary>
    public string? Text(string name) => _records.Has(_prefix + name) ? Encoding.UTF8.GetString(_records.Read(_prefix + name)) : null;

    /// <summary>The constants of TorchScript code, <c>constants.pkl</c>; empty where there are none.</summary>
    public IReadOnlyList<object?> Constants()
    {
        const string Name = "constants.pkl";
        return _records.Has(_prefix + Name)
            && new PickleReader(_records.Read(_prefix + Name), $"{_where}, {Name}", key => Storage("constants/", key)).Read() is PickledSequence constants ? constants.Values : [];
    }

    // Several tensors may be views of one storage.
    private byte[] Storage(string folder, string key)
    {
        if (!_storages.TryGetValue(folder + key, out var bytes))
        {
            bytes = _records.Read(_prefix + folder + key);
            _storageBytes += bytes.Length;
            if (_storageBytes > MostStorageBytes)
            {
                throw new MofException(ErrorKind.FileFormat, "the tensors of the archive have more than 2 GiB", _where);
            }

            _storages.Add(folder + key, bytes);
        }

        return bytes;
    }
}
