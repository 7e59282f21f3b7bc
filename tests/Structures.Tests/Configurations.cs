using MofInterop.Potentials.Atoms;

namespace MofInterop.Structures.Tests;

/// <summary>Configurations that tests share.</summary>
internal static class Configurations
{
    /// <summary>A triclinic cell in general orientation with atoms inside and outside of it, label, types and velocities.</summary>
    public static AtomicConfiguration Rotated(int atoms = 7)
    {
        var random = new Random(5);
        var cell = new Cell([5.1, 0.7, -0.3, -1.9, 6.2, 0.4, 0.8, -1.1, 7.3]);
        string[] elements = ["Zn", "O", "C", "H"];
        return new AtomicConfiguration([.. Enumerable.Range(0, atoms).Select(i => elements[i % 4])], Random(random, atoms, 9), cell, periodic: true)
        {
            Types = [.. Enumerable.Range(0, atoms).Select(i => elements[i % 4] + "4a")],
            Velocities = Random(random, atoms, 0.01),
            Label = new ReferenceLabel(-1234.567890123456, Random(random, atoms, 2), [0.01, -0.02, 0.03, 0.004, -0.005, 0.006]),
            Info = new Dictionary<string, string> { ["origin"] = "generation 3, run \"4\"", ["step"] = "120" },
        };
    }

    public static double[] Random(Random random, int atoms, double scale) => [.. Enumerable.Range(0, 3 * atoms).Select(_ => (random.NextDouble() - 0.5) * 2 * scale)];

    public static void ShouldBeClose(this IEnumerable<double> actual, IEnumerable<double> expected, double tolerance) => actual.ShouldBe(expected, tolerance);
}
