namespace MofInterop.Engine;

/// <summary>An executor with its options types put aside.</summary>
internal abstract class ExecutorDefinition(Type settings, Type resources)
{
    public OptionsSchema Settings { get; } = new(settings);

    public OptionsSchema Resources { get; } = new(resources);

    public abstract object Default { get; }

    public abstract void Check(object settings, ExecutorCheck check);

    public abstract void CheckResources(object settings, object resources, ExecutorCheck check);

    public abstract IReadOnlyList<string> Describe(object settings, object? resources, string folder);

    public abstract Task TestAsync(object settings, object? resources, CancellationToken cancellation);

    public abstract Task<string> SubmitRunAsync(object settings, string folder, string name, IReadOnlyList<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation);

    public abstract void Begin(object settings, object? resources, StepContext context);

    public abstract Task EndAsync(StepEnding ending);
}

internal sealed class ExecutorDefinition<TSettings, TResources>(RecipeExecutor<TSettings, TResources> executor)
    : ExecutorDefinition(typeof(TSettings), typeof(TResources))
    where TSettings : class, new()
    where TResources : class, new()
{
    public override object Default => new TSettings();

    public override void Check(object settings, ExecutorCheck check) => executor.Check((TSettings)settings, check);

    public override void CheckResources(object settings, object resources, ExecutorCheck check) =>
        executor.CheckResources((TSettings)settings, (TResources)resources, check);

    public override IReadOnlyList<string> Describe(object settings, object? resources, string folder) =>
        executor.Describe((TSettings)settings, (TResources?)resources, folder);

    public override Task TestAsync(object settings, object? resources, CancellationToken cancellation) =>
        executor.TestAsync((TSettings)settings, (TResources?)resources, cancellation);

    public override Task<string> SubmitRunAsync(object settings, string folder, string name, IReadOnlyList<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation) =>
        executor.SubmitRunAsync((TSettings)settings, folder, name, command, goesOn, cancellation);

    public override void Begin(object settings, object? resources, StepContext context) =>
        executor.Begin((TSettings)settings, (TResources?)resources, context);

    public override Task EndAsync(StepEnding ending) => executor.EndAsync(ending);
}
