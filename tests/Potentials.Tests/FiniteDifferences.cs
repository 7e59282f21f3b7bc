using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests;

/// <summary>Forces and virials against differences of energies.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-4;

    /// <summary>F = −∂E/∂r for every atom.</summary>
    public static void CheckForces(IPotential potential, double[] positions, int[] types, Cell? cell, double tolerance = 1e-8, double step = Step)
    {
        var forces = Evaluation.Of(potential, positions, types, cell).Forces;
        for (var k = 0; k < positions.Length; k++)
        {
            var slope = Derivative(h =>
            {
                var moved = (double[])positions.Clone();
                moved[k] += h;
                return Evaluation.Of(potential, moved, types, cell).Energy;
            }, step);
            forces[k].ShouldBe(-slope, tolerance * Math.Max(1, Math.Abs(slope)), $"component {k}");
        }
    }

    /// <summary>W_ab = Σ r_a·f_b: strain moves r_b by h·r_a.</summary>
    public static void CheckVirial(IPotential potential, double[] positions, int[] types, Cell cell, double tolerance = 1e-8, double step = Step)
    {
        var result = Evaluation.Of(potential, positions, types, cell);
        for (var m = 0; m < 9; m++)
        {
            var slope = Derivative(h => Evaluation.Of(potential, Strain(positions, m, h), types, new Cell(Strain(cell.Rows.ToArray(), m, h))).Energy, step);
            result.Virial[m].ShouldBe(-slope, tolerance * Math.Max(1, Math.Abs(slope)), $"component {m}");
        }
    }

    /// <summary>Moves vectors by a component of strain: v_b += h·v_a for component 3a + b.</summary>
    public static double[] Strain(double[] vectors, int component, double h)
    {
        var strained = (double[])vectors.Clone();
        for (var v = 0; v < vectors.Length; v += 3)
        {
            strained[v + component % 3] += h * vectors[v + component / 3];
        }

        return strained;
    }

    /// <summary>The derivative at 0, by a fourth-order central difference.</summary>
    public static double Derivative(Func<double, double> f, double step = Step) =>
        (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
}
