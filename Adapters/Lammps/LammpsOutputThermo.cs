using System.Collections.Immutable;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>Thermodynamic quantities at one step, in the suite's units and the frame of reference of the run's start.</summary>
public sealed record LammpsThermoRow
{
    /// <summary>Step, counted through all stages as planned.</summary>
    public required long Step { get; init; }

    /// <summary>Time of dynamics since the start of the run, fs; minimisation takes none.</summary>
    public required double Time { get; init; }

    /// <summary>K.</summary>
    public required double Temperature { get; init; }

    /// <summary>eV.</summary>
    public required double PotentialEnergy { get; init; }

    /// <summary>eV.</summary>
    public required double KineticEnergy { get; init; }

    /// <summary>eV; what the equations of motion of the ensemble conserve (with the thermostat's and barostat's share).</summary>
    public required double ConservedEnergy { get; init; }

    /// <summary>eV/Å³, compression positive, kinetic part included.</summary>
    public required double Pressure { get; init; }

    /// <summary>eV/Å³, σ = −W/V, xx yy zz yz xz xy, kinetic part included.</summary>
    public required ImmutableArray<double> Stress { get; init; }

    /// <summary>eV/Å³, σ = −W/V, xx yy zz yz xz xy, of the potential alone: what a reference calculation of the frame gives.</summary>
    public required ImmutableArray<double> PotentialStress { get; init; }

    /// <summary>Å³.</summary>
    public required double Volume { get; init; }

    /// <summary>a, b, c (Å), α, β, γ (degrees).</summary>
    public required ImmutableArray<double> CellParameters { get; init; }

    /// <summary>Largest component of a force on any atom, eV/Å.</summary>
    public required double LargestForce { get; init; }

    /// <summary>Every quantity is a finite number.</summary>
    public required bool IsFinite { get; init; }
}

/// <summary>The thermodynamic rows of one stage.</summary>
/// <param name="Stage">Its index in <see cref="LammpsRun.Stages"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Rows">In the order of the steps.</param>
/// <param name="LoopTime">Wall time of its steps; null where it did not end.</param>
/// <param name="StepsMade">Steps made in that time.</param>
public sealed record LammpsThermoTable(int Stage, string Name, IReadOnlyList<LammpsThermoRow> Rows, TimeSpan? LoopTime, long StepsMade);

/// <summary>Turns logged tables into the suite's units and frame of reference.</summary>
internal sealed class LammpsOutputThermo(LammpsRun run, LammpsCell rotation)
{
    // Places in LammpsInputDeck.ThermoKeywords.
    private const int PressurePlace = 6, StressPlace = 7, VirialPlace = 13, BoxPlace = 19, ForcePlace = 25;

    public LammpsThermoTable Convert(LammpsLogTable table)
    {
        var stage = table.Stage >= 0 && table.Stage < run.Stages.Length ? table.Stage : 0;
        var rows = table.Rows.Select(row => Convert(row, stage)).ToArray();
        TimeSpan? time = table.LoopSeconds is { } seconds && double.IsFinite(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        return new LammpsThermoTable(stage, run.Stages[stage].Name, rows, time, table.LoopSteps);
    }

    private LammpsThermoRow Convert(double[] row, int stage)
    {
        var finite = row.All(double.IsFinite);
        double lx = row[BoxPlace], ly = row[BoxPlace + 1], lz = row[BoxPlace + 2];
        double xy = row[BoxPlace + 3], xz = row[BoxPlace + 4], yz = row[BoxPlace + 5];
        var hasCell = finite && lx * ly * lz > 1e-6;
        var step = (long)row[0];
        return new LammpsThermoRow
        {
            Step = step,
            Time = TimeAt(step, stage),
            Temperature = row[1],
            PotentialEnergy = row[2],
            KineticEnergy = row[3],
            ConservedEnergy = row[4],
            Volume = row[5],
            Pressure = row[PressurePlace] / PhysicalConstants.LammpsMetalPressure,
            Stress = Stress(row.AsSpan(StressPlace, 6)),
            PotentialStress = Stress(row.AsSpan(VirialPlace, 6)),
            CellParameters = hasCell
                ? [.. new Cell([lx, 0, 0, xy, ly, 0, xz, yz, lz]).Parameters()]
                : [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN],
            LargestForce = row[ForcePlace],
            IsFinite = hasCell,
        };
    }

    private double TimeAt(long step, int stage)
    {
        double time = 0;
        var begin = 0L;
        for (var k = 0; k < stage; k++)
        {
            time += run.Stages[k] is DynamicsStage before ? before.Steps * before.TimeStep : 0;
            begin += run.Stages[k].PlannedSteps;
        }

        return time + (run.Stages[stage] is DynamicsStage dynamics ? (step - begin) * dynamics.TimeStep : 0);
    }

    private ImmutableArray<double> Stress(ReadOnlySpan<double> pressure)
    {
        var turned = rotation.TensorFromLammps(Voigt.Expand(pressure, Voigt.Lammps));
        var stress = new double[6];
        for (var k = 0; k < 6; k++)
        {
            stress[k] = -turned[Voigt.Ase[k]] / PhysicalConstants.LammpsMetalPressure;
        }

        return [.. stress];
    }
}
