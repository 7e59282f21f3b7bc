using System.Globalization;
using System.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Lammps;

/// <summary>
/// Writes the input script of a run. Step numbers are planned: stage k begins at the sum of the steps planned before it,
/// whatever a minimisation needed, so that a run can be continued and its progress told.
/// </summary>
public static class LammpsInputDeck
{
    /// <summary>The script's file name in the run's folder.</summary>
    public const string FileName = "in.lammps";

    internal const string DataFile = "start.data";
    internal const string LogFile = "log.lammps";
    internal const string DumpFile = "frames.lammpstrj";
    internal const string FinalDumpFile = "final.lammpstrj";
    internal const string GuardFix = "mof_guard";

    private const string TrajectoryDump = "mof_trajectory";
    private const string VirialCompute = "mof_virial";
    private const string SaneVariable = "mof_sane";
    private const int FinalDigits = 17;
    private const double FemtosecondInPicoseconds = 1e-3;

    /// <summary>The columns of every thermo table, in order.</summary>
    internal static IReadOnlyList<string> ThermoKeywords { get; } =
    [
        "step", "temp", "pe", "ke", "econserve", "vol", "press", "pxx", "pyy", "pzz", "pxy", "pxz", "pyz",
        .. Enumerable.Range(1, 6).Select(k => $"c_{VirialCompute}[{k}]"), "lx", "ly", "lz", "xy", "xz", "yz", "fmax",
    ];

    /// <summary>The text of the script.</summary>
    /// <param name="run">What to do.</param>
    /// <param name="loaderScript"><c>mofload.lmp</c>, where the program is a stock <c>lmp</c> and the potential needs this project's pair styles; else null.</param>
    /// <exception cref="MofException">The run asks for something that cannot be meant.</exception>
    public static string Write(LammpsRun run, string? loaderScript = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Check();
        var script = new Script();
        script.Line($"# {run.Name}: written by MofInterop");
        WriteSystem(script, run, loaderScript);
        WriteOutput(script, run);
        var begin = 0L;
        for (var k = 0; k < run.Stages.Length; k++)
        {
            WriteStage(script, run, k, begin);
            begin += run.Stages[k].PlannedSteps;
        }

        WriteEnd(script, run);
        return script.ToString();
    }

    /// <summary>The line that the log shows before stage <paramref name="index"/> (from 0).</summary>
    internal static string Marker(LammpsRun run, int index) => $"Stage {index + 1} of {run.Stages.Length}: {run.Stages[index].Name}";

    private static void WriteSystem(Script script, LammpsRun run, string? loaderScript)
    {
        script.Line("units metal");
        script.Line("atom_style atomic");
        script.Line("atom_modify map yes");
        script.Line("boundary p p p");
        script.Line("box tilt large");
        if (loaderScript is not null)
        {
            script.Line($"include {LammpsPotential.Word(loaderScript)}");
        }

        if (run.ContinueFrom is { } restart)
        {
            restart.Check();
            script.Line($"read_restart {LammpsPotential.Word(restart.File)}");
        }
        else
        {
            script.Line($"read_data {DataFile}");
            script.Line("change_box all triclinic");
        }

        foreach (var command in run.Potential.Commands())
        {
            script.Line(command);
        }

        script.Line($"neighbor {Number(run.NeighborSkin)} bin");
        script.Line("neigh_modify every 1 delay 0 check yes");
    }

    private static void WriteOutput(Script script, LammpsRun run)
    {
        var output = run.Output;
        script.Line($"compute {VirialCompute} all pressure NULL virial");
        script.Line($"thermo {output.ThermoEvery}");
        script.Line($"thermo_style custom {string.Join(' ', ThermoKeywords)}");
        script.Line("thermo_modify lost error flush yes norm no format float %.15g");
        if (output.FramesEvery > 0)
        {
            var columns = DumpColumns(output.Velocities, output.Forces);
            script.Line($"dump frames all custom {output.FramesEvery} {DumpFile} {columns}");
            script.Line($"dump_modify frames sort id flush yes format float %.{output.Digits}g");
        }

        if (output.RestartEvery > 0)
        {
            script.Line($"restart {output.RestartEvery} {LammpsRestart.Prefix}*");
        }

        script.Line($"variable {SaneVariable} equal \"{SaneCondition(run)}\"");
    }

    // Written so that a value that is not a number fails it.
    private static string SaneCondition(LammpsRun run)
    {
        var volume = run.Start.Cell!.Volume;
        var guards = run.Guards;
        var conditions = new List<string> { $"(c_thermo_temp < {Number(guards.MaximumTemperature ?? 1e12)})" };
        if (guards.MinimumVolumeRatio is { } smallest)
        {
            conditions.Add($"(vol > {Number(smallest * volume)})");
        }

        if (guards.MaximumVolumeRatio is { } largest)
        {
            conditions.Add($"(vol < {Number(largest * volume)})");
        }

        return string.Join(" && ", conditions);
    }

