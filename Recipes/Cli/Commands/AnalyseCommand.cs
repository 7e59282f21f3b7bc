using System.CommandLine;
using System.Globalization;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop analyse</c>.</summary>
internal static class AnalyseCommand
{
    private const string Notes = """
        Files are LAMMPS text dumps (.lammpstrj, .dump, dump.*) or extended XYZ; .gz may follow. Several
        files are independent runs of the same atoms, and give error bars. Written are tables (CSV, units
        in the headings) and curves.json. In recipes: the steps 'analysis' and 'vibrations'.

        Example:  mofinterop analyse run.lammpstrj --types C3a,H1a,N3a,Zn4a --rdf 10 --msd --vdos 5 \
                    --interval 2 --coordination Zn-N:2.5 -o curves
        """;

    public static Command Create(CliServices services)
    {
        var files = new Argument<string[]>("TRAJECTORY") { Description = "One trajectory or more.", Arity = ArgumentArity.OneOrMore };
        var rdf = new Option<double?>("--rdf") { Description = "Radial distribution functions up to this distance (angstrom).", HelpName = "CUTOFF" };
        var bin = new Option<double>("--bin") { Description = "Width of their bins (angstrom).", HelpName = "WIDTH", DefaultValueFactory = _ => 0.02 };
        var displacement = new Option<bool>("--msd") { Description = "Mean square displacements and self-diffusion." };
        var spectrum = new Option<double?>("--vdos") { Description = "Vibrational density of states with this resolution (/cm).", HelpName = "RESOLUTION" };
        var coordination = new Option<string[]>("--coordination") { Description = "Coordination number, as Zn-N:2.5 (angstrom); may be repeated.", HelpName = "A-B:CUTOFF" };
        var angle = new Option<string[]>("--angle") { Description = "Angle distribution with B at the vertex, as N-Zn-N:2.5 (angstrom); may be repeated.", HelpName = "A-B-C:CUTOFF" };
        var interval = new Option<double?>("--interval") { Description = "Time between frames (fs); --msd and --vdos need it.", HelpName = "FS" };
        var temperature = new Option<double?>("--temperature") { Description = "Temperature (K), for potentials of mean force.", HelpName = "K" };
        var types = new Option<string?>("--types") { Description = "Elements or atom types of LAMMPS's types 1, 2, ..., where the dump has no column element.", HelpName = "NAME,..." };
        var units = new Option<LammpsUnits>("--units") { Description = "LAMMPS's system of units, where the dump does not name it.", DefaultValueFactory = _ => LammpsUnits.Metal };
        var byType = new Option<bool>("--by-type") { Description = "Partial quantities of atom types, not elements." };
        var from = new Option<int>("--from") { Description = "First frame, from 1.", DefaultValueFactory = _ => 1 };
        var to = new Option<int?>("--to") { Description = "Last frame." };
        var every = new Option<int>("--every") { Description = "Every so many frames one counts.", DefaultValueFactory = _ => 1 };
        var unwrapped = new Option<bool>("--unwrapped") { Description = "Positions of extended XYZ go on through the boundaries of the cell." };
        var output = new Option<string>("--output", "-o") { Description = "Folder of the results.", HelpName = "DIR", DefaultValueFactory = _ => "analysis" };
        var command = new DocumentedCommand("analyse", "Measures RDF, MSD, VDOS, angles and coordination numbers of trajectories.", Notes)
        {
            files, rdf, bin, displacement, spectrum, coordination, angle, interval, temperature, types, units, byType, from, to, every, unwrapped, output,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var options = new MeasurementOptions
            {
                Groups = result.GetValue(byType) ? Grouping.Type : Grouping.Element,
                Rdf = result.GetValue(rdf) is { } cutoff ? new PairOptions { Cutoff = Of(cutoff, "angstrom"), Bin = Of(result.GetValue(bin), "angstrom") } : null,
                Displacement = result.GetValue(displacement) ? new DisplacementOptions() : null,
                Spectrum = result.GetValue(spectrum) is { } resolution ? new SpectrumOptions { Resolution = Of(resolution, "/cm") } : null,
                Coordination = [.. (result.GetValue(coordination) ?? []).Select(text => Split(text, 2)).Select(one => new CoordinationOptions { Of = one.Names[0], By = one.Names[1], Cutoff = one.Cutoff })],
                Angles = [.. (result.GetValue(angle) ?? []).Select(text => Split(text, 3)).Select(one => new AngleOptions { Between = one.Names, Cutoffs = [one.Cutoff] })],
            };
            if (result.GetValue(to) < result.GetValue(from))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"--to {result.GetValue(to)} comes before --from {result.GetValue(from)}", expected: "the last frame at or behind the first");
            }

