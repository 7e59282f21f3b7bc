namespace MofInterop.Engine;

/// <summary>
/// A kind of recipe step. One immutable object serves all runs; what belongs to one run is in the
/// <see cref="StepContext"/>. Register it with <see cref="StepCatalog.Add{TOptions}"/>.
/// </summary>
/// <typeparam name="TOptions">A record whose <see cref="ParameterAttribute"/> properties are the step's parameters.</typeparam>
public abstract class RecipeStep<TOptions>
    where TOptions : class
{
    /// <summary>The word after <c>kind:</c> in a recipe.</summary>
    public abstract string Kind { get; }

    /// <summary>One sentence for the user: what the step does.</summary>
    public abstract string Summary { get; }

    /// <summary>What it takes from earlier steps.</summary>
    public virtual IReadOnlyList<StepInput> Inputs => [];

    /// <summary>What it makes. Every one must be set before <see cref="RunAsync"/> returns.</summary>
    public virtual IReadOnlyList<StepOutput> Outputs => [];

    /// <summary>Raise it when the same options would now give another result: finished runs of older revisions are then repeated.</summary>
    public virtual int Revision => 1;

    /// <summary>
    /// Everything that can be found wrong before anything runs (a CIF with overlapping atoms, an element that the
    /// reference method lacks). Called for all steps in order, also by <c>validate</c>; must be quick and change nothing.
    /// A <see cref="MofInterop.Potentials.Errors.MofException"/> thrown here is reported like the others.
    /// </summary>
    public virtual void Check(TOptions options, StepCheck check)
    {
    }

    /// <summary>
    /// Writes the inputs that the step's first calculations of each kind would have, for a dry run. Nothing has run: what earlier steps will make is known
    /// by what they published. Called after <see cref="Check"/> found nothing wrong but programs that are missing here.
    /// </summary>
    public virtual void WriteDecks(TOptions options, StepDecks decks)
    {
    }

    /// <summary>Does the work. Called again after a kill: finished units of work (<see cref="StepContext.OnceAsync"/>) return at once.</summary>
    public abstract Task RunAsync(TOptions options, StepContext context, CancellationToken cancellation);
}
