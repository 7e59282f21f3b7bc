using MofInterop.Execution;
using MofInterop.Learning;
using MofInterop.TestKit;

namespace MofInterop.Comparison;

/// <summary>
/// Every comparison that <c>./build.sh Bench</c> makes: the one place to add a case. A subject that refuses (a model
/// that is not supported, reference data that are absent) becomes a row that says so.
/// </summary>
internal sealed class Cases(Hosts hosts, Workloads workloads, IToolRunner runner) : IDisposable
{
    private const string Tungsten = "W_2940_2017_2";
    private static readonly IReadOnlyList<Quantity> _times = [Quantity.Pair, Quantity.Loop];
    private readonly TrajectoryRun _trajectory = new(workloads, hosts.Peer, runner, AppContext.BaseDirectory);

    /// <summary>In the order of the table.</summary>
    public IEnumerable<Comparison> All() =>
        [.. MolecularDynamics(), .. SmallSystems(), .. OtherModels(), .. Additions(), .. Parallel(), .. Size(), .. Python(), .. Training(), .. Trajectories()];

    /// <inheritdoc/>
    public void Dispose() => _trajectory.Dispose();

    // What the product promises: both builds against the peer, whole runs.
    private IEnumerable<Comparison> MolecularDynamics()
    {
        const string Group = "Molecular dynamics, one core";
        yield return BothBuilds(Group, "MOF-5, 106 atoms", new LammpsRun(() => workloads.Mof5(primitive: true)) { Steps = 400 });
        yield return BothBuilds(Group, "MOF-5, 424 atoms", Mof5Run);
        yield return BothBuilds(Group, "ZIF-8, 138 atoms", new LammpsRun(Workloads.Zif8) { Steps = 300 });
        yield return BothBuilds(Group, "W, 2J = 8, 432 atoms", TungstenRun);
        yield return BothBuilds(Group, "Ta, 2J = 6, 432 atoms", new LammpsRun(() => Workloads.Bcc("Ta", 3.316, (6, 6, 6), "Ta06A")) { Steps = 200 });
        yield return BothBuilds("Energy and virial of every atom in every step, one core", "MOF-5, 424 atoms", Mof5Run with
        {
            Extra =
            [
                "compute energies all pe/atom", "compute virials all stress/atom NULL virial",
                "compute sums all reduce sum c_energies c_virials[1] c_virials[4]", "thermo 1", "thermo_style custom step pe press c_sums[1] c_sums[2] c_sums[3]",
            ],
        });
    }

    private IEnumerable<Comparison> SmallSystems()
    {
        const string Group = "Small systems, one core";
        yield return OneBuild(Group, "W, 1 atom", new LammpsRun(() => Workloads.SingleAtom(Tungsten)) { Steps = 10000, WarmUp = 1000 });
        yield return OneBuild(Group, "W, 8 atoms", new LammpsRun(() => Workloads.Bcc("W", 3.1803, (2, 2, 1), Tungsten)) { Steps = 2000, WarmUp = 200 });
        yield return OneBuild(Group, "W, 100 atoms", new LammpsRun(() => Workloads.Bcc("W", 3.1803, (5, 5, 2), Tungsten)) { Steps = 200, WarmUp = 50 });
    }

    private IEnumerable<Comparison> OtherModels()
    {
        const string Group = "Other kinds of model, one core";
        yield return OneBuild(Group, "Mo, quadratic, 2J = 6, 250 atoms", new LammpsRun(() => Workloads.Bcc("Mo", 3.16, (5, 5, 5), "Mo_Zuo_JPCA2020.quadratic")), goal: 10);
        yield return OneBuild(Group, "InP, chemflag, 2J = 6, 216 atoms", new LammpsRun(Workloads.IndiumPhosphide) { Steps = 30 }, goal: 10);
        yield return OneBuild(Group, "MOF-5 by its 4 elements, chemflag, 2J = 8, 424 atoms", new LammpsRun(() => workloads.Mof5ByElement()) { Steps = 20, WarmUp = 4 }, goal: 10);
    }

