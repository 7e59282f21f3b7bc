namespace MofInterop.TestKit;

/// <summary>Finds the data that tests compare with; it lives outside the repository.</summary>
public static class ReferenceData
{
    /// <summary>The folder, or null when it is absent.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The path of a reference file, or null: then the test must say it was skipped.</summary>
    public static string? Find(string relativePath)
    {
        var path = Root is null ? null : Path.Combine(Root, relativePath);
        return path is not null && (File.Exists(path) || Directory.Exists(path)) ? path : null;
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("MOFINTEROP_REFERENCE");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MofInterop.sln")))
            {
                var candidate = Path.Combine(folder.FullName, "..", "shared", "reference");
                return Directory.Exists(candidate) ? Path.GetFullPath(candidate) : null;
            }
        }

        return null;
    }
}
