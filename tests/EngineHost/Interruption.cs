using System.Runtime.InteropServices;

namespace MofInterop.EngineHost;

/// <summary>Ends this process the hard way (kill -9) at the n-th point that it passes.</summary>
internal static partial class Interruption
{
    private const int KillSignal = 9;

    private static int _remaining = int.MaxValue;
    private static int _passed;

    /// <summary>Points passed so far.</summary>
    public static int Passed => _passed;

    /// <summary>Kill at the n-th point.</summary>
    public static void After(int points) => _remaining = points;

    /// <summary>A point at which a kill may come.</summary>
    public static void Point(string name)
    {
        Interlocked.Increment(ref _passed);
        if (Interlocked.Decrement(ref _remaining) == 0)
        {
            _ = Kill(Environment.ProcessId, KillSignal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
