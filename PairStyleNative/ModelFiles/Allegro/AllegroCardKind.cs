using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>Cards of kind <c>allegro</c>.</summary>
internal sealed class AllegroCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Weights = "weights";

    public override string Name => "allegro";

    public override bool HasFiles => true;

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var model = AllegroFile.Read(ModelCardFile.VerifiedPath(place.Path, part, Weights), part.Species);
        string[] known = [.. model.Species.Select(one => one.Label)], named = [.. part.Species.Select(one => one.Label)];
        if (known.Except(named).FirstOrDefault() is { } missing)
        {
            throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {missing} of its weight file", place.Path);
        }

        return place.SpeciesInherited || named.Except(known).FirstOrDefault() is not { } stranger
            ? new AllegroPotential(model)
            : throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger}", place.Path, "those of its weight file: " + string.Join(", ", known));
    }
}
