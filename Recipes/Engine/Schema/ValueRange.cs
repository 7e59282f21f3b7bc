using System.Globalization;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>Bounds of a number or a quantity, in the suite's units.</summary>
internal sealed class ValueRange
{
    private readonly string? _words;
    private readonly double? _atLeast;
    private readonly double? _above;
    private readonly double? _atMost;

    public ValueRange(ParameterAttribute attribute)
    {
        _atLeast = Number(attribute.AtLeast);
        _above = Number(attribute.Above);
        _atMost = Number(attribute.AtMost);
        (string, object?)[] bounds = [("at least", attribute.AtLeast), ("above", attribute.Above), ("at most", attribute.AtMost)];
        var words = bounds.Where(bound => bound.Item2 is not null)
            .Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Item1} {bound.Item2}"));
        _words = string.Join(" and ", words);
    }

    /// <summary>The bounds in words with a leading space, or nothing.</summary>
    public string Suffix => _words is { Length: > 0 } ? " " + _words : string.Empty;

    public bool Contains(double value) => !(value < _atLeast) && !(value <= _above) && !(value > _atMost);

    /// <summary>Adds the bounds to the JSON Schema of a plain number.</summary>
    public void Describe(JsonObject schema)
    {
        (string, double?)[] bounds = [("minimum", _atLeast), ("exclusiveMinimum", _above), ("maximum", _atMost)];
        foreach (var (keyword, bound) in bounds)
        {
            if (bound is { } value)
            {
                schema[keyword] = value;
            }
        }
    }

    private static double? Number(object? bound) => bound switch
    {
        null => null,
        string text => Quantity.Parse(text).Value,
        _ => Convert.ToDouble(bound, CultureInfo.InvariantCulture),
    };
}
