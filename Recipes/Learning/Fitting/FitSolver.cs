namespace MofInterop.Learning;

/// <summary>How the least squares of a fit are solved. Both take the rows configuration by configuration and keep none.</summary>
public enum FitSolver
{
    /// <summary>AᵀA and a ridge: fast; what it does not tell is below 1e-8 of the largest singular value of A.</summary>
    NormalEquations,

    /// <summary>QR factorisation by blocks of rows, then singular values: all digits, for designs whose columns nearly depend on each other.</summary>
    Svd,
}
