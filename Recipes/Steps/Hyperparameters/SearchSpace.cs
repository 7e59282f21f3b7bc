using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>All parameters that a search varies: points of the unit cube as options of a fit.</summary>
/// <param name="start">Where the search starts.</param>
/// <param name="axes">The parameters.</param>
internal sealed class SearchSpace(SnapOptions start, IReadOnlyList<SearchAxis> axes)
{
    /// <summary>The name that stands for every type by itself.</summary>
    public const string Each = "each";

    /// <summary>The parameters.</summary>
    public IReadOnlyList<SearchAxis> Axes => axes;

    /// <summary>The coordinates of the start, within the limits.</summary>
    public double[] Start => [.. axes.Select(axis => axis.CoordinateOf(start))];

    /// <summary>The options at a point.</summary>
    public SnapOptions At(double[] point) => axes.Zip(point).Aggregate(start, (options, one) => one.First.Apply(options, one.Second));

    /// <summary>The space of a recipe for the types of a structure.</summary>
    /// <exception cref="MofException">See <see cref="Problems"/>, which finds the same.</exception>
    public static SearchSpace Of(SnapOptions start, VariedOptions vary, IReadOnlyList<AtomType> types)
    {
        foreach (var (_, error) in Problems(vary, types))
        {
            throw error;
        }

        // The start names every type, so that varying an element's value changes all of its types that are not named by themselves.
        return new SearchSpace(SnapValues.Of(start, types).ToOptions(), [.. AxesOf(vary, types)]);
    }

    /// <summary>What is wrong with limits: the parameter, and the error.</summary>
    /// <param name="vary">The limits.</param>
    /// <param name="types">The types, or null where they are not known yet.</param>
    public static IEnumerable<(string Parameter, MofException Error)> Problems(VariedOptions vary, IReadOnlyList<AtomType>? types)
    {
        static MofException Wrong(string what, string expected) => new(ErrorKind.InvalidArgument, what, expected: expected);
        List<(string Key, double From, double To, double Above, double AtMost)> ranges = [];
        void Range(string key, double? from, double? to, double above, double atMost = double.PositiveInfinity)
        {
            if (from is not null && to is not null)
            {
                ranges.Add((key, from.Value, to.Value, above, atMost));
            }
        }

        Range("rcutfac", vary.Rcutfac?.From, vary.Rcutfac?.To, 0);
        Range("rfac0", vary.Rfac0?.From, vary.Rfac0?.To, 0, 1);
        Range("energy_error", vary.EnergyError?.From.Value, vary.EnergyError?.To.Value, 0);
        Range("stress_error", vary.StressError?.From.Value, vary.StressError?.To.Value, 0);
        Range("ridge", vary.Ridge?.From, vary.Ridge?.To, 0);
        foreach (var (name, range) in vary.Radii)
        {
            Range("radii." + name, range.From, range.To, 0);
        }

        foreach (var (name, range) in vary.Weights)
        {
            Range("weights." + name, range.From, range.To, double.NegativeInfinity);
        }

        foreach (var (key, from, to, above, atMost) in ranges)
        {
            if (!(from > above && from < to && to <= atMost))
            {
                var bounds = (double.IsFinite(above) ? string.Create(CultureInfo.InvariantCulture, $"{above} < ") : string.Empty) + "from < to" + (double.IsFinite(atMost) ? string.Create(CultureInfo.InvariantCulture, $" ≤ {atMost}") : string.Empty);
                yield return (key, Wrong(string.Create(CultureInfo.InvariantCulture, $"the limits are {from} and {to}"), bounds));
            }
        }

        if (vary.Twojmax is { } choices && choices.Distinct().Count() < 2)
        {
            yield return ("twojmax", Wrong("there is nothing to choose from", "two values or more"));
        }

        foreach (var (key, names) in new[] { ("radii", vary.Radii.Keys), ("weights", vary.Weights.Keys) })
        {
            foreach (var name in names.Where(name => types is not null && name != Each && !types.Any(type => type.Label == name || type.Symbol == name)))
            {
                yield return ($"{key}.{name}", Wrong($"{key} of '{name}' are to be varied, which no atom is", $"one of {string.Join(", ", types!.Select(type => type.Label))}, their elements, or {Each}"));
            }
        }

        if (ranges.Count == 0 && vary.Twojmax is null)
        {
            yield return (string.Empty, Wrong("there is nothing to vary", "radii, weights, rfac0 or others"));
        }
    }

    private static IEnumerable<SearchAxis> AxesOf(VariedOptions vary, IReadOnlyList<AtomType> types)
    {
        if (vary.Twojmax is { } choices)
        {
            yield return new TwoJMaxAxis([.. choices.Distinct().Order()]);
        }

        if (vary.Rcutfac is { } rcutfac)
        {
            yield return new NumberAxis("rcutfac", rcutfac.From, rcutfac.To, false, options => options.Rcutfac, (options, value) => options with { Rcutfac = value });
        }

        if (vary.Rfac0 is { } rfac0)
        {
            yield return new NumberAxis("rfac0", rfac0.From, rfac0.To, false, options => options.Rfac0, (options, value) => options with { Rfac0 = value });
        }

        foreach (var (name, range, labels) in Named(vary.Radii, types))
        {
            yield return new NumberAxis($"radii.{name}", range.From, range.To, false, options => options.Radii[labels[0]], (options, value) => options with { Radii = With(options.Radii, labels, value) });
        }

        foreach (var (name, range, labels) in Named(vary.Weights, types))
        {
            yield return new NumberAxis($"weights.{name}", range.From, range.To, false, options => options.Weights[labels[0]], (options, value) => options with { Weights = With(options.Weights, labels, value) });
        }

        if (vary.EnergyError is { } energy)
        {
            yield return new NumberAxis("energy_error", energy.From.In("meV/atom"), energy.To.In("meV/atom"), true, options => options.EnergyError.In("meV/atom"), (options, value) => options with { EnergyError = InUnit(value, "meV/atom") });
        }

        if (vary.StressError is { } stress)
        {
            yield return new NumberAxis("stress_error", stress.From.In("MPa"), stress.To.In("MPa"), true, options => options.StressError.In("MPa"), (options, value) => options with { StressError = InUnit(value, "MPa") });
        }
    }

    /// <summary>Names in alphabetical order with the types that each stands for: a type, an element's types that are not named, or each of the rest.</summary>
    private static IEnumerable<(string Name, NumberRange Range, string[] Labels)> Named(IReadOnlyDictionary<string, NumberRange> ranges, IReadOnlyList<AtomType> types)
    {
        var found = new SortedDictionary<string, (NumberRange Range, List<string> Labels)>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            var name = ranges.ContainsKey(type.Label) ? type.Label : ranges.ContainsKey(type.Symbol) ? type.Symbol : ranges.ContainsKey(Each) ? Each : null;
            if (name is not null)
            {
                var key = name == Each ? type.Label : name;
                found.TryAdd(key, (ranges[name], []));
                found[key].Labels.Add(type.Label);
            }
        }

        return found.Select(pair => (pair.Key, pair.Value.Range, pair.Value.Labels.ToArray()));
    }

    private static Dictionary<string, double> With(IReadOnlyDictionary<string, double> values, string[] labels, double value)
    {
        var changed = new Dictionary<string, double>(values);
        Array.ForEach(labels, label => changed[label] = value);
        return changed;
    }

    private static Quantity InUnit(double value, string unit) => Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{value:R} {unit}"));
}
