using MofInterop.Potentials.Units;

namespace MofInterop.Cp2k;

/// <summary>Writes CP2K input decks of molecular dynamics, beside those of labels.</summary>
public static class Cp2kDynamicsInput
{
    /// <summary>Project name: what the run's files begin with.</summary>
    public const string Project = "md";

    /// <summary>The deck of a run from its start, or from a restart file.</summary>
    /// <param name="run">The run; <see cref="Cp2kMethod.Check(Structures.AtomicConfiguration)"/> has passed.</param>
    /// <param name="restartFile">CP2K's restart file, relative to the working directory; null: from the start.</param>
    /// <param name="stepsDone">Steps that the restart file stands after.</param>
    public static string Write(Cp2kDynamicsRun run, string? restartFile = null, long stepsDone = 0)
    {
        ArgumentNullException.ThrowIfNull(run);
        var deck = new DeckWriter();
        if (restartFile is not null)
        {
            deck.Open("EXT_RESTART");
            deck.Line($"RESTART_FILE_NAME {restartFile}");
            deck.Close("EXT_RESTART");
        }

        deck.Open("GLOBAL");
        deck.Line($"PROJECT {Project}");
        deck.Line("RUN_TYPE MD");
        deck.Line("PRINT_LEVEL LOW");
        deck.Line($"SEED {run.Seed}");
        deck.Close("GLOBAL");
        deck.Open("MOTION");
        WriteDynamics(deck, run, run.Steps - stepsDone);
        WritePrint(deck, run);
        deck.Close("MOTION");

        // Always-stable predictor-corrector: in dynamics it saves half of the SCF steps.
        Cp2kInput.WriteForceEvaluation(deck, run.Start, run.Method, "ASPC", () => { });
        return deck.ToString();
    }

    private static void WriteDynamics(DeckWriter deck, Cp2kDynamicsRun run, long steps)
    {
        deck.Open("MD");
        deck.Line($"ENSEMBLE {(run.Ensemble == Cp2kEnsemble.Nvt ? "NVT" : "NPT_F")}");
        deck.Line($"STEPS {steps}");
        deck.Line($"TIMESTEP [fs] {run.TimeStep:R}");
        deck.Line($"TEMPERATURE [K] {run.Temperature:R}");
        deck.Open("THERMOSTAT");
        deck.Line($"TYPE {(run.Thermostat == Cp2kThermostat.Csvr ? "CSVR" : "NOSE")}");
        var section = run.Thermostat == Cp2kThermostat.Csvr ? "CSVR" : "NOSE";
        deck.Open(section);
        deck.Line($"TIMECON [fs] {run.ThermostatTime:R}");
        deck.Close(section);
        deck.Close("THERMOSTAT");
        if (run.Ensemble == Cp2kEnsemble.NptFlexible)
        {
            deck.Open("BAROSTAT");
            deck.Line($"PRESSURE [bar] {run.Pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInBar:F6}");
            deck.Line($"TIMECON [fs] {run.BarostatTime:R}");
            deck.Close("BAROSTAT");
        }

        deck.Close("MD");
    }

    private static void WritePrint(DeckWriter deck, Cp2kDynamicsRun run)
    {
        deck.Open("PRINT");
        foreach (var (section, lines) in ((string, string[])[])[("TRAJECTORY", ["UNIT angstrom", "FORMAT XMOL"]), ("FORCES", ["UNIT hartree*bohr^-1"]), ("VELOCITIES", ["UNIT bohr*au_t^-1"]), ("CELL", []), ("STRESS", [])])
        {
            deck.Open($"{section} ON");
            foreach (var line in lines)
            {
                deck.Line(line);
            }

            WriteEach(deck, run.FramesEvery);
            deck.Close(section);
        }

        // The one before is kept too: a kill may come while a file is written.
        deck.Open("RESTART ON");
        deck.Line("BACKUP_COPIES 1");
        deck.Line("ADD_LAST NUMERIC");
        WriteEach(deck, run.RestartEvery);
        deck.Close("RESTART");
        deck.Open("RESTART_HISTORY OFF");
        deck.Close("RESTART_HISTORY");
        deck.Close("PRINT");
    }

    private static void WriteEach(DeckWriter deck, int steps)
    {
        deck.Open("EACH");
        deck.Line($"MD {steps}");
        deck.Close("EACH");
    }
}
