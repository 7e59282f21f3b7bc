using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Lammps.Tests;

/// <summary>This project's own pair styles through the adapter, by both ways into stock LAMMPS.</summary>
public sealed class MofPairStyleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-lammps-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [SkippableTheory]
    [InlineData(LammpsHost.Launcher)]
    [InlineData(LammpsHost.Stock)]
    public async Task The_published_ZIF8_potential_gives_its_reference_energy_and_forces(LammpsHost host)
    {
        var run = Zif8(new EvaluationStage());
        var (energy, forces) = Reference();
        var outcome = await Tool(host).RunAsync(run, _folder);
        outcome.ThrowIfFailed().Thermo[0].Rows[0].PotentialEnergy.ShouldBe(energy, 1e-8);
        outcome.Final!.Forces!.ShouldBe(forces, 1e-8);
    }

    [SkippableFact]
    public async Task A_short_run_in_a_flexible_cell_stays_whole()
    {
        var stage = new DynamicsStage { Ensemble = Ensemble.Npt, Steps = 30, Temperature = 100, Velocities = new(100, 1) };
        var outcome = (await Tool(LammpsHost.Launcher).RunAsync(Zif8(stage), _folder)).ThrowIfFailed();
        outcome.Status.ShouldBe(RunStatus.Completed);
        outcome.Frames.Count().ShouldBe(4);
    }

    [SkippableFact]
    public async Task Atoms_on_one_spot_are_a_blow_up_and_not_a_failure()
    {
        var run = Zif8(new DynamicsStage { Ensemble = Ensemble.Nve, Steps = 10 });
        double[] positions = [.. run.Start.Positions];
        positions.AsSpan(0, 3).CopyTo(positions.AsSpan(3));
        var outcome = await Tool(LammpsHost.Launcher).RunAsync(run with { Start = run.Start.With(positions, run.Start.Cell), Guards = LammpsGuards.None }, _folder);
        outcome.Status.ShouldBe(RunStatus.BlewUp, outcome.Failure?.Message);
        outcome.BlowUp!.Step.ShouldBe(0);
    }

    private static LammpsTool Tool(LammpsHost host)
    {
        var launcher = Repository.Artifact("bin", "lmp-mof");
        var loader = Repository.Artifact("lammps", "mofload.lmp");
        Skip.IfNot(File.Exists(launcher) && File.Exists(loader), "artifacts absent: run ./build.sh Build");
        return new LammpsTool(new ToolRunner(), Argon.Settings with { Host = host, Program = host == LammpsHost.Launcher ? launcher : null, LoaderScript = loader });
    }

    private static LammpsRun Zif8(LammpsStage stage)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(ReferenceFile("ZIF8_published_equilibrium.json")));
        string[] labels = [.. json.RootElement.GetProperty("type").EnumerateArray().Select(label => label.GetString()!)];
        string[] symbols = [.. labels.Select(label => label[..label.IndexOfAny([.. "0123456789"])])];
        var start = new AtomicConfiguration(symbols, Rows(json, "positions"), new Cell(Rows(json, "cell")), true) { Types = labels };
        var potential = LammpsPotential.Snap(ReferenceFile("potentials/zif8.snapcoeff"), ReferenceFile("potentials/zif8.snapparam"), labels.Distinct());
        return new LammpsRun { Name = "zif8", Start = start, Potential = potential, Stages = [stage] };
    }

    private static (double Energy, double[] Forces) Reference()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(ReferenceFile("ZIF8_published_equilibrium.json")));
        return (json.RootElement.GetProperty("energy").GetDouble(), Rows(json, "forces"));
    }

    private static double[] Rows(JsonDocument json, string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(u => u.GetDouble())];

    private static string ReferenceFile(string name)
    {
        var path = ReferenceData.Find("snap/" + name);
        Skip.If(path is null, "reference data absent");
        return path!;
    }
}