    // What is asked for beside plain SNAP, against plain SNAP; a cost of 10 % is a ratio of 1/1.1.
    private IEnumerable<Comparison> Additions()
    {
        const string Group = "Beside plain SNAP in double precision, one core";
        LammpsRun longer = Mof5Run with { Steps = 400 }, longerTungsten = TungstenRun with { Steps = 400 };
        Subject With(string label, LammpsRun run, double goal) => Ours(label, run) with { Goals = [new(Quantity.Pair, RatioAtLeast: goal)] };
        yield return new Comparison(
            Group,
            "MOF-5, 424 atoms",
            Ours("mof/snap (v4)", longer),
            [
                With("precision mixed", longer with { StyleOptions = "precision mixed" }, 1.5),
                With("graded in every step", longer with { Interactions = w => Mof(workloads.GradedCard(w), w, "grade_every 1 grade_warn 1e9") }, 1 / 1.1),
                With("with D3(BJ), 12 and 10 Å", longer with { Interactions = w => Mof(workloads.DispersionCard(w), w, "") }, 1 / 2.5),
            ],
            _times);
        yield return new Comparison(
            Group, "W, 2J = 8, 432 atoms", Ours("mof/snap (v4)", longerTungsten), [With("precision mixed", longerTungsten with { StyleOptions = "precision mixed" }, 1.5)], _times);
    }

    private static IEnumerable<string> Mof(string card, Workload workload, string options) =>
        [$"pair_style mof {options}", $"pair_coeff * * {card} {string.Join(' ', workload.Types.Select(t => t.Label))}"];

    private IEnumerable<Comparison> Parallel()
    {
        const string Group = "Two cores against one";
        var one = new LammpsRun(() => workloads.Mof5()) { Replicate = (2, 2, 2), Steps = 60 };
        var alone = Ours("1 thread", one);
        var small = Mof5Run with { Steps = 400 };
        IReadOnlyList<Goal> goals = [new(Quantity.Loop, RatioAtLeast: 1.9)];
        yield return new Comparison(
            Group, "MOF-5, 3392 atoms", alone, [Ours("2 threads", one with { Threads = 2 }) with { Goals = goals }, Ours("2 MPI ranks", one with { Ranks = 2 }) with { Goals = goals }], _times);
        yield return new Comparison(
            Group, "MOF-5, 424 atoms", Ours("1 thread", small), [Ours("2 threads", small with { Threads = 2 }), Ours("2 MPI ranks", small with { Ranks = 2 })], _times);
        yield return new Comparison(
            "Molecular dynamics, 2 MPI ranks", "MOF-5, 424 atoms", Peer(Mof5Run with { Ranks = 2 }), [Ours("mof/snap (v4)", Mof5Run with { Ranks = 2 })], _times);
    }

    private IEnumerable<Comparison> Size()
    {
        const string Group = "Cost of size, one core";
        Subject Of(string atoms, (int, int, int) replicate, int steps) =>
            Ours(atoms, new LammpsRun(() => workloads.Mof5()) { Replicate = replicate, Steps = steps, WarmUp = 2 }) with { Goals = [new(Quantity.Loop, RatioAtLeast: 0.8)] };
        yield return new Comparison(
            Group,
            "MOF-5",
            Of("848 atoms", (2, 1, 1), 400),
            [Of("27,136 atoms", (4, 4, 4), 20), Of("145,432 atoms", (7, 7, 7), 10), Of("1,003,184 atoms", (13, 13, 14), 10)],
            _times)
        { Repeats = 3 };
        yield return new Comparison(
            Group, "MOF-5, memory of 81,408 atoms less that of 27,136", MemoryOf("snap", hosts.Peer), [MemoryOf("mof/snap (v4)", hosts.Wide) with { Goals = [new(_bytesPerAtom, RatioAtLeast: 1)] }], [_bytesPerAtom])
        { Repeats = 1 };
    }

    private IEnumerable<Comparison> Python()
    {
        yield return new Comparison(
            "Python", "ASE calculator against the kernel, MOF-5, 424 atoms", null, [AseOverhead.Subject(workloads, runner, AppContext.BaseDirectory, Path.Combine(Repository.Root, "Interop", "python"))], AseOverhead.Quantities);
    }

