using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis;

/// <summary>
/// Elastic constants from how a cell fluctuates at constant pressure and temperature. Volume: K = k_B·T·⟨V⟩/⟨δV²⟩. Strain: the isothermal compliance is S_ij = ⟨V⟩·⟨δε_i δε_j⟩/(k_B·T) with Lagrange's
/// strain relative to the mean cell, and C = S⁻¹: M. Parrinello and A. Rahman, J. Chem. Phys. 76 (1982) 2662; J. R. Ray, Comput. Phys. Rep. 8 (1988) 109. All moduli in eV/Å³.
/// </summary>
public static class CellFluctuations
{
    /// <summary>Bulk modulus from volumes of one run, with the error by leaving out block after block.</summary>
    /// <param name="volumes">Å³, evenly spaced in time.</param>
    /// <param name="temperature">K.</param>
    /// <param name="blockLength">Samples of a block.</param>
    /// <exception cref="MofException">Fewer than two blocks (InvalidArgument), or a volume that never changes (NumericalFailure).</exception>
    public static Estimate BulkModulus(IReadOnlyList<double> volumes, double temperature, int blockLength)
    {
        ArgumentNullException.ThrowIfNull(volumes);
        return Jackknife(volumes.Count, blockLength, kept =>
        {
            double mean = 0, square = 0;
            foreach (var k in kept)
            {
                mean += volumes[k];
            }

            mean /= kept.Count;
            foreach (var k in kept)
            {
                square += (volumes[k] - mean) * (volumes[k] - mean);
            }

            return square > 0 ? [PhysicalConstants.Boltzmann * temperature * mean * kept.Count / square] : throw new MofException(ErrorKind.NumericalFailure, "the volume never changes", expected: "a run at constant pressure");
        })[0];
    }

    /// <summary>The elastic tensor from cells of one run.</summary>
    /// <param name="cells">Rows in one frame of reference or in any: only lengths and angles count; evenly spaced in time.</param>
    /// <param name="frame">A cell of these atoms in the frame of reference in which the tensor is wanted.</param>
    /// <param name="temperature">K.</param>
    /// <exception cref="MofException">The cell does not change in all six ways (NumericalFailure).</exception>
    public static ElasticTensor Tensor(IReadOnlyList<Cell> cells, Cell frame, double temperature)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(frame);
        return TensorOf(Strains(cells, frame), cells.Average(cell => cell.Volume), temperature, [.. Enumerable.Range(0, cells.Count)]);
    }

    /// <summary>Any functions of the elastic tensor of one run with errors by leaving out block after block.</summary>
    /// <param name="cells">As <see cref="Tensor"/> takes them.</param>
    /// <param name="frame">As <see cref="Tensor"/> takes it.</param>
    /// <param name="temperature">K.</param>
    /// <param name="blockLength">Samples of a block.</param>
    /// <param name="functions">Of the tensor.</param>
    public static IReadOnlyList<Estimate> OfTensor(IReadOnlyList<Cell> cells, Cell frame, double temperature, int blockLength, Func<ElasticTensor, double[]> functions)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(frame);
        var strains = Strains(cells, frame);
        return Jackknife(cells.Count, blockLength, kept => functions(TensorOf(strains, kept.Average(k => cells[k].Volume), temperature, kept)));
    }

    /// <summary>The mean cell in a frame of reference: mean lengths and angles, turned as <paramref name="frame"/> is.</summary>
    public static Cell MeanCell(IReadOnlyList<Cell> cells, Cell frame)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var mean = new double[6];
        foreach (var cell in cells)
        {
            var parameters = cell.Parameters();
            for (var k = 0; k < 6; k++)
            {
                mean[k] += parameters[k] / cells.Count;
            }
        }

        return new Structures.LammpsCell(frame).FromLammps(Cell.FromParameters(mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]));
    }

    /// <summary>Lagrange's strains of cells relative to their mean, xx yy zz yz xz xy with shear counted twice, <c>double[6]</c> each: ε = ½(h₀⁻¹·G·h₀⁻ᵀ − 1), G = h·hᵀ, cells as rows.</summary>
    public static IReadOnlyList<double[]> Strains(IReadOnlyList<Cell> cells, Cell frame)
    {
        var mean = MeanCell(cells, frame);
        var inverse = Matrix<double>.Build.Dense(3, 3, (i, j) => mean.Inverse[3 * i + j]);
        var result = new List<double[]>(cells.Count);
        foreach (var cell in cells)
        {
            var rows = Matrix<double>.Build.Dense(3, 3, (i, j) => cell.Rows[3 * i + j]);
            var strain = (inverse * rows * rows.Transpose() * inverse.Transpose() - Matrix<double>.Build.DenseIdentity(3)) / 2;
            result.Add([strain[0, 0], strain[1, 1], strain[2, 2], 2 * strain[1, 2], 2 * strain[0, 2], 2 * strain[0, 1]]);
        }

        return result;
    }

    private static ElasticTensor TensorOf(IReadOnlyList<double[]> strains, double volume, double temperature, IReadOnlyList<int> kept)
    {
        var mean = new double[6];
        foreach (var k in kept)
        {
            for (var i = 0; i < 6; i++)
            {
                mean[i] += strains[k][i] / kept.Count;
            }
        }

        var covariance = Matrix<double>.Build.Dense(6, 6);
        foreach (var k in kept)
        {
            for (var i = 0; i < 6; i++)
            {
                for (var j = i; j < 6; j++)
                {
                    covariance[i, j] += (strains[k][i] - mean[i]) * (strains[k][j] - mean[j]) / kept.Count;
                    covariance[j, i] = covariance[i, j];
                }
            }
        }

        var eigenvalues = covariance.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).ToArray();
        if (!(eigenvalues.Min() > 1e-12 * eigenvalues.Max()))
        {
            throw new MofException(ErrorKind.NumericalFailure, "the cell does not change in all six ways", expected: "a run with a flexible cell, longer than its slowest change");
        }

        var stiffness = covariance.Inverse() * (PhysicalConstants.Boltzmann * temperature / volume);
        return new ElasticTensor([.. Enumerable.Range(0, 36).Select(k => stiffness[k / 6, k % 6])]);
    }

    /// <summary>
    /// Values of a whole series with errors from those without one block each: σ² = (n−1)/n·Σ(θ_b − θ̄)². M. H. Quenouille, Biometrika 43 (1956) 353. Samples behind the last whole block are left out.
    /// </summary>
    private static Estimate[] Jackknife(int count, int blockLength, Func<IReadOnlyList<int>, double[]> statistic)
    {
        var blocks = blockLength < 1 ? 0 : count / blockLength;
        if (blocks < 2)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{count} samples hold {blocks} blocks of {blockLength}", expected: "at least two blocks");
        }

        int[] all = [.. Enumerable.Range(0, blocks * blockLength)];
        var whole = statistic(all);
        var without = Enumerable.Range(0, blocks).Select(block => statistic([.. all.Where(k => k / blockLength != block)])).ToArray();
        return [.. whole.Select((value, k) =>
        {
            var mean = without.Average(values => values[k]);
            return new Estimate(value, Math.Sqrt((blocks - 1.0) / blocks * without.Sum(values => (values[k] - mean) * (values[k] - mean))));
        })];
    }
}
