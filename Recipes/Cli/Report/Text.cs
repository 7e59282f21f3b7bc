using System.Globalization;

namespace MofInterop.Cli;

/// <summary>Numbers as the report writes them.</summary>
internal static class Text
{
    /// <summary>Three significant digits, without exponents for ordinary sizes; a dash for nothing.</summary>
    public static string Number(double? value) => value switch
    {
        null => "–",
        { } number when Math.Abs(number) is >= 1e5 or < 1e-3 and > 0 => number.ToString("0.##e0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 100 => number.ToString("0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 10 => number.ToString("0.#", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 1 => number.ToString("0.##", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>Seconds in a table.</summary>
    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
