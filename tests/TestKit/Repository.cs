namespace MofInterop.TestKit;

/// <summary>Places in the checkout that tests need.</summary>
public static class Repository
{
    /// <summary>The folder that holds MofInterop.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder under <c>artifacts/</c>, which <c>./build.sh Build</c> makes.</summary>
    public static string Artifact(params string[] parts) => Path.Combine([Root, "artifacts", .. parts]);

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
