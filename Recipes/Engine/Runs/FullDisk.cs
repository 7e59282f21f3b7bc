using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// A file system that is full, or a quota that is used up: a fault of the machine and of no piece of work, so nothing is concluded from it. The run
/// stops, and goes on when there is room.
/// </summary>
public static class FullDisk
{
    // errno of Linux, which .NET hands on as HResult.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    private const string Title = "the disk is full";

    /// <summary>With less than this left a program cannot write its results.</summary>
    private const long NothingLeft = 64 * 1024;

    private const long LeastRoom = 10 * 1024 * 1024;
    private const int PiecesToMakeRoomFor = 10;

    // As the C library words ENOSPC, EDQUOT, EFBIG and the death by SIGXFSZ.
    private static readonly string[] _words = ["No space left on device", "Disk quota exceeded", "File too large", "File size limit exceeded", "was killed by signal 25 "];

    /// <summary>Whether an exception, or what caused it, says that there was no room.</summary>
    public static bool IsCause(Exception? exception) => exception switch
    {
        null => false,
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => true,
        AggregateException several => several.InnerExceptions.Any(IsCause),
        _ when IsError(exception) => true,
        _ => IsCause(exception.InnerException),
    };

    /// <summary>Whether an exception is what <see cref="Error"/> made.</summary>
    internal static bool IsError(Exception exception) => exception is MofException known && known.What.StartsWith(Title, StringComparison.Ordinal);

    /// <summary>Whether what a program printed says so.</summary>
    public static bool IsToldBy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.Exists(_words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether nothing can be written into a folder any more.</summary>
    public static bool Has(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace < NothingLeft;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The error that the user reads: what is full, how much is needed, how to go on.</summary>
    /// <param name="runFolder">The run that stops.</param>
    /// <param name="where">Step or program, or null.</param>
    /// <param name="said">What was said when it was noticed.</param>
    /// <param name="cause">The exception behind it.</param>
    public static MofException Error(string runFolder, string? where, string said, Exception? cause = null)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        ArgumentNullException.ThrowIfNull(said);
        var drive = DriveOf(PathIn(said) ?? runFolder);
        var place = drive is null ? runFolder : $"{drive.Name} has {Size(drive.AvailableFreeSpace)} left of {Size(drive.TotalSize)}";
        var (total, largest) = Measure(runFolder);
        var needed = Math.Max(LeastRoom, PiecesToMakeRoomFor * largest);
        return new MofException(
            ErrorKind.ToolFailure,
            $"{Title}: {place} ({said.Trim()})",
            where,
            remedy: $"Make room for at least {Size(needed)} there: the run folder {runFolder} holds {Size(total)}, its largest piece of work {Size(largest)}. Then give the same command: it goes on where it stopped, and nothing that was finished is lost",
            inner: cause);
    }

    /// <summary>The path in the runtime's <c>No space left on device : '/path'</c>, or null.</summary>
    private static string? PathIn(string said)
    {
        var parts = said.Split('\'');
        return parts.Length >= 3 && parts[^2].StartsWith('/') ? parts[^2] : null;
    }

    private static DriveInfo? DriveOf(string path)
    {
        try
        {
            return DriveInfo.GetDrives()
                .Where(drive => path == drive.Name || path.StartsWith(drive.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
                .MaxBy(drive => drive.Name.Length);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Bytes of a run folder and of the largest folder of a finished piece of work in it.</summary>
    private static (long Total, long Largest) Measure(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).ToList();
            var units = files.GroupBy(file => file.DirectoryName).Where(group => group.Any(file => file.Name == UnitRecord.FileName));
            return (files.Sum(file => file.Length), units.Select(group => group.Sum(file => file.Length)).DefaultIfEmpty(0).Max());
        }
        catch (IOException)
        {
            // Files come and go while programs end; the figure only helps.
            return (0, 0);
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} kB"),
    };
}
