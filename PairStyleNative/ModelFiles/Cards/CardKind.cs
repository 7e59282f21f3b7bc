using System.Text;
using MofInterop.ModelFiles.Allegro;
using MofInterop.ModelFiles.DeepPot;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.ModelFiles.Mace;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Snap;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Text;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.ModelFiles.Cards;

/// <summary>What a kind of potential makes of a card: the keys that only it has, and the potential.</summary>
internal abstract class CardKind
{
    /// <summary>The kinds that this version loads, by name.</summary>
    public static IReadOnlyDictionary<string, CardKind> All { get; } =
        new CardKind[] { new SnapCardKind(), new ZblCardKind(), new DispersionCardKind(), new DeepPotCardKind(), new NequipCardKind(), new MaceCardKind(), new AllegroCardKind(), new SumCardKind() }.ToDictionary(kind => kind.Name);

    /// <summary>As cards name it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it needs weight files.</summary>
    public abstract bool HasFiles { get; }

    /// <summary>Reads the keys that only this kind has.</summary>
    /// <param name="mapping">The card, or the part of a sum.</param>
    /// <param name="part">What is read so far; the answer holds it too.</param>
    /// <param name="species">The card's, or for a part that names none the sum's.</param>
    public virtual CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species) => part;

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public virtual void Write(StringBuilder text, CardPart part)
    {
    }

    /// <summary>Makes the potential.</summary>
    public abstract IPotential Load(CardPart part, in CardPlace place);
}

/// <summary>Where a card or part stands.</summary>
/// <param name="Path">The card's file; other files are found relative to it.</param>
/// <param name="SpeciesInherited">The species are those of the sum around it, of which it may know fewer.</param>
/// <param name="Depth">Sums around it.</param>
internal readonly record struct CardPlace(string Path, bool SpeciesInherited = false, int Depth = 0);