            var stream = new TrajectoryStreamOptions
            {
                Types = result.GetValue(types)?.Split(','),
                Units = result.GetValue(units),
                From = Positive(result.GetValue(from), "--from"),
                To = result.GetValue(to),
                Every = Positive(result.GetValue(every), "--every"),
                KnownUnwrapped = result.GetValue(unwrapped),
            };
            var frames = result.GetValue(interval) is { } time ? time * stream.Every : double.NaN;
            var curves = await TerminalProgress.ShowAsync(
                services, sink => Task.Run(() => Measure(result.GetValue(files)!, options, stream, frames, result.GetValue(temperature), sink, cancellation), cancellation));
            await WriteAsync(curves, result.GetValue(output)!, services);
            return ExitCode.Success;
        });
        return command;
    }

    private static CurveResults Measure(string[] files, MeasurementOptions options, TrajectoryStreamOptions stream, double interval, double? temperature, IProgressSink sink, CancellationToken cancellation)
    {
        if (options is { Rdf: null, Displacement: null, Spectrum: null, Coordination.Count: 0, Angles.Count: 0 })
        {
            throw new MofException(ErrorKind.InvalidArgument, "nothing is measured", expected: "--rdf, --msd, --vdos, --coordination or --angle");
        }

        RunMeasurement[] runs = [.. files.Select(file =>
        {
            using var progress = new WorkProgress(sink, "analyse", $"{file}: percent", 100);
            return TrajectoryMeasurement.Measure(file, file, stream, options, null, interval, progress: part => progress.Report(100 * part), cancellation: cancellation);
        })];
        return new CurveResults([CurveAverages.Of("trajectories", temperature, runs, options)], []);
    }

    private static async Task WriteAsync(CurveResults curves, string folder, CliServices services)
    {
        Directory.CreateDirectory(folder);
        CurveFiles.Write(folder, curves);
        foreach (var note in curves.States[0].Notes)
        {
            await services.Error.WriteLineAsync($"note: {note}");
        }

        foreach (var line in CurveSummary.Lines(curves.States[0]))
        {
            await services.Output.WriteLineAsync(line);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, CurveFiles.TableFolder), "*.csv").Order(StringComparer.Ordinal))
        {
            await services.Output.WriteLineAsync(file);
        }
    }

    private static Quantity Of(double value, string unit) => Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{value:R} {unit}"));

    private static int Positive(int value, string option) => value >= 1 ? value : throw new MofException(ErrorKind.InvalidArgument, $"{option} {value}", expected: "1 or more");

    // "N-Zn-N:2.5": names and a cutoff.
    private static (string[] Names, Quantity Cutoff) Split(string text, int count)
    {
        var parts = text.Split(':');
        var names = parts[0].Split('-');
        return parts.Length == 2 && names.Length == count && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var cutoff) && cutoff > 0
            ? (names, Of(cutoff, "angstrom"))
            : throw new MofException(ErrorKind.InvalidArgument, $"'{text}' is not understood", expected: count == 2 ? "Zn-N:2.5" : "N-Zn-N:2.5");
    }
}
