using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// Finds the cell without stress by quasi-Newton steps (Broyden, Fletcher, Goldfarb, Shanno) in the strain, given the stress of each cell with its atoms at rest. Strains are six
/// components xx yy zz yz xz xy with shear counted twice (engineering strain), whose work is the stress: dE = V·Σ σ_k dε_k.
/// </summary>
public sealed class StrainMinimizer
{
    /// <summary>A first guess of what resists each strain, eV/Å³ (about 16 GPa); the second cell already replaces it.</summary>
    private const double FirstStiffness = 0.1;
    private const double FirstStep = 0.002, LargestStep = 0.02;

    private readonly IReadOnlyList<double[]> _modes;
    private Matrix<double>? _inverse;
    private Vector<double>? _gradient;
    private Vector<double>? _step;

    /// <param name="modes">The strains that the cell may make, <c>double[6]</c> each, independent: all six unit strains for a flexible cell.</param>
    /// <exception cref="MofException">There are none (InvalidArgument).</exception>
    public StrainMinimizer(IReadOnlyList<double[]> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        _modes = modes.Count > 0 ? modes : throw new MofException(ErrorKind.InvalidArgument, "a cell that may not change is minimised", expected: "at least one strain");
    }

    /// <summary>All six strains of a flexible cell.</summary>
    public static IReadOnlyList<double[]> Flexible { get; } = [.. Enumerable.Range(0, 6).Select(Unit)];

    /// <summary>The three lengths of a cell whose vectors lie along x, y and z.</summary>
    public static IReadOnlyList<double[]> Lengths { get; } = [.. Enumerable.Range(0, 3).Select(Unit)];

    /// <summary>Volume alone.</summary>
    public static IReadOnlyList<double[]> Volume { get; } = [[1, 1, 1, 0, 0, 0]];

    /// <summary>The largest stress that a mode still feels, eV/Å³: what convergence is told by.</summary>
    /// <param name="stress">xx yy zz yz xz xy, eV/Å³, tension positive, the wanted pressure added to the first three.</param>
    public double Largest(IReadOnlyList<double> stress) => _modes.Max(mode => Math.Abs(Work(mode, stress)) / mode.Sum(Math.Abs));

    /// <summary>The strain to the next cell, <c>double[6]</c>.</summary>
    /// <param name="stress">Of the cell that the last answer led to (at first of the start), as <see cref="Largest"/> takes it.</param>
    /// <param name="volume">Of that cell, Å³.</param>
    public double[] Next(IReadOnlyList<double> stress, double volume)
    {
        var gradient = Vector<double>.Build.DenseOfEnumerable(_modes.Select(mode => volume * Work(mode, stress)));
        if (_inverse is null)
        {
            _inverse = Matrix<double>.Build.DenseDiagonal(_modes.Count, _modes.Count, k => 1 / (FirstStiffness * volume * _modes[k].Sum(x => x * x)));
            return Step(gradient, FirstStep);
        }

        Update(gradient - _gradient!);
        return Step(gradient, LargestStep);
    }

    /// <summary>A cell under a strain: its rows times (1 + ε).</summary>
    public static Cell Strained(Cell cell, IReadOnlyList<double> strain)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return new Cell(Apply(cell.Rows, strain));
    }

    /// <summary>Vectors (positions, rows of cells) <c>double[3N]</c> times (1 + ε).</summary>
    public static double[] Apply(ReadOnlySpan<double> vectors, IReadOnlyList<double> strain)
    {
        ArgumentNullException.ThrowIfNull(strain);
        double[] f = [1 + strain[0], strain[5] / 2, strain[4] / 2, strain[5] / 2, 1 + strain[1], strain[3] / 2, strain[4] / 2, strain[3] / 2, 1 + strain[2]];
        var result = new double[vectors.Length];
        for (var i = 0; i < result.Length; i += 3)
        {
            for (var k = 0; k < 3; k++)
            {
                result[i + k] = vectors[i] * f[k] + vectors[i + 1] * f[3 + k] + vectors[i + 2] * f[6 + k];
            }
        }

        return result;
    }

    private static double[] Unit(int place) => [.. Enumerable.Range(0, 6).Select(k => k == place ? 1.0 : 0)];

    private static double Work(double[] mode, IReadOnlyList<double> stress) => Enumerable.Range(0, 6).Sum(k => mode[k] * stress[k]);

    private double[] Step(Vector<double> gradient, double largest)
    {
        var step = -_inverse! * gradient;
        var size = Total(step).Max(Math.Abs);
        _step = size > largest ? step * (largest / size) : step;
        _gradient = gradient;
        return Total(_step);
    }

    private double[] Total(Vector<double> step) => [.. Enumerable.Range(0, 6).Select(k => Enumerable.Range(0, _modes.Count).Sum(m => step[m] * _modes[m][k]))];

    private void Update(Vector<double> change)
    {
        var step = _step!;
        var curvature = step * change;

        // Where the energy curves downwards there is no minimum to aim at: the old guess is kept.
        if (!(curvature > 1e-12 * step.L2Norm() * change.L2Norm()))
        {
            return;
        }

        var one = Matrix<double>.Build.DenseIdentity(_modes.Count);
        var left = one - step.OuterProduct(change) / curvature;
        _inverse = left * _inverse! * left.Transpose() + step.OuterProduct(step) / curvature;
    }
}
