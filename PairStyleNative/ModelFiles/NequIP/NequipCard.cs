using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Units;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>What a card of kind <c>nequip</c> says beside its species and its file, <c>files.model</c>.</summary>
/// <param name="EnergyUnit">The unit of energy that the model was trained in, one of <see cref="EnergyUnits"/>: its file does not tell.</param>
/// <param name="Precision">How it computes.</param>
public sealed record NequipCard(string EnergyUnit, NetworkPrecision Precision)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "nequip";

    private const string DefaultUnit = "eV";

    /// <summary>Units of energy that a model may have been trained in, in eV.</summary>
    public static IReadOnlyDictionary<string, double> EnergyUnits { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [DefaultUnit] = 1,
        ["meV"] = 1e-3,
        ["kcal/mol"] = PhysicalConstants.KilocaloriePerMole,
        ["kJ/mol"] = PhysicalConstants.KilojoulePerMole,
        ["hartree"] = PhysicalConstants.Hartree,
    };

    internal static NequipCard Read(YamlMapping root) => new(
        root.OptionalText("energy_unit")?.OneOf([.. EnergyUnits.Keys]) ?? DefaultUnit,
        CardPrecision.Read(root));

    internal IEnumerable<(string Key, string Value)> Write()
    {
        yield return ("energy_unit", EnergyUnit);
        yield return (CardPrecision.Key, CardPrecision.NameOf(Precision));
    }
}
