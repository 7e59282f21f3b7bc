using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Dispersion;

/// <summary>Refuses parameters that cannot be meant.</summary>
internal static class DispersionChecks
{
    private const double LargestCutoff = 1000;

    public static void Require(DispersionSettings settings)
    {
        Require(settings.Cutoff is > 0 and <= LargestCutoff, $"the dispersion cutoff is {settings.Cutoff} angstrom", $"a positive number up to {LargestCutoff}");
        Require(settings.CoordinationCutoff is > 0 and <= LargestCutoff, $"the coordination cutoff is {settings.CoordinationCutoff} angstrom", $"a positive number up to {LargestCutoff}");
        var shorter = Math.Min(settings.Cutoff, settings.CoordinationCutoff);
        Require(settings.SwitchingWidth >= 0 && settings.SwitchingWidth < shorter, $"the switching width is {settings.SwitchingWidth} angstrom", $"0 or more, less than the shorter cutoff, {shorter}");
        var damping = settings.Damping;
        Require(double.IsFinite(damping.S6) && double.IsFinite(damping.S8), $"s6 is {damping.S6}, s8 is {damping.S8}", "finite numbers");
        switch (damping)
        {
            case ZeroDamping zero:
                Require(zero.RadiusFactor6 is > 0 and < 100 && zero.RadiusFactor8 is > 0 and < 100, $"rs6 is {zero.RadiusFactor6}, rs8 is {zero.RadiusFactor8}", "positive numbers");
                Require(zero.Alpha is >= 2 and <= 30 && zero.Alpha % 2 == 0, $"alpha is {zero.Alpha}", "an even number from 2 to 30; published fits have 14");
                break;
            case BeckeJohnsonDamping rational:
                // √(C8/C6) lies between 2.7 and 20.5 bohr.
                Require(rational.A1 * 2.7 + rational.A2 > 0 && rational.A1 * 20.5 + rational.A2 > 0 && rational.A1 < 100 && rational.A2 < 100, $"a1 is {rational.A1}, a2 is {rational.A2} bohr", "numbers that give positive damping radii");
                break;
            default:
                throw new MofException(ErrorKind.InvalidArgument, "the form of damping is unknown", expected: "zero or Becke-Johnson damping");
        }
    }

    public static void Require(Species species, DispersionTable table)
    {
        if (species.AtomicNumber == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"species {species.Label} has no atomic number", expected: "one, because D3 takes its parameters from it");
        }

        Require(table.ReferenceCount(species.AtomicNumber) > 0, $"species {species.Label} has the atomic number {species.AtomicNumber}, which is not in the D3 reference table", $"an element up to {DispersionElements.Count}");
    }

    private static void Require(bool met, string what, string expected)
    {
        if (!met)
        {
            throw new MofException(ErrorKind.InvalidArgument, what, expected: expected);
        }
    }
}
