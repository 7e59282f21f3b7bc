using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MofInterop.Engine;

/// <summary>Turns YAML text into <see cref="YamlValue"/>s with positions. Repeated keys are problems, never "the last one wins".</summary>
internal sealed class YamlReader(ProblemList problems)
{
    private readonly Dictionary<string, YamlValue> _anchors = [];

    /// <summary>The one document of the text, or null after a syntax error or when it is empty (both reported).</summary>
    public YamlValue? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.Add(new TextPosition(1, 1), "the file is empty", "a recipe with name and steps");
                return null;
            }

            var value = ReadValue(parser);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                problems.Add(Position(second.Start), "a second YAML document starts here", "one recipe a file");
            }

            return value;
        }
        catch (YamlException exception)
        {
            problems.Add(Place(exception, text), $"not valid YAML: {Reason(exception)}", remedy: "Check indentation (spaces, no tabs), colons and quotes on this line and the one above.");
            return null;
        }
    }

    private static TextPosition Position(in Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>The parser tells where the enclosing group starts when a tab indents a line; the tab itself helps more.</summary>
    private static TextPosition Place(YamlException exception, string text)
    {
        var lines = text.Split('\n');
        var line = Array.FindIndex(lines, line => line.TrimStart(' ').StartsWith('\t'));
        return line >= 0 && Reason(exception).Contains("tab", StringComparison.Ordinal)
            ? new TextPosition(line + 1, lines[line].IndexOf('\t', StringComparison.Ordinal) + 1)
            : Position(exception.Start);
    }

    private static string Reason(YamlException exception)
    {
        var message = exception.InnerException?.Message ?? exception.Message;
        var colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (colon < 0 ? message : message[(colon + 3)..]).TrimEnd('.');
    }

    private YamlValue ReadValue(Parser parser)
    {
        switch (parser.Current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return Remember(scalar.Anchor, new YamlScalar(Position(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain));
            case SequenceStart start:
                parser.MoveNext();
                var items = new List<YamlValue>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(ReadValue(parser));
                }

                return Remember(start.Anchor, new YamlList(Position(start.Start), items));
            case MappingStart start:
                parser.MoveNext();
                return Remember(start.Anchor, ReadMap(parser, Position(start.Start)));
            case AnchorAlias alias:
                parser.MoveNext();
                return _anchors.TryGetValue(alias.Value.Value, out var value)
                    ? value
                    : throw new YamlException(alias.Start, alias.End, $"no anchor '&{alias.Value.Value}' stands above this '*{alias.Value.Value}'");
            case { } other:
                throw new YamlException(other.Start, other.End, "a value is missing here");
            default:
                throw new YamlException("the text ends in the middle of a value");
        }
    }

    private YamlMap ReadMap(Parser parser, TextPosition start)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlValue>>();
        var seen = new Dictionary<string, TextPosition>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadValue(parser);
            var value = ReadValue(parser);
            if (key is not YamlScalar name)
            {
                problems.Add(key.Start, "a key must be a word", "key: value");
            }
            else if (seen.TryGetValue(name.Text, out var first))
            {
                problems.Add(name.Start, $"'{name.Text}' is given twice", remedy: $"The first is on line {first.Line}; remove one.");
            }
            else
            {
                seen.Add(name.Text, name.Start);
                entries.Add(new(name, value));
            }
        }

        return new YamlMap(start, entries);
    }

    private YamlValue Remember(AnchorName anchor, YamlValue value)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = value;
        }

        return value;
    }
}
