using MofInterop.Potentials.Errors;

namespace MofInterop.Learning.Tests;

public class DifferentialEvolutionTests
{
    private static readonly EvolutionSettings _settings = new() { Population = 20, Generations = 150, Tolerance = 0, Seed = 5 };

    /// <summary>Rosenbrock's function on −2 … 2, zero at (1, 1, 1): a bent valley.</summary>
    private static double Rosenbrock(double[] point)
    {
        double[] x = [.. point.Select(u => 4 * u - 2)];
        return Enumerable.Range(0, x.Length - 1).Sum(k => 100 * Math.Pow(x[k + 1] - x[k] * x[k], 2) + Math.Pow(1 - x[k], 2));
    }

    /// <summary>Rastrigin's function on −5 … 5, zero at (1, −2), with a local minimum in every unit square.</summary>
    private static double Rastrigin(double[] point) =>
        new[] { 10 * point[0] - 6, 10 * point[1] - 3 }.Sum(x => 10 + x * x - 10 * Math.Cos(2 * Math.PI * x));

    private static async Task<(EvolutionState Last, List<EvolutionState> All, int Evaluations)> Search(Func<double[], double> function, int dimensions, EvolutionSettings settings, double[]? start = null, bool backwards = false)
    {
        var (all, evaluations) = (new List<EvolutionState>(), 0);
        var last = await DifferentialEvolution.MinimizeAsync(
            dimensions,
            settings,
            start,
            (points, _) =>
            {
                evaluations += points.Count;
                points.ShouldAllBe(point => point.All(u => u >= 0 && u <= 1));
                var values = new double[points.Count];
                foreach (var k in backwards ? Enumerable.Range(0, values.Length).Reverse() : Enumerable.Range(0, values.Length))
                {
                    values[k] = function(points[k]);
                }

                return Task.FromResult<IReadOnlyList<double>>(values);
            },
            all.Add);
        return (last, all, evaluations);
    }

    [Theory]
    [InlineData(EvolutionStrategy.Best, 2000)]
    [InlineData(EvolutionStrategy.Random, 6000)]
    public async Task It_finds_the_end_of_a_bent_valley(EvolutionStrategy strategy, int most)
    {
        var settings = _settings with { Strategy = strategy, Generations = most / _settings.Population - 1 };
        var (last, _, evaluations) = await Search(Rosenbrock, 3, settings);
        evaluations.ShouldBeLessThanOrEqualTo(most);
        last.Best.Value.ShouldBeLessThan(1e-3);
        last.Best.Point.ShouldAllBe(u => Math.Abs(4 * u - 2 - 1) < 0.1);
    }

    [Fact]
    public async Task It_finds_the_deepest_of_many_minima_where_as_many_random_points_do_not()
    {
        var (last, _, evaluations) = await Search(Rastrigin, 2, _settings with { Strategy = EvolutionStrategy.Random, Generations = 99 });
        last.Best.Value.ShouldBeLessThan(1e-3);
        var random = new DeterministicRandom(1);
        Enumerable.Range(0, evaluations).Min(_ => Rastrigin([random.NextUnit(), random.NextUnit()])).ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public async Task The_order_in_which_trials_are_valued_changes_nothing_and_the_seed_everything()
    {
        var settings = _settings with { Generations = 15 };
        var (forward, _, _) = await Search(Rosenbrock, 3, settings);
        var (backward, _, _) = await Search(Rosenbrock, 3, settings, backwards: true);
        backward.Values.ShouldBe(forward.Values);
        backward.Best.Point.ShouldBe(forward.Best.Point);
        (await Search(Rosenbrock, 3, settings with { Seed = 6 })).Last.Values.ShouldNotBe(forward.Values);
    }

    [Fact]
    public async Task The_best_never_gets_worse_and_is_no_worse_than_the_start()
    {
        double[] start = [0.7, 0.7, 0.7];
        var (_, all, _) = await Search(Rosenbrock, 3, _settings with { Generations = 30 }, start);
        all.Count.ShouldBe(31);
        all[0].Values[0].ShouldBe(Rosenbrock(start));
        all[0].Best.Value.ShouldBeLessThanOrEqualTo(all[0].Values[0]);
        for (var generation = 1; generation < all.Count; generation++)
        {
            all[generation].Values.Zip(all[generation - 1].Values).ShouldAllBe(pair => pair.First <= pair.Second);
        }
    }

    [Fact]
    public async Task The_first_population_has_one_member_in_every_part_of_every_range()
    {
        var points = new List<double[]>();
        await Search(point => { points.Add(point); return 1 + point[0]; }, 3, _settings with { Generations = 0 });
        for (var axis = 0; axis < 3; axis++)
        {
            points.Select(point => (int)(20 * point[axis])).Order().ShouldBe(Enumerable.Range(0, 20));
        }
    }

    [Fact]
    public async Task It_ends_when_the_members_agree_and_goes_on_past_points_that_have_no_value()
    {
        var (last, all, _) = await Search(point => point[0] < 0.3 ? double.NaN : 1 + Math.Pow(point[0] - 0.31, 2), 1, _settings with { Tolerance = 1e-6 });
        all.Count.ShouldBeLessThan(100);
        all[0].Spread.ShouldBe(double.PositiveInfinity);
        last.Spread.ShouldBeLessThanOrEqualTo(1e-6);
        last.Best.Point[0].ShouldBe(0.31, 0.01);
    }

    [Fact]
    public async Task Too_small_a_population_is_refused() =>
        (await Should.ThrowAsync<MofException>(() => Search(Rosenbrock, 2, _settings with { Population = 3 }))).Message.ShouldContain("population of 3");
}
