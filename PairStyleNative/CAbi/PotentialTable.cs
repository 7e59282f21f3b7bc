using MofInterop.Potentials;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>
/// The handles given out. A handle is a number: the place in the table plus one, and in the upper half how often that
/// place has been given out. So a freed handle, or any number that never was one, is recognised and never dereferenced.
/// </summary>
internal static class PotentialTable
{
    private static readonly Lock Gate = new();
    private static readonly List<Slot> Slots = [];
    private static readonly Stack<int> Free = new();

    /// <summary>Gives out a handle.</summary>
    public static nint Add(IPotential potential)
    {
        var entry = new PotentialEntry(potential);
        lock (Gate)
        {
            if (!Free.TryPop(out var place))
            {
                place = Slots.Count;
                Slots.Add(new Slot());
            }

            var slot = Slots[place];
            slot.Entry = entry;
            slot.Generation = slot.Generation == int.MaxValue ? 1 : slot.Generation + 1;
            return (nint)(((long)slot.Generation << 32) | (uint)(place + 1));
        }
    }

    /// <summary>The potential of a handle, kept alive until the lease is disposed even if another thread frees the handle.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.InvalidArgument"/>: not a handle, or a freed one.</exception>
    public static Lease Use(nint handle)
    {
        lock (Gate)
        {
            var entry = Slots[PlaceOf(handle)].Entry!;
            entry.Users++;
            return new Lease(entry);
        }
    }

    /// <summary>Takes a handle back; the potential goes when its last user is done.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.InvalidArgument"/>: not a handle, or a freed one.</exception>
    public static void Remove(nint handle)
    {
        PotentialEntry entry;
        lock (Gate)
        {
            var place = PlaceOf(handle);
            entry = Slots[place].Entry!;
            Slots[place].Entry = null;
            Free.Push(place);
            entry.Freed = true;
            if (entry.Users > 0)
            {
                return;
            }
        }

        entry.Dispose();
    }

    private static void Return(PotentialEntry entry)
    {
        lock (Gate)
        {
            if (--entry.Users > 0 || !entry.Freed)
            {
                return;
            }
        }

        entry.Dispose();
    }

    private static int PlaceOf(nint handle)
    {
        var place = (long)(uint)handle - 1;
        var generation = (int)((long)handle >> 32);
        if (place < 0 || place >= Slots.Count || Slots[(int)place].Generation != generation || Slots[(int)place].Entry is null)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                handle == 0 ? "the potential is NULL" : $"0x{(long)handle:x} is not a potential, or it has been freed",
                expected: "a handle from mof_potential_load or mof_potential_load_snap");
        }

        return (int)place;
    }

    /// <summary>A use of a potential.</summary>
    public readonly ref struct Lease
    {
        public Lease(PotentialEntry entry) => Entry = entry;

        public PotentialEntry Entry { get; }

        public void Dispose() => Return(Entry);
    }

    private sealed class Slot
    {
        public int Generation { get; set; }

        public PotentialEntry? Entry { get; set; }
    }
}
