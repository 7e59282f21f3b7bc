namespace MofInterop.Cp2k;

/// <summary>How the self-consistent field is found.</summary>
public enum ScfSolver
{
    /// <summary>Orbital transformation, DIIS minimiser: the fast one for insulators.</summary>
    OrbitalTransformation,

    /// <summary>Orbital transformation, conjugate gradients with a line search: slower, rarely diverges.</summary>
    ConjugateGradients,

    /// <summary>Diagonalisation with Broyden mixing and Fermi–Dirac smearing: for small gaps.</summary>
    BroydenDiagonalization,
}

/// <summary>Convergence of the self-consistent field.</summary>
public sealed record ScfSettings
{
    /// <summary>CP2K's EPS_SCF: largest gradient (orbital transformation) or density change (diagonalisation), atomic units.</summary>
    public double Convergence { get; init; } = 1e-6;

    /// <summary>The solver.</summary>
    public ScfSolver Solver { get; init; } = ScfSolver.OrbitalTransformation;

    /// <summary>Steps before the preconditioner is rebuilt.</summary>
    public int InnerSteps { get; init; } = 15;

    /// <summary>How many times it is rebuilt before the calculation counts as not converged.</summary>
    public int OuterLoops { get; init; } = 15;

    /// <summary>Lower bound of the band gap that the preconditioner assumes, hartree.</summary>
    public double EnergyGap { get; init; } = 0.08;

    /// <summary>First step of the minimiser (null: CP2K's choice, 0.15).</summary>
    public double? StepSize { get; init; }

    /// <summary>Electronic temperature of the diagonalisation, K. At 300 K it moves no energy of an insulator.</summary>
    public double ElectronicTemperature { get; init; } = 300;
}
