using System.Runtime.InteropServices;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>
/// The text of each thread's last failure, in native memory, so that C may read it until the thread's next failure.
/// Nothing here throws: it runs when something has failed already.
/// </summary>
internal static unsafe class LastError
{
    private static readonly byte* Empty = (byte*)NativeMemory.AllocZeroed(1);

    private static readonly byte* Exhausted = AllocateText("out of memory");

    [ThreadStatic]
    private static ThreadText? _current;

    // One more than the indices, so that 0 is none.
    [ThreadStatic]
    private static (int Atom, int Neighbor) _places;

    /// <summary>NUL-terminated UTF-8; <c>""</c> before any failure of this thread.</summary>
    public static byte* Text => _current is { } text ? text.Pointer : Empty;

    /// <summary>The atom of this thread's last failure and its neighbour, −1 where there is none.</summary>
    public static (int Atom, int Neighbor) Atoms => (_places.Atom - 1, _places.Neighbor - 1);

    /// <summary>Records a failure for the calling thread.</summary>
    /// <returns>Its status code.</returns>
    public static int Record(Exception exception)
    {
        _places = exception is AtomException at ? (at.Atom + 1, at.Neighbor + 1) : default;
        var (status, message) = exception switch
        {
            AtomException one => ((int)one.Fault.Kind, one.Message),
            HostException host => (host.Status, host.Message),
            // ToolFailure cannot happen here and has no code in the header.
            MofException { Kind: not ErrorKind.ToolFailure } known => ((int)known.Kind, known.Message),
            OutOfMemoryException => ((int)ErrorKind.Internal, "out of memory"),
            _ => ((int)ErrorKind.Internal, $"defect in libmofpotential, please report it: {exception.GetType().Name}: {exception.Message}"),
        };
        try
        {
            (_current ??= new ThreadText()).Set(message);
        }
        catch (OutOfMemoryException)
        {
            _current?.SetStatic(Exhausted);
        }

        return status;
    }

    private static byte* AllocateText(string message)
    {
        var size = Encoding.UTF8.GetByteCount(message);
        var pointer = (byte*)NativeMemory.Alloc((nuint)size + 1);
        Encoding.UTF8.GetBytes(message, new Span<byte>(pointer, size));
        pointer[size] = 0;
        return pointer;
    }

    /// <summary>Collected, and its memory freed, some time after its thread has ended.</summary>
    private sealed class ThreadText
    {
        private byte* _owned;

        public byte* Pointer { get; private set; } = Empty;

        public void Set(string message)
        {
            var text = AllocateText(message);
            NativeMemory.Free(_owned);
            _owned = text;
            Pointer = text;
        }

        public void SetStatic(byte* text) => Pointer = text;

        ~ThreadText() => NativeMemory.Free(_owned);
    }
}
