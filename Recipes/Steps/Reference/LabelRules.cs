using System.Globalization;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// What a label must be to be believed. Labels are kept as the program gave them and held against this whenever they are read, so that another rule
/// computes nothing again.
/// </summary>
/// <param name="LargestForce">eV/Å; a component beyond is no force of a configuration that anybody wants to learn.</param>
/// <param name="NeedsStress">A periodic configuration without stress is set aside.</param>
internal sealed record LabelRules(double LargestForce, bool NeedsStress)
{
    /// <summary>eV/atom. All electrons of the heaviest elements together have 1.5e6.</summary>
    private const double LargestEnergy = 1e7;

    /// <summary>eV/Å³, 16 000 GPa: more than in the centre of Jupiter.</summary>
    private const double LargestStress = 100;

    /// <summary>Believes everything that is whole.</summary>
    public static LabelRules None { get; } = new(double.PositiveInfinity, false);

    /// <summary>Why a label of a configuration is not believed; null: it is.</summary>
    public string? Problem(AtomicConfiguration configuration, ReferenceLabel label) => Defect(configuration, label) ?? Excess(configuration, label) ?? Missing(configuration, label);

    /// <summary>Why a label is not one at all: it does not fit the configuration, or its numbers are none.</summary>
    public static string? Defect(AtomicConfiguration configuration, ReferenceLabel label)
    {
        if (label.Forces.Length != 3 * configuration.Count)
        {
            return $"the program gave {label.Forces.Length} force components for {configuration.Count} atoms";
        }

        return double.IsFinite(label.Energy) && label.Forces.All(double.IsFinite) && (label.Stress?.All(double.IsFinite) ?? true)
            ? null
            : "the program gave a number that is not finite";
    }

    private string? Excess(AtomicConfiguration configuration, ReferenceLabel label)
    {
        if (Math.Abs(label.Energy) > LargestEnergy * configuration.Count)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the energy is {label.Energy:0.###e0} eV for {configuration.Count} atoms; no method gives more than {LargestEnergy:0e0} eV/atom");
        }

        var place = Largest(label.Forces);
        if (Math.Abs(label.Forces[place]) > LargestForce)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the force on atom {place / 3} (counted from 0) is {label.Forces[place]:0.###e0} eV/Å; expected at most {LargestForce:0.###} (reference: largest_force)");
        }

        return label.Stress is { } stress && Math.Abs(stress[Largest(stress)]) > LargestStress
            ? string.Create(CultureInfo.InvariantCulture, $"the stress is {stress[Largest(stress)]:0.###e0} eV/Å³; expected at most {LargestStress:0} in size")
            : null;
    }

    private string? Missing(AtomicConfiguration configuration, ReferenceLabel label) => NeedsStress && configuration.Periodic && label.Stress is null
        ? "the program gave no stress, which the fit of a periodic configuration uses (reference: stress: optional keeps the label without)"
        : null;

    /// <summary>Where the number of largest size stands.</summary>
    private static int Largest(double[] values)
    {
        var place = 0;
        for (var k = 1; k < values.Length; k++)
        {
            place = Math.Abs(values[k]) > Math.Abs(values[place]) ? k : place;
        }

        return place;
    }
}
