namespace MofInterop.Comparison;

/// <summary>The least, the middle and the largest of repeated measurements.</summary>
internal sealed record Spread(double Minimum, double Median, double Maximum)
{
    /// <summary>Of at least one value; an even number has the mean of the two in the middle as its median.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var half = sorted.Length / 2;
        return new Spread(sorted[0], sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, sorted[^1]);
    }
}

/// <summary>Something that is measured, always in the same unit; less is better.</summary>
internal sealed record Quantity(string Name, string Unit)
{
    /// <summary>LAMMPS's own "Pair" time, per atom and step.</summary>
    public static Quantity Pair { get; } = new("pair", "µs/atom");

    /// <summary>LAMMPS's own loop time, per atom and step: pair, neighbour lists, communication, integration, output.</summary>
    public static Quantity Loop { get; } = new("loop", "µs/atom");
}

/// <summary>What a measurement has to reach: a ratio (reference ÷ subject) at least, or a value at most.</summary>
internal sealed record Goal(Quantity Quantity, double? RatioAtLeast = null, double? ValueAtMost = null);

/// <summary>One of the things compared.</summary>
/// <param name="Label">As the table names it.</param>
/// <param name="MeasureAsync">Runs it once and returns a number for each quantity.</param>
internal sealed record Subject(string Label, Func<Task<IReadOnlyDictionary<Quantity, double>>> MeasureAsync)
{
    /// <summary>What it has to reach.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];
}

/// <summary>Subjects that are run in turn, as often as told; the first fault ends it and becomes a row that says so.</summary>
/// <param name="Group">Heading of the table.</param>
/// <param name="Name">The case.</param>
/// <param name="Reference">What the others are divided into; null: values alone.</param>
/// <param name="Subjects">Ours.</param>
/// <param name="Quantities">Those that become rows.</param>
internal sealed record Comparison(string Group, string Name, Subject? Reference, IReadOnlyList<Subject> Subjects, IReadOnlyList<Quantity> Quantities)
{
    /// <summary>Repeats.</summary>
    public int Repeats { get; init; } = 5;
}
