namespace MofInterop.Learning;

/// <summary>AᵀW²A and AᵀW²b of a fit, however they were summed up.</summary>
public interface INormalEquations
{
    /// <summary>Columns: per species the constant and its components.</summary>
    int ColumnCount { get; }

    /// <summary>Configurations in the sums.</summary>
    int ConfigurationCount { get; }

    /// <summary>Rows in the sums.</summary>
    long RowCount { get; }

    /// <summary>An element of AᵀW²A.</summary>
    double Product(int i, int j);

    /// <summary>Per-species energy constants, eV: least squares of the energies by composition, of smallest norm.</summary>
    double[] SpeciesConstants();

    /// <summary>AᵀW²b with the energies taken relative to the given constants.</summary>
    double[] RightHandSide(ReadOnlySpan<double> speciesConstants);

    /// <summary>How many of the per-species constants the compositions leave undetermined: all but one when every configuration has the same.</summary>
    int UndeterminedConstants();
}
