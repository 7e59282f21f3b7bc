namespace MofInterop.Cp2k;

/// <summary>One attempt at a calculation.</summary>
/// <param name="Settings">What is special about it, for the record.</param>
/// <param name="Method">The method with the SCF settings of this attempt.</param>
/// <param name="FreshGuess">Whether earlier wavefunctions are forgotten first.</param>
internal sealed record ScfAttempt(string Settings, Cp2kMethod Method, bool FreshGuess);

/// <summary>What a practitioner tries, in this order, when an SCF does not converge.</summary>
internal static class ScfRemedies
{
    /// <summary>The attempts, the settings as given first.</summary>
    /// <param name="method">The method as given.</param>
    /// <param name="hasWavefunction">Whether the first attempt starts from an earlier wavefunction; if not, a fresh guess is no remedy.</param>
    public static IEnumerable<ScfAttempt> For(Cp2kMethod method, bool hasWavefunction)
    {
        yield return new ScfAttempt("as set", method, false);
        if (hasWavefunction)
        {
            yield return new ScfAttempt("fresh guess", method, true);
        }

        if (method.Scf.Solver == ScfSolver.OrbitalTransformation)
        {
            yield return new ScfAttempt("fresh guess, small steps", With(method, method.Scf with { StepSize = SmallStep(method.Scf), OuterLoops = 2 * method.Scf.OuterLoops }), true);
        }

        if (method.Scf.Solver != ScfSolver.BroydenDiagonalization)
        {
            yield return new ScfAttempt("fresh guess, conjugate gradients", With(method, method.Scf with { Solver = ScfSolver.ConjugateGradients, OuterLoops = 2 * method.Scf.OuterLoops }), true);
            yield return new ScfAttempt("fresh guess, diagonalisation with Broyden mixing and smearing", With(method, method.Scf with { Solver = ScfSolver.BroydenDiagonalization }), true);
        }
    }

    /// <summary>A third of CP2K's own choice of 0.15, or of the user's.</summary>
    private static double SmallStep(ScfSettings scf) => (scf.StepSize ?? 0.15) / 3;

    private static Cp2kMethod With(Cp2kMethod method, ScfSettings scf) => method with { Scf = scf };
}
