using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>Which LAMMPS runs.</summary>
public enum LammpsHost
{
    /// <summary>The launcher <c>lmp-mof</c>: stock LAMMPS with this project's pair styles.</summary>
    Launcher,

    /// <summary>Stock <c>lmp</c>; <c>mofload.lmp</c> is included where the potential needs this project's pair styles.</summary>
    Stock,
}

/// <summary>How LAMMPS is run.</summary>
public sealed record LammpsSettings
{
    /// <summary>Which program.</summary>
    public LammpsHost Host { get; init; } = LammpsHost.Launcher;

    /// <summary>Its path or name; null: looked for.</summary>
    public string? Program { get; init; }

    /// <summary>The path of <c>mofload.lmp</c>; null: looked for.</summary>
    public string? LoaderScript { get; init; }

    /// <summary>MPI ranks; more than one starts <c>mpirun</c>. Cells of some hundred atoms are fastest with one, many runs side by side.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Threads of each rank (OMP_NUM_THREADS).</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Killed after this long; null: never.</summary>
    public TimeSpan? TimeLimit { get; init; }
}

/// <summary>
/// Finds LAMMPS: a setting, the folder that <c>MOFINTEROP_ARTIFACTS</c> names, the installation that the running program
/// belongs to, PATH.
/// </summary>
internal static class LammpsProgram
{
    private const string Launcher = "lmp-mof";
    private const string LoaderFile = "mofload.lmp";

    /// <exception cref="MofException">It is nowhere (ToolFailure).</exception>
    public static string Find(LammpsSettings settings)
    {
        if (settings.Host == LammpsHost.Stock)
        {
            return ProgramFinder.Require("lmp", "Install it (apt install lammps), or set MOFINTEROP_LMP to its path.", settings.Program);
        }

        var named = settings.Program ?? Environment.GetEnvironmentVariable(ProgramFinder.VariableFor(Launcher));
        var installed = string.IsNullOrEmpty(named) ? Installation.Find("bin", Launcher) : null;
        return ProgramFinder.Require(installed ?? Launcher, "Run ./build.sh Build, which makes it, or set MOFINTEROP_ARTIFACTS to the folder that holds bin/lmp-mof.", settings.Program);
    }

    /// <exception cref="MofException">It is nowhere (ToolFailure).</exception>
    public static string FindLoader(LammpsSettings settings) =>
        settings.LoaderScript ?? Installation.Find("lammps", LoaderFile)
        ?? throw new MofException(
            ErrorKind.ToolFailure, $"{LoaderFile} was not found", expected: "it under lammps/ of the installation",
            remedy: "Run ./build.sh Build, which makes it, or set MOFINTEROP_ARTIFACTS to the folder that holds lammps/mofload.lmp.");
}
