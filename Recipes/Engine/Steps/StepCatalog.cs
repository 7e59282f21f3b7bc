using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The kinds of steps that recipes may use.</summary>
public sealed class StepCatalog
{
    private readonly Dictionary<string, StepDefinition> _definitions = new(StringComparer.Ordinal);

    /// <summary>The kinds in alphabetical order.</summary>
    public IEnumerable<string> Kinds => _definitions.Keys.Order(StringComparer.Ordinal);

    /// <summary>All definitions by kind.</summary>
    public IEnumerable<StepDefinition> Definitions => Kinds.Select(kind => _definitions[kind]);

    /// <summary>Adds a step; returns the catalog, so that calls chain.</summary>
    /// <exception cref="ArgumentException">The kind is already there.</exception>
    /// <exception cref="InvalidOperationException">The options record cannot be a recipe's parameters.</exception>
    public StepCatalog Add<TOptions>(RecipeStep<TOptions> step)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(step);
        _definitions.Add(step.Kind, new StepDefinition<TOptions>(step));
        return this;
    }

    /// <summary>Lets recipes say where programs run (<c>executor:</c>, <c>resources:</c>); returns the catalog.</summary>
    /// <exception cref="InvalidOperationException">An options record cannot be parameters.</exception>
    public StepCatalog ExecuteWith<TSettings, TResources>(RecipeExecutor<TSettings, TResources> executor)
        where TSettings : class, new()
        where TResources : class, new()
    {
        Executor = new ExecutorDefinition<TSettings, TResources>(executor);
        return this;
    }

    /// <summary>Who decides where programs run; null: recipes have nothing to say about it.</summary>
    internal ExecutorDefinition? Executor { get; private set; }

    /// <summary>The definition of a kind, or null.</summary>
    public StepDefinition? Find(string kind) => _definitions.GetValueOrDefault(kind);

    /// <summary>The JSON Schema (draft 7) of recipes made of these steps, for editors.</summary>
    public JsonObject JsonSchema() => RecipeJsonSchema.Create(this);
}

/// <summary>A kind of step with its options type put aside.</summary>
public abstract class StepDefinition
{
    private protected StepDefinition(string kind, string summary, IReadOnlyList<StepInput> inputs, IReadOnlyList<StepOutput> outputs, int revision, Type options)
    {
        Kind = kind;
        Summary = summary;
        Inputs = inputs;
        Outputs = outputs;
        Revision = revision;
        Options = new OptionsSchema(options);
    }

    /// <summary>The word after <c>kind:</c>.</summary>
    public string Kind { get; }

    /// <summary>What it does.</summary>
    public string Summary { get; }

    /// <summary>What it takes.</summary>
    public IReadOnlyList<StepInput> Inputs { get; }

    /// <summary>What it makes.</summary>
    public IReadOnlyList<StepOutput> Outputs { get; }

    /// <summary>See <see cref="RecipeStep{TOptions}.Revision"/>.</summary>
    public int Revision { get; }

    internal OptionsSchema Options { get; }

    internal abstract void Check(object options, StepCheck check);

    internal abstract void WriteDecks(object options, StepDecks decks);

    internal abstract Task RunAsync(object options, StepContext context, CancellationToken cancellation);
}

internal sealed class StepDefinition<TOptions>(RecipeStep<TOptions> step)
    : StepDefinition(step.Kind, step.Summary, step.Inputs, step.Outputs, step.Revision, typeof(TOptions))
    where TOptions : class
{
    internal override void Check(object options, StepCheck check) => step.Check((TOptions)options, check);

    internal override void WriteDecks(object options, StepDecks decks) => step.WriteDecks((TOptions)options, decks);

    internal override Task RunAsync(object options, StepContext context, CancellationToken cancellation) =>
        step.RunAsync((TOptions)options, context, cancellation);
}
