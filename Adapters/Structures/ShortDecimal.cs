namespace MofInterop.Structures;

/// <summary>
/// Numbers as trajectories hold them by the million, <c>-12.0345678901</c>, several times as fast as the general parser and equal to it to the
/// last bit: a whole number below 2⁵³ divided by a power of ten up to 10²², both exact in double precision, is rounded once
/// (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990). Everything else is left to the general parser.
/// </summary>
internal static class ShortDecimal
{
    /// <summary>Whole numbers up to this are exact.</summary>
    public const ulong ExactWhole = 1UL << 53;

    /// <summary>More digits could overflow.</summary>
    public const int MostDigits = 18;

    private static readonly double[] _powers =
    [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Powers of ten that are exact.</summary>
    public static ReadOnlySpan<double> Powers => _powers;

    /// <summary>False for exponents, many digits, words, blanks: ask the general parser.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        var at = 0;
        var negative = text.Length > 0 && text[0] == '-';
        at += negative ? 1 : 0;
        if (text.Length - at > MostDigits + 1 || text.Length == at)
        {
            return false;
        }

        ulong whole = 0;
        var digits = 0;
        var point = -1;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                whole = 10 * whole + digit;
                digits++;
            }
            else if (text[at] == '.' && point < 0)
            {
                point = digits;
            }
            else
            {
                return false;
            }
        }

        if (digits is 0 or > MostDigits || whole > ExactWhole)
        {
            return false;
        }

        var magnitude = point < 0 ? whole : whole / _powers[digits - point];
        value = negative ? -magnitude : magnitude;
        return true;
    }
}
