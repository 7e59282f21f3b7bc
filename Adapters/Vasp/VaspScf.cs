namespace MofInterop.Vasp;

/// <summary>How the electrons are converged in one attempt.</summary>
/// <param name="Settings">What is special about it, for the record.</param>
/// <param name="Algorithm">ALGO.</param>
/// <param name="MostSteps">NELM.</param>
/// <param name="Tags">Further INCAR tags.</param>
public sealed record VaspScf(string Settings, string Algorithm, int MostSteps, IReadOnlyList<(string Name, string Value)> Tags)
{
    /// <summary>The settings as given, then what a practitioner tries when the electrons do not converge or VASP stops in their solver.</summary>
    public static IReadOnlyList<VaspScf> Attempts(VaspMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var most = method.MostScfSteps;
        return
        [
            AsSet(method),
            new VaspScf("ALGO = All, twice the steps", "All", 2 * most, []),
            new VaspScf("ALGO = Normal, slow mixing, three times the steps", "Normal", 3 * most, [("AMIX", "0.1"), ("BMIX", "0.0001")]),
            new VaspScf("ALGO = Damped, four times the steps", "Damped", 4 * most, [("TIME", "0.1")]),
        ];
    }

    /// <summary>The settings as given: blocked Davidson.</summary>
    public static VaspScf AsSet(VaspMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new VaspScf("as set", "Normal", method.MostScfSteps, []);
    }
}
