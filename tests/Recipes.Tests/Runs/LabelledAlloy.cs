using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Distorted rock salt of two elements, labelled by a SNAP potential of known hyperparameters.</summary>
internal static class LabelledAlloy
{
    /// <summary>Of the potential that labels.</summary>
    public static readonly SnapTrainingSettings Truth = new()
    {
        CutoffFactor = 4,
        TwoJMax = 2,
        AngleFactor = 0.9,
        Radii = new Dictionary<string, double> { ["Na"] = 0.42, ["Cl"] = 0.55 },
        Weights = new Dictionary<string, double> { ["Na"] = 0.4, ["Cl"] = 1.1 },
    };

    private static readonly AtomType[] _types = [new("Cl", "Cl", 4, []), new("Na", "Na", 4, [])];

    /// <summary>Writes labelled frames.</summary>
    public static void Write(string path, int count, ulong seed = 1)
    {
        var empty = Truth.CreateModel(_types);
        var random = new DeterministicRandom(11);
        double[] coefficients = [.. Enumerable.Range(0, 2 * empty.CoefficientCount).Select(k => k % empty.CoefficientCount == 0 ? -3 : random.NextSymmetric(0.2))];
        using var potential = new SnapPotential(empty.WithCoefficients(coefficients));
        using var evaluator = new PotentialEvaluator(potential);
        ExtendedXyz.Write(path, Enumerable.Range(0, count).Select(k =>
        {
            var frame = new RandomDistortion { Displacement = 0.2, Strain = 0.03 }.Apply(Crystal(), new DeterministicRandom(seed * 1000 + (ulong)k));
            return frame.With(evaluator.Evaluate(frame));
        }));
    }

    private static AtomicConfiguration Crystal()
    {
        const double a = 4.6;
        var (symbols, positions) = (new List<string>(), new List<double>());
        for (var k = 0; k < 8; k++)
        {
            int x = k & 1, y = (k >> 1) & 1, z = k >> 2;
            symbols.Add((x + y + z) % 2 == 0 ? "Na" : "Cl");
            positions.AddRange([a / 2 * x, a / 2 * y, a / 2 * z]);
        }

        return new AtomicConfiguration(symbols, [.. positions], new Cell([a, 0, 0, 0, a, 0, 0, 0, a]), periodic: true) { Types = symbols };
    }
}
