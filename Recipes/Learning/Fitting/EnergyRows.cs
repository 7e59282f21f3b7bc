using MathNet.Numerics.LinearAlgebra;

namespace MofInterop.Learning;

/// <summary>An energy row before weighting.</summary>
/// <param name="Row">What multiplies the coefficients, <c>[columns]</c>.</param>
/// <param name="Value">The label, eV.</param>
/// <param name="Weight">1/eV: that of one atom divided by the number of atoms.</param>
internal sealed record EnergyRow(double[] Row, double Value, double Weight);

/// <summary>
/// The energy rows of a fit. They are kept because reference energies are huge and what is learnt is their variation: constants of the
/// species, which depend on all of them, are taken off first. Sums depend on the order of the rows alone.
/// </summary>
/// <param name="constantColumns">The column of each species' constant, in which a row holds how many atoms of it there are.</param>
internal sealed class EnergyRows(int[] constantColumns)
{
    private readonly List<EnergyRow> _rows = [];

    /// <summary>The rows in the order in which they were added.</summary>
    public IReadOnlyList<EnergyRow> Rows => _rows;

    /// <summary>Adds rows behind those that are there.</summary>
    public void Add(IEnumerable<EnergyRow> rows) => _rows.AddRange(rows);

    /// <summary>Per-species energy constants, eV: least squares of the energies by composition, of smallest norm.</summary>
    public double[] SpeciesConstants()
    {
        var species = constantColumns.Length;
        if (_rows.Count == 0)
        {
            return new double[species];
        }

        var normal = Matrix<double>.Build.Dense(species, species);
        var right = Vector<double>.Build.Dense(species);
        foreach (var energy in _rows)
        {
            for (var s = 0; s < species; s++)
            {
                var share = energy.Row[constantColumns[s]] * energy.Weight * energy.Weight;
                right[s] += share * energy.Value;
                for (var t = 0; t < species; t++)
                {
                    normal[s, t] += share * energy.Row[constantColumns[t]];
                }
            }
        }

        return [.. normal.PseudoInverse().Multiply(right)];
    }

    /// <summary>Adds the rows' share of AᵀW²b, energies taken relative to the given constants.</summary>
    public void AddTo(double[] right, ReadOnlySpan<double> speciesConstants)
    {
        foreach (var energy in _rows)
        {
            var factor = energy.Weight * energy.Weight * Relative(energy, speciesConstants);
            for (var k = 0; k < right.Length; k++)
            {
                right[k] += factor * energy.Row[k];
            }
        }
    }

    /// <summary>A row's energy less the constants of its atoms, eV.</summary>
    public double Relative(EnergyRow energy, ReadOnlySpan<double> speciesConstants)
    {
        var relative = energy.Value;
        for (var s = 0; s < constantColumns.Length; s++)
        {
            relative -= energy.Row[constantColumns[s]] * speciesConstants[s];
        }

        return relative;
    }

    /// <summary>How many of the per-species constants the compositions leave undetermined: all but one when every configuration has the same.</summary>
    public int UndeterminedConstants()
    {
        // Of the distinct compositions, and by their triangular factor: MathNet's singular values of n rows allocate a matrix of n × n.
        const double Determined = 1e-9;
        var species = constantColumns.Length;
        var factor = new TriangularFactor(species);
        var row = new double[factor.Stride];
        var seen = new HashSet<string>();
        foreach (var energy in _rows)
        {
            var composition = Array.ConvertAll(constantColumns, column => energy.Row[column]);
            if (seen.Add(string.Join(' ', composition)))
            {
                row.AsSpan().Clear();
                composition.CopyTo(row, 0);
                factor.Add(row);
            }
        }

        var values = Matrix<double>.Build.Dense(species, species, (i, j) => factor[i, j]).Svd(computeVectors: false).S;
        return values.Count(value => !(value > Determined * values[0]));
    }
}
