using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.ModelFiles.Dispersion;

/// <summary>Cards of kind <c>d3</c>.</summary>
internal sealed class DispersionCardKind : CardKind
{
    public override string Name => DispersionCard.Kind;

    public override bool HasFiles => true;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species) => part with { Dispersion = DispersionCard.Read(mapping) };

    public override void Write(StringBuilder text, CardPart part)
    {
        foreach (var (key, value) in part.Dispersion?.Write() ?? [])
        {
            CardText.Line(text, 0, key, value);
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place) => DispersionCard.Load(place.Path, part);
}
