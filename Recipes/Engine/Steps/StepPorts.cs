namespace MofInterop.Engine;

/// <summary>Something a step takes from an earlier step through <c>uses:</c>.</summary>
/// <param name="Name">The key under <c>uses:</c>.</param>
/// <param name="Type">What it is (<c>structure</c>, <c>model</c>, <c>frames</c>, …); it must be the output's type.</param>
/// <param name="Description">One sentence for the user.</param>
public sealed record StepInput(string Name, string Type, string Description)
{
    /// <summary>The recipe may leave it out.</summary>
    public bool Optional { get; init; }
}

/// <summary>Something a step makes for later steps.</summary>
/// <param name="Name">The name after the dot in <c>uses: {model: train.model}</c>.</param>
/// <param name="Type">What it is; compared with the type of the input that uses it.</param>
/// <param name="Description">One sentence for the user.</param>
public sealed record StepOutput(string Name, string Type, string Description);
