using System.Globalization;

namespace MofInterop.Cli;

/// <summary>Numbers as the report writes them.</summary>
internal static class Text
{
    /// <summary>Three significant digits, without exponents for ordinary sizes; a dash for nothing.</summary>
    public static string Number(double? value) => value is not { } number ? "–" : number.ToString(Math.Abs(number) is >= 1e5 or < 1e-3 and > 0 ? "0.##e0" : Math.Abs(number) >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);

    /// <summary>Seconds in a table.</summary>
    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
