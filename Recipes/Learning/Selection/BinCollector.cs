namespace MofInterop.Learning;

/// <summary>Collects numbers, each once: thousands of bonds, angles and dihedrals fall into a few hundred bins. Not thread-safe.</summary>
internal sealed class BinCollector
{
    private const int SmallestTable = 1024;

    // Empty where the stamp is an older one, so that nothing has to be cleared between configurations.
    private long[] _table = new long[SmallestTable];
    private int[] _stamps = new int[SmallestTable];
    private int _stamp;
    private int _count;

    /// <summary>Forgets everything.</summary>
    public void Begin()
    {
        _count = 0;
        if (++_stamp == int.MaxValue)
        {
            Array.Clear(_stamps);
            _stamp = 1;
        }
    }

    public void Add(long key)
    {
        var place = Place(key);
        if (_stamps[place] == _stamp)
        {
            return;
        }

        (_table[place], _stamps[place]) = (key, _stamp);
        if (2 * ++_count > _table.Length)
        {
            Grow();
        }
    }

    /// <summary>What was added, ascending.</summary>
    public long[] Sorted()
    {
        var keys = new long[_count];
        for (int place = 0, next = 0; next < keys.Length; place++)
        {
            if (_stamps[place] == _stamp)
            {
                keys[next++] = _table[place];
            }
        }

        Array.Sort(keys);
        return keys;
    }

    private void Grow()
    {
        var keys = Sorted();
        _table = new long[2 * _table.Length];
        _stamps = new int[_table.Length];
        _stamp = 1;
        foreach (var key in keys)
        {
            var place = Place(key);
            (_table[place], _stamps[place]) = (key, _stamp);
        }
    }

    // The key's place, or the free one where it goes. Fibonacci hashing: neighbouring bins end up far apart.
    private int Place(long key)
    {
        var mask = _table.Length - 1;
        var place = (int)((ulong)key * 0x9E3779B97F4A7C15 >> 40) & mask;
        while (_stamps[place] == _stamp && _table[place] != key)
        {
            place = (place + 1) & mask;
        }

        return place;
    }
}
