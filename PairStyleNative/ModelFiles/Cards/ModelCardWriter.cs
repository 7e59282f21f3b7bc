using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Text;
using static MofInterop.ModelFiles.Cards.CardText;

namespace MofInterop.ModelFiles.Cards;

/// <summary>From a <see cref="ModelCard"/> to YAML text.</summary>
internal static class ModelCardWriter
{
    public static string Compose(ModelCard card)
    {
        var text = new StringBuilder();
        Line(text, 0, "format", ModelCardReader.Format.ToString(CultureInfo.InvariantCulture));
        AppendPart(text, card);
        text.Append("units:\n  energy: eV\n  length: angstrom\nreference:\n");
        Line(text, 2, "method", Quote(card.Reference.Method));
        Line(text, 2, "program", card.Reference.Program is { } program ? Quote(program) : null);
        Line(text, 2, "dispersion", card.Reference.DispersionIncluded ? "included" : "not included");
        AppendErrors(text, card.Errors);
        AppendRange(text, card.TrainedRange);
        AppendProvenance(text, card.Provenance);
        return text.ToString();
    }

    /// <summary>Appends what makes the potential: kind, species, files and the keys of its kind.</summary>
    public static void AppendPart(StringBuilder text, CardPart part)
    {
        Line(text, 0, "kind", part.Kind);
        text.Append(part.Species.Count > 0 ? "species:\n" : "");
        foreach (var one in part.Species)
        {
            text.Append("  - label: ").Append(Quote(one.Label)).Append('\n');
            Line(text, 4, "atomic_number", one.AtomicNumber == 0 ? null : one.AtomicNumber.ToString(CultureInfo.InvariantCulture));
            Line(text, 4, "mass", one.Mass == 0 ? null : Numbers.Format(one.Mass));
        }

        text.Append(part.Files.Count > 0 ? "files:\n" : "");
        foreach (var (role, file) in part.Files.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append("  ").Append(Quote(role)).Append(":\n");
            Line(text, 4, "path", Quote(file.Path));
            Line(text, 4, "sha256", Quote(file.Sha256));
        }

        if (CardKind.All.TryGetValue(part.Kind, out var kind))
        {
            kind.Write(text, part);
        }
    }

    private static void AppendErrors(StringBuilder text, IReadOnlyList<SetErrors> errors)
    {
        text.Append(errors.Count > 0 ? "errors:\n" : "");
        foreach (var set in errors)
        {
            text.Append("  - set: ").Append(Quote(set.Set)).Append('\n');
            Line(text, 4, "frames", set.Frames.ToString(CultureInfo.InvariantCulture));
            Line(text, 4, "energy_rmse", Quantity(set.EnergyRmse, CardUnits.EnergyError));
            Line(text, 4, "force_rmse", Quantity(set.ForceRmse, CardUnits.ForceError));
            Line(text, 4, "stress_rmse", Quantity(set.StressRmse, CardUnits.StressError));
        }
    }

    private static void AppendRange(StringBuilder text, TrainedRange? range)
    {
        // An absent mapping and one without keys mean the same, but only the first is valid YAML here.
        if (range is null || range == new TrainedRange())
        {
            return;
        }

        text.Append("trained_range:\n");
        Line(text, 2, "minimum_temperature", Quantity(range.MinimumTemperature, CardUnits.Temperature));
        Line(text, 2, "maximum_temperature", Quantity(range.MaximumTemperature, CardUnits.Temperature));
        Line(text, 2, "bond_resolution", Quantity(range.BondResolution, CardUnits.Length));
        Line(text, 2, "angle_resolution", Quantity(range.AngleResolution, CardUnits.Degree));
        Line(text, 2, "dihedral_resolution", Quantity(range.DihedralResolution, CardUnits.Degree));
        Line(text, 2, "cell_length_resolution", Quantity(range.CellLengthResolution, CardUnits.Length));
        Line(text, 2, "cell_angle_resolution", Quantity(range.CellAngleResolution, CardUnits.Radian));
        Line(text, 2, "occupied_bins", range.OccupiedBins?.ToString(CultureInfo.InvariantCulture));
        Line(text, 2, "extrapolation_threshold", range.ExtrapolationThreshold is { } threshold ? Numbers.Format(threshold) : null);
    }

    private static void AppendProvenance(StringBuilder text, Provenance? provenance)
    {
        if (provenance is null || (provenance.Recipe is null && provenance.Versions.Count == 0))
        {
            return;
        }

        text.Append("provenance:\n");
        Line(text, 2, "recipe", provenance.Recipe is { } recipe ? Quote(recipe) : null);
        text.Append(provenance.Versions.Count > 0 ? "  versions:\n" : "");
        foreach (var (program, version) in provenance.Versions.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Line(text, 4, Quote(program), Quote(version));
        }
    }

    private static string? Quantity(double? value, string unit) => value is { } number ? $"{Numbers.Format(number)} {unit}" : null;
}