    private static void WriteStage(Script script, LammpsRun run, int index, long begin)
    {
        var stage = run.Stages[index];
        var end = begin + stage.PlannedSteps;
        var done = run.ContinueFrom?.Step ?? -1;
        if (done >= end && done >= 0)
        {
            return;
        }

        var broken = done > begin;
        script.Line("");
        script.Line($"print \"{Marker(run, index)}\"");
        switch (stage)
        {
            case EvaluationStage:
                script.Line("run 0");
                break;
            case MinimisationStage minimisation:
                WriteMinimisation(script, minimisation, broken ? (int)(end - done) : minimisation.MaximumSteps, end);
                break;
            case DynamicsStage dynamics:
                WriteDynamics(script, run, dynamics, index, begin, broken);
                break;
            default:
                throw new MofException(ErrorKind.Internal, $"no script for a {stage.GetType().Name}");
        }
    }

    private static void WriteMinimisation(Script script, MinimisationStage stage, int iterations, long end)
    {
        if (stage.Cell is { } freedom)
        {
            var pressure = Bar(stage.Pressure);
            script.Line($"fix mof_relax all box/relax {Freedom(freedom)} {pressure} fixedpoint 0 0 0 vmax 0.001");
        }

        script.Line($"min_style {stage.Algorithm}");
        if (stage.ByForces)
        {
            script.Line(stage.Algorithm is "cg" or "sd" ? "min_modify line forcezero norm inf" : "min_modify norm inf");
        }

        script.Line($"minimize {Number(stage.EnergyTolerance)} {Number(stage.ForceTolerance)} {iterations} {10L * iterations}");
        if (stage.Cell is not null)
        {
            script.Line("unfix mof_relax");
        }

        script.Line($"reset_timestep {end}");
    }

    private static void WriteDynamics(Script script, LammpsRun run, DynamicsStage stage, int index, long begin, bool broken)
    {
        script.Line($"timestep {Number(FemtosecondInPicoseconds * stage.TimeStep)}");
        if (stage.Velocities is { } velocities && !broken)
        {
            script.Line($"velocity all create {Number(velocities.Temperature)} {velocities.Seed} mom yes rot no dist gaussian");
        }

        // An id of its own: a restart gives a fix its thermostat's state back by id, and only the broken stage's may have it.
        var integrator = $"mof_integrate{index + 1}";
        script.Line($"fix {integrator} all {Integrator(stage)}");
        script.Line($"fix {GuardFix} all halt {run.Guards.CheckEvery} v_{SaneVariable} != 1 error soft message yes");
        var end = begin + stage.Steps;
        if (stage.Trajectory is { } trajectory)
        {
            script.Line($"dump {TrajectoryDump} all custom {trajectory.Every} {trajectory.File} {DumpColumns(trajectory.Velocities, false)}");
            script.Line($"dump_modify {TrajectoryDump} sort id format float %.{trajectory.Digits}g");
        }

        script.Line($"run {end} upto start {begin} stop {end}");
        if (stage.Trajectory is not null)
        {
            script.Line($"undump {TrajectoryDump}");
        }

        script.Line($"unfix {GuardFix}");
        script.Line($"unfix {integrator}");
    }

    private static string Integrator(DynamicsStage stage)
    {
        if (stage.Ensemble == Ensemble.Nve)
        {
            return "nve";
        }

        var start = stage.Temperature!.Value;
        var thermostat = stage.Thermostat;
        var damping = Number(FemtosecondInPicoseconds * thermostat.Damping);
        var text = $"{(stage.Ensemble == Ensemble.Nvt ? "nvt" : "npt")} temp {Number(start)} {Number(stage.FinalTemperature ?? start)} {damping} tchain {thermostat.ChainLength}";
        if (thermostat.Drag > 0)
        {
            text += $" drag {Number(thermostat.Drag)}";
        }

        if (stage.Ensemble == Ensemble.Nvt)
        {
            return text;
        }

        // flip no: a cell that jumps to an equivalent one would look like a change of the structure.
        var barostat = stage.Barostat;
        var pressures = $"{Bar(barostat.Pressure)} {Bar(barostat.FinalPressure ?? barostat.Pressure)} {Number(FemtosecondInPicoseconds * barostat.Damping)}";
        return $"{text} {Freedom(barostat.Cell)} {pressures} pchain {barostat.ChainLength} flip no fixedpoint 0 0 0";
    }

    private static void WriteEnd(Script script, LammpsRun run)
    {
        script.Line("");
        script.Line($"write_dump all custom {FinalDumpFile} {DumpColumns(true, true)} modify sort id format float %.{FinalDigits}g");
        if (run.Output.RestartEvery > 0)
        {
            script.Line($"write_restart {LammpsRestart.Prefix}*");
        }
    }

    private static string DumpColumns(bool velocities, bool forces) => $"id type xu yu zu{(velocities ? " vx vy vz" : "")}{(forces ? " fx fy fz" : "")}";

    private static string Freedom(CellFreedom freedom) => freedom switch
    {
        CellFreedom.Isotropic => "iso",
        CellFreedom.Anisotropic => "aniso",
        CellFreedom.Flexible => "tri",
        _ => throw new MofException(ErrorKind.InvalidArgument, $"the cell freedom {(int)freedom} is unknown", expected: "isotropic, anisotropic or flexible"),
    };

    private static string Bar(double pressure) => Number(pressure * PhysicalConstants.LammpsMetalPressure);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Script
    {
        private readonly StringBuilder _text = new();

        public void Line(string line) => _text.Append(line).Append('\n');

        public override string ToString() => _text.ToString();
    }
}
