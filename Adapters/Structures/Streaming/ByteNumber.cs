using System.Globalization;

namespace MofInterop.Structures;

/// <summary>
/// Numbers out of bytes of text, as trajectories hold them by the billion: no strings, and equal to the general parser to the last bit, as <see cref="ShortDecimal"/>, with exponents besides. What is not exact is left to the general parser.
/// </summary>
internal static class ByteNumber
{
    /// <summary>Reads the next word of a line as a number and goes behind it; false where there is no word, or it is no number. <c>nan</c> and <c>inf</c> are NaN.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, ref int at, out double value)
    {
        SkipBlanks(line, ref at);
        var start = at;
        var negative = at < line.Length && line[at] == (byte)'-';
        at += negative ? 1 : 0;
        ulong whole = 0;
        int digits = 0, seen = 0, fraction = 0;
        var behindPoint = false;
        for (; at < line.Length; at++)
        {
            var digit = (uint)(line[at] - '0');
            if (digit <= 9)
            {
                whole = 10 * whole + digit;
                digits += whole > 0 ? 1 : 0;
                fraction += behindPoint ? 1 : 0;
                seen++;
            }
            else if (line[at] == (byte)'.' && !behindPoint)
            {
                behindPoint = true;
            }
            else
            {
                break;
            }

            if (digits > ShortDecimal.MostDigits)
            {
                return General(line, start, ref at, out value);
            }
        }

        if (seen == 0)
        {
            return General(line, start, ref at, out value);
        }

        var exponent = -fraction;
        if (at < line.Length && !IsBlank(line[at]) && !TryExponent(line, ref at, ref exponent))
        {
            return General(line, start, ref at, out value);
        }

        if (whole > ShortDecimal.ExactWhole || exponent is < -22 or > 22)
        {
            return General(line, start, ref at, out value);
        }

        var magnitude = exponent < 0 ? whole / ShortDecimal.Powers[-exponent] : whole * ShortDecimal.Powers[exponent];
        value = negative ? -magnitude : magnitude;
        return true;
    }

    /// <summary>Reads the next word as a whole number that is not negative.</summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> line, ref int at, out long value)
    {
        SkipBlanks(line, ref at);
        value = 0;
        var start = at;
        for (; at < line.Length && (uint)(line[at] - '0') <= 9; at++)
        {
            value = 10 * value + (line[at] - '0');
        }

        return at > start && at - start <= ShortDecimal.MostDigits && (at == line.Length || IsBlank(line[at]));
    }

    /// <summary>The next word, empty at the end of the line.</summary>
    public static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, scoped ref int at)
    {
        SkipBlanks(line, ref at);
        var start = at;
        while (at < line.Length && !IsBlank(line[at]))
        {
            at++;
        }

        return line[start..at];
    }

    private static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length && IsBlank(line[at]))
        {
            at++;
        }
    }

    private static bool IsBlank(byte one) => one is (byte)' ' or (byte)'\t';

    // At the letter e: adds what follows to the exponent.
    private static bool TryExponent(ReadOnlySpan<byte> line, ref int at, ref int exponent)
    {
        if (line[at] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        at++;
        var negative = at < line.Length && line[at] == (byte)'-';
        at += at < line.Length && line[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (!TryReadInteger(line, ref at, out var power) || power > 400)
        {
            return false;
        }

        exponent += negative ? -(int)power : (int)power;
        return true;
    }

    private static bool General(ReadOnlySpan<byte> line, int start, ref int at, out double value)
    {
        at = start;
        var word = Word(line, ref at);
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        value = double.NaN;
        var bare = word.Length > 0 && word[0] is (byte)'-' or (byte)'+' ? word[1..] : word;
        return bare.SequenceEqual("nan"u8) || bare.SequenceEqual("inf"u8);
    }
}
