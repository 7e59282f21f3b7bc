using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Text;

/// <summary>Numbers in model files: independent of culture, and the same bits after writing and reading.</summary>
internal static class Numbers
{
    /// <summary>The shortest text that reads back as the same double.</summary>
    public static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads a finite floating-point number.</summary>
    /// <param name="text">One word.</param>
    /// <param name="where"><c>file:line</c>.</param>
    /// <param name="name">What the number is, for the message.</param>
    public static double ReadDouble(string text, string where, string name) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new MofException(ErrorKind.FileFormat, $"{name} is '{text}'", where, expected: "a finite number");

    /// <summary>Reads an integer.</summary>
    /// <param name="text">One word.</param>
    /// <param name="where"><c>file:line</c>.</param>
    /// <param name="name">What the number is, for the message.</param>
    public static int ReadInteger(string text, string where, string name) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new MofException(ErrorKind.FileFormat, $"{name} is '{text}'", where, expected: "an integer");
}
