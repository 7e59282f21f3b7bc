using System.Runtime.InteropServices;

namespace MofInterop.Benchmarks;

/// <summary>Processor time of the calling thread: unlike wall time, it does not count what other programs take.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    /// <summary>Seconds.</summary>
    public static double Seconds
    {
        get
        {
            if (ReadClock(ThreadProcessorTime, out var time) != 0)
            {
                throw new InvalidOperationException("the thread's clock cannot be read");
            }

            return time.Seconds + 1e-9 * time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out TimeSpecification time);

    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
