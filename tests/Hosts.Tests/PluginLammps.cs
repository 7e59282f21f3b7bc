using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>
/// A LAMMPS with the PLUGIN package that lies in a folder of its source tree (headers in ../src), and what of ours is built for
/// it, once for all tests: mofplugin.so and, where it is a shared library, lmp-mof and mofload.lmp.
/// </summary>
/// <param name="program">Its lmp; null: there is none.</param>
/// <param name="source">The folder with its headers; null: ../src from the program.</param>
/// <param name="remedy">What to do then.</param>
public abstract partial class PluginLammps(string? program, string? source, string remedy) : IAsyncLifetime, IDisposable
{
    private HostFolder? _folder;

    /// <summary>Why there is none, or null.</summary>
    public string? Absent { get; private set; }

    public string Program { get; } = program ?? "";

    /// <summary>The plugin that was built.</summary>
    public string Plugin { get; private set; } = "";

    private string Source => source ?? Path.GetFullPath(Path.Combine(Folder, "..", "src"));

    private string Folder => Path.GetDirectoryName(Program) ?? "";

    public async Task InitializeAsync()
    {
        var library = Repository.Artifact("lib", "libmofpotential.so");
        Absent = Program switch
        {
            "" => remedy,
            _ when !File.Exists(Program) => $"{Program} does not exist",
            _ when !File.Exists(Path.Combine(Source, "lammpsplugin.h")) => $"{Source} has no lammpsplugin.h, of LAMMPS's sources",
            _ when !File.Exists(library) => $"{library} is absent: run ./build.sh Build",
            _ => null,
        };
        if (Absent is not null)
        {
            return;
        }

        _folder = new HostFolder();
        LinkPotential(_folder.File("lib"));
        var version = Version();
        Plugin = await BuildAsync("plugin", version, $"lammps/{version}/mofplugin.so");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a script in it; <c>@load@</c> becomes the line that loads the plugin.</summary>
    internal Task<HostOutcome> RunAsync(HostFolder folder, string script, int ranks = 1, params (string Name, string? Value)[] environment)
    {
        Skip.IfNot(Absent is null, Absent);
        return folder.RunAsync(Program, script.Replace("@load@", $"plugin load {Plugin}", StringComparison.Ordinal), ranks, environment);
    }

    // Of a plugin that only has to be refused.
    private const string Unoptimized = "CXXFLAGS=-std=c++17 -O0 -fPIC";

    /// <summary>A plugin built for a version of LAMMPS that this one is not.</summary>
    internal async Task<string> PluginForAnotherVersionAsync()
    {
        Skip.IfNot(Absent is null, Absent);
        return await BuildAsync("plugin", Version() - 1, $"lammps/{Version() - 1}/mofplugin.so", Unoptimized);
    }

    /// <summary>A plugin built for a LAMMPS of this version with larger integers.</summary>
    internal async Task<string> PluginForLargerIntegersAsync()
    {
        Skip.IfNot(Absent is null, Absent);
        LinkPotential(_folder!.File("large/lib"));
        return await BuildAsync("plugin", Version(), $"large/lammps/{Version()}/mofplugin.so", $"OUT={_folder.File("large")}", "LAMMPS_SIZES=BIGBIG", Unoptimized);
    }

    /// <summary>Gives commands to it as a library, one a line; those that begin with "?" must fail, and "failed: " and why is printed.</summary>
    internal async Task<HostOutcome> RunAsLibraryAsync(HostFolder folder, string commands)
    {
        SkipUnlessShared();
        return await folder.RunProgramAsync(["python3", "-c", LibraryUser, Path.Combine(Folder, "liblammps.so")], commands.Replace("@load@", $"plugin load {Plugin}", StringComparison.Ordinal));
    }

    private const string LibraryUser = """
        import ctypes, sys
        lib = ctypes.CDLL(sys.argv[1], ctypes.RTLD_GLOBAL)
        lib.lammps_open_no_mpi.restype = ctypes.c_void_p
        arguments = (ctypes.c_char_p * 3)(b"lammps", b"-log", b"none")
        lammps = ctypes.c_void_p(lib.lammps_open_no_mpi(3, arguments, None))
        for line in sys.stdin.read().splitlines():
            fails = line.startswith("?")
            lib.lammps_command(lammps, line.lstrip("? ").encode())
            if lib.lammps_has_error(lammps):
                text = ctypes.create_string_buffer(4096)
                lib.lammps_get_last_error_message(lammps, text, 4096)
                print("failed: " + " ".join(text.value.decode().split()), flush=True)
                if not fails: sys.exit(1)
            elif fails:
                sys.exit("should have failed: " + line)
        lib.lammps_close(lammps)
        lib.lammps_mpi_finalize()
        """;

    /// <summary>Runs a script with the launcher or, in the LAMMPS itself, with mofload.lmp, both built for this version.</summary>
    internal async Task<HostOutcome> RunAsync(HostFolder folder, string script, Loader loader, int ranks)
    {
        SkipUnlessShared();
        if (loader == Loader.Launcher)
        {
            var launcher = await BuildAsync("all", Version(), "bin/lmp-mof");
            return await folder.RunAsync(launcher, script.Replace("@load@", "", StringComparison.Ordinal), ranks);
        }

        var help = await folder.RunProgramAsync([Program, "-help"]);
        Skip.IfNot(help.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Contains("PYTHON"), $"{Program} lacks the PYTHON package, which mofload.lmp needs");
        var load = await BuildAsync("all", Version(), "lammps/mofload.lmp");
        return await folder.RunAsync(Program, script.Replace("@load@", $"include {load}", StringComparison.Ordinal), ranks);
    }

    private void SkipUnlessShared()
    {
        Skip.IfNot(Absent is null, Absent);
        Skip.IfNot(File.Exists(Path.Combine(Folder, "liblammps.so")), $"{Program} is no shared library");
    }

    // Make builds nothing twice.
    private async Task<string> BuildAsync(string target, int version, string made, params string[] options)
    {
        var outcome = await _folder!.RunProgramAsync([
            "make", "--silent", "-C", Path.Combine(Repository.Root, "PairStyleNative", "lammps"), target,
            $"OUT={_folder.Path}", $"LAMMPS_INCLUDE={Source}", $"LAMMPS_LIB={Folder}", $"LAMMPS_VERSION={version}", .. options]);
        outcome.ShouldSucceed();
        return _folder.File(made);
    }

    // Links to every file, in a folder of our own: what is built lies beside the library.
    private static void LinkPotential(string folder)
    {
        foreach (var library in Directory.EnumerateFiles(Repository.Artifact("lib"), "libmofpotential.so", SearchOption.AllDirectories))
        {
            var link = Path.Combine(folder, Path.GetRelativePath(Repository.Artifact("lib"), library));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, library);
        }
    }

