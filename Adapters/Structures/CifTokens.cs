using System.Text;

namespace MofInterop.Structures;

/// <summary>A name, a word of the syntax or a value.</summary>
internal readonly record struct CifToken(string Text, int Line, bool Quoted)
{
    public bool IsTag => !Quoted && Text.StartsWith('_');

    /// <summary>In lower case, with <c>_</c> for <c>.</c>.</summary>
    public string Tag => Text.Replace('.', '_').ToLowerInvariant();

    public bool IsValue => Quoted || !(IsTag || IsWord("data_") || IsWord("loop_") || IsWord("save_") || IsWord("global_"));

    public bool IsWord(string word) => !Quoted && Text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (word != "loop_" || Text.Length == word.Length);
}

/// <summary>Splits a CIF into tokens: blanks, comments, '…', "…" and text between lines that start with a semicolon.</summary>
internal sealed class CifTokens(LineReader lines)
{
    private string? _line;
    private int _at;
    private CifToken? _peeked;

    public CifToken? Peek() => _peeked ??= Scan();

    public CifToken? Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    private CifToken? Scan()
    {
        while (true)
        {
            if (_line is null)
            {
                _line = lines.Next();
                _at = 0;
                if (_line is null)
                {
                    return null;
                }

                if (_line.StartsWith(';'))
                {
                    return TextField();
                }
            }

            while (_at < _line.Length && char.IsWhiteSpace(_line[_at]))
            {
                _at++;
            }

            if (_at < _line.Length && _line[_at] != '#')
            {
                return _line[_at] is '\'' or '"' ? QuotedText(_line, _line[_at]) : Word(_line);
            }

            _line = null;
        }
    }

    private CifToken Word(string line)
    {
        var start = _at;
        while (_at < line.Length && !char.IsWhiteSpace(line[_at]))
        {
            _at++;
        }

        return new CifToken(line[start.._at], lines.LineNumber, false);
    }

    /// <summary>A quote ends the text only where a blank or the end of the line follows: 'O'Keeffe' is one value.</summary>
    private CifToken QuotedText(string line, char quote)
    {
        var start = ++_at;
        while (_at < line.Length && !(line[_at] == quote && (_at + 1 == line.Length || char.IsWhiteSpace(line[_at + 1]))))
        {
            _at++;
        }

        if (_at >= line.Length)
        {
            throw lines.Error($"the text after {quote} does not end in its line");
        }

        return new CifToken(line[start.._at++], lines.LineNumber, true);
    }

    private CifToken TextField()
    {
        var start = lines.LineNumber;
        var text = new StringBuilder(_line![1..]);
        for (var line = lines.Next(); line is not null; line = lines.Next())
        {
            if (line.StartsWith(';'))
            {
                _line = line;
                _at = 1;
                return new CifToken(text.ToString(), start, true);
            }

            text.Append('\n').Append(line);
        }

        throw lines.Error($"the text that starts with ';' in line {start} does not end");
    }
}
