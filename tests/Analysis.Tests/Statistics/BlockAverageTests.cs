namespace MofInterop.Analysis.Tests.Statistics;

/// <summary>Errors of means against series whose errors are known.</summary>
public class BlockAverageTests
{
    [Fact]
    public void Independent_samples_have_the_error_of_independent_samples()
    {
        var series = Correlated(0, 1 << 14, 1);
        var average = BlockAverage.Of(series);
        average.Converged.ShouldBeTrue();
        average.Error.ShouldBe(1 / Math.Sqrt(series.Length), 0.1 / Math.Sqrt(series.Length));
        average.SamplesPerIndependent.ShouldBe(1, 0.25);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.98)]
    public void Correlated_samples_have_the_error_that_theory_gives(double correlation)
    {
        // Of x' = c·x + √(1−c²)·ξ the variance of the mean is (1+c)/(1−c)/n.
        const int samples = 1 << 17;
        var average = BlockAverage.Of(Correlated(correlation, samples, 2));
        var expected = Math.Sqrt((1 + correlation) / (1 - correlation) / samples);
        average.Converged.ShouldBeTrue();
        average.Error.ShouldBe(expected, 0.15 * expected);
    }

    [Fact]
    public void A_series_shorter_than_its_correlation_says_so()
    {
        var average = BlockAverage.Of([.. Enumerable.Range(0, 64).Select(k => (double)k)]);
        average.Converged.ShouldBeFalse();
        average.Error.ShouldBe(average.Levels.Max(level => level.Error));
    }

    [Fact]
    public void Few_samples_have_a_mean_without_an_error()
    {
        var average = BlockAverage.Of([1, 2, 6]);
        average.Mean.ShouldBe(3);
        average.Error.ShouldBe(double.NaN);
    }

    [Fact]
    public void A_constant_has_no_error() => BlockAverage.Of([.. Enumerable.Repeat(7.0, 100)]).Estimate.ShouldBe(new Estimate(7, 0));

    [Fact]
    public void Blocks_of_a_chosen_length_leave_out_what_is_behind_the_last()
    {
        BlockAverage.Means([1, 3, 5, 7, 100], 2).ShouldBe([2.0, 6]);
        BlockAverage.OfBlocks([1, 3, 5, 7, 100], 2).ShouldBe(new Estimate(4, 2));
        Should.Throw<Potentials.Errors.MofException>(() => BlockAverage.Means([1], 2)).Message.ShouldContain("1 samples hold no block of 2");
    }

    [Fact]
    public void Runs_scatter_more_than_each_knows_of_itself()
    {
        Estimate.OfRuns([new Estimate(1, 0.01), new Estimate(3, 0.01)]).ShouldBe(new Estimate(2, 1));
        Estimate.OfRuns([new Estimate(1, 0.01)]).ShouldBe(new Estimate(1, 0.01));

        // Runs that agree by chance are no more certain than each of them.
        Estimate.OfRuns([new Estimate(1, 0.3), new Estimate(1, 0.4)]).ShouldBe(new Estimate(1, 0.25));
        double.IsNaN(Estimate.OfRuns([new Estimate(1, double.NaN), new Estimate(3, double.NaN)]).Error).ShouldBeFalse();
    }

    [Fact]
    public void A_line_through_points_with_errors_has_the_errors_of_theory()
    {
        double[] x = [0, 1, 2, 3, 4], errors = [0.1, 0.1, 0.2, 0.2, 0.1];
        var slopes = new List<double>();
        var random = new Random(3);
        LinearFit fit = null!;
        for (var k = 0; k < 4000; k++)
        {
            fit = LinearFit.Of(x, [.. x.Select((place, i) => 2 - 3 * place + errors[i] * Normal(random))], errors);
            slopes.Add(fit.Slope.Value);
        }

        var scatter = Estimate.OfIndependent(slopes);
        scatter.Value.ShouldBe(-3, 0.005);
        (scatter.Error * Math.Sqrt(slopes.Count)).ShouldBe(fit.Slope.Error, 0.05 * fit.Slope.Error);
    }

    [Fact]
    public void Without_errors_of_points_the_scatter_round_the_line_gives_them()
    {
        var fit = LinearFit.Of([0, 1, 2], [0, 2, 1]);
        fit.Slope.Value.ShouldBe(0.5, 1e-14);
        fit.Intercept.Value.ShouldBe(0.5, 1e-14);
        fit.Slope.Error.ShouldBe(Math.Sqrt(1.5 / 2), 1e-14);
        fit.At(2).ShouldBe(1.5, 1e-14);
    }

    private static double[] Correlated(double correlation, int samples, int seed)
    {
        var random = new Random(seed);
        var series = new double[samples];
        var value = Normal(random);
        for (var k = 0; k < samples; k++)
        {
            series[k] = value;
            value = correlation * value + Math.Sqrt(1 - correlation * correlation) * Normal(random);
        }

        return series;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