    // "4 Feb 2025" in version.h is 20250204.
    private int Version()
    {
        var date = VersionPattern().Match(File.ReadAllText(Path.Combine(Source, "version.h"))).Groups[1].Value;
        return int.Parse(DateTime.Parse(date, CultureInfo.InvariantCulture).ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The variable's value, or null where it is unset or empty.</summary>
    protected static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>The lmp of this version that tests/Comparison/peer.sh has built, or null.</summary>
    protected static string? Built(string version)
    {
        var caches = Named("XDG_CACHE_HOME") ?? Path.Combine(Named("HOME") ?? "/", ".cache");
        var cache = Named("MOFINTEROP_CACHE") ?? Path.Combine(caches, "mofinterop");
        return Directory.Exists(cache)
            ? Directory.EnumerateDirectories(cache, $"lammps-{version}-*").Where(folder => File.Exists(Path.Combine(folder, "complete"))).Select(folder => Path.Combine(folder, "build", "lmp")).FirstOrDefault()
            : null;
    }

    [GeneratedRegex("LAMMPS_VERSION \"([^\"]*)\"")]
    private static partial Regex VersionPattern();
}

/// <summary>
/// 4Feb2025 (Debian 13), the one that ./build.sh Bench compares with; MOFINTEROP_PLUGIN_LAMMPS names another, and
/// MOFINTEROP_PLUGIN_LAMMPS_SOURCE the folder with its headers.
/// </summary>
public sealed class PeerLammps() : PluginLammps(
    Find(),
    Named("MOFINTEROP_PLUGIN_LAMMPS_SOURCE"),
    "there is no LAMMPS 4Feb2025 with the PLUGIN package: let tests/Comparison/peer.sh build it, or name a LAMMPS by MOFINTEROP_PLUGIN_LAMMPS")
{
    public static string? Find() => Named("MOFINTEROP_PLUGIN_LAMMPS") ?? Named("LMP_WITH_SNAP") ?? Built("4Feb2025");
}

/// <summary>The newest in Debian sid.</summary>
public sealed class NewestLammps() : PluginLammps(
    Built("4Jul2026"),
    source: null,
    "there is no LAMMPS 4Jul2026 with the PLUGIN package: let \"tests/Comparison/peer.sh 4Jul2026\" build it");

[CollectionDefinition(nameof(PeerLammps))]
public class PeerLammpsCollection : ICollectionFixture<PeerLammps>;

[CollectionDefinition(nameof(NewestLammps))]
public class NewestLammpsCollection : ICollectionFixture<NewestLammps>;
