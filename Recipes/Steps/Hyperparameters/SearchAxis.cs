using System.Globalization;

namespace MofInterop.Steps;

/// <summary>A parameter that a search varies, as a coordinate from 0 to 1.</summary>
internal abstract record SearchAxis(string Name)
{
    /// <summary>Options with the parameter at a coordinate.</summary>
    public abstract SnapOptions Apply(SnapOptions options, double coordinate);

    /// <summary>The coordinate of options, within the limits.</summary>
    public abstract double CoordinateOf(SnapOptions options);

    /// <summary>The parameter of options, as a recipe would have it but for the unit.</summary>
    public abstract double ValueOf(SnapOptions options);

    /// <summary>Lower limit, in the same.</summary>
    public abstract double Lowest { get; }

    /// <summary>Upper limit.</summary>
    public abstract double Highest { get; }

    /// <summary>Whether being at a limit means that more could be gained beyond it.</summary>
    public virtual bool Open => true;
}

/// <summary>A number between two limits. Values have five significant digits, so that what a report prints is what was tried.</summary>
/// <param name="Name">As a recipe names it.</param>
/// <param name="From">Lower limit, above 0 for a logarithmic axis.</param>
/// <param name="To">Upper limit.</param>
/// <param name="Logarithmic">The logarithm is varied.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Changes it.</param>
internal sealed record NumberAxis(string Name, double From, double To, bool Logarithmic, Func<SnapOptions, double> Get, Func<SnapOptions, double, SnapOptions> Set) : SearchAxis(Name)
{
    public override double Lowest => From;

    public override double Highest => To;

    public override SnapOptions Apply(SnapOptions options, double coordinate)
    {
        var value = Logarithmic ? From * Math.Pow(To / From, coordinate) : From + (To - From) * coordinate;
        return Set(options, Math.Clamp(Rounded(value), From, To));
    }

    public override double CoordinateOf(SnapOptions options)
    {
        var value = Math.Clamp(Get(options), From, To);
        return Logarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);
    }

    public override double ValueOf(SnapOptions options) => Get(options);

    private static double Rounded(double value) => double.Parse(value.ToString("g5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>One of several values of <c>twojmax</c>.</summary>
/// <param name="Choices">In ascending order.</param>
internal sealed record TwoJMaxAxis(IReadOnlyList<int> Choices) : SearchAxis("twojmax")
{
    public override double Lowest => Choices[0];

    public override double Highest => Choices[^1];

    public override bool Open => false;

    public override SnapOptions Apply(SnapOptions options, double coordinate) =>
        options with { Twojmax = Choices[Math.Min(Choices.Count - 1, (int)(coordinate * Choices.Count))] };

    public override double CoordinateOf(SnapOptions options)
    {
        var nearest = Choices.Select((choice, place) => (place, distance: Math.Abs(choice - options.Twojmax))).MinBy(one => one.distance).place;
        return (nearest + 0.5) / Choices.Count;
    }

    public override double ValueOf(SnapOptions options) => options.Twojmax;
}
