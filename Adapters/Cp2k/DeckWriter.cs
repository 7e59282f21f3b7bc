using System.Globalization;
using System.Text;

namespace MofInterop.Cp2k;

/// <summary>Writes the nested sections of a CP2K deck.</summary>
internal sealed class DeckWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Open(string section)
    {
        Line($"&{section}");
        _depth++;
    }

    public void Close(string section)
    {
        _depth--;
        Line($"&END {section}");
    }

    public void Line(FormattableString line) => Line(line.ToString(CultureInfo.InvariantCulture));

    public void Line(string line) => _text.Append(' ', 2 * _depth).Append(line).Append('\n');

    public override string ToString() => _text.ToString();
}
