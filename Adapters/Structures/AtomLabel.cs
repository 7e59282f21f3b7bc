using MofInterop.Potentials.Atoms;

namespace MofInterop.Structures;

/// <summary>Names that programs give to kinds of atoms: an element (<c>Zn</c>), or one with something after it (<c>Zn4a</c>, <c>Zn_a</c>).</summary>
public static class AtomLabel
{
    /// <summary>The element that a label begins with, as far as its letters go; null where that is none.</summary>
    public static string? SymbolOf(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var letters = new string([.. label.TakeWhile(char.IsAsciiLetter)]);
        return Elements.TryBySymbol(letters, out _) ? letters : null;
    }
}
