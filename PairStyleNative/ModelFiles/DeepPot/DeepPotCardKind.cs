using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Neural.DeepPot;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>Cards of kind <c>deeppot</c>.</summary>
internal sealed class DeepPotCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Weights = "weights";

    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "deeppot";

    public override string Name => Kind;

    public override bool HasFiles => true;

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var path = ModelCardFile.VerifiedPath(place.Path, part, Weights);
        var model = DeepPotFile.Read(path, part.Species);
        CardSpecies.Require(part, place, model.Species, "weight file");
        return new DeepPotPotential(model);
    }
}
