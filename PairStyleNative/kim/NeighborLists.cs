using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>
/// The neighbour lists of the contributing atoms, copied: a simulator may give each list in the same memory as the last.
/// Keeps its memory from step to step.
/// </summary>
internal sealed unsafe class NeighborLists : IDisposable
{
    private int* _indices;
    private int _indexCapacity;
    private int _atomCapacity;

    /// <summary><c>int[ContributingCount]</c>, the contributing atoms.</summary>
    public int* Contributing { get; private set; }

    public int ContributingCount { get; private set; }

    /// <summary><c>int[atomCount]</c>, of contributing atoms.</summary>
    public int* Counts { get; private set; }

    /// <summary><c>int*[atomCount]</c>, of contributing atoms.</summary>
    public int** Lists { get; private set; }

    /// <summary>Asks KIM for the lists.</summary>
    /// <param name="arguments">KIM's compute arguments.</param>
    /// <param name="atomCount">Atoms, ghosts included.</param>
    /// <param name="contributes"><c>int[atomCount]</c>, 1 or 0.</param>
    public void Read(nint arguments, int atomCount, int* contributes)
    {
        Grow(atomCount);
        ContributingCount = 0;
        var used = 0;
        for (var i = 0; i < atomCount; i++)
        {
            if (contributes[i] == 0)
            {
                continue;
            }

            if (KimApi.GetNeighbors(arguments, 0, i, out var count, out var neighbors) != 0)
            {
                throw new KimException($"the simulator gives no neighbor list of particle {i}");
            }

            Append(neighbors, count, used);
            Contributing[ContributingCount++] = i;
            Counts[i] = count;
            used += count;
        }

        // Now that the memory stays where it is.
        var next = _indices;
        for (var c = 0; c < ContributingCount; c++)
        {
            var i = Contributing[c];
            Lists[i] = next;
            next += Counts[i];
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_indices);
        NativeMemory.Free(Contributing);
        NativeMemory.Free(Counts);
        NativeMemory.Free(Lists);
        _indices = Contributing = Counts = null;
        Lists = null;
        _indexCapacity = _atomCapacity = 0;
    }

    private void Append(int* neighbors, int count, int used)
    {
        if (count < 0)
        {
            throw new KimException($"the simulator gives a neighbor list of {count} particles");
        }

        if (checked(used + count) > _indexCapacity)
        {
            _indexCapacity = Math.Max(used + count, (int)Math.Min(Array.MaxLength, 2L * _indexCapacity));
            _indices = (int*)NativeMemory.Realloc(_indices, (nuint)_indexCapacity * sizeof(int));
        }

        Buffer.MemoryCopy(neighbors, _indices + used, (long)count * sizeof(int), (long)count * sizeof(int));
    }

    private void Grow(int atomCount)
    {
        if (atomCount > _atomCapacity)
        {
            _atomCapacity = atomCount + (atomCount / 4);
            Contributing = (int*)NativeMemory.Realloc(Contributing, (nuint)_atomCapacity * sizeof(int));
            Counts = (int*)NativeMemory.Realloc(Counts, (nuint)_atomCapacity * sizeof(int));
            Lists = (int**)NativeMemory.Realloc(Lists, (nuint)_atomCapacity * (nuint)sizeof(int*));
        }
    }
}
