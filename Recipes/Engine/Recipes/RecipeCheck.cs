using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>A recipe, or everything that is wrong with it.</summary>
/// <param name="Recipe">The recipe; null when there are problems.</param>
/// <param name="Problems">In the order of the file, each with <c>file:line:column</c>.</param>
public sealed record RecipeCheck(Recipe? Recipe, IReadOnlyList<MofException> Problems)
{
    /// <summary>The recipe where nothing stands against it, or nothing but programs and licensed files that are missing on this machine: enough for a dry run.</summary>
    public Recipe? Plannable { get; init; } = Recipe;

    /// <summary>The recipe.</summary>
    /// <exception cref="MofException">There are problems: the first one, and how many more.</exception>
    public Recipe Require()
    {
        if (Recipe is not null)
        {
            return Recipe;
        }

        var first = Problems[0];
        var more = Problems.Count > 1 ? $" ({Problems.Count - 1} more problems in this recipe.)" : string.Empty;
        throw new MofException(first.Kind, first.What, first.Where, first.Expected, $"{first.Remedy}{more}".Trim() is { Length: > 0 } remedy ? remedy : null);
    }
}
