using MofInterop.Analysis.Melting;
using MofInterop.Analysis.Networks;
using MofInterop.Engine;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What is known of a substance before it is melted: which atoms' mobility counts, how far their neighbours are, and the net of metals and linkers where it has one.</summary>
internal sealed class MeltedSubstance
{
    private MeltedSubstance(TypedStructure structure, MeltNetworkOptions network, Linkers? linkers, string mobileNames, int[] mobile)
    {
        Structure = structure;
        Network = network;
        Linkers = linkers;
        MobileNames = mobileNames;
        Mobile = mobile;
        Masses = [.. structure.Configuration.Symbols.Select(symbol => Elements.BySymbol(symbol).Mass)];
        Spacing = NearestNeighbours.MeanDistance(structure.Configuration.Positions, structure.Configuration.Cell!, mobile);
    }

    /// <summary>The crystal in the cell that is simulated.</summary>
    public TypedStructure Structure { get; }

    /// <summary>How the net is followed.</summary>
    public MeltNetworkOptions Network { get; }

    /// <summary>Its metals and linkers; null where it has none.</summary>
    public Linkers? Linkers { get; }

    /// <summary>Atoms whose mobility counts.</summary>
    public int[] Mobile { get; }

    /// <summary>What they are called: <c>Zn</c>, <c>all atoms</c>.</summary>
    public string MobileNames { get; }

    /// <summary>Of all atoms, amu.</summary>
    public double[] Masses { get; }

    /// <summary>Mean distance of such an atom from the nearest other one in the crystal, Å.</summary>
    public double Spacing { get; }

    /// <summary>Looks at a structure.</summary>
    /// <exception cref="MofException">The recipe asks for a net, and there is none; or for atoms that are not there (InvalidArgument).</exception>
    public static MeltedSubstance Of(TypedStructure structure, MeltQuenchOptions options)
    {
        var linkers = FindLinkers(structure, options);
        var atoms = structure.Configuration;
        IReadOnlyList<string>? names = options.Criteria.Atoms ?? (linkers is null ? null : [.. linkers.Metals.Select(metal => atoms.Symbols[metal]).Distinct()]);
        int[] mobile = names is null ? [.. Enumerable.Range(0, atoms.Count)] : [.. Enumerable.Range(0, atoms.Count).Where(atom => names.Contains(atoms.Symbols[atom]) || names.Contains(atoms.Types![atom]))];
        return new MeltedSubstance(structure, options.Network ?? new MeltNetworkOptions(), linkers, names is null ? "all atoms" : string.Join(", ", names), mobile);
    }

    /// <summary>What is measured on crystal, liquid and glass.</summary>
    public MeasurementOptions Measurement(MeltQuenchOptions options)
    {
        string[] metals = Linkers is null ? [] : [.. Linkers.Metals.Select(metal => Linkers.Symbols[metal]).Distinct()];
        var pairs = metals.SelectMany(metal => (Linkers?.DonorElements ?? []).Select(donor => (Metal: metal, Donor: donor))).ToArray();
        return new MeasurementOptions
        {
            Rdf = options.Rdf,
            Angles = options.Angles ?? [.. pairs.Select(pair => new AngleOptions { Between = [pair.Donor, pair.Metal, pair.Donor], Cutoffs = [Network.BondedWithin], Bin = Quantity.Parse("2 degree") })],
            Coordination = [.. pairs.Select(pair => new CoordinationOptions { Of = pair.Metal, By = pair.Donor, Cutoff = Network.BondedWithin })],
        };
    }

    // A metal crystal has metals and no linkers: nothing to follow, unless the recipe asks for it.
    private static Linkers? FindLinkers(TypedStructure structure, MeltQuenchOptions options)
    {
        try
        {
            return NetworkMeasurement.Find(structure, (options.Network ?? new MeltNetworkOptions()).Counted);
        }
        catch (MofException) when (options.Network is null && options.Criteria.Coordination is null && options.Criteria.Rings is null && options.Criteria.DecidedBy?.Any(criterion => criterion != MeltingCriterion.Mobility) != true)
        {
            return null;
        }
    }
}
