using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MofInterop.Analysis.Pores;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.Zeopp;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop pores</c>.</summary>
internal static class PoresCommand
{
    private const string Notes = """
        Atoms are hard spheres with the radii of the CCDC (Bondi; H 1.09, where Bondi has none 2.00),
        as in Zeo++. Di is the largest sphere that fits, Df the largest that passes through, Dif
        the largest on the way of that one; AV is where the centre of the probe can be, POAV what
        the probe covers; NAV and PONAV are in pockets that it cannot reach. Guests count as
        framework: remove them first. Several frames are measured one after another; the recipe
        step 'pores' averages them.
        """;

    public static Command Create(CliServices services)
    {
        var structure = CommonArguments.Structure();
        var probe = new Option<double[]>("--probe", "-p")
        {
            Description = "Radius of the spherical probe (angstrom); may be given several times. Default: 1.86, nitrogen.", HelpName = "ANGSTROM", DefaultValueFactory = _ => [PoreSettings.NitrogenRadius],
        };
        var grid = new Option<double>("--grid") { Description = "Largest distance between grid points.", HelpName = "ANGSTROM", DefaultValueFactory = _ => new PoreSettings().GridSpacing };
        var radius = new Option<string[]>("--radius") { Description = "Another radius of an element or atom type: Zn=1.2; may be given several times.", HelpName = "NAME=ANGSTROM" };
        var samples = new Option<int>("--samples") { Description = "Places for the pore size distribution; 0: none.", HelpName = "NUMBER", DefaultValueFactory = _ => new PoreSettings().DistributionSamples };
        var format = new Option<string>("--format") { Description = "How results are printed.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var zeopp = new Option<bool>("--zeopp") { Description = "Also run Zeo++'s network, where it is installed, and compare." };
        var primitive = CommonArguments.Primitive();
        var command = new DocumentedCommand("pores", "Measures the pores of a structure.", Notes) { structure, probe, grid, radius, samples, primitive, format, zeopp };
        command.SetAction(async (result, cancellation) =>
        {
            var settings = new PoreSettings
            {
                Radii = PoreRadii.With((result.GetValue(radius) ?? []).Select(Radius).ToDictionary(pair => pair.Name, pair => pair.Value)),
                Probes = result.GetValue(probe)!,
                GridSpacing = result.GetValue(grid),
                DistributionSamples = result.GetValue(samples),
            };
            var number = 0;
            await foreach (var frame in services.Structures.ReadAllAsync(result.GetValue(structure)!, result.GetValue(primitive), cancellation))
            {
                var found = PoreAnalysis.Measure(frame, settings, cancellation);
                var other = result.GetValue(zeopp) ? await ZeoppAsync(frame, settings, cancellation) : null;
                await services.Output.WriteAsync(result.GetValue(format) == "json"
                    ? JsonSerializer.Serialize(new { pores = found, zeopp = other }, Compact) + "\n"
                    : Table(++number, frame, found, other));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static JsonSerializerOptions Compact { get; } = new(StepJson.Options) { WriteIndented = false };

    private static (string Name, double Value) Radius(string text)
    {
        var parts = text.Split('=');
        return parts.Length == 2 && parts[0].Length > 0 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (parts[0], value)
            : throw new MofException(ErrorKind.InvalidArgument, $"--radius is '{text}'", expected: "a name and a radius in angstrom: Zn=1.39");
    }

    private static async Task<ZeoppResult> ZeoppAsync(AtomicConfiguration frame, PoreSettings settings, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("mofinterop-zeopp-");
        try
        {
            return await new ZeoppTool(new ToolRunner()).MeasureAsync(frame, settings.Radii.Of, settings.Probes[0], folder.FullName, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Table(int number, AtomicConfiguration frame, PoreResult result, ZeoppResult? other)
    {
        var lines = new List<string> { Line($"frame {number}: {frame.Count} atoms, {result.CellVolume:F2} Å³, {result.Density:F4} g/cm³, void fraction {result.VoidFraction:F4}") };
        var d = result.Diameters;
        lines.Add(Line($"{"largest included sphere (Di)",-40} {d.LargestIncluded,10:F4} Å{Beside(other?.LargestIncluded)}"));
        lines.Add(Line($"{"largest free sphere (Df)",-40} {d.LargestFree,10:F4} Å{Beside(other?.LargestFree)}"));
        lines.Add(Line($"{"largest included sphere on its path (Dif)",-40} {d.LargestAlongFreePath,10:F4} Å{Beside(other?.LargestAlongFreePath)}"));
        lines.Add(Line($"{"largest free sphere along a, b, c",-40} {string.Join("  ", d.Directions.Select(one => one.LargestFree.ToString("F4", CultureInfo.InvariantCulture)))} Å"));
        foreach (var (probe, compared) in result.Probes.Select((probe, k) => (probe, k == 0 ? other : null)))
        {
            var channels = probe.ChannelDimensions.Count == 0 ? "no channel" : Line($"{probe.ChannelDimensions.Count} channel{(probe.ChannelDimensions.Count == 1 ? "" : "s")} in {string.Join(", ", probe.ChannelDimensions)} dimension{(probe.ChannelDimensions is [1] ? "" : "s")}");
            lines.Add(Line($"probe of {probe.Radius} Å: {channels}, {probe.Pockets} pocket{(probe.Pockets == 1 ? "" : "s")}{(compared is null ? "" : $"   Zeo++ {compared.Channels} and {compared.Pockets}")}"));
            lines.Add(Volume("accessible volume (AV)", probe.AccessibleVolume, compared?.AccessibleVolume));
            lines.Add(Volume("volume in pockets (NAV)", probe.EnclosedVolume, compared?.EnclosedVolume));
            lines.Add(Volume("total porous volume (AV + NAV)", probe.TotalVolume, compared?.AccessibleVolume + compared?.EnclosedVolume));
            lines.Add(Volume("occupiable volume (POAV)", probe.OccupiableVolume, compared?.OccupiableVolume));
            lines.Add(Volume("occupiable volume in pockets (PONAV)", probe.EnclosedOccupiableVolume, compared?.EnclosedOccupiableVolume));
            lines.Add(Surface("accessible surface (ASA)", probe.AccessibleSurface, compared?.AccessibleSurface));
            lines.Add(Surface("surface in pockets (NASA)", probe.EnclosedSurface, compared?.EnclosedSurface));
        }

        if (result.Distribution is { } distribution)
        {
            var peaks = distribution.Diameter.Zip(distribution.Fraction).OrderByDescending(bin => bin.Second).Take(3).Where(bin => bin.Second > 0.01).OrderByDescending(bin => bin.First);
            lines.Add(Line($"most volume in pores of {string.Join(", ", peaks.Select(bin => Line($"{bin.First:F2} Å ({100 * bin.Second:F1} %)")))} of the cell"));
        }

        return string.Join('\n', lines) + "\n";

        string Volume(string name, PoreVolume volume, double? compared) =>
            Line($"  {name,-38} {volume.CubicAngstrom,10:F2} Å³ {volume.Fraction,9:F5}   {volume.CubicCentimetrePerGram,8:F5} cm³/g{Beside(compared)}");

        string Surface(string name, PoreSurface surface, double? compared) =>
            Line($"  {name,-38} {surface.SquareAngstrom,10:F2} Å² {surface.SquareMetrePerCubicCentimetre,9:F1} m²/cm³ {surface.SquareMetrePerGram,8:F1} m²/g{Beside(compared)}");
    }

    private static string Beside(double? value) => value is { } number ? Line($"   Zeo++ {number:G6}") : string.Empty;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
