using System.Runtime.InteropServices;

namespace MofInterop.CAbi;

/// <summary>The helper threads of this process, which all potentials share: one less than there are cores.</summary>
internal static partial class ThreadBudget
{
    private static readonly int Owner = GetProcessId();

    private static readonly HelperThread[] _helpers = [.. Enumerable.Range(0, Environment.ProcessorCount - 1).Select(_ => new HelperThread())];

    /// <summary>Hands work to up to <paramref name="wanted"/> helpers that have nothing else to do.</summary>
    public static void Post(IHelpedWork work, int wanted)
    {
        // A forked process has none of its parent's threads, and nothing here knows.
        if (GetProcessId() != Owner)
        {
            return;
        }

        for (var h = 0; h < _helpers.Length && wanted > 0; h++)
        {
            wanted -= _helpers[h].TryPost(work) ? 1 : 0;
        }
    }

    /// <summary>Takes it back from helpers that have not begun.</summary>
    public static void Withdraw(IHelpedWork work)
    {
        foreach (var helper in _helpers)
        {
            helper.Withdraw(work);
        }
    }

    [LibraryImport("libc", EntryPoint = "getpid")]
    private static partial int GetProcessId();
}
