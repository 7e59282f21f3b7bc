using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>A value of a CIF and the line it stands in.</summary>
internal readonly record struct CifValue(string Text, int Line)
{
    /// <summary><c>?</c> (unknown) or <c>.</c> (does not apply).</summary>
    public bool IsAbsent => Text is "?" or ".";
}

/// <summary>A <c>loop_</c>: column names in lower case, and rows.</summary>
internal sealed record CifLoop(IReadOnlyList<string> Tags, IReadOnlyList<CifValue[]> Rows)
{
    /// <summary>The place of the first of these columns that is there, or −1.</summary>
    public int Find(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
        {
            for (var k = 0; k < Tags.Count; k++)
            {
                if (Tags[k] == tag)
                {
                    return k;
                }
            }
        }

        return -1;
    }
}

/// <summary>
/// The first data block of a CIF that has atom sites (S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A 47, 655 (1991)).
/// Names are in lower case, with <c>_</c> for the <c>.</c> of newer dictionaries.
/// </summary>
internal sealed class CifDocument
{
    private const string SiteTag = "_atom_site_";

    private readonly Dictionary<string, CifValue> _items = [];
    private readonly List<CifLoop> _loops = [];
    private readonly string _path;

    private CifDocument(string path) => _path = path;

    /// <summary>The loop of atom sites.</summary>
    public CifLoop Sites { get; private set; } = new([], []);

    /// <exception cref="MofException">Missing file, a syntax error, or no atom sites, with <c>file:line</c> (FileFormat).</exception>
    public static CifDocument Read(string path)
    {
        using var lines = new LineReader(path);
        var tokens = new CifTokens(lines);
        var block = new CifDocument(path);
        while (tokens.Next() is { } token)
        {
            if (token.IsWord("data_"))
            {
                if (block.HasSites)
                {
                    break;
                }

                block = new CifDocument(path);
            }
            else if (token.IsWord("loop_"))
            {
                block.Add(ReadLoop(tokens, lines, path));
            }
            else if (token.IsTag)
            {
                block._items[token.Tag] = tokens.Next() is { IsValue: true } value
                    ? new CifValue(value.Text, value.Line)
                    : throw Error(path, token.Line, $"{token.Text} has no value");
            }
            else if (!token.IsWord("save_") && !token.IsWord("global_"))
            {
                throw Error(path, token.Line, $"'{token.Text}' belongs to no name", "a name that starts with '_' before every value");
            }
        }

        return block.HasSites ? block : throw new MofException(ErrorKind.FileFormat, "the file has no atom sites", path, "a loop_ with _atom_site_label and _atom_site_fract_x, _y, _z");
    }

    private bool HasSites => Sites.Rows.Count > 0;

    /// <summary>The first of these items that has a value, or null.</summary>
    public CifValue? Item(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
        {
            if (_items.TryGetValue(tag, out var value) && !value.IsAbsent)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>All values of the first of these names, whether it stands in a loop or alone; empty when it is not there.</summary>
    public IReadOnlyList<CifValue> Column(params ReadOnlySpan<string> tags)
    {
        foreach (var loop in _loops)
        {
            if (loop.Find(tags) is var place and >= 0)
            {
                return [.. loop.Rows.Select(row => row[place])];
            }
        }

        return Item(tags) is { } single ? [single] : [];
    }

    private void Add(CifLoop loop)
    {
        _loops.Add(loop);
        if (loop.Find(SiteTag + "fract_x", SiteTag + "cartn_x") >= 0)
        {
            Sites = loop;
        }
    }

    private static CifLoop ReadLoop(CifTokens tokens, LineReader lines, string path)
    {
        var start = lines.LineNumber;
        var tags = new List<string>();
        while (tokens.Peek() is { IsTag: true } tag)
        {
            tags.Add(tag.Tag);
            tokens.Next();
        }

        var values = new List<CifValue>();
        while (tokens.Peek() is { IsValue: true } value)
        {
            values.Add(new CifValue(value.Text, value.Line));
            tokens.Next();
        }

        if (tags.Count == 0 || values.Count % tags.Count != 0)
        {
            throw Error(path, values.Count > 0 ? values[^1].Line : start, $"a loop_ of {tags.Count} names has {values.Count} values", "the same number of values in every row");
        }

        return new CifLoop(tags, [.. values.Chunk(Math.Max(1, tags.Count))]);
    }

    private static MofException Error(string path, int line, string what, string? expected = null) => new(ErrorKind.FileFormat, what, $"{path}:{line}", expected);
}
