using System.Runtime.InteropServices;

namespace MofInterop.Potentials.Atoms;

/// <summary>A growable block of 64-byte-aligned unmanaged memory; contents are lost when it grows.</summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private nuint _capacity;

    /// <summary>First element; changes when <see cref="Reserve"/> grows the block.</summary>
    public T* Pointer { get; private set; }

    /// <summary>Makes room for at least <paramref name="count"/> elements; grows by half so that repeated growth stays cheap.</summary>
    /// <returns>The first element.</returns>
    public T* Reserve(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((nuint)count > _capacity)
        {
            var capacity = Math.Max((nuint)count, _capacity + _capacity / 2);
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
            _capacity = 0;
            Pointer = (T*)LargePages.Allocate(capacity * (nuint)sizeof(T));
            _capacity = capacity;
        }

        return Pointer;
    }

    /// <summary>Holds a copy of a list.</summary>
    /// <returns>The list's length.</returns>
    internal int Fill(IReadOnlyList<T> source)
    {
        var pointer = Reserve(Math.Max(source.Count, 1));
        for (var k = 0; k < source.Count; k++)
        {
            pointer[k] = source[k];
        }

        return source.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        _capacity = 0;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the block of an array that nobody disposed.</summary>
    ~NativeArray() => NativeMemory.AlignedFree(Pointer);
}
