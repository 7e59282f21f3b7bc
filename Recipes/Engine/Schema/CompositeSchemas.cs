using System.Collections;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>A list of values of one kind; bound to an array.</summary>
internal sealed class ListSchema(Type itemType, ValueSchema item, int minimumCount) : ValueSchema
{
    public override string Expectation => minimumCount > 0 ? $"a list of at least {minimumCount}, each {item.Expectation}" : $"a list, each item {item.Expectation}";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        if (value is not YamlList list)
        {
            context.Problem(value, $"{context.Parameter} is not a list", Expectation);
            return null;
        }

        if (list.Items.Count < minimumCount)
        {
            context.Problem(value, $"{context.Parameter} has {list.Items.Count} items", Expectation);
        }

        var items = list.Items
            .Select((element, index) => context.Within($"[{index + 1}]", element, () => item.Bind(element, context)))
            .ToArray();
        if (items.Contains(null))
        {
            return null;
        }

        var array = Array.CreateInstance(itemType, items.Length);
        Array.Copy(items, array, items.Length);
        return array;
    }

    public override JsonObject JsonSchema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.JsonSchema() };
        if (minimumCount > 0)
        {
            schema["minItems"] = minimumCount;
        }

        return schema;
    }

    public override JsonNode? Display(object value) => new JsonArray([.. ((IEnumerable)value).Cast<object>().Select(item.Display)]);

    public override JsonNode? Identity(object value) => new JsonArray([.. ((IEnumerable)value).Cast<object>().Select(item.Identity)]);
}

/// <summary>Values by name (<c>Zn4a: 0.42</c>); bound to a dictionary, sorted by name in the fingerprint.</summary>
internal sealed class DictionarySchema(Type itemType, ValueSchema item, int minimumCount) : ValueSchema
{
    public override string Expectation => $"name: value pairs, each value {item.Expectation}";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        if (value is not YamlMap map)
        {
            context.Problem(value, $"{context.Parameter} is not a group of keys", Expectation);
            return null;
        }

        if (map.Entries.Count < minimumCount)
        {
            context.Problem(value, $"{context.Parameter} has {map.Entries.Count} entries", $"at least {minimumCount}");
        }

        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), itemType))!;
        var complete = true;
        foreach (var (key, entry) in map.Entries)
        {
            var bound = context.Within("." + key.Text, entry, () => item.Bind(entry, context));
            complete &= bound is not null;
            if (bound is not null)
            {
                dictionary[key.Text] = bound;
            }
        }

        return complete ? dictionary : null;
    }

    public override JsonObject JsonSchema() => new() { ["type"] = "object", ["additionalProperties"] = item.JsonSchema() };

    public override JsonNode? Display(object value) => Convert(value, item.Display);

    public override JsonNode? Identity(object value) => Convert(value, item.Identity);

    private static JsonObject Convert(object value, Func<object, JsonNode?> convert)
    {
        var result = new JsonObject();
        foreach (var entry in ((IEnumerable)value).Cast<object>().Select(AsPair).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            result[entry.Key] = convert(entry.Value);
        }

        return result;

        static (string Key, object Value) AsPair(object pair)
        {
            var type = pair.GetType();
            return ((string)type.GetProperty("Key")!.GetValue(pair)!, type.GetProperty("Value")!.GetValue(pair)!);
        }
    }
}
