namespace MofInterop.Learning.Tests;

/// <summary>Errors of sets too large to keep.</summary>
public class ErrorReportTests
{
    [Fact]
    public void Errors_are_those_of_all_values_and_points_a_sample_with_their_density()
    {
        const int Count = 150_000;
        var random = new DeterministicRandom(6);
        var values = Enumerable.Range(0, Count).Select(_ => (Reference: -6000 + random.NextSymmetric(1), Error: 0.01 * random.NextSymmetric(1), Weight: 1 + random.NextUnit())).ToList();
        QuantityErrors Compare(int most)
        {
            var comparison = new QuantityComparison("energy", "meV/atom", "eV/atom", 1, 1000);
            foreach (var (reference, error, weight) in values.Take(most))
            {
                comparison.Add(reference, reference + error, weight);
            }

            return comparison.Errors(weighted: true, relative: true);
        }

        var all = Compare(Count);
        all.Count.ShouldBe(Count);
        all.MeanAbsolute.ShouldBe(1000 * values.Average(value => Math.Abs(value.Error)), 1e-6);
        all.RootMeanSquare.ShouldBe(1000 * Math.Sqrt(values.Average(value => value.Error * value.Error)), 1e-6);
        all.Maximum.ShouldBe(1000 * values.Max(value => Math.Abs(value.Error)), 1e-6);
        var mean = values.Average(value => value.Reference);
        all.Determination.ShouldBe(1 - values.Sum(value => value.Error * value.Error) / values.Sum(value => (value.Reference - mean) * (value.Reference - mean)), 1e-9);
        all.Weighted!.RootMeanSquare.ShouldBe(Math.Sqrt(values.Average(value => Math.Pow(value.Error * value.Weight, 2))), 1e-9);

        all.Reference.Length.ShouldBe(QuantityErrors.MostPoints);
        for (var bin = 0; bin < 4; bin++)
        {
            // Of 5000 expected; the standard deviation is 60.
            all.Reference.Count(value => value >= -1 + 0.5 * bin && value < -0.5 + 0.5 * bin).ShouldBeInRange(4700, 5300);
        }

        Compare(Count).Reference.ShouldBe(all.Reference);
        Compare(100).Reference.Length.ShouldBe(100);
    }

    [Fact]
    public void A_sample_draws_early_and_late_values_alike_and_keeps_their_order()
    {
        var sample = new ParitySample(1000);
        for (var k = 0; k < 50_000; k++)
        {
            sample.Add(k, -k);
        }

        double[] places = [.. sample.Points.Select(point => point.Reference)];
        places.Length.ShouldBe(1000);
        places.ShouldBe(places.Order());
        places.Distinct().Count().ShouldBe(1000);
        places.Count(place => place < 25_000).ShouldBeInRange(430, 570);
        sample.Points.ShouldAllBe(point => point.Predicted == -point.Reference);
    }
}
