using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>A number with a unit as a recipe writes it: <c>600 ps</c>. Equal when value and dimension are.</summary>
public readonly record struct Quantity
{
    private readonly string? _text;

    private Quantity(double value, Dimension dimension, string text)
    {
        Value = value;
        Dimension = dimension;
        _text = text;
    }

    /// <summary>The value in the suite's unit of its dimension: fs, Å, K, eV/Å³, eV, eV/Å, rad, amu (wall time: s).</summary>
    public double Value { get; }

    /// <summary>What it measures.</summary>
    public Dimension Dimension { get; }

    /// <summary>False for <c>default(Quantity)</c>.</summary>
    internal bool IsSet => _text is not null;

    /// <summary>Reads a number and a unit.</summary>
    /// <exception cref="MofException">The text is not a number with a known unit.</exception>
    public static Quantity Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (number, unit) = Split(text);
        if (number is null || !UnitTable.TryFind(unit, out var dimension, out var factor))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"'{text}' is not a quantity", expected: "a number and a unit, such as 300 K");
        }

        return new Quantity(number.Value * factor, dimension, text.Trim());
    }

    /// <summary>Reads a number and a unit of the given dimension.</summary>
    /// <param name="text">What the recipe says.</param>
    /// <param name="dimension">What it must measure.</param>
    /// <param name="quantity">The result.</param>
    /// <param name="problem">What is wrong, one sentence without a full stop; empty on success.</param>
    public static bool TryParse(string text, Dimension dimension, out Quantity quantity, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        quantity = default;
        var (number, unit) = Split(text);
        if (number is null)
        {
            problem = $"'{text}' does not start with a number";
            return false;
        }

        if (unit.Length == 0 && dimension == Dimension.Fraction)
        {
            quantity = new Quantity(number.Value, dimension, text.Trim());
            problem = string.Empty;
            return true;
        }

        if (unit.Length == 0)
        {
            problem = $"'{text}' has no unit";
            return false;
        }

        if (!UnitTable.TryFind(unit, out var found, out var factor))
        {
            problem = $"'{unit}' is not a known unit";
            return false;
        }

        if (found != dimension)
        {
            problem = $"'{text}' is {UnitTable.Describe(found)}, not {UnitTable.Describe(dimension)}";
            return false;
        }

        quantity = new Quantity(number.Value * factor, dimension, text.Trim());
        problem = string.Empty;
        return true;
    }

    /// <summary>The value in a unit of the same dimension: <c>timeStep.In("ps")</c>.</summary>
    /// <exception cref="MofException">The unit is unknown or measures something else.</exception>
    public double In(string unit)
    {
        if (!UnitTable.TryFind(unit, out var dimension, out var factor) || dimension != Dimension)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"{UnitTable.Describe(Dimension)} cannot be expressed in '{unit}'",
                expected: string.Join(", ", UnitTable.NamesOf(Dimension)));
        }

        return Value / factor;
    }

    /// <inheritdoc/>
    public bool Equals(Quantity other) => Value.Equals(other.Value) && Dimension == other.Dimension;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Dimension);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text ?? $"{Value.ToString("R", CultureInfo.InvariantCulture)} (unset)";

    /// <summary>The longest prefix that is a number, and the rest; null when there is no finite number in front.</summary>
    private static (double? Number, string Unit) Split(string text)
    {
        var trimmed = text.Trim();
        for (var length = trimmed.Length; length > 0; length--)
        {
            if (!char.IsWhiteSpace(trimmed[length - 1])
                && double.TryParse(trimmed.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return (double.IsFinite(number) ? number : null, trimmed[length..].Trim());
            }
        }

        return (null, trimmed);
    }
}
