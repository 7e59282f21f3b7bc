namespace MofInterop.Comparison;

/// <summary>One line of the table: a quantity of a subject, and how it compares.</summary>
internal sealed record Row
{
    public required string Group { get; init; }

    public required string Case { get; init; }

    public required string Subject { get; init; }

    public string? Reference { get; init; }

    public string? Quantity { get; init; }

    public string? Unit { get; init; }

    /// <summary>The subject's.</summary>
    public Spread? Value { get; init; }

    /// <summary>The reference's.</summary>
    public Spread? ReferenceValue { get; init; }

    /// <summary>Reference ÷ subject, repeat by repeat: how many times faster (or smaller) the subject is.</summary>
    public Spread? Ratio { get; init; }

    public double? RatioAtLeast { get; init; }

    public double? ValueAtMost { get; init; }

    /// <summary>Whether the median reaches the goal; null without a goal.</summary>
    public bool? Met { get; init; }

    /// <summary>Why nothing was measured.</summary>
    public string? Refused { get; init; }

    /// <summary>Runs the subjects of a comparison in turn.</summary>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(Comparison comparison, int? repeats)
    {
        Subject[] all = comparison.Reference is null ? [.. comparison.Subjects] : [comparison.Reference, .. comparison.Subjects];
        var measured = all.ToDictionary(subject => subject, _ => new List<IReadOnlyDictionary<Quantity, double>>());
        var refused = new Dictionary<Subject, string>();
        for (var repeat = 0; repeat < (repeats ?? comparison.Repeats); repeat++)
        {
            foreach (var subject in all.Where(s => !refused.ContainsKey(s)))
            {
                try
                {
                    measured[subject].Add(await subject.MeasureAsync().ConfigureAwait(false));
                }
                catch (Potentials.Errors.MofException fault)
                {
                    refused[subject] = fault.What;
                }
            }

            if (comparison.Subjects.All(refused.ContainsKey))
            {
                break;
            }
        }

        return [.. comparison.Subjects.SelectMany(subject => RowsOf(comparison, subject, measured, refused))];
    }

    private static IEnumerable<Row> RowsOf(Comparison comparison, Subject subject, Dictionary<Subject, List<IReadOnlyDictionary<Quantity, double>>> measured, Dictionary<Subject, string> refused)
    {
        var head = new Row { Group = comparison.Group, Case = comparison.Name, Subject = subject.Label, Reference = comparison.Reference?.Label };
        var fault = refused.GetValueOrDefault(subject)
            ?? (comparison.Reference is { } reference && refused.TryGetValue(reference, out var why) ? $"{reference.Label}: {why}" : null);
        return fault is not null
            ? [head with { Refused = fault }]
            : comparison.Quantities.Select(quantity => RowOf(head, quantity, subject, measured[subject], comparison.Reference is null ? null : measured[comparison.Reference]));
    }

    private static Row RowOf(Row head, Quantity quantity, Subject subject, List<IReadOnlyDictionary<Quantity, double>> ours, List<IReadOnlyDictionary<Quantity, double>>? theirs)
    {
        var goal = subject.Goals.FirstOrDefault(g => g.Quantity == quantity);
        var value = Spread.Of(ours.Select(m => m[quantity]));
        var ratio = theirs is null ? null : Spread.Of(ours.Zip(theirs, (our, their) => their[quantity] / our[quantity]));
        return head with
        {
            Quantity = quantity.Name,
            Unit = quantity.Unit,
            Value = value,
            ReferenceValue = theirs is null ? null : Spread.Of(theirs.Select(m => m[quantity])),
            Ratio = ratio,
            RatioAtLeast = goal?.RatioAtLeast,
            ValueAtMost = goal?.ValueAtMost,
            Met = goal is null ? null : (goal.RatioAtLeast is not { } least || ratio?.Median >= least) && (goal.ValueAtMost is not { } most || value.Median <= most),
        };
    }
}
