using System.Globalization;
using MofInterop.Comparison;
using MofInterop.Execution;
using MofInterop.Learning;
using MofInterop.TestKit;

// train FRAMES THREADS SOLVER: one fit, see TrainingRun.
// Otherwise: PEER V4 V3 (three lmp) [--only TEXT] [--repeats N]; see bench.sh.
if (args is ["train", var frames, var threads, var solver])
{
    TrainingRun.Fit(int.Parse(frames, CultureInfo.InvariantCulture), int.Parse(threads, CultureInfo.InvariantCulture), Enum.Parse<FitSolver>(solver));
    return 0;
}

string? OptionOf(string name) => Array.IndexOf(args, name) is var place and >= 0 ? args[place + 1] : null;
var only = OptionOf("--only");
var repeats = OptionOf("--repeats") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : (int?)null;

var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
var hosts = new Hosts(
    new LammpsHost("snap", args[0], "snap"),
    new LammpsHost("mof/snap (v4)", args[1], "mof/snap", "x86-64-v4"),
    new LammpsHost("mof/snap (v3)", args[2], "mof/snap", "x86-64-v3"));
var folder = Repository.Artifact("bench");
Directory.CreateDirectory(folder);
var runner = new ToolRunner();
using var cases = new Cases(hosts, new Workloads(Path.Combine(folder, "work")), runner);
var rows = new List<Row>();
var revision = await Machine.RevisionAsync(runner, folder);
var json = Path.Combine(folder, only is null ? "bench.json" : "part.json");
Results Results() => new(
    DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), revision, Machine.Processor(), load, Machine.Priority(), "`pair_style snap` of LAMMPS 4Feb2025, `g++ -O3 -march=native`", rows);
foreach (var comparison in cases.All().Where(c => only is null || $"{c.Group} {c.Name}".Contains(only, StringComparison.OrdinalIgnoreCase)))
{
    if (rows.LastOrDefault()?.Group != comparison.Group)
    {
        Console.WriteLine($"\n{comparison.Group}");
    }

    foreach (var row in await Row.MeasureAsync(comparison, repeats))
    {
        Console.WriteLine(Report.Line(row));
        rows.Add(row);
    }

    // After every comparison: what took long to measure outlives an interruption.
    File.WriteAllText(json, Report.Json(Results()));
}

Console.WriteLine($"\nWritten: {json}");
if (only is null)
{
    var page = Path.Combine(Repository.Root, "docs", "performance.md");
    File.WriteAllText(page, Report.Insert(File.ReadAllText(page), Report.Markdown(Results()), page));
    Console.WriteLine($"Written: {page}");
}

var missed = rows.Count(row => row.Met == false);
Console.WriteLine(missed == 0 ? "Every goal is met." : $"{missed} goals are missed.");
return 0;
