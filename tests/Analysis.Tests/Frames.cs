using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Analysis.Tests;

/// <summary>Frames of made-up trajectories.</summary>
internal static class Frames
{
    public static TrajectoryFrame Of(long index, double[] positions, Cell? cell, double[]? velocities = null, bool continues = true) =>
        new(positions, cell, velocities) { Index = index, Step = index, Continues = continues && index > 0 };

    public static TrajectoryAtoms Atoms(params string[] symbols) => new(symbols, symbols);

    public static TrajectoryAtoms Atoms(int count, string symbol = "Ar") => Atoms([.. Enumerable.Repeat(symbol, count)]);

    public static double[] RandomPositions(Random random, int atoms, Cell cell)
    {
        var positions = new double[3 * atoms];
        for (var i = 0; i < positions.Length; i += 3)
        {
            (positions[i], positions[i + 1], positions[i + 2]) = cell.ToCartesian(random.NextDouble(), random.NextDouble(), random.NextDouble());
        }

        return positions;
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static Cell Cubic(double length) => new([length, 0, 0, 0, length, 0, 0, 0, length]);
}
