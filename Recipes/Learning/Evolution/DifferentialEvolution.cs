namespace MofInterop.Learning;

/// <summary>
/// Differential evolution (R. Storn and K. Price, J. Global Optim. 11, 341 (1997)): best/1/bin or rand/1/bin with dithering, in the unit cube,
/// bounds by reflection. A generation's trials are made from the population before it, valued together, and each replaces its member where it
/// is no worse. Random numbers belong to generation and member: neither the order nor the number of workers that value trials changes anything.
/// </summary>
public static class DifferentialEvolution
{
    /// <summary>Searches for the smallest value.</summary>
    /// <param name="dimensions">Of the cube.</param>
    /// <param name="settings">How.</param>
    /// <param name="start">A point of the first population; the others fill the cube evenly (Latin hypercube). Null: all do.</param>
    /// <param name="evaluate">Values of points, in their order, in whatever order they are computed; infinite or NaN where there is none.</param>
    /// <param name="generationDone">Told each population.</param>
    /// <param name="cancellation">Stops between generations; <paramref name="evaluate"/> gets it too.</param>
    /// <returns>The last population.</returns>
    /// <exception cref="Potentials.Errors.MofException">Settings out of range.</exception>
    public static async Task<EvolutionState> MinimizeAsync(
        int dimensions,
        EvolutionSettings settings,
        double[]? start,
        Func<IReadOnlyList<double[]>, CancellationToken, Task<IReadOnlyList<double>>> evaluate,
        Action<EvolutionState>? generationDone = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(evaluate);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        settings.Require();
        var members = await ValueAsync(FirstPopulation(dimensions, settings, start), evaluate, cancellation).ConfigureAwait(false);
        var state = StateOf(0, members);
        generationDone?.Invoke(state);
        for (var generation = 1; generation <= settings.Generations && state.Spread > settings.Tolerance; generation++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] points = [.. members.Select((_, member) => Trial(members, state.Best, member, generation, settings))];
            var trials = await ValueAsync(points, evaluate, cancellation).ConfigureAwait(false);
            members = [.. members.Zip(trials, (old, trial) => trial.Value <= old.Value ? trial : old)];
            state = StateOf(generation, members);
            generationDone?.Invoke(state);
        }

        return state;
    }

    private static EvolutionState StateOf(int generation, EvolutionMember[] members) => new(generation, members.MinBy(member => member.Value)!, [.. members.Select(member => member.Value)]);

    private static async Task<EvolutionMember[]> ValueAsync(double[][] points, Func<IReadOnlyList<double[]>, CancellationToken, Task<IReadOnlyList<double>>> evaluate, CancellationToken cancellation)
    {
        var values = await evaluate(points, cancellation).ConfigureAwait(false);
        return [.. points.Zip(values, (point, value) => new EvolutionMember(point, double.IsNaN(value) ? double.PositiveInfinity : value))];
    }

    /// <summary>Each coordinate of the members lies in another of as many equal parts of its range.</summary>
    private static double[][] FirstPopulation(int dimensions, EvolutionSettings settings, double[]? start)
    {
        var points = new double[settings.Population][];
        for (var member = 0; member < points.Length; member++)
        {
            points[member] = new double[dimensions];
        }

        for (var axis = 0; axis < dimensions; axis++)
        {
            var random = DeterministicRandom.ForStream(settings.Seed, $"first population, axis {axis}");
            int[] parts = [.. Enumerable.Range(0, points.Length)];
            for (var k = 0; k < parts.Length; k++)
            {
                var other = k + (int)(random.NextUnit() * (parts.Length - k));
                (parts[k], parts[other]) = (parts[other], parts[k]);
                points[k][axis] = (parts[k] + random.NextUnit()) / points.Length;
            }
        }

        if (start is not null)
        {
            points[0] = [.. start.Select(value => Math.Clamp(value, 0, 1))];
        }

        return points;
    }

    private static double[] Trial(EvolutionMember[] members, EvolutionMember best, int member, int generation, EvolutionSettings settings)
    {
        var random = DeterministicRandom.ForStream(settings.Seed, $"generation {generation}, member {member}");
        var own = members[member].Point;
        var others = Others(members.Length, member, random);
        var origin = settings.Strategy == EvolutionStrategy.Best ? best.Point : members[others[2]].Point;
        var (plus, minus) = (members[others[0]].Point, members[others[1]].Point);
        var factor = settings.Dither.From + random.NextUnit() * (settings.Dither.To - settings.Dither.From);
        var always = (int)(random.NextUnit() * own.Length);
        var trial = (double[])own.Clone();
        for (var axis = 0; axis < own.Length; axis++)
        {
            var taken = random.NextUnit() < settings.Crossover;
            if (taken || axis == always)
            {
                trial[axis] = Reflect(origin[axis] + factor * (plus[axis] - minus[axis]));
            }
        }

        return trial;
    }

    /// <summary>Three members, none of them this one.</summary>
    private static int[] Others(int count, int member, DeterministicRandom random)
    {
        int[] places = [.. Enumerable.Range(0, count).Where(place => place != member)];
        for (var k = 0; k < 3; k++)
        {
            var other = k + (int)(random.NextUnit() * (places.Length - k));
            (places[k], places[other]) = (places[other], places[k]);
        }

        return places[..3];
    }

    // A factor of at most 1 leaves the cube by at most its width; a larger one is brought back as often as it takes.
    private static double Reflect(double value)
    {
        while (value is < 0 or > 1)
        {
            value = value < 0 ? -value : 2 - value;
        }

        return value;
    }
}
