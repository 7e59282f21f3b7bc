using System.Globalization;
using System.Text;
using MofInterop.Cli;
using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.StandInVasp;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Trajectories of other programs become training sets of recipes.</summary>
public sealed class TrajectoryRunTests : IDisposable
{
    private const double Lattice = 3.567;
    private static readonly AtomicConfiguration _diamond = Diamond();
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public TrajectoryRunTests()
    {
        Poscar.Write(_program["diamond.vasp"], _diamond);
        Directory.CreateDirectory(_program["paw/C"]);
        _program.Write("paw/C/POTCAR", "   VRHFIN =C: stand-in\n   TITEL  = PAW_PBE C 01Jan2000\n");
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Labels_of_a_data_set_are_kept_and_a_fit_takes_them()
    {
        var frames = Frames(60);
        frames[7] = frames[7].With((ReferenceLabel?)null);
        ExtendedXyz.Write(_program["data.extxyz"], frames);
        (await RunAsync("files: [data.extxyz], labels: keep", """
              - { name: fit, kind: fit, uses: { frames: data.training }, snap: { twojmax: 4 }, groups: { data: { fweight: 2 } }, test_fraction: 20 % }
            """)).ShouldBe(ExitCode.Success, _program.Error);

        var record = StepJson.Read<TrajectoryRecord>(_program["run/steps/data/outputs/selection.json"]);
        var training = Training("data");
        record.Files.Single().ShouldBe(new TrajectoryFileRecord("data.extxyz", 60, 59, 0, 1, training.Length));
        (record.Kept, record.Computed, record.SetAside).ShouldBe((training.Length, 0, 0));
        training.Length.ShouldBeInRange(5, 58);
        foreach (var (frame, choice) in training.Zip(record.Selected))
        {
            var source = frames[choice.Frame];
            frame.Label!.Energy.ShouldBe(source.Label!.Energy);
            frame.Types!.ShouldAllBe(type => type == "C4a");
            frame.Info["origin"].ShouldBe($"data.extxyz, frame {choice.Frame + 1}");
            choice.NewBins.ShouldBeGreaterThan(0);
        }

        _program.Output.ShouldContain("data.extxyz: 1 frames without a label are left out");
        File.ReadLines(_program["run/journal.jsonl"]).Count(line => line.Contains("frame-selected")).ShouldBe(training.Length);
        StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]).Errors.Select(errors => errors.Group).ShouldContain("data");
    }

    [Fact]
    public async Task Frames_in_another_order_are_matched_selected_and_labelled_by_VASP()
    {
        WriteDump("dump.run", Frames(20), cut: true);
        (await RunAsync($"files: [dump.run], from: 3, every: 2, lammps: {{ types: [C] }}, {Vasp()}")).ShouldBe(ExitCode.Success, _program.Error + _program.Output);

        var record = StepJson.Read<TrajectoryRecord>(_program["run/steps/data/outputs/selection.json"]);
        record.Files.Single().Candidates.ShouldBe(9);
        record.Selected.ShouldAllBe(choice => choice.Frame >= 2 && choice.Frame % 2 == 0);
        record.Notes.Single().ShouldContain("the file ends inside a frame, which is left out");
        var graph = BondGraph.Build(_diamond);
        var training = Training("data");
        training.Length.ShouldBe(record.Computed);
        foreach (var frame in training)
        {
            graph.FindBreak(frame).ShouldBeNull();
            var expected = PairWells.Label(frame);
            frame.Label!.Energy.ShouldBe(expected.Energy, 1e-6);
            frame.Label.Forces.ShouldBe(expected.Forces, 1e-5);
            frame.Label.Stress!.ShouldBe(expected.Stress!, 1e-7);
        }

        _program.Output.ShouldContain("dump.run: atoms were found in another order");
        File.ReadAllText(_program["run/versions.json"]).ShouldContain("\"VASP\": \"6.4.2\"");
    }

    [Fact]
    public async Task A_second_run_computes_nothing_again()
    {
        ExtendedXyz.Write(_program["data.extxyz"], Frames(6));
        (await RunAsync($"files: [data.extxyz], select: all, at_most: 4, {Vasp()}")).ShouldBe(ExitCode.Success, _program.Error);
        var labels = Directory.GetFiles(_program["run/cache/labels"], "vasprun.xml", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        labels.Count.ShouldBe(4);
        Directory.Delete(_program["run/steps/data/outputs"], recursive: true);
        (await _program.Run($"run {_program["r.yaml"]} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        Directory.GetFiles(_program["run/cache/labels"], "vasprun.xml", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc).ShouldBe(labels);
        Training("data").Length.ShouldBe(4);
    }

    [SkippableFact]
    public void Active_learning_begins_with_frames_that_are_there()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        ExtendedXyz.Write(_program["data.extxyz"], Frames(30));
        var recipe = _program.Write("r.yaml", Head("files: [data.extxyz], labels: keep, at_most: 8") + $$"""

              - name: learn
                kind: active-learning
                uses: { structure: structure.structure, initial: data.training }
                {{Vasp()}}
                initial: { copies: 0 }
                generations: [{ temperature: 100 K, runs: 2, steps: 20, frames_every: 5 }]
                snap: { twojmax: 4 }
            """);
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var given = Training("data");
        var training = Training("learn");
        training.Take(given.Length).Select(frame => frame.Label!.Energy).ShouldBe(given.Select(frame => frame.Label!.Energy));
        training.Length.ShouldBeGreaterThanOrEqualTo(given.Length);
        StepJson.Read<GenerationRecord[]>(_program["run/steps/learn/outputs/history.json"])[0].Candidates.ShouldBe(0);
    }

    [Theory]
    [InlineData("files: [other.extxyz], labels: keep", "does not fit the structure: its frames hold C7Si1, the structure holds C8")]
    [InlineData("labels: keep", "there are no frames")]
    [InlineData("files: [diamond.vasp], labels: keep", "the name does not tell the format of these frames")]
    [InlineData("files: [empty.extxyz], labels: keep", "'empty.extxyz' holds no whole frame")]
    [InlineData("files: [other.extxyz], labels: keep, from: 5, to: 2", "the last frame (2) comes before the first (5)")]
    [InlineData("files: [other.extxyz], reference: { method: dftb, dftb_parameters: paw }", "the folder holds no DFTB parameters")]
    [InlineData("files: [other.extxyz], reference: { program: vasp }", "VASP has PBE and PBE-D3 only")]
    [InlineData("files: [other.extxyz], reference: { program: vasp, method: pbe, vasp: { command: [no-such-vasp] } }", "VASP is licensed software")]
    [InlineData("files: [other.extxyz], reference: { program: vasp, method: pbe, vasp: { potentials: paw2 } }", "there is no file or folder 'paw2'")]
    [InlineData("files: [other.extxyz], reference: { program: vasp, method: pbe, vasp: { command: [sh], potentials: paw, incar: { NSW: '5' } } }", "the INCAR tag NSW is set by MofInterop")]
    [InlineData("files: [other.extxyz], reference: { program: vasp, method: pbe, vasp: { command: [sh], potentials: paw, potential_names: { C: C_h } } }", "there is no PAW potential 'C_h' for C")]
    public async Task What_cannot_work_is_refused_before_anything_runs(string options, string reason)
    {
        string[] symbols = ["Si", .. _diamond.Symbols.Skip(1)];
        ExtendedXyz.Write(_program["other.extxyz"], new AtomicConfiguration(symbols, _diamond.Positions, _diamond.Cell, true));
        _program.Write("empty.extxyz", "8\nLattice=\"1 0 0");
        (await RunAsync(options)).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(reason);
        _program.Error.ShouldStartWith(_program["r.yaml"] + ":");
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Frames_whose_bonds_changed_are_left_out_and_told()
    {
        var frames = Frames(6);
        var torn = (double[])frames[4].Positions.Clone();
        torn[0] += 0.9;
        frames[4] = frames[4].With(torn, frames[4].Cell).With(frames[4].Label);
        ExtendedXyz.Write(_program["data.extxyz"], frames);
        (await RunAsync("files: [data.extxyz], labels: keep, select: all")).ShouldBe(ExitCode.Success, _program.Error);
        Training("data").Select(frame => frame.Info["origin"]).ShouldNotContain("data.extxyz, frame 5");
        Training("data").Length.ShouldBe(5);
        _program.Output.ShouldContain("data.extxyz: 1 frames whose bonds are not the structure's are left out; the first: frame 5: ");
    }

    private AtomicConfiguration[] Training(string step) => [.. ExtendedXyz.Read(_program[$"run/steps/{step}/outputs/training.extxyz"], requireLabels: true)];

    private string Vasp() => $"reference: {{ program: vasp, method: pbe, vasp: {{ command: [dotnet, '{Path.Combine(AppContext.BaseDirectory, "stand-in-vasp.dll")}'], potentials: '{_program["paw"]}' }} }}";

    private Task<int> RunAsync(string options, string more = "") => _program.Run($"run {_program.Write("r.yaml", Head(options) + "\n" + more)} --folder {_program["run"]}");

    private static string Head(string options) => $$"""
        name: diamond
        steps:
          - { name: structure, kind: structure, file: diamond.vasp }
          - { name: data, kind: trajectory, uses: { structure: structure.structure }, {{options}} }
        """;

    /// <summary>Distorted diamonds with the stand-in's labels.</summary>
    private static AtomicConfiguration[] Frames(int count) =>
    [
        .. Enumerable.Range(0, count).Select(k =>
        {
            var frame = new RandomDistortion { Displacement = 0.05, Strain = 0.01 }.Apply(_diamond, new DeterministicRandom((ulong)k + 1));
            return frame.With(PairWells.Label(frame));
        }),
    ];

    /// <summary>A LAMMPS dump with ids in reverse order, wrapped, scaled coordinates.</summary>
    private void WriteDump(string name, AtomicConfiguration[] frames, bool cut)
    {
        var text = new StringBuilder();
        for (var k = 0; k < frames.Length; k++)
        {
            var turned = new LammpsCell(frames[k].Cell!);
            var r = turned.Cell.Rows.ToArray();
            double low = Math.Min(Math.Min(0, r[3]), Math.Min(r[6], r[3] + r[6])), high = Math.Max(Math.Max(0, r[3]), Math.Max(r[6], r[3] + r[6]));
            text.Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n8\nITEM: BOX BOUNDS xy xz yz pp pp pp\n");
            text.Append(CultureInfo.InvariantCulture, $"{low:R} {r[0] + high:R} {r[3]:R}\n{Math.Min(0, r[7]):R} {r[4] + Math.Max(0, r[7]):R} {r[6]:R}\n0 {r[8]:R} {r[7]:R}\nITEM: ATOMS id type xs ys zs\n");
            for (var i = 0; i < 8; i++)
            {
                var p = frames[k].Positions.AsSpan(3 * i, 3);
                var (a, b, c) = frames[k].Cell!.ToFractional(p[0], p[1], p[2]);
                text.Append(CultureInfo.InvariantCulture, $"{8 - i} 1 {a - Math.Floor(a):R} {b - Math.Floor(b):R} {c - Math.Floor(c):R}\n");
            }
        }

        _program.Write(name, cut ? text + "ITEM: TIMESTEP\n99\nITEM: NUMBER OF ATOMS\n8\n" : text.ToString());
    }

    private static AtomicConfiguration Diamond()
    {
        double[] places = [0, 0, 0, .5, .5, 0, .5, 0, .5, 0, .5, .5, .25, .25, .25, .75, .75, .25, .75, .25, .75, .25, .75, .75];
        return new AtomicConfiguration([.. Enumerable.Repeat("C", 8)], [.. places.Select(place => place * Lattice)], new Cell([Lattice, 0, 0, 0, Lattice, 0, 0, 0, Lattice]), true);
    }
}
