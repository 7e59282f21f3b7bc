namespace MofInterop.Engine;

/// <summary>
/// Makes a property of an options record a parameter of a recipe step. The key in the recipe is the property's name in
/// snake_case; the default is what a new record holds; a C# <c>required</c> property has none.
/// Types: <c>string</c>, <c>bool</c>, <c>int</c>, <c>long</c>, <c>double</c>, an enum (values in kebab-case),
/// <see cref="Quantity"/>, <see cref="InputFile"/>, <see cref="InputData"/>, a nested options record, and <c>IReadOnlyList&lt;T&gt;</c> or
/// <c>IReadOnlyDictionary&lt;string, T&gt;</c> of these; nullable where leaving it out means something.
/// </summary>
/// <param name="description">One sentence for the user: what it is and does.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterAttribute(string description) : Attribute
{
    /// <summary>One sentence for the user.</summary>
    public string Description { get; } = description;

    /// <summary>The key in the recipe where snake_case of the property's name is not right.</summary>
    public string? Name { get; set; }

    /// <summary>What a <see cref="Quantity"/> measures (required there).</summary>
    public Dimension Dimension { get; set; } = (Dimension)(-1);

    /// <summary>Smallest allowed value: a number, or text with a unit (<c>"10 K"</c>); of a list: of every item.</summary>
    public object? AtLeast { get; set; }

    /// <summary>The value must be larger than this.</summary>
    public object? Above { get; set; }

    /// <summary>Largest allowed value.</summary>
    public object? AtMost { get; set; }

    /// <summary>The only texts that are allowed.</summary>
    public string[]? Allowed { get; set; }

    /// <summary>Fewest items of a list or dictionary.</summary>
    public int MinimumCount { get; set; }

    /// <summary>False for parameters that change how fast or how loudly a step works but not its result: a change does not rerun the step.</summary>
    public bool AffectsResult { get; set; } = true;
}

/// <summary>A file named in a recipe, relative to the recipe's folder; it exists when the recipe is valid.</summary>
/// <param name="Path">Full path.</param>
public sealed record InputFile(string Path)
{
    /// <summary>The name as the recipe writes it.</summary>
    public string Written { get; init; } = Path;
}

/// <summary>The words of recipes.</summary>
public static class RecipeWords
{
    /// <summary>How recipes write a choice: <c>farthest-point</c>.</summary>
    public static string Of<T>(T choice)
        where T : struct, Enum => ChoiceSchema.NameOf(typeof(T).GetField(choice.ToString())!);
}

/// <summary>
/// A file, or a folder with all that is in it, named in a recipe relative to the recipe's folder; it exists when the recipe is valid. Data
/// may be large: unlike an <see cref="InputFile"/> it is not copied into the run folder.
/// </summary>
/// <param name="Path">Full path.</param>
public sealed record InputData(string Path)
{
    /// <summary>The name as the recipe writes it.</summary>
    public string Written { get; init; } = Path;

    /// <summary>Hexadecimal; changes with what is in it.</summary>
    public string ContentHash() => DataSchema.HashOf(Path);
}
