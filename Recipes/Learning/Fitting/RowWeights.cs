using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Learning;

/// <summary>
/// What the rows of a configuration are multiplied by in a fit. They are FitSNAP's <c>eweight</c>, <c>fweight</c> and
/// <c>vweight</c> (<see cref="OfFitSnap"/>): a row times its weight is squared, so a weight counts by its square; the energy row is
/// that of one atom.
/// </summary>
/// <param name="Energy">1/(eV/atom).</param>
/// <param name="Force">1/(eV/Å).</param>
/// <param name="Stress">1/(eV/Å³).</param>
public sealed record RowWeights(double Energy, double Force, double Stress)
{
    /// <summary>The same fit by FitSNAP's weights, whose stress is in bar as LAMMPS has it.</summary>
    /// <param name="energy"><c>eweight</c>, 1/(eV/atom).</param>
    /// <param name="force"><c>fweight</c>, 1/(eV/Å).</param>
    /// <param name="stress"><c>vweight</c>, 1/bar.</param>
    public static RowWeights OfFitSnap(double energy, double force, double stress) => new(energy, force, stress * PhysicalConstants.LammpsMetalPressure);

    /// <summary>Refuses what is no weight.</summary>
    internal void Require(string group)
    {
        if (!(Energy >= 0 && Force >= 0 && Stress >= 0 && double.IsFinite(Energy + Force + Stress)))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the group '{group}' has the weights {Energy}, {Force} and {Stress}", expected: "zero or positive numbers");
        }
    }
}
