using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Mace;

/// <summary>What a file leaves open and a card says.</summary>
/// <param name="Head">Which of the energies of a model with several heads; null: it has one.</param>
/// <param name="Inputs">Numbers that belong to the whole structure, such as <c>total_charge</c>; those that are absent are MACE's defaults.</param>
public sealed record MaceChoice(string? Head, IReadOnlyDictionary<string, double> Inputs)
{
    /// <summary>Nothing.</summary>
    public static MaceChoice None { get; } = new(null, new Dictionary<string, double>());

    /// <summary>The place of the head.</summary>
    /// <exception cref="MofException">No such head, or none is named where there are several (FileFormat).</exception>
    internal int HeadOf(MaceDescription description)
    {
        var heads = description.Heads;
        var expected = "head: one of " + string.Join(", ", heads);
        if (Head is null)
        {
            return heads.Count <= 1 ? 0 : description.ChosenHead is { } chosen && chosen >= 0 && chosen < heads.Count ? chosen
                : throw new MofException(ErrorKind.FileFormat, $"the model has {heads.Count} heads, and none is chosen", description.Where, expected, "Name the head in the card (head), or for mofinterop card with --head.");
        }

        return heads.ToList().IndexOf(Head) is >= 0 and var place
            ? place
            : throw new MofException(ErrorKind.FileFormat, $"the model has no head '{Head}'", description.Where, heads.Count == 0 ? "none: the model has no heads with names" : expected);
    }
}
