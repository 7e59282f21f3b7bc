using MofInterop.ModelFiles.Allegro;
using MofInterop.ModelFiles.DeepPot;
using MofInterop.ModelFiles.Hdf5;
using MofInterop.ModelFiles.Mace;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;

namespace MofInterop.ModelFiles.Cards;

/// <summary>A weight file that was looked into.</summary>
/// <param name="Card">Its card.</param>
/// <param name="Cutoff">Of its potential, Å.</param>
public sealed record DescribedWeights(ModelCard Card, double Cutoff);

/// <summary>Makes the card of a weight file that another program has written, after looking into it.</summary>
public static class WeightFile
{
    private const int Depth = 6;

    /// <summary>The card of a model: its kind, its species, its file with the checksum. The file is read whole, so that what this version lacks is told now.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="cardPath">Where the card will be.</param>
    /// <param name="reference">What the model was trained on, which no file tells.</param>
    /// <param name="energyUnit">For NequIP and Allegro, whose files do not tell it: one of <see cref="NequipCard.EnergyUnits"/>.</param>
    /// <param name="precision">How it is to compute.</param>
    /// <param name="choice">What a file of MACE leaves open; null: nothing. Others leave nothing open.</param>
    /// <param name="elements">Symbols of the elements that the card is for, of a file of MACE; null: all.</param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: the file is missing, damaged, or none of these; <see cref="ErrorKind.Unsupported"/>: a feature that is lacking here, by its name;
    /// <see cref="ErrorKind.InvalidArgument"/>: a unit that does not go with the kind.
    /// </exception>
    public static DescribedWeights Describe(string path, string cardPath, ReferenceMethod reference, string energyUnit, NetworkPrecision precision = NetworkPrecision.AsTrained, MaceChoice? choice = null, IReadOnlyList<string>? elements = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(energyUnit);
        if (!NequipCard.EnergyUnits.TryGetValue(energyUnit, out var unit))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the unit of energy {energyUnit}", expected: "one of " + string.Join(", ", NequipCard.EnergyUnits.Keys));
        }

        var kind = KindOf(path);
        if (kind is MaceCard.Kind or DeepPotCard.Kind && unit != 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"energies in {energyUnit} of a model of kind {kind}", path, "eV, the unit of such models");
        }

        choice ??= MaceChoice.None;
        if (kind != MaceCard.Kind && (choice.Head is not null || choice.Inputs.Count > 0 || elements is not null))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a head, inputs or elements for a model of kind {kind}", path, $"none: only models of kind {MaceCard.Kind} leave these open");
        }

        var (role, species, cutoff) = Read(path, kind, choice, elements);
        var card = new ModelCard
        {
            Kind = kind,
            Species = species,
            Files = new Dictionary<string, CardFile> { [role] = ModelCardFile.Describe(cardPath, path) },
            Reference = reference,
            DeepPot = kind == DeepPotCard.Kind ? new DeepPotCard(precision) : null,
            Mace = kind == MaceCard.Kind ? new MaceCard(precision, species, choice) : null,
            Nequip = kind == NequipCard.Kind ? new NequipCard(energyUnit, precision) : null,
            Allegro = kind == AllegroCard.Kind ? new AllegroCard(energyUnit, precision) : null,
        };
        return new DescribedWeights(card, cutoff);
    }

    private static (string Role, IReadOnlyList<Species> Species, double Cutoff) Read(string path, string kind, MaceChoice choice, IReadOnlyList<string>? elements)
    {
        switch (kind)
        {
            case MaceCard.Kind:
                var mace = MaceFile.ReadElements(path, elements, choice);
                return (MaceCardKind.Model, mace.Species, mace.Cutoff);
            case AllegroCard.Kind:
                var allegro = AllegroFile.Read(path);
                return (AllegroCardKind.Model, allegro.Species, allegro.Cutoff);
            case NequipCard.Kind:
                var nequip = NequipFile.Read(path);
                return (NequipCardKind.Model, nequip.Species, nequip.Basis.Cutoff);
            default:
                var deepPot = DeepPotFile.Read(path);
                return (DeepPotCardKind.Weights, deepPot.Species, deepPot.Cutoff);
        }
    }

    private static string KindOf(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            return MaceCard.Kind;
        }

        if (Hdf5File.IsOne(path) || path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal))
        {
            return DeepPotCard.Kind;
        }

        var root = TorchModule.Of(TorchArchive.Read(path), path);
        return MaceArchive.IsOne(root) ? MaceCard.Kind : Holds(root, "Allegro", Depth) ? AllegroCard.Kind : NequipCard.Kind;
    }

    private static bool Holds(TorchModule module, string name, int depth) =>
        module.Object.ShortName.StartsWith(name, StringComparison.Ordinal) || (depth > 0 && module.Children().Any(child => Holds(child, name, depth - 1)));
}
