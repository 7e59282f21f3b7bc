using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>Which of VASP's three energies is the label's.</summary>
public enum VaspEnergy
{
    /// <summary>The free energy (TOTEN, <c>e_fr_energy</c>), whose derivatives the forces are.</summary>
    Free,

    /// <summary>Without the entropy of the smearing (<c>e_wo_entrp</c>).</summary>
    WithoutEntropy,

    /// <summary>Extrapolated to no smearing (<c>energy(sigma-&gt;0)</c>, <c>e_0_energy</c>).</summary>
    Extrapolated,
}

/// <summary>One ionic step of a VASP run, atoms in the order of its POSCAR.</summary>
/// <param name="Configuration">The atoms, without a label.</param>
/// <param name="FreeEnergy">eV, dispersion corrections included.</param>
/// <param name="EnergyWithoutEntropy">eV.</param>
/// <param name="ExtrapolatedEnergy">eV.</param>
/// <param name="Forces"><c>double[3N]</c>, eV/Å, or null where the file has none.</param>
/// <param name="Stress"><c>double[6]</c>, eV/Å³, sign and order of <see cref="ReferenceLabel"/>, or null.</param>
/// <param name="ScfSteps">Electronic steps, or null where not counted.</param>
/// <param name="Converged">The electrons converged.</param>
public sealed record VaspIonicStep(
    AtomicConfiguration Configuration,
    double FreeEnergy,
    double EnergyWithoutEntropy,
    double ExtrapolatedEnergy,
    double[]? Forces,
    double[]? Stress,
    int? ScfSteps,
    bool Converged)
{
    private const double KilobarInElectronVoltPerCubicAngstrom = 1000 / PhysicalConstants.ElectronVoltPerCubicAngstromInBar;

    /// <summary>Some atoms were fixed (selective dynamics): what the file gives as their forces need not be forces.</summary>
    public bool HasFixedAtoms { get; init; }

    /// <summary>The stress of VASP's pressure tensor.</summary>
    /// <param name="pressure"><c>double[9]</c>, kB, sign of +W/V; is changed.</param>
    /// <returns><c>double[6]</c>, eV/Å³, sign and order of <see cref="ReferenceLabel"/>.</returns>
    internal static double[] StressFromKilobar(double[] pressure)
    {
        for (var k = 0; k < pressure.Length; k++)
        {
            pressure[k] *= KilobarInElectronVoltPerCubicAngstrom;
        }

        return Voigt.StressFromVirial(pressure, 1);
    }

    /// <summary>One of the energies, eV.</summary>
    public double Energy(VaspEnergy which) => which switch
    {
        VaspEnergy.WithoutEntropy => EnergyWithoutEntropy,
        VaspEnergy.Extrapolated => ExtrapolatedEnergy,
        _ => FreeEnergy,
    };

    /// <summary>Why the step gives no label, or null when it does.</summary>
    public string? Defect =>
        ScfSteps == 0 ? "it has no electronic steps: a machine-learned force field made it"
        : !Converged ? "the electrons did not converge within NELM steps"
        : Forces is null ? "there are no forces"
        : HasFixedAtoms ? "atoms were fixed by selective dynamics, whose forces are not written"
        : Array.TrueForAll(Forces, double.IsFinite) && double.IsFinite(FreeEnergy) && (Stress is null || Array.TrueForAll(Stress, double.IsFinite)) ? null
        : "an energy, force or stress is not a finite number";

    /// <summary>The label, or null where there is a <see cref="Defect"/>.</summary>
    public ReferenceLabel? Label(VaspEnergy energy) => Defect is null ? new ReferenceLabel(Energy(energy), Forces!, Stress) : null;
}
