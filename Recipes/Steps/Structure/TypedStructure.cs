using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A structure with its bond graph and atom types: what one step tells the next about a material.</summary>
public sealed class TypedStructure
{
    /// <summary>A key in the free text of a file whose types are those of another state of the same atoms, as of the crystal that a glass was made from: they are not found anew.</summary>
    internal const string KeptTypesKey = "types_of";

    private readonly BondSettings? _settings;
    private readonly bool _keepsTypes;

    private TypedStructure(AtomicConfiguration configuration, BondGraph graph, BondSettings? settings, bool keepsTypes = false)
    {
        _settings = settings;
        _keepsTypes = keepsTypes;
        Configuration = configuration;
        Graph = graph;
        Labels = [.. configuration.Types!.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The configuration with its types.</summary>
    public AtomicConfiguration Configuration { get; }

    /// <summary>The bonds, fixed from here on.</summary>
    public BondGraph Graph { get; }

    /// <summary>The distinct types in alphabetical order: the species of a model.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The distinct chemical elements in order of first appearance.</summary>
    public IReadOnlyList<string> Elements => [.. Configuration.Symbols.Distinct()];

    /// <summary>The chemical symbol of a type.</summary>
    public string SymbolOf(string label)
    {
        for (var i = 0; i < Configuration.Count; i++)
        {
            if (Configuration.Types![i] == label)
            {
                return Configuration.Symbols[i];
            }
        }

        throw new ArgumentException($"no atom has the type {label}", nameof(label));
    }

    /// <summary>The types as the species of a potential, with atomic numbers and masses.</summary>
    public IReadOnlyList<Species> Species() =>
        [.. Labels.Select(label => (Label: label, Element: Potentials.Atoms.Elements.BySymbol(SymbolOf(label)))).Select(one => new Species(one.Label, one.Element.AtomicNumber, one.Element.Mass))];

    /// <summary>Finds bonds and types.</summary>
    public static TypedStructure Of(AtomicConfiguration configuration, BondSettings? settings = null)
    {
        var typed = AtomTyping.Typed(configuration, settings);
        return new TypedStructure(typed, BondGraph.Build(typed, settings), settings);
    }

    /// <summary>
    /// Finds bonds, and keeps the types that the configuration has. Where a melt has broken bonds, types from the bond graph would be new ones, unknown to the potential that made it, and a free atom
    /// would have none.
    /// </summary>
    public static TypedStructure WithTypes(AtomicConfiguration configuration, BondSettings? settings = null) => new(configuration, BondGraph.Build(configuration, settings), settings, keepsTypes: true);

    /// <summary>The same crystal in a larger cell.</summary>
    /// <param name="times">How often along a, b and c.</param>
    public TypedStructure Repeated(IReadOnlyList<int> times)
    {
        if (times.All(number => number == 1))
        {
            return this;
        }

        var repeated = Supercell.Of(Configuration, times[0], times[1], times[2]);
        return _keepsTypes ? WithTypes(repeated, _settings) : Of(repeated, _settings);
    }
}
