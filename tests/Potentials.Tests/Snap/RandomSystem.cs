using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Random models and configurations; the same seed gives the same.</summary>
internal static class RandomSystem
{
    /// <summary>A model with random coefficients whose cutoffs are about 4 Å.</summary>
    public static SnapModel Model(int twoJMax, int species, int seed, Func<SnapParameters, SnapParameters>? change = null)
    {
        var random = new Random(seed);
        var parameters = new SnapParameters { CutoffFactor = 4.0, TwoJMax = twoJMax };
        parameters = change?.Invoke(parameters) ?? parameters;
        var components = SnapIndices.ComponentCount(twoJMax) * (parameters.Chemical ? species * species * species : 1);
        var count = SnapModel.CoefficientCountOf(components, parameters.Quadratic);
        return new SnapModel(parameters, [.. Enumerable.Range(0, species).Select(s =>
            new SnapSpecies($"A{s}", 0.42 + 0.16 * random.NextDouble(), 0.4 + random.NextDouble(), Coefficients(s)))]);

        double[] Coefficients(int s)
        {
            var values = new double[count];
            for (var k = 0; k < count; k++)
            {
                values[k] = k <= components ? 0.1 * (random.NextDouble() - 0.5) : 1e-4 * (random.NextDouble() - 0.5);
            }

            values[0] = s - 1.5;
            return values;
        }
    }

    /// <summary>A model with inner switching about 1.5 Å.</summary>
    public static SnapModel WithInnerSwitching(int twoJMax, int species, int seed, Func<SnapParameters, SnapParameters>? change = null)
    {
        var plain = Model(twoJMax, species, seed, change);
        return new SnapModel(
            plain.Parameters with { InnerSwitching = true },
            [.. plain.Species.Select((s, k) => new SnapSpecies(s.Label, s.Radius, s.Weight, s.Coefficients) { InnerSwitchCenter = 1.5 + 0.1 * k, InnerSwitchHalfWidth = 0.4 })]);
    }

    /// <summary>Atoms at random places of a cell, no two images closer than a distance.</summary>
    public static double[] Positions(int atoms, Cell cell, double closest, int seed)
    {
        var random = new Random(seed);
        var positions = new double[3 * atoms];
        for (var i = 0; i < atoms; i++)
        {
            do
            {
                (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = cell.ToCartesian(random.NextDouble(), random.NextDouble(), random.NextDouble());
            }
            while (Enumerable.Range(0, i).Any(j => Distance(positions, cell, i, j) < closest));
        }

        return positions;
    }

    /// <summary>Adds normally distributed steps of the given standard deviation, Å, to all coordinates.</summary>
    public static double[] Displaced(double[] positions, double step, int seed)
    {
        var random = new Random(seed);
        return [.. positions.Select(x => x + step * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    /// <summary>Types in turn.</summary>
    public static int[] Types(int atoms, int species) => [.. Enumerable.Range(0, atoms).Select(i => i * 7 % species)];

    /// <summary>A skewed cell of about the given edge.</summary>
    public static Cell SkewedCell(double edge) => new([edge, 0.3, -0.2, 0.25 * edge, 0.95 * edge, 0.1, -0.2 * edge, 0.3 * edge, 1.1 * edge]);

    private static double Distance(double[] positions, Cell cell, int i, int j)
    {
        var (a, b, c) = cell.ToFractional(positions[3 * i] - positions[3 * j], positions[3 * i + 1] - positions[3 * j + 1], positions[3 * i + 2] - positions[3 * j + 2]);
        var (x, y, z) = cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
