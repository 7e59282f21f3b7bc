using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>
/// A LAMMPS with the PLUGIN package and its sources, and mofplugin.so built for it, once for all tests. MOFINTEROP_PLUGIN_LAMMPS
/// names the program and MOFINTEROP_PLUGIN_LAMMPS_SOURCE the folder with its headers (default: ../src from the program);
/// without them the one that ./build.sh Bench has built is taken (tests/Comparison/peer.sh).
/// </summary>
public sealed partial class PluginLammps : IAsyncLifetime, IDisposable
{
    private HostFolder? _folder;

    /// <summary>Why there is none, or null.</summary>
    public string? Absent { get; private set; }

    public string Program { get; } = Named("MOFINTEROP_PLUGIN_LAMMPS") ?? Named("LMP_WITH_SNAP") ?? OfBenchmark() ?? "";

    /// <summary>The plugin that was built.</summary>
    public string Plugin { get; private set; } = "";

    /// <summary>A plugin built for a version of LAMMPS that this one is not.</summary>
    public string PluginForAnotherVersion { get; private set; } = "";

    private string Source => Named("MOFINTEROP_PLUGIN_LAMMPS_SOURCE") ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Program) ?? "", "..", "src"));

    public async Task InitializeAsync()
    {
        var library = Repository.Artifact("lib", "libmofpotential.so");
        Absent = Program switch
        {
            "" => "there is no LAMMPS with the PLUGIN package: name one by MOFINTEROP_PLUGIN_LAMMPS, or let ./build.sh Bench build it",
            _ when !File.Exists(Program) => $"MOFINTEROP_PLUGIN_LAMMPS: {Program} does not exist",
            _ when !File.Exists(Path.Combine(Source, "lammpsplugin.h")) => $"MOFINTEROP_PLUGIN_LAMMPS_SOURCE: {Source} has no lammpsplugin.h",
            _ when !File.Exists(library) => $"{library} is absent: run ./build.sh Build",
            _ => null,
        };
        if (Absent is not null)
        {
            return;
        }

        _folder = new HostFolder();
        Directory.CreateSymbolicLink(_folder.File("lib"), Repository.Artifact("lib"));
        var version = Version();
        Plugin = await BuildAsync(version);
        PluginForAnotherVersion = await BuildAsync(version - 1);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder?.Dispose();

    internal Task<HostOutcome> RunAsync(HostFolder folder, string script, int ranks = 1, params (string Name, string? Value)[] environment)
    {
        Skip.IfNot(Absent is null, Absent);
        return folder.RunAsync(Program, script.Replace("@load@", $"plugin load {Plugin}", StringComparison.Ordinal), ranks, environment);
    }

    private async Task<string> BuildAsync(int version)
    {
        var outcome = await _folder!.RunProgramAsync([
            "make", "--silent", "-C", Path.Combine(Repository.Root, "PairStyleNative", "lammps"), "plugin",
            $"OUT={_folder.Path}", $"LAMMPS_INCLUDE={Source}", $"LAMMPS_VERSION={version}"]);
        outcome.ShouldSucceed();
        return _folder.File($"lammps/{version}/mofplugin.so");
    }

    // "4 Feb 2025" in version.h is 20250204.
    private int Version()
    {
        var date = VersionPattern().Match(File.ReadAllText(Path.Combine(Source, "version.h"))).Groups[1].Value;
        return int.Parse(DateTime.Parse(date, CultureInfo.InvariantCulture).ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static string? OfBenchmark()
    {
        var caches = Named("XDG_CACHE_HOME") ?? Path.Combine(Named("HOME") ?? "/", ".cache");
        var cache = Named("MOFINTEROP_CACHE") ?? Path.Combine(caches, "mofinterop");
        return Directory.Exists(cache)
            ? Directory.EnumerateDirectories(cache, "lammps-*").Where(folder => File.Exists(Path.Combine(folder, "complete"))).Select(folder => Path.Combine(folder, "build", "lmp")).FirstOrDefault()
            : null;
    }

    [GeneratedRegex("LAMMPS_VERSION \"([^\"]*)\"")]
    private static partial Regex VersionPattern();
}
