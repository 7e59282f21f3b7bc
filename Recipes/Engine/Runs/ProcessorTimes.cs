using System.Globalization;

namespace MofInterop.Engine;

/// <summary>Processor time of this process, and of the programs that it started here and that have ended.</summary>
/// <param name="Own">Of all threads of this process.</param>
/// <param name="Programs">Null where the system does not tell.</param>
internal readonly record struct ProcessorTimes(TimeSpan Own, TimeSpan? Programs)
{
    private const string Status = "/proc/self/stat";

    // proc(5): fields 16 and 17, cutime and cstime, in clock ticks, of which Linux shows 100 a second to every program. The name may hold spaces.
    private const int ChildrenUser = 13;
    private const int ChildrenSystem = 14;
    private const double TicksASecond = 100;

    /// <summary>Since the start of this process.</summary>
    public static ProcessorTimes Now()
    {
        TimeSpan? programs = null;
        if (File.Exists(Status))
        {
            var text = File.ReadAllText(Status);
            var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            programs = TimeSpan.FromSeconds((long.Parse(fields[ChildrenUser], CultureInfo.InvariantCulture) + long.Parse(fields[ChildrenSystem], CultureInfo.InvariantCulture)) / TicksASecond);
        }

        return new ProcessorTimes(Environment.CpuUsage.TotalTime, programs);
    }

    /// <summary>What was spent since an earlier moment.</summary>
    public ProcessorTimes Since(ProcessorTimes earlier) => new(Own - earlier.Own, Programs - earlier.Programs);
}
