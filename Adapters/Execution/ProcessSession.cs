using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MofInterop.Execution;

/// <summary>
/// Every program runs in a session of its own (<c>setsid</c>), so that it can be ended with all it started,
/// also children that have left its process group, as MPI ranks do.
/// </summary>
internal static class ProcessSession
{
    /// <summary>Kills every process of a session until none is left; a process that forks meanwhile is met in the next round.</summary>
    public static void Kill(int session)
    {
        for (var round = 0; round < 20; round++)
        {
            var members = Members(session);
            if (members.Count == 0)
            {
                return;
            }

            members.ForEach(KillOne);
            Thread.Sleep(5 * round);
        }
    }

    /// <summary>The living processes of a session (zombies have ended already).</summary>
    public static List<int> Members(int session)
    {
        var members = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && SessionOf(id) == session)
            {
                members.Add(id);
            }
        }

        return members;
    }

    /// <summary>The session of a living process, or −1. In <c>/proc/ID/stat</c> the name may hold spaces and parentheses; after it: state, parent, group, session.</summary>
    private static int SessionOf(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[0] is "Z" or "X" ? -1 : int.Parse(fields[3], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private static void KillOne(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself between being listed and being killed.
        }
    }
}
