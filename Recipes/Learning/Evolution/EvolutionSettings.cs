using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>What a trial of differential evolution starts from.</summary>
public enum EvolutionStrategy
{
    /// <summary>best/1/bin: the best member so far; fast.</summary>
    Best,

    /// <summary>rand/1/bin: a random member; slower, and less easily caught in a local minimum.</summary>
    Random,
}

/// <summary>How differential evolution goes about. Immutable.</summary>
public sealed record EvolutionSettings
{
    /// <summary>Members; at least four.</summary>
    public required int Population { get; init; }

    /// <summary>Generations after the first population, at most.</summary>
    public required int Generations { get; init; }

    /// <summary>Where trials start from.</summary>
    public EvolutionStrategy Strategy { get; init; }

    /// <summary>Probability that a trial takes a coordinate from the mutant, 0 … 1.</summary>
    public double Crossover { get; init; } = 0.7;

    /// <summary>The factor of the difference of two members is drawn between these for every trial (dithering).</summary>
    public (double From, double To) Dither { get; init; } = (0.5, 1);

    /// <summary>The search ends when the standard deviation of the members' values is at most this part of their mean.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>Decides all random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Refuses what cannot evolve.</summary>
    internal void Require()
    {
        if (Population < 4 || Generations < 0 || !(Crossover >= 0 && Crossover <= 1) || !(Dither.From > 0 && Dither.To >= Dither.From) || !(Tolerance >= 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"differential evolution with a population of {Population}, {Generations} generations, crossover {Crossover} and tolerance {Tolerance}", expected: "four members or more, and numbers from 0 on");
        }
    }
}

/// <summary>A point and its value.</summary>
/// <param name="Point">In the unit cube.</param>
/// <param name="Value">The smaller, the better; infinite where it could not be computed.</param>
public sealed record EvolutionMember(double[] Point, double Value);

/// <summary>A population after its generation.</summary>
/// <param name="Generation">0: the first.</param>
/// <param name="Best">The best member so far.</param>
/// <param name="Values">Of all members, in their order.</param>
public sealed record EvolutionState(int Generation, EvolutionMember Best, IReadOnlyList<double> Values)
{
    /// <summary>Standard deviation of the values divided by the size of their mean; infinite while one is.</summary>
    public double Spread
    {
        get
        {
            if (!Values.All(double.IsFinite))
            {
                return double.PositiveInfinity;
            }

            var mean = Values.Average();
            var deviation = Math.Sqrt(Values.Average(value => (value - mean) * (value - mean)));
            return deviation == 0 ? 0 : deviation / Math.Abs(mean);
        }
    }
}
