using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>How the pair styles get into LAMMPS.</summary>
public enum Loader
{
    /// <summary><c>lmp-mof</c> in place of <c>lmp</c>.</summary>
    Launcher,

    /// <summary>The stock <c>lmp</c>, whose script includes <c>mofload.lmp</c>.</summary>
    Script,
}

/// <summary>The programs under test; a test is skipped, saying why, where one is absent.</summary>
internal static class HostPrograms
{
    public static string Launcher { get; } = Repository.Artifact("bin", "lmp-mof");

    public static string LoadScript { get; } = Repository.Artifact("lammps", "mofload.lmp");

    public static string? StockLammps { get; } = OnPath("lmp");

    public static string? MpiRun { get; } = OnPath("mpirun");

    public static void SkipUnlessPresent(Loader loader = Loader.Launcher, int ranks = 1)
    {
        Skip.IfNot(File.Exists(Launcher), $"{Launcher} is absent: run ./build.sh Build");
        Skip.IfNot(loader == Loader.Launcher || File.Exists(LoadScript), $"{LoadScript} is absent: run ./build.sh Build");
        Skip.If(loader == Loader.Script && StockLammps is null, "lmp is not installed");
        Skip.If(ranks > 1 && MpiRun is null, "mpirun is not installed");
    }

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
