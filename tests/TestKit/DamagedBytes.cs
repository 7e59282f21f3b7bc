namespace MofInterop.TestKit;

/// <summary>Binary files as a broken copy or a bad disk leaves them.</summary>
public static class DamagedBytes
{
    /// <summary>The beginnings of a file: nothing, its first bytes, random places, all but its end.</summary>
    public static IEnumerable<byte[]> Truncated(byte[] original, int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(random);
        int[] first = [0, 1, 3, 4, 7, 8, 9, 64, 512, original.Length / 2, original.Length - 64, original.Length - 23];
        return first.Concat(Enumerable.Range(0, Math.Max(0, count - first.Length)).Select(_ => random.Next(original.Length - 64))).Where(length => length >= 0 && length < original.Length).Select(length => original[..length]);
    }

    /// <summary>The file with one byte changed in one or all of its bits.</summary>
    /// <param name="original">The file.</param>
    /// <param name="random">Where.</param>
    /// <param name="within">The byte is one of so many first or last ones: there headers and lists of contents stand. 0: anywhere.</param>
    public static byte[] Flipped(byte[] original, Random random, int within = 0)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(random);
        var bytes = (byte[])original.Clone();
        var reach = within == 0 ? bytes.Length : Math.Min(within, bytes.Length);
        var place = random.Next(reach);
        place = within > 0 && random.Next(2) == 0 ? bytes.Length - 1 - place : place;
        bytes[place] ^= random.Next(4) == 0 ? (byte)0xFF : (byte)(1 << random.Next(8));
        return bytes;
    }
}
