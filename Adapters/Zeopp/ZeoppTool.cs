using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Zeopp;

/// <summary>
/// Runs <c>network</c> of Zeo++ (T. F. Willems and co-workers, Microporous Mesoporous Mater. 149, 134 (2012)) where it is installed.
/// </summary>
/// <param name="runner">Starts it.</param>
/// <param name="setting">Path of its program; null: looked for.</param>
public sealed class ZeoppTool(IToolRunner runner, string? setting = null)
{
    /// <summary>Name of its program.</summary>
    public const string Program = "network";

    private const string Missing = "Zeo++ is in no Debian package: build it (zeoplusplus.org) and set MOFINTEROP_NETWORK to the path of its 'network'.";

    private const string StructureFile = "structure.v1", RadiiFile = "radii.rad";

    /// <summary>Samples of volumes for a cell.</summary>
    private const int VolumeSamples = 50_000;

    /// <summary>Samples of surfaces for each atom.</summary>
    private const int SurfaceSamples = 2_000;

    /// <summary>Where it is; null: not installed.</summary>
    /// <exception cref="MofException">MOFINTEROP_NETWORK names something that is no program (ToolFailure).</exception>
    public static string? Find() => ProgramFinder.Find(Program);

    /// <summary>Whether the program is Zeo++'s: others are named so too. Called without arguments it tells how it is called.</summary>
    public async Task<bool> IsZeoppAsync(string folder, CancellationToken cancellation = default)
    {
        var program = ProgramFinder.Require(Program, Missing, setting);
        var result = await runner.RunAsync(new ToolCommand { Name = "zeopp-usage", Program = program, WorkingDirectory = folder, TimeLimit = TimeSpan.FromSeconds(20), Brief = true }, cancellation: cancellation).ConfigureAwait(false);
        var said = await File.ReadAllTextAsync(result.OutputFile, cancellation).ConfigureAwait(false) + await File.ReadAllTextAsync(result.ErrorFile, cancellation).ConfigureAwait(false);
        return said.Contains("Network commandline invocation", StringComparison.Ordinal);
    }

    /// <summary>Diameters, volumes and surfaces, in high accuracy (-ha), with the same radius for channels and samples.</summary>
    /// <param name="structure">Periodic.</param>
    /// <param name="radius">Of an atom by its symbol, Å.</param>
    /// <param name="probe">Å.</param>
    /// <param name="folder">Exists; gets the files.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">Not installed, failed (ToolFailure), or wrote what cannot be read (FileFormat).</exception>
    public async Task<ZeoppResult> MeasureAsync(AtomicConfiguration structure, Func<string, double> radius, double probe, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var program = ProgramFinder.Require(Program, Missing, setting);
        await File.WriteAllTextAsync(Path.Combine(folder, StructureFile), ZeoppInput.Structure(structure), cancellation).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, RadiiFile), ZeoppInput.Radii(structure, radius), cancellation).ConfigureAwait(false);
        var size = probe.ToString("R", CultureInfo.InvariantCulture);
        var volumes = VolumeSamples.ToString(CultureInfo.InvariantCulture);
        var surfaces = SurfaceSamples.ToString(CultureInfo.InvariantCulture);
        var command = new ToolCommand
        {
            Name = "zeopp",
            Program = program,
            WorkingDirectory = folder,
            Arguments =
            [
                "-ha", "-r", RadiiFile, "-res", "out.res", "-vol", size, size, volumes, "out.vol", "-volpo", size, size, volumes, "out.volpo", "-sa", size, size, surfaces, "out.sa", StructureFile,
            ],
        };
        var result = await runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false);
        result.ThrowIfFailed();
        string Output(string name) => Path.Combine(folder, name);
        var (included, free, along) = ZeoppOutput.Diameters(Output("out.res"));
        return new ZeoppResult(
            included, free, along, (int)ZeoppOutput.Value(Output("out.vol"), "Number_of_channels"), (int)ZeoppOutput.Value(Output("out.vol"), "Number_of_pockets"),
            ZeoppOutput.Value(Output("out.vol"), "AV_cm^3/g"), ZeoppOutput.Value(Output("out.vol"), "NAV_cm^3/g"),
            ZeoppOutput.Value(Output("out.volpo"), "POAV_cm^3/g"), ZeoppOutput.Value(Output("out.volpo"), "PONAV_cm^3/g"),
            ZeoppOutput.Value(Output("out.sa"), "ASA_m^2/g"), ZeoppOutput.Value(Output("out.sa"), "NASA_m^2/g"));
    }
}
