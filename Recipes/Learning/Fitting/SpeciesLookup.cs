using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Which species of a model each atom of a configuration is.</summary>
internal sealed class SpeciesLookup
{
    private readonly Dictionary<string, int> _places = [];

    /// <param name="labels">The model's species in its order.</param>
    public SpeciesLookup(IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            _places.Add(label, _places.Count);
        }
    }

    /// <summary>By the atoms' types, or by their symbols in a configuration without types.</summary>
    /// <exception cref="MofException">A label that the model does not have.</exception>
    public int[] PlacesOf(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var labels = configuration.Types ?? configuration.Symbols;
        var places = new int[labels.Count];
        for (var i = 0; i < places.Length; i++)
        {
            if (!_places.TryGetValue(labels[i], out places[i]))
            {
                throw new MofException(
                    ErrorKind.InvalidArgument,
                    $"the model has no species '{labels[i]}'",
                    where: $"atom {i} (counted from 0)",
                    expected: string.Join(", ", _places.Keys),
                    remedy: configuration.Types is null ? "Give the atoms types: `mofinterop types` prints those of a structure." : null);
            }
        }

        return places;
    }
}
