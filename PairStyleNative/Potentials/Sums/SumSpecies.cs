using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Sums;

/// <summary>Brings the species of a sum and of its parts together.</summary>
internal static class SumSpecies
{
    public static Species[] Merge(IReadOnlyList<IPotential> parts, IReadOnlyList<Species>? wanted)
    {
        var known = parts.SelectMany(part => part.Species).ToList();
        var labels = (wanted ?? known).Select(species => species.Label).ToList();
        if (wanted is null)
        {
            labels = [.. labels.Distinct(StringComparer.Ordinal)];
        }
        else if (labels.Distinct(StringComparer.Ordinal).Count() < labels.Count)
        {
            throw Invalid("a species of the sum is there twice", "every label once");
        }

        if (known.FirstOrDefault(species => !labels.Contains(species.Label, StringComparer.Ordinal)) is { } stranger)
        {
            throw Invalid($"a part of the sum knows the species {stranger.Label}", "those of the sum: " + string.Join(", ", labels));
        }

        return [.. labels.Select(label => Merge(label, known, wanted?.First(species => species.Label == label)))];
    }

    private static Species Merge(string label, List<Species> known, Species? wanted)
    {
        var own = known.Where(species => species.Label == label).ToList();
        if (own.Count == 0)
        {
            throw Invalid($"no part of the sum knows the species {label}", "one of " + string.Join(", ", known.Select(species => species.Label).Distinct()));
        }

        var all = wanted is null ? own : own.Prepend(wanted).ToList();
        var numbers = all.Select(species => species.AtomicNumber).Where(number => number > 0).Distinct().ToList();
        return numbers.Count < 2
            ? new Species(label, numbers.FirstOrDefault(), all.Select(species => species.Mass).FirstOrDefault(mass => mass > 0))
            : throw Invalid($"parts of the sum have different atomic numbers for the species {label}: {string.Join(", ", numbers)}", "one");
    }

    private static MofException Invalid(string what, string expected) => new(ErrorKind.InvalidArgument, what, expected: expected);
}
