using System.Runtime.InteropServices;

namespace MofInterop.Slurm;

/// <summary>Gives a file a second name where the file system can, so that trajectories are not copied.</summary>
internal static partial class FileLinks
{
    /// <summary>Puts a file in another place too, over what is there.</summary>
    public static void LinkOrCopy(string source, string target)
    {
        File.Delete(target);
        if (!OperatingSystem.IsLinux() || Link(source, target) != 0)
        {
            // Another file system, or one without links.
            File.Copy(source, target);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