    private IEnumerable<Comparison> Training()
    {
        const string Group = "Training";
        yield return new Comparison(
            Group, "Design matrix of one frame, MOF-5, 424 atoms, 392 columns", DescriptorRun.Peer(workloads, hosts.Peer, runner), [DescriptorRun.Ours()], [DescriptorRun.Time]);
        yield return new Comparison(
            Group, "600 frames of MOF-5 fitted, 424 atoms, 392 columns, 2 threads", null, [TrainingRun.Subject(runner, workloads.Folder, FitSolver.NormalEquations), TrainingRun.Subject(runner, workloads.Folder, FitSolver.Svd)], TrainingRun.Quantities)
        { Repeats = 3 };
    }

    private IEnumerable<Comparison> Trajectories()
    {
        const string Group = "Trajectories of MOF-5, 424 atoms";
        var whole = _trajectory.Everything(TrajectoryRun.Frames) with { Goals = [new(TrajectoryRun.Wall, ValueAtMost: 60), new(TrajectoryRun.Memory, RatioAtLeast: 0.85)] };
        yield return new Comparison(Group, "RDF to 10 Å, MSD and VDOS in one pass, 2 threads", _trajectory.Everything(TrajectoryRun.Fewer), [whole], [TrajectoryRun.Wall, TrajectoryRun.Processor, TrajectoryRun.Memory]) { Repeats = 1 };
        yield return new Comparison(Group, "reading and measuring against writing", _trajectory.Write, [_trajectory.ReadAndMeasure], [TrajectoryRun.Frame]) { Repeats = 3 };
        yield return new Comparison(Group, "RDF to 10 Å, 500 bins, of 2,000 frames", _trajectory.MdAnalysis, [_trajectory.Distribution], [TrajectoryRun.Frame]) { Repeats = 3 };
        yield return new Comparison(Group, "RDF to 10 Å, 500 bins (ASE: of 20 frames)", _trajectory.Ase, [_trajectory.Distribution], [TrajectoryRun.Frame]) { Repeats = 3 };
    }

    private static readonly Quantity _bytesPerAtom = new("memory", "bytes/atom");

    private static LammpsRun TungstenRun => new(() => Workloads.Bcc("W", 3.1803, (6, 6, 6), Tungsten));

    private LammpsRun Mof5Run => new(() => workloads.Mof5());

    private Comparison BothBuilds(string group, string name, LammpsRun run) => new(
        group,
        name,
        Peer(run),
        [
            Ours("mof/snap (v4)", run) with { Goals = [new(Quantity.Pair, RatioAtLeast: 20), new(Quantity.Loop, RatioAtLeast: 18)] },
            In(hosts.Narrow, "mof/snap (v3)", run) with { Goals = [new(Quantity.Pair, RatioAtLeast: 16), new(Quantity.Loop, RatioAtLeast: 16)] },
        ],
        _times);

    private Comparison OneBuild(string group, string name, LammpsRun run, double? goal = null) => new(
        group, name, Peer(run), [Ours("mof/snap (v4)", run) with { Goals = goal is null ? [] : [new(Quantity.Pair, RatioAtLeast: goal)] }], _times);

    private Subject Peer(LammpsRun run) => In(hosts.Peer, "snap", run);

    private Subject Ours(string label, LammpsRun run) => In(hosts.Wide, label, run);

    private Subject In(LammpsHost host, string label, LammpsRun run) => new(label, () => run.MeasureAsync(host, runner, workloads.Folder));

    private Subject MemoryOf(string label, LammpsHost host) => new(label, async () =>
    {
        var run = new LammpsRun(() => workloads.Mof5()) { Steps = 1, WarmUp = 0 };
        var small = await (run with { Replicate = (4, 4, 4) }).MeasureAsync(host, runner, workloads.Folder).ConfigureAwait(false);
        var large = await (run with { Replicate = (4, 6, 8) }).MeasureAsync(host, runner, workloads.Folder).ConfigureAwait(false);
        return new Dictionary<Quantity, double> { [_bytesPerAtom] = (large[LammpsRun.Memory] - small[LammpsRun.Memory]) * 1024 * 1024 / (81408 - 27136) };
    });
}

/// <summary>The programs that are compared: the peer, and the same LAMMPS with our style in two builds.</summary>
internal sealed record Hosts(LammpsHost Peer, LammpsHost Wide, LammpsHost Narrow);
