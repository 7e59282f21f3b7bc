using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop rings</c>.</summary>
internal static class RingsCommand
{
    private const string Notes = """
        Cuts a framework at the bonds of its metals to donor atoms: counts how many donors each metal
        has, which linkers are intact, dangling (fewer metals than in the structure), free or broken
        inside, and the primitive rings of metals joined by linkers. FILE is a structure (as for
        'mofinterop pores') or a trajectory: extended XYZ, LAMMPS dump (.lammpstrj, .dump, dump.*), VASP or
        CP2K. Bonds inside linkers are those of --structure, or of the first frame. Several frames
        give means with errors by blocking. In recipes: the step 'network'.

        Examples:  mofinterop rings zif4.cif
                   mofinterop rings melt.lammpstrj --structure zif4.cif --types Zn,N,C,H --interval 100
        """;

    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("FILE") { Description = "A structure or a trajectory." };
        var structure = new Option<string?>("--structure", "-s") { Description = "The crystal whose bonds say what is a linker; default: the first frame.", HelpName = "FILE" };
        var metal = new Option<string[]>("--metal", "-m") { Description = "An element that is a node; may be given several times. Default: the metals.", HelpName = "SYMBOL" };
        var within = new Option<string>("--bonded-within") { Description = "A metal and a donor are bonded when closer than this (angstrom).", HelpName = "ANGSTROM", DefaultValueFactory = _ => "2.5" };
        var beyond = new Option<string?>("--apart-beyond") { Description = "Once bonded they are apart when further than this (angstrom). Default: a sharp cutoff.", HelpName = "ANGSTROM" };
        var largest = new Option<int>("--largest-ring") { Description = "Nodes of the largest rings that are counted.", HelpName = "NUMBER", DefaultValueFactory = _ => new NetworkOptions().LargestRing };
        var ringsEvery = new Option<int>("--rings-every") { Description = "Rings are counted in every so many of the frames.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        var types = new Option<string?>("--types") { Description = "Elements or atom types of LAMMPS's types 1, 2, ..., where the dump has no column element.", HelpName = "NAME,..." };
        var interval = new Option<string?>("--interval") { Description = "Time between frames (fs).", HelpName = "FS" };
        var from = new Option<int>("--from") { Description = "First frame, from 1.", DefaultValueFactory = _ => 1 };
        var to = new Option<int?>("--to") { Description = "Last frame." };
        var every = new Option<int>("--every") { Description = "Every so many frames one counts.", DefaultValueFactory = _ => 1 };
        var tolerance = CommonArguments.BondTolerance();
        var primitive = CommonArguments.Primitive();
        var format = new Option<string>("--format") { Description = "How results are printed.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new DocumentedCommand("rings", "Counts metal coordination, linkers and rings of a structure or a trajectory.", Notes)
        {
            file, structure, metal, within, beyond, largest, ringsEvery, types, interval, from, to, every, tolerance, primitive, format,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var metals = result.GetValue(metal) ?? [];
            var options = new NetworkOptions
            {
                Metals = metals.Length > 0 ? metals : null,
                BondedWithin = Positive(result.GetValue(within)!, "--bonded-within", "angstrom"),
                ApartBeyond = result.GetValue(beyond) is { } apart ? Positive(apart, "--apart-beyond", "angstrom") : null,
                LargestRing = result.GetValue(largest),
                RingsEvery = AtLeastOne(result.GetValue(ringsEvery), "--rings-every"),
                Frames = new FrameOptions
                {
                    Files = [new InputData(Path.GetFullPath(result.GetValue(file)!)) { Written = result.GetValue(file)! }],
                    From = AtLeastOne(result.GetValue(from), "--from"),
                    To = result.GetValue(to),
                    Every = AtLeastOne(result.GetValue(every), "--every"),
                    Interval = result.GetValue(interval) is { } time ? Positive(time, "--interval", "fs") : null,
                    Lammps = new LammpsDumpOptions { Types = result.GetValue(types)?.Split(',') },
                },
            };
            var bonds = new BondSettings { Tolerance = result.GetValue(tolerance) };
            var record = await MeasureAsync(services, result.GetValue(structure), result.GetValue(primitive), bonds, options, cancellation);
            await services.Output.WriteAsync(result.GetValue(format) == "json" ? JsonSerializer.Serialize(record, StepJson.Options) + "\n" : Table(record));
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<NetworkRecord> MeasureAsync(CliServices services, string? crystal, bool primitive, BondSettings bonds, NetworkOptions options, CancellationToken cancellation)
    {
        var file = options.Frames.Files[0];
        var single = IsCrystalFile(file.Path);
        if (primitive && !single && crystal is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "--primitive reduces a structure, not a trajectory", file.Written);
        }

        var structure = single || crystal is not null ? await services.Structures.ReadOneAsync(crystal ?? file.Path, primitive, cancellation) : FirstFrame(options.Frames, file);
        var notes = new List<string>();
        var frames = single ? One(file.Written, crystal is null ? structure : await services.Structures.ReadOneAsync(file.Path, primitive, cancellation)) : options.Frames.Read(structure, null, notes.Add);
        var record = await Task.Run(() => Measure(TypedStructure.Of(structure, bonds), frames, options, file.Written, cancellation), cancellation);
        foreach (var note in notes)
        {
            await services.Error.WriteLineAsync($"note: {note}");
        }

        return record;
    }

    private static NetworkRecord Measure(TypedStructure structure, IEnumerable<AnalysedFrame> frames, NetworkOptions options, string file, CancellationToken cancellation)
    {
        using var measurement = new NetworkMeasurement(structure, options);
        NetworkFrame[] found = [.. frames.Select(frame => measurement.Next(frame, cancellation))];
        return found.Length > 0 ? measurement.Summarise(found) : throw new MofException(ErrorKind.InvalidArgument, "no frame is in the asked range", file, "frames from --from to --to");
    }

    private static IEnumerable<AnalysedFrame> One(string name, AtomicConfiguration structure) => [new AnalysedFrame(name, 1, null, structure)];

    private static AtomicConfiguration FirstFrame(FrameOptions frames, InputData file) =>
        (frames with { From = 1, To = 1, Every = 1 }).Read(null, null, _ => { }).FirstOrDefault()?.Configuration
        ?? throw new MofException(ErrorKind.FileFormat, "the file holds no whole frame", file.Written);

    private static bool IsCrystalFile(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".cif", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".vasp", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("POSCAR", StringComparison.Ordinal) || name.StartsWith("CONTCAR", StringComparison.Ordinal);
    }

    private static string Table(NetworkRecord record)
    {
        var metals = string.Join(", ", record.Metals);
        var lines = new List<string>
        {
            Line($"{record.MetalCount} atoms of {metals}, {record.LinkerCount} linkers with {string.Join(", ", record.Donors)} as donors; bonded within {record.BondedWithinAngstrom} Å, apart beyond {record.ApartBeyondAngstrom} Å"),
            record.Frames.Count == 1 ? "1 frame" : Line($"{record.Frames.Count} frames: means and standard errors by blocking"),
        };
        lines.AddRange(record.Quantities.Select(quantity => Line($"{quantity.Name,-34} {quantity.Value,8:F4}{Error(quantity.Error)}")));
        lines.AddRange(record.Coordination.Select(one => Line($"{$"{metals} with {one.Donors} donors, fraction",-34} {one.Fraction,8:F4}{Error(one.Error)}")));
        lines.Add(record.Rings.Count == 0
            ? Line($"no primitive rings of up to {record.LargestRing} nodes")
            : Line($"primitive rings of up to {record.LargestRing} nodes:\n{"nodes",7} {"rings per node",15} {"nodes in such a ring",21}"));
        lines.AddRange(record.Rings.Select(ring => Line($"{ring.Size,7} {ring.PerNode,15:F4} {ring.NodesInRings,21:F4}{Error(ring.PerNodeError)}")));
        return string.Join('\n', lines) + "\n";

        static string Error(double error) => double.IsNaN(error) ? string.Empty : Line($" ± {error:F4}");
    }

    private static Quantity Positive(string text, string option, string unit) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{value:R} {unit}"))
            : throw new MofException(ErrorKind.InvalidArgument, $"{option} is '{text}'", expected: $"a number above 0, in {unit}");

    private static int AtLeastOne(int value, string option) => value >= 1 ? value : throw new MofException(ErrorKind.InvalidArgument, $"{option} {value}", expected: "1 or more");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
