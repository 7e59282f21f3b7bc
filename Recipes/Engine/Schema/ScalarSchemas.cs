using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MofInterop.Engine;

/// <summary>Free text, or one of a few texts.</summary>
internal sealed class TextSchema(IReadOnlyList<string>? allowed) : ValueSchema
{
    public override string Expectation => allowed is null ? "a text" : $"one of {string.Join(", ", allowed)}";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is not null && allowed is not null && !allowed.Contains(text))
        {
            context.Problem(value, $"{context.Parameter} cannot be '{text}'", Expectation, Spelling.DidYouMean(text, allowed));
            return null;
        }

        return text;
    }

    public override JsonObject JsonSchema()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (allowed is not null)
        {
            schema["enum"] = new JsonArray([.. allowed.Select(item => (JsonNode)item)]);
        }

        return schema;
    }

    public override JsonNode? Display(object value) => (string)value;
}

/// <summary>true or false.</summary>
internal sealed class FlagSchema : ValueSchema
{
    public override string Expectation => "true or false";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null or "true" or "false")
        {
            return text is null ? null : text == "true";
        }

        context.Problem(value, $"{context.Parameter} is '{text}'", Expectation);
        return null;
    }

    public override JsonObject JsonSchema() => new() { ["type"] = "boolean" };

    public override JsonNode? Display(object value) => (bool)value;
}

/// <summary>A member of an enum, in kebab-case or as its <see cref="EnumMemberAttribute"/> says.</summary>
internal sealed class ChoiceSchema : ValueSchema
{
    private readonly Dictionary<string, object> _members;

    public ChoiceSchema(Type type)
    {
        _members = type.GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(
            NameOf,
            field => field.GetValue(null)!);
    }

    public override string Expectation => $"one of {string.Join(", ", _members.Keys)}";

    /// <summary>How recipes write a member.</summary>
    internal static string NameOf(FieldInfo member) => member.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member.Name);

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null || _members.TryGetValue(text, out var member))
        {
            return text is null ? null : _members[text];
        }

        context.Problem(value, $"{context.Parameter} cannot be '{text}'", Expectation, Spelling.DidYouMean(text, _members.Keys));
        return null;
    }

    public override JsonObject JsonSchema() => new() { ["enum"] = new JsonArray([.. _members.Keys.Select(name => (JsonNode)name)]) };

    public override JsonNode? Display(object value) => _members.First(pair => pair.Value.Equals(value)).Key;
}

/// <summary>A whole number (<c>int</c> or <c>long</c>) or a number without unit (<c>double</c>).</summary>
internal sealed class NumberSchema(Type type, ValueRange range) : ValueSchema
{
    private readonly bool _whole = type != typeof(double);

    public override string Expectation => (_whole ? "a whole number" : "a number") + range.Suffix;

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null)
        {
            return null;
        }

        object? number = type switch
        {
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null,
            _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d) ? d : null,
        };
        if (number is null)
        {
            context.Problem(value, $"{context.Parameter} is '{text}'", Expectation);
        }
        else if (!range.Contains(Convert.ToDouble(number, CultureInfo.InvariantCulture)))
        {
            context.Problem(value, $"{context.Parameter} is {text}", Expectation);
            return null;
        }

        return number;
    }

    public override JsonObject JsonSchema()
    {
        var schema = new JsonObject { ["type"] = _whole ? "integer" : "number" };
        range.Describe(schema);
        return schema;
    }

    public override JsonNode? Display(object value) => value switch
    {
        int i => i,
        long l => l,
        _ => (double)value,
    };
}

/// <summary>A number with a unit.</summary>
internal sealed class QuantitySchema(Dimension dimension, ValueRange range) : ValueSchema
{
    public override string Expectation =>
        $"{UnitTable.Describe(dimension)} in {string.Join(", ", UnitTable.NamesOf(dimension))}{range.Suffix}, such as {UnitTable.Example(dimension)}";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null)
        {
            return null;
        }

        if (!Quantity.TryParse(text, dimension, out var quantity, out var problem))
        {
            context.Problem(value, $"{context.Parameter}: {problem}", Expectation);
            return null;
        }

        if (!range.Contains(quantity.Value))
        {
            context.Problem(value, $"{context.Parameter} is {text}", Expectation);
            return null;
        }

        return quantity;
    }

    public override JsonObject JsonSchema()
    {
        var units = string.Join("|", UnitTable.SpellingsOf(dimension).Select(Regex.Escape));
        var pattern = $@"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*({units}){(dimension == Dimension.Fraction ? "?" : string.Empty)}\s*$";
        return new JsonObject
        {
            ["type"] = dimension == Dimension.Fraction ? new JsonArray("string", "number") : "string",
            ["pattern"] = pattern,
            ["examples"] = new JsonArray(UnitTable.Example(dimension)),
        };
    }

    public override JsonNode? Display(object value) => ((Quantity)value).ToString();

    public override JsonNode? Identity(object value) => ((Quantity)value).Value;
}

/// <summary>A file that must exist; its content, not its name, enters the fingerprint.</summary>
internal sealed class FileSchema() : PathSchema("file", "a file", "File names")
{
    public override JsonNode? Display(object value) => ((InputFile)value).Written;

    public override JsonNode? Identity(object value)
    {
        using var stream = File.OpenRead(((InputFile)value).Path);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    protected override object? Find(string path, string written) => File.Exists(path) ? new InputFile(path) { Written = written } : null;

    protected override IEnumerable<string> Neighbors(string folder) => Directory.EnumerateFiles(folder);
}
