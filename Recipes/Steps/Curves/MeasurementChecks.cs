using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What can be found wrong with a measurement before anything runs.</summary>
internal static class MeasurementChecks
{
    /// <summary>Names of atoms, bins, cutoffs.</summary>
    /// <param name="options">What is measured.</param>
    /// <param name="structure">The atoms, where they are known.</param>
    /// <param name="hasBonds">Whether a structure with bonds is an input.</param>
    /// <param name="check">Of the step.</param>
    public static void Of(MeasurementOptions options, TypedStructure? structure, bool hasBonds, StepCheck check)
    {
        if (options.Rdf is { } rdf && rdf.Bin.Value > rdf.Cutoff.Value)
        {
            check.Problem("rdf.bin", $"a bin of {rdf.Bin} is wider than the cutoff of {rdf.Cutoff}", "many bins");
        }

        for (var k = 0; k < options.Angles.Count; k++)
        {
            var (angle, place) = (options.Angles[k], $"angles[{k + 1}]");
            Count(angle.Between, 3, $"{place}.between", check);
            Names(angle.Between, structure, $"{place}.between", check);
            Divides(angle.Bin, 180, $"{place}.bin", check);
            if (angle.Cutoffs.Count > 2)
            {
                check.Problem($"{place}.cutoffs", $"{angle.Cutoffs.Count} cutoffs", "one, or one for each end");
            }

            if (angle.Cutoffs.Count == 0 && !hasBonds)
            {
                check.Problem(place, $"the angle {angle.Name} along bonds without a structure", "cutoffs, or uses: { structure: ... }");
            }
        }

        for (var k = 0; k < options.Dihedrals.Count; k++)
        {
            var (dihedral, place) = (options.Dihedrals[k], $"dihedrals[{k + 1}]");
            Count(dihedral.Between, 4, $"{place}.between", check);
            Names(dihedral.Between, structure, $"{place}.between", check);
            Divides(dihedral.Bin, 360, $"{place}.bin", check);
            if (!hasBonds)
            {
                check.Problem(place, $"the dihedral {dihedral.Name} without a structure", "uses: { structure: ... }");
            }
        }

        for (var k = 0; k < options.Coordination.Count; k++)
        {
            Names([options.Coordination[k].Of], structure, $"coordination[{k + 1}].of", check);
            Names([options.Coordination[k].By], structure, $"coordination[{k + 1}].by", check);
        }

        if (options.Displacement is { FitFrom: { } from, FitTo: { } to } && from.Value >= to.Value)
        {
            check.Problem("displacement.fit_to", $"the fit ends at {to} and begins at {from}", "an end behind the begin");
        }
    }

    /// <summary>A resolution for which there are frames.</summary>
    public static void Spectrum(SpectrumOptions options, double interval, long frames, StepCheck check, string parameter)
    {
        var block = VelocitySpectrum.BlockFor(options.Resolution.Value, interval);
        if (frames < block)
        {
            check.Problem(parameter, string.Create(CultureInfo.InvariantCulture, $"a resolution of {options.Resolution} takes blocks of {block * interval / 1000:0.##} ps, and there are only {frames * interval / 1000:0.##} ps"), "several blocks", "Measure longer, or take a coarser resolution.");
        }

        // Nyquist: what vibrates faster than half the rate of frames appears where it is not.
        var nyquist = 0.5 / (interval * 1e-15 * Potentials.Units.PhysicalConstants.SpeedOfLightCentimetrePerSecond);
        if (options.UpTo.Value > nyquist)
        {
            check.Problem(parameter.Replace("length", "sample_every", StringComparison.Ordinal), string.Create(CultureInfo.InvariantCulture, $"frames {interval:0.##} fs apart show vibrations up to {nyquist:0} /cm, and up_to is {options.UpTo}"), string.Create(CultureInfo.InvariantCulture, $"at most {0.5 / (options.UpTo.Value * 1e-15 * Potentials.Units.PhysicalConstants.SpeedOfLightCentimetrePerSecond):0.#} fs"));
        }
    }

    private static void Count(IReadOnlyList<string> names, int expected, string parameter, StepCheck check)
    {
        if (names.Count != expected)
        {
            check.Problem(parameter, $"{names.Count} names", $"{expected}");
        }
    }

    private static void Names(IReadOnlyList<string> names, TypedStructure? structure, string parameter, StepCheck check)
    {
        if (structure?.Configuration is not { } atoms)
        {
            return;
        }

        foreach (var name in names.Distinct().Where(name => !atoms.Symbols.Contains(name) && !atoms.Types!.Contains(name)))
        {
            check.Problem(parameter, $"no atom of the structure is a '{name}'", $"an element or atom type: {string.Join(", ", structure.Elements.Concat(structure.Labels).Distinct())}");
        }
    }

    private static void Divides(Quantity bin, double range, string parameter, StepCheck check)
    {
        var bins = range / (bin.Value * 180 / Math.PI);
        if (Math.Abs(bins - Math.Round(bins)) > 1e-6 * bins)
        {
            check.Problem(parameter, $"bins of {bin} do not divide {range} degrees", "1 degree, for example");
        }
    }
}
