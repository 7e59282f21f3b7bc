using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>How far copies of a structure are driven from it. Immutable.</summary>
public sealed record RandomDistortion
{
    /// <summary>
    /// Every Cartesian coordinate moves by a number uniform in ±this, Å. The published runs use 0.12 for the first
    /// training set and 0.1 for the starts of molecular dynamics.
    /// </summary>
    public double Displacement { get; init; } = 0.1;

    /// <summary>
    /// The cell rows are multiplied by 1 + ε, ε symmetric: its diagonal is uniform in ±this, each off-diagonal pair
    /// uniform in ±half of this, so that engineering shears 2ε reach the same size. 0: the cell stays.
    /// </summary>
    public double Strain { get; init; } = 0.01;

    /// <summary>
    /// A distorted copy: strain first (atoms keep their fractional coordinates), then displacements in atom order.
    /// The same generator state gives bit-identical copies everywhere.
    /// </summary>
    /// <exception cref="MofException">A setting is negative or not finite, or a strain is wanted for atoms without a cell.</exception>
    public AtomicConfiguration Apply(AtomicConfiguration configuration, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(random);
        if (!(Displacement >= 0) || !double.IsFinite(Displacement) || !(Strain >= 0) || !(Strain < 0.5))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a random displacement of {Displacement} angstrom and a strain of {Strain}", expected: "a displacement of zero or more and a strain from 0 to below 0.5");
        }

        var positions = (double[])configuration.Positions.Clone();
        var cell = configuration.Cell;
        if (Strain > 0)
        {
            cell = Deform(cell, positions, DrawStrain(random));
        }

        for (var k = 0; k < positions.Length; k++)
        {
            positions[k] += random.NextSymmetric(Displacement);
        }

        return configuration.With(positions, cell);
    }

    private double[] DrawStrain(DeterministicRandom random)
    {
        var factor = new double[9];
        for (var i = 0; i < 3; i++)
        {
            factor[4 * i] = 1 + random.NextSymmetric(Strain);
            for (var j = i + 1; j < 3; j++)
            {
                factor[3 * i + j] = factor[3 * j + i] = random.NextSymmetric(Strain / 2);
            }
        }

        return factor;
    }

    private static Cell Deform(Cell? cell, double[] positions, double[] factor)
    {
        if (cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a configuration without a cell cannot be strained", remedy: "Set the strain to 0.");
        }

        var rows = cell.Rows.ToArray();
        Multiply(rows, factor);
        Multiply(positions, factor);
        return new Cell(rows);
    }

    private static void Multiply(double[] rows, double[] factor)
    {
        for (var i = 0; i < rows.Length; i += 3)
        {
            double x = rows[i], y = rows[i + 1], z = rows[i + 2];
            for (var k = 0; k < 3; k++)
            {
                rows[i + k] = x * factor[k] + y * factor[3 + k] + z * factor[6 + k];
            }
        }
    }
}
