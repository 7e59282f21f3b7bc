using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>
/// Portable models made of the reference potentials, in a folder that KIM is pointed at. The tests of KIM run one after
/// another: libkim-api's log and the environment belong to the whole process.
/// </summary>
public sealed class KimModels : IAsyncLifetime, IDisposable
{
    private readonly HostFolder _folder = new();

    /// <summary>Where KIM looks for models.</summary>
    public string Folder => _folder.Path;

    /// <summary>Where KIM looks for drivers.</summary>
    public static string Drivers { get; } = Repository.Artifact("kim", "model-drivers");

    private static string Maker { get; } = Repository.Artifact("bin", "mofinterop-kim-model");

    public Task InitializeAsync()
    {
        if (KimLibrary.IsPresent)
        {
            // .NET keeps an environment of its own; libkim-api reads the process's.
            _ = KimLibrary.SetEnvironment("KIM_API_PORTABLE_MODELS_DIR", Folder, 1);
            _ = KimLibrary.SetEnvironment("KIM_API_MODEL_DRIVERS_DIR", Drivers, 1);
        }

        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>What another process needs to find the models.</summary>
    internal (string, string?)[] Environment => [("KIM_API_PORTABLE_MODELS_DIR", Folder), ("KIM_API_MODEL_DRIVERS_DIR", Drivers)];

    /// <summary>Makes a model of a reference potential, or skips the test.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="potential">The files' stem.</param>
    /// <param name="options">Further arguments of mofinterop-kim-model.</param>
    internal Task<HostOutcome> MakeAsync(string name, string potential, params string[] options) =>
        MakeAsync(name, [SnapReference.Potential(potential + ".snapcoeff"), SnapReference.Potential(potential + ".snapparam")], options);

    /// <summary>Makes a model of these files.</summary>
    internal async Task<HostOutcome> MakeAsync(string name, string[] files, params string[] options)
    {
        SkipUnlessPresent();
        return await _folder.RunProgramAsync([Maker, "--name", name, "--output", Folder, .. options, .. files]);
    }

    internal static void SkipUnlessPresent()
    {
        Skip.IfNot(KimLibrary.IsPresent, "libkim-api is not installed");
        Skip.IfNot(File.Exists(Path.Combine(Drivers, "MofInterop", "libkim-api-model-driver.so")) && File.Exists(Maker), $"{Drivers} or {Maker} is absent: run ./build.sh Build");
    }
}

/// <summary>The tests that share one process-wide libkim-api.</summary>
[CollectionDefinition(Name)]
public class KimCollection : ICollectionFixture<KimModels>
{
    public const string Name = "KIM";
}

/// <summary>Tests of the same kind that nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class KimAloneCollection : ICollectionFixture<KimModels>
{
    public const string Name = "KIM alone";
}
