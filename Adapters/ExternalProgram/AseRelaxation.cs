using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;
using MofInterop.Structures;

namespace MofInterop.ExternalProgram;

/// <summary>How ASE relaxes.</summary>
/// <param name="ForceTolerance">Largest component, eV/Å.</param>
/// <param name="StressTolerance">Largest component from the pressure, eV/Å³.</param>
/// <param name="Pressure">eV/Å³, compression positive.</param>
/// <param name="Steps">At most.</param>
/// <param name="Freedom">Of the cell: fixed, isotropic, anisotropic, flexible.</param>
public sealed record AseRelaxationSettings(double ForceTolerance, double StressTolerance, double Pressure, int Steps, string Freedom);

/// <summary>What ASE came to.</summary>
/// <param name="Version">Of ASE.</param>
/// <param name="Cell"><c>double[9]</c>, Å.</param>
/// <param name="Positions"><c>double[3N]</c>, Å.</param>
/// <param name="Energy">eV.</param>
/// <param name="LargestForce">Component, eV/Å.</param>
/// <param name="Stress">eV/Å³, tension positive, xx yy zz yz xz xy.</param>
/// <param name="Iterations">Steps made.</param>
/// <param name="Converged">Within the tolerances.</param>
public sealed record AseRelaxationResult(string Version, double[] Cell, double[] Positions, double Energy, double LargestForce, double[] Stress, int Iterations, bool Converged);

/// <summary>Relaxation by ASE's BFGS with this suite's calculator: positions, and the cell through the filter of the exponential of its strain.</summary>
/// <param name="runner">Starts Python.</param>
public sealed class AseRelaxation(IToolRunner runner)
{
    private static readonly PythonScript _script = PythonScript.FromResource(typeof(AseRelaxation).Assembly, "relax_structure");

    /// <summary>Relaxes a configuration whose types are species of the card.</summary>
    /// <param name="card">The model card.</param>
    /// <param name="start">Periodic.</param>
    /// <param name="settings">How.</param>
    /// <param name="folder">Where the script, its input and logs stay.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">No Python with ASE, or the script failed (ToolFailure).</exception>
    public Task<AseRelaxationResult> RunAsync(string card, AtomicConfiguration start, AseRelaxationSettings settings, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(settings);
        var request = new Request(
            Installation.Find("python"), Path.GetFullPath(card), start.Symbols, start.Types ?? start.Symbols, start.Cell!.Rows.ToArray(), start.Positions,
            settings.ForceTolerance, settings.StressTolerance, settings.Pressure, settings.Steps, settings.Freedom, 1);
        return new PythonRunner(runner).RunAsync<AseRelaxationResult>(_script, request, folder, cancellation);
    }

    private sealed record Request(
        string? Package, string Card, IReadOnlyList<string> Symbols, IReadOnlyList<string> Types, double[] Cell, double[] Positions, double ForceTolerance, double StressTolerance, double Pressure, int Steps, string Freedom, int Threads);
}
