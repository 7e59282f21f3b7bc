using System.Globalization;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Dispersion;

/// <summary>What a card of kind <c>d3</c> says beside its species and its table, <c>files.parameters</c>.</summary>
/// <param name="Settings">Damping and cutoffs.</param>
/// <param name="Functional">The functional whose published damping this is, or null where the card gives the numbers.</param>
public sealed record DispersionCard(DispersionSettings Settings, string? Functional)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "d3";

    private const string ZeroDamped = "zero";
    private const string BeckeJohnsonDamped = "bj";

    /// <summary>Published damping for a functional.</summary>
    /// <param name="functional">Its name.</param>
    /// <param name="zero">Zero damping instead of Becke–Johnson.</param>
    /// <param name="cutoff">Of dispersion, Å.</param>
    /// <param name="coordinationCutoff">Of coordination numbers, Å.</param>
    /// <param name="switchingWidth">See <see cref="DispersionSettings.SwitchingWidth"/>, Å.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.InvalidArgument"/>: no such functional.</exception>
    public static DispersionCard For(string functional, bool zero, double cutoff, double coordinationCutoff, double switchingWidth = 0)
    {
        var damping = DispersionFunctional.TryFind(functional, out var found) ? Choose(found, zero) : null;
        return damping is null
            ? throw new MofException(ErrorKind.InvalidArgument, $"the D3 damping of '{functional}' is not known", expected: KnownFunctionals(zero))
            : new DispersionCard(new DispersionSettings(damping, cutoff, coordinationCutoff, switchingWidth), found!.Name);
    }

    /// <summary>Makes the potential of a card.</summary>
    /// <param name="path">Of the card; its table is found relative to it and compared with its SHA-256.</param>
    /// <param name="card">Of kind <see cref="Kind"/>.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: the table is missing, has changed or is malformed, or the card says what cannot be meant.</exception>
    public static DispersionPotential Load(string path, CardPart card)
    {
        ArgumentNullException.ThrowIfNull(card);
        var table = DispersionTableFile.Read(ModelCardFile.VerifiedPath(path, card, "parameters"));
        try
        {
            return new DispersionPotential(new DispersionModel(card.Species, table, card.Dispersion!.Settings));
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, path, e.Expected, e.Remedy, e);
        }
    }

    /// <summary>Reads the keys that only this kind has.</summary>
    internal static DispersionCard Read(YamlMapping root)
    {
        var damping = root.Text("damping");
        var zero = damping.OneOf(ZeroDamped, BeckeJohnsonDamped) == ZeroDamped;
        var functional = root.OptionalText("functional");
        var cutoff = root.Text("cutoff").Quantity(CardUnits.Length);
        var coordination = root.Text("coordination_cutoff").Quantity(CardUnits.Length);
        var width = root.OptionalText("switching_width")?.Quantity(CardUnits.Length) ?? 0;
        if (functional is null)
        {
            return new DispersionCard(new DispersionSettings(zero ? ReadZero(root) : ReadBeckeJohnson(root), cutoff, coordination, width), null);
        }

        var known = DispersionFunctional.TryFind(functional.Text, out var found) && Choose(found, zero) is not null;
        return known ? For(functional.Text, zero, cutoff, coordination, width) : throw functional.Wrong(KnownFunctionals(zero) + "; or its numbers in place of its name");
    }

    /// <summary>The keys and values that <see cref="Read"/> reads.</summary>
    internal IEnumerable<(string Key, string Value)> Write()
    {
        yield return ("damping", Settings.Damping is ZeroDamping ? ZeroDamped : BeckeJohnsonDamped);
        if (Functional is not null)
        {
            yield return ("functional", Functional);
        }
        else
        {
            yield return ("s6", Numbers.Format(Settings.Damping.S6));
            yield return ("s8", Numbers.Format(Settings.Damping.S8));
            foreach (var entry in WriteForm(Settings.Damping))
            {
                yield return entry;
            }
        }

        yield return ("cutoff", Length(Settings.Cutoff));
        yield return ("coordination_cutoff", Length(Settings.CoordinationCutoff));
        if (Settings.SwitchingWidth > 0)
        {
            yield return ("switching_width", Length(Settings.SwitchingWidth));
        }
    }

    private static (string Key, string Value)[] WriteForm(DispersionDamping damping) => damping switch
    {
        ZeroDamping zero => [("rs6", Numbers.Format(zero.RadiusFactor6)), ("rs8", Numbers.Format(zero.RadiusFactor8)), ("alpha", zero.Alpha.ToString(CultureInfo.InvariantCulture))],
        BeckeJohnsonDamping rational => [("a1", Numbers.Format(rational.A1)), ("a2", $"{Numbers.Format(rational.A2)} {CardUnits.AtomicLength}")],
        _ => [],
    };

    private static ZeroDamping ReadZero(YamlMapping root)
    {
        var (s6, s8) = (root.OptionalText("s6")?.Number() ?? 1, root.Text("s8").Number());
        return new ZeroDamping(s6, s8, root.Text("rs6").Number(), root.OptionalText("rs8")?.Number() ?? 1, root.OptionalText("alpha")?.Integer(2) ?? 14);
    }

    private static BeckeJohnsonDamping ReadBeckeJohnson(YamlMapping root)
    {
        var (s6, s8) = (root.OptionalText("s6")?.Number() ?? 1, root.Text("s8").Number());
        return new BeckeJohnsonDamping(s6, s8, root.Text("a1").Number(), root.Text("a2").Quantity(CardUnits.AtomicLength));
    }

    private static DispersionDamping? Choose(DispersionFunctional functional, bool zero) => zero ? functional.Zero : functional.BeckeJohnson;

    private static string KnownFunctionals(bool zero) =>
        "one of " + string.Join(", ", DispersionFunctional.All.Where(known => Choose(known, zero) is not null).Select(known => known.Name));

    private static string Length(double value) => $"{Numbers.Format(value)} {CardUnits.Length}";
}
