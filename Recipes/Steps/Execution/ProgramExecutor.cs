using System.Text.Json.Nodes;
using MofInterop.Engine;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Slurm;

namespace MofInterop.Steps;

/// <summary>
/// Runs the programs of the step that is at work where its recipe says: on this machine or as jobs of Slurm. One for each run; steps run one after
/// the other.
/// </summary>
/// <param name="cores">The budget of this machine.</param>
public sealed class ProgramExecutor(CoreBudget cores) : RecipeExecutor<ExecutorOptions, ResourceOptions>, IToolRunner
{
    /// <summary>Folder of jobs in the run folder. Jobs outlive the process, so it is none that is emptied when a run starts.</summary>
    public const string JobsFolder = "jobs";

    /// <summary>Folder of the job in which a run is done.</summary>
    private const string ControllerFolder = "controller";

    private readonly ToolRunner _local = new(cores);
    private SlurmToolRunner? _slurm;

    /// <inheritdoc/>
    public CoreBudget Cores => _local.Cores;

    /// <inheritdoc/>
    public bool HasSessions => Current.HasSessions;

    private IToolRunner Current => _slurm is null ? _local : _slurm;

    /// <inheritdoc/>
    public int SideBySide(int coresEach) => Current.SideBySide(coresEach);

    /// <inheritdoc/>
    public Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default) =>
        Current.RunAsync(command, onOutputLine, cancellation);

    /// <inheritdoc/>
    public IToolSession Start(ToolCommand command) => Current.Start(command);

    /// <inheritdoc/>
    public override void Check(ExecutorOptions settings, ExecutorCheck check) => ExecutorChecks.Check(settings, check);

    /// <inheritdoc/>
    public override void CheckResources(ExecutorOptions settings, ResourceOptions resources, ExecutorCheck check) => ExecutorChecks.CheckResources(resources, check);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Describe(ExecutorOptions settings, ResourceOptions? resources, string folder)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == ExecutorKind.Local)
        {
            return [];
        }

        var slurm = Settings(settings, resources);
        var throttle = settings.AtMost is { } most ? $"%{most}" : string.Empty;
        var script = JobScript.Write(slurm, slurm.Request, 1, null, "mof-<time>", Path.Combine(folder, JobsFolder, "arrays", "mof-<time>"));
        return [$"sbatch --array=0-<tasks>{throttle}, with this script (cores and time limit follow the program where it says more):", .. script.TrimEnd().Split('\n')];
    }

    /// <inheritdoc/>
    public override async Task TestAsync(ExecutorOptions settings, ResourceOptions? resources, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == ExecutorKind.Local)
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("mofinterop-slurm-").FullName;
        try
        {
            await using var runner = new SlurmToolRunner(Settings(settings, resources), folder, _local, new Silence());
            await runner.TestAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public override async Task<string> SubmitRunAsync(ExecutorOptions settings, string folder, string name, IReadOnlyList<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == ExecutorKind.Local)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the recipe runs on this machine", expected: "executor: { kind: slurm, … } in the recipe, or --executor FILE", remedy: "Use mofinterop run, or say which cluster.");
        }

        var controller = settings.Controller;
        var request = Settings(settings, controller).Request with { TimeLimit = TimeSpan.FromSeconds((controller.TimeLimit ?? ExecutorOptions.ControllerTimeLimit).Value) };
        var chain = new ControllerJob(Settings(settings, null), request, Path.Combine(folder, ControllerFolder));
        var job = await chain.SubmitAsync(name, [.. command], goesOn, cancellation).ConfigureAwait(false);
        return $"submitted as job {job}; follow it in {chain.LogFile}";
    }

    /// <inheritdoc/>
    public override void Begin(ExecutorOptions settings, ResourceOptions? resources, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        _slurm = settings.Kind == ExecutorKind.Local
            ? null
            : new SlurmToolRunner(Settings(settings, resources), Path.Combine(context.RunFolder, JobsFolder), _local, new StepLog(context));
    }

    /// <inheritdoc/>
    public override async Task EndAsync(StepEnding ending)
    {
        var runner = _slurm;
        _slurm = null;
        if (runner is not null)
        {
            await runner.EndAsync(ending switch
            {
                StepEnding.Finished => WorkEnding.Finished,
                StepEnding.Failed => WorkEnding.Failed,
                StepEnding.Left => WorkEnding.Left,
                _ => WorkEnding.Interrupted,
            }).ConfigureAwait(false);
        }
    }

    private static SlurmSettings Settings(ExecutorOptions settings, ResourceOptions? resources) => new()
    {
        Request = new SlurmRequest
        {
            Partition = resources?.Partition ?? settings.Partition,
            Account = resources?.Account ?? settings.Account,
            Qos = resources?.Qos ?? settings.Qos,
            TimeLimit = (resources?.TimeLimit ?? settings.TimeLimit) is { } limit ? TimeSpan.FromSeconds(limit.Value) : null,
            MemoryMegabytes = (resources?.Memory ?? settings.Memory) is { } memory ? (int)Math.Ceiling(memory.Value) : null,
            Nodes = resources?.Nodes ?? 1,
            Cores = resources?.Cores,
            Gpus = resources?.Gpus,
            Extra = [.. settings.Extra, .. resources?.Extra ?? []],
        },
        Modules = [.. settings.Modules],
        Setup = [.. settings.Setup],
        Container = settings.Container is { } container ? new SlurmContainer(container.Runtime, container.Image, [.. container.Programs], [.. container.Options]) : null,
        AtMost = settings.AtMost,
        Poll = TimeSpan.FromSeconds(settings.Poll.Value),
        FilePatience = TimeSpan.FromSeconds(settings.FileDelay.Value),
    };

    private sealed class StepLog(StepContext context) : IJobLog
    {
        public void Say(string text) => context.Say(text);

        public void Record(string name, IReadOnlyDictionary<string, object> facts) =>
            context.Record(name, new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)(fact.Value is int number ? number : fact.Value.ToString())))));
    }

    private sealed class Silence : IJobLog
    {
        public void Say(string text)
        {
        }

        public void Record(string name, IReadOnlyDictionary<string, object> facts)
        {
        }
    }
}
