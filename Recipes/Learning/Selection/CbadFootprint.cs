namespace MofInterop.Learning;

/// <summary>The bins that a configuration occupies, each once, in the order of classes and bins. Immutable, a few kilobytes for 424 atoms.</summary>
public sealed class CbadFootprint
{
    internal CbadFootprint(long[] keys) => Keys = keys;

    /// <summary>How many bins.</summary>
    public int Count => Keys.Length;

    /// <summary>Ascending; see <see cref="Key"/>.</summary>
    internal long[] Keys { get; }

    /// <summary>A class and a bin as one number whose order is that of classes, then bins.</summary>
    internal static long Key(int place, int bin) => ((long)place << 32) | (uint)(bin ^ int.MinValue);

    internal static int PlaceOf(long key) => (int)(key >> 32);

    internal static int BinOf(long key) => (int)(uint)key ^ int.MinValue;
}
