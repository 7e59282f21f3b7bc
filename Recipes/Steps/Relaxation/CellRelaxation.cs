using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Relaxes cell and positions by LAMMPS: quasi-Newton steps of the cell, and in each cell the atoms at rest. LAMMPS's own relaxation of cells follows the energy, whose digits end at forces far
/// above 1e-6 eV/Å.
/// </summary>
/// <param name="atoms">Brings atoms to rest.</param>
/// <param name="context">Of the step.</param>
internal sealed class CellRelaxation(RestingAtoms atoms, StepContext context)
{
    /// <summary>Relaxes; the result is the last cell, whether it converged or not.</summary>
    /// <param name="start">From where.</param>
    /// <param name="modes">The strains that the cell may make; none: it is fixed.</param>
    /// <param name="pressure">That is wanted, eV/Å³, compression positive.</param>
    /// <param name="stressTolerance">Largest stress that is left, eV/Å³.</param>
    /// <param name="mostCells">Cells that are tried at most.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<(RestingState State, int Cells, bool Converged)> RelaxAsync(
        AtomicConfiguration start, IReadOnlyList<double[]> modes, double pressure, double stressTolerance, int mostCells, CancellationToken cancellation)
    {
        var state = await atoms.RelaxAsync("cell-00", start, cancellation).ConfigureAwait(false);
        if (modes.Count == 0)
        {
            return (state, 1, true);
        }

        var minimizer = new StrainMinimizer(modes);
        for (var cells = 1; ; cells++)
        {
            double[] stress = [.. state.Stress.Select((value, k) => value + (k < 3 ? pressure : 0))];
            var largest = minimizer.Largest(stress);
            context.Say(string.Create(CultureInfo.InvariantCulture, $"cell {cells}: {state.Energy:0.000000} eV, largest stress {largest * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal:0.####} MPa, largest force {state.LargestForce:0.#e0} eV/Å"));
            if (largest <= stressTolerance || cells >= mostCells)
            {
                return (state, cells, largest <= stressTolerance);
            }

            var strain = minimizer.Next(stress, state.Configuration.Cell!.Volume);
            var next = state.Configuration.With(StrainMinimizer.Apply(state.Configuration.Positions, strain), StrainMinimizer.Strained(state.Configuration.Cell!, strain));
            state = await atoms.RelaxAsync(string.Create(CultureInfo.InvariantCulture, $"cell-{cells:00}"), next, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The strains of a kind of cell; null: a fixed cell has none.</summary>
    public static IReadOnlyList<double[]> ModesOf(CellFreedom? freedom) => freedom switch
    {
        null => [],
        CellFreedom.Isotropic => StrainMinimizer.Volume,
        CellFreedom.Anisotropic => StrainMinimizer.Lengths,
        _ => StrainMinimizer.Flexible,
    };
}
