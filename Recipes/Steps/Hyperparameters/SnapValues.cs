using System.Globalization;
using System.Text;
using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>The settings of a fit as plain numbers, a radius and a weight for every type: what a search finds and other steps take.</summary>
/// <param name="Rcutfac">As in <see cref="SnapOptions"/>.</param>
/// <param name="Twojmax">The same.</param>
/// <param name="Rfac0">The same.</param>
/// <param name="Bzeroflag">The same.</param>
/// <param name="Radii">By type.</param>
/// <param name="Weights">By type.</param>
/// <param name="EnergyError">eV/atom.</param>
/// <param name="ForceError">eV/Å.</param>
/// <param name="StressError">eV/Å³.</param>
/// <param name="Ridge">α.</param>
public sealed record SnapValues(
    double Rcutfac,
    int Twojmax,
    double Rfac0,
    bool Bzeroflag,
    IReadOnlyDictionary<string, double> Radii,
    IReadOnlyDictionary<string, double> Weights,
    double EnergyError,
    double ForceError,
    double StressError,
    double Ridge)
{
    /// <summary>The values of options for the types of a structure.</summary>
    internal static SnapValues Of(SnapOptions options, IReadOnlyList<AtomType> types)
    {
        var settings = options.Settings;
        return new SnapValues(
            options.Rcutfac,
            options.Twojmax,
            options.Rfac0,
            options.Bzeroflag,
            new SortedDictionary<string, double>(types.ToDictionary(type => type.Label, settings.RadiusOf), StringComparer.Ordinal),
            new SortedDictionary<string, double>(types.ToDictionary(type => type.Label, settings.WeightOf), StringComparer.Ordinal),
            options.EnergyError.Value,
            options.ForceError.Value,
            options.StressError.Value,
            options.Ridge);
    }

    /// <summary>The values as a step's options.</summary>
    internal SnapOptions ToOptions() => new()
    {
        Rcutfac = Rcutfac,
        Twojmax = Twojmax,
        Rfac0 = Rfac0,
        Bzeroflag = Bzeroflag,
        Radii = Radii,
        Weights = Weights,
        EnergyError = Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{EnergyError:R} eV/atom")),
        ForceError = Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{ForceError:R} eV/angstrom")),
        StressError = Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{StressError:R} eV/angstrom^3")),
        Ridge = Ridge,
    };

    /// <summary>The values as a recipe writes them.</summary>
    internal string ToRecipe()
    {
        var text = new StringBuilder("snap:\n");
        void Line(string key, FormattableString value) => text.Append(CultureInfo.InvariantCulture, $"  {key}: ").Append(FormattableString.Invariant(value)).Append('\n');
        Line("rcutfac", $"{Rcutfac}");
        Line("twojmax", $"{Twojmax}");
        Line("rfac0", $"{Rfac0}");
        if (!Bzeroflag)
        {
            Line("bzeroflag", $"false");
        }

        Line("radii", $"{Map(Radii)}");
        Line("weights", $"{Map(Weights)}");
        Line("energy_error", $"{1000 * EnergyError:g6} meV/atom");
        Line("force_error", $"{1000 * ForceError:g6} meV/angstrom");
        Line("stress_error", $"{Potentials.Units.PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal * StressError:g6} MPa");
        Line("ridge", $"{Ridge:g6}");
        return text.ToString();
    }

    private static string Map(IReadOnlyDictionary<string, double> values) =>
        "{ " + string.Join(", ", values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}"))) + " }";
}
