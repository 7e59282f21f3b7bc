namespace MofInterop.TestKit;

/// <summary>Places in the checkout that tests need.</summary>
public static class Repository
{
    /// <summary>The folder that holds MofInterop.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder under <c>artifacts/</c>, which <c>./build.sh Build</c> makes; <c>MOFINTEROP_ARTIFACTS</c> names another folder.</summary>
    public static string Artifact(params string[] parts) => Path.Combine([Artifacts, .. parts]);

    private static string Artifacts =>
        Environment.GetEnvironmentVariable("MOFINTEROP_ARTIFACTS") is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine(Root, "artifacts");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MofInterop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests do not run inside a checkout");
    }
}
