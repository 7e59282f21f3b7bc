using System.Text.RegularExpressions;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Cli.Doctor;

/// <summary>Looks for everything that recipes and hosts need.</summary>
internal static partial class Examination
{
    private static readonly string[] PythonPackages = ["python3-ase", "python3-spglib", "python3-matplotlib"];

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var runner = new ToolRunner();
        var folder = Directory.CreateTempSubdirectory("mofinterop-doctor-");
        try
        {
            return
            [
                new Finding("dotnet", true, ProgramVersions.Own()["dotnet"]),
                new Finding("mofinterop", true, ProgramVersions.Own()["mofinterop"]),
                NativeLibraryExamination.Examine(),
                await ProgramAsync(runner, "lmp", ["lmp"], ["-h"], LammpsVersion(), ["lammps"], folder.FullName, cancellation),
                Launcher(),
                await ProgramAsync(runner, "cp2k", ["cp2k.psmp", "cp2k.ssmp", "cp2k.popt", "cp2k"], ["--version"], Cp2kVersion(), ["cp2k", "cp2k-data"], folder.FullName, cancellation),
                await PythonAsync(runner, cancellation),
                await SlurmExamination.ExamineAsync(runner, folder.FullName, cancellation),
                await ZeoppExamination.ExamineAsync(runner, folder.FullName, cancellation),
                new Finding("cores", true, $"{Environment.ProcessorCount}"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"LAMMPS.*- (\d+ \w+ \d+)|Simulator - (.+)")]
    private static partial Regex LammpsVersion();

    [GeneratedRegex(@"CP2K version\s+(\S+)")]
    private static partial Regex Cp2kVersion();

    private static async Task<Finding> ProgramAsync(
        ToolRunner runner, string name, string[] programs, string[] arguments, Regex version, string[] packages, string folder, CancellationToken cancellation)
    {
        try
        {
            if (ProgramFinder.FindFirst(programs) is not { } path)
            {
                return new Finding(name, false, $"not on PATH ({string.Join(", ", programs)})") { Packages = packages };
            }

            var command = new ToolCommand { Name = name, Program = path, Arguments = [.. arguments], WorkingDirectory = folder, TimeLimit = TimeSpan.FromSeconds(30) };
            var result = await runner.RunAsync(command, cancellation: cancellation);
            var match = version.Match(await File.ReadAllTextAsync(result.OutputFile, cancellation));
            var found = match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success)?.Value.Trim();
            return found is null
                ? new Finding(name, false, $"{path} does not start properly (exit code {result.ExitCode})") { Packages = packages }
                : new Finding(name, true, $"{found} ({path})");
        }
        catch (MofException exception)
        {
            return new Finding(name, false, exception.Message);
        }
    }

    /// <summary>The launcher stands beside this program where the suite was built.</summary>
    private static Finding Launcher()
    {
        var beside = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "bin", "lmp-mof"));
        var path = File.Exists(beside) ? beside : ProgramFinder.Find("lmp-mof");
        return path is null
            ? new Finding("lmp-mof", false, "not built") { Remedy = "./build.sh Build makes it: LAMMPS with pair_style mof." }
            : new Finding("lmp-mof", true, path);
    }

    private static async Task<Finding> PythonAsync(ToolRunner runner, CancellationToken cancellation)
    {
        try
        {
            var python = await new PythonRunner(runner).FindInterpreterAsync(cancellation);
            return new Finding("python", true, $"{string.Join(", ", python.Versions.Select(pair => $"{pair.Key} {pair.Value}"))} ({python.Path})");
        }
        catch (MofException exception)
        {
            return new Finding("python", false, exception.Message) { Packages = PythonPackages };
        }
    }
}
