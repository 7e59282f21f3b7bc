using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>How far the atoms of one type lie from what a potential was trained on: extrapolation grades, 1 being the edge.</summary>
/// <param name="Type">Atom type.</param>
/// <param name="Atoms">How many.</param>
/// <param name="Median">Half of them have less.</param>
/// <param name="MostlyBelow">95 % of them have less.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Outside">How many have more than 1.</param>
public sealed record GradeRecord(string Type, int Atoms, double Median, double MostlyBelow, double Largest, int Outside)
{
    /// <summary>Of typed frames, by type; null where the potential has no grades, or one of them is not finite.</summary>
    internal static IReadOnlyList<GradeRecord>? Of(FittedPotential potential, IReadOnlyList<AtomicConfiguration> frames)
    {
        using var loaded = PotentialLoader.Load(potential.CardFile);
        if (!loaded.HasGrades || frames.Count == 0)
        {
            return null;
        }

        using var evaluator = new PotentialEvaluator(loaded);
        var byType = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var frame in frames)
        {
            foreach (var (type, grade) in frame.Types!.Zip(evaluator.Grades(frame)))
            {
                byType.TryAdd(type, []);
                byType[type].Add(grade);
            }
        }

        return byType.Values.All(grades => grades.All(double.IsFinite)) ? [.. byType.Select(entry => Of(entry.Key, entry.Value))] : null;
    }

    private static GradeRecord Of(string type, List<double> grades)
    {
        grades.Sort();
        return new GradeRecord(type, grades.Count, grades[grades.Count / 2], grades[grades.Count * 95 / 100], grades[^1], grades.Count(grade => grade > 1));
    }
}
