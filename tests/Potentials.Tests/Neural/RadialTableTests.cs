using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Tables of functions of the distance, of which some are steep in one place.</summary>
public sealed unsafe class RadialTableTests
{
    private const double Cutoff = 6, Accuracy = 1e-9;
    private const int Channels = 20, Strip = 4, Width = 20;

    // Channels of two paths; steepest at 1 Å, as radial networks are near the nuclei.
    private static Jet[] Functions(double r) => [.. Enumerable.Range(0, 2 * Channels).Select(k =>
    {
        double a = 10 + k, f = Math.Tanh(a * (r - 1)), slope = a * (1 - f * f);
        return new Jet(f, slope, -2 * a * f * slope);
    })];

    [Fact]
    public void Weights_and_slopes_are_those_of_the_functions_at_every_distance()
    {
        using var table = Table();
        var random = new Random(5);
        double[] distances = [0, Cutoff, Cutoff / 64, Cutoff / 64 * (1 - 1e-15), 63 * Cutoff / 64, .. Enumerable.Range(0, 500).Select(_ => Cutoff * random.NextDouble())];
        for (var path = 0; path < 2; path++)
        {
            var (weights, slopes) = Evaluate(table, path, distances);
            for (var e = 0; e < distances.Length; e++)
            {
                for (var k = 0; k < Channels; k++)
                {
                    var expected = Functions(distances[e])[path * Channels + k];
                    Assert.Equal(expected.Value, weights[e][k], Accuracy);
                    Assert.Equal(expected.First, slopes[e][k], 10 * Accuracy * 50);
                }
            }
        }
    }

    [Fact]
    public void Steep_places_take_more_pieces_than_others()
    {
        using var table = Table();
        int Between(double from, double to) => table.Locate(to, out _, out _) - table.Locate(from, out _, out _);
        Assert.InRange(Between(0.8, 1.2), 5 * Between(4, 4.4), int.MaxValue);
        Assert.InRange(table.Pieces, 64, 2000);
    }

    private static RadialTable<double> Table() => RadialTable<double>.Tabulate([Functions], Cutoff, [0, Channels], Channels, Width, Strip, Accuracy);

    private static (double[][] Weights, double[][] Slopes) Evaluate(RadialTable<double> table, int path, double[] distances)
    {
        TableEdge<double>[] edges = [.. distances.Select((r, e) =>
        {
            var row = table.Locate(r, out var place, out var rate);
            return new TableEdge<double> { Row = row, Edge = e, Place = place, Rate = rate };
        }).OrderBy(edge => edge.Row)];
        using NativeArray<double> weights = new(), slopes = new(), alone = new();
        var size = distances.Length * Strip;
        var result = (Weights: distances.Select(_ => new double[Width]).ToArray(), Slopes: distances.Select(_ => new double[Width]).ToArray());
        fixed (TableEdge<double>* first = edges)
        {
            for (var strip = 0; strip < table.Strips; strip++)
            {
                table.Evaluate<Lanes128>(path, strip, first, edges.Length, weights.Reserve(size), slopes.Reserve(size));
                table.Evaluate<Lanes128>(path, strip, first, edges.Length, alone.Reserve(size));
                Assert.True(new Span<double>(weights.Pointer, size).SequenceEqual(new Span<double>(alone.Pointer, size)));
                for (var n = 0; n < size; n++)
                {
                    result.Weights[n / Strip][strip * Strip + n % Strip] = weights.Pointer[n];
                    result.Slopes[n / Strip][strip * Strip + n % Strip] = slopes.Pointer[n];
                }
            }
        }

        return result;
    }
}
