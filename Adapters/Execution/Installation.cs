namespace MofInterop.Execution;

/// <summary>What was built together with the running program: the folder that <c>MOFINTEROP_ARTIFACTS</c> names, else the one that the program lies in.</summary>
public static class Installation
{
    /// <summary>Names the folder that holds <c>bin</c>, <c>lib</c>, <c>lammps</c>, <c>python</c>.</summary>
    public const string Variable = "MOFINTEROP_ARTIFACTS";

    /// <summary>Full path of a file or folder of the installation, or null when it is not there.</summary>
    /// <param name="parts">Its path below the installation.</param>
    public static string? Find(params string[] parts)
    {
        // The program lies in <installation>/share/mofinterop or <installation>/bin.
        var beside = AppContext.BaseDirectory;
        string?[] roots = [Environment.GetEnvironmentVariable(Variable), Path.Combine(beside, "..", ".."), Path.Combine(beside, "..")];
        return roots.Where(root => !string.IsNullOrEmpty(root)).Select(root => Path.GetFullPath(Path.Combine([root!, .. parts]))).FirstOrDefault(Path.Exists);
    }
}
