using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>Writes CP2K input decks: energy, forces and analytical stress of one configuration.</summary>
public static class Cp2kInput
{
    /// <summary>The deck of one calculation; <see cref="Cp2kMethod.Check(AtomicConfiguration)"/> has passed.</summary>
    /// <param name="configuration">The atoms; a periodic cell.</param>
    /// <param name="method">The method.</param>
    public static string Write(AtomicConfiguration configuration, Cp2kMethod method)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(method);
        var deck = new DeckWriter();
        deck.Open("GLOBAL");
        deck.Line("PROJECT label");
        deck.Line("RUN_TYPE ENERGY_FORCE");
        deck.Line("PRINT_LEVEL LOW");
        deck.Close("GLOBAL");
        WriteForceEvaluation(deck, configuration, method, "USE_PREV_WF", () =>
        {
            deck.Open("PRINT");
            deck.Open("FORCES ON");
            deck.Line("NDIGITS 12");
            deck.Close("FORCES");
            deck.Open("STRESS_TENSOR ON");
            deck.Close("STRESS_TENSOR");
            deck.Close("PRINT");
        });
        return deck.ToString();
    }

    /// <summary>The section FORCE_EVAL: method, cell and atoms.</summary>
    /// <param name="deck">Where it is written.</param>
    /// <param name="configuration">The atoms; a periodic cell.</param>
    /// <param name="method">The method.</param>
    /// <param name="extrapolation">How the SCF begins from earlier ones (EXTRAPOLATION).</param>
    /// <param name="print">Writes what is to be printed.</param>
    internal static void WriteForceEvaluation(DeckWriter deck, AtomicConfiguration configuration, Cp2kMethod method, string extrapolation, Action print)
    {
        var cell = configuration.Cell ?? throw new ArgumentException("no cell", nameof(configuration));
        deck.Open("FORCE_EVAL");
        deck.Line("METHOD QUICKSTEP");
        deck.Line("STRESS_TENSOR ANALYTICAL");
        WriteDft(deck, method, cell, extrapolation);
        WriteSubsystem(deck, configuration, method, cell);
        print();
        deck.Close("FORCE_EVAL");
    }

    private static void WriteDft(DeckWriter deck, Cp2kMethod method, Cell cell, string extrapolation)
    {
        deck.Open("DFT");
        deck.Line($"CHARGE {method.Charge}");
        deck.Line($"MULTIPLICITY {method.Multiplicity}");
        if (method.Multiplicity > 1)
        {
            deck.Line("UKS T");
        }

        if (method is PbeMethod)
        {
            deck.Line("BASIS_SET_FILE_NAME BASIS_MOLOPT");
            deck.Line("BASIS_SET_FILE_NAME BASIS_MOLOPT_UCL");
            deck.Line("POTENTIAL_FILE_NAME GTH_POTENTIALS");
        }

        switch (method)
        {
            case XtbMethod:
                WriteXtb(deck, EwaldSum.For(cell), extrapolation);
                break;
            case DftbMethod dftb:
                WriteDftb(deck, dftb, EwaldSum.For(cell), extrapolation);
                break;
            case PbeMethod pbe:
                WritePbe(deck, pbe, extrapolation);
                break;
        }

        WriteScf(deck, method);
        deck.Close("DFT");
    }

    private static void WriteXtb(DeckWriter deck, EwaldSum ewald, string extrapolation)
    {
        deck.Open("QS");
        deck.Line("METHOD XTB");
        deck.Line($"EXTRAPOLATION {extrapolation}");
        deck.Open("XTB");
        deck.Line("DO_EWALD T");

        // CP2K stops where an intermediate charge of the SCF leaves the chemical range; the final ones are what counts.
        deck.Line("CHECK_ATOMIC_CHARGES F");
        deck.Close("XTB");
        deck.Close("QS");
        WriteEwald(deck, ewald);
    }

    private static void WriteDftb(DeckWriter deck, DftbMethod method, EwaldSum ewald, string extrapolation)
    {
        deck.Open("QS");
        deck.Line("METHOD DFTB");
        deck.Line($"EXTRAPOLATION {extrapolation}");
        deck.Open("DFTB");
        deck.Line("SELF_CONSISTENT T");
        deck.Line("DO_EWALD T");
        deck.Line("DISPERSION F");
        deck.Open("PARAMETER");
        deck.Line($"PARAM_FILE_PATH {method.Parameters.Folder}");
        deck.Line($"PARAM_FILE_NAME {DftbParameters.IndexFile}");
        deck.Close("PARAMETER");
        deck.Close("DFTB");
        deck.Close("QS");
        WriteEwald(deck, ewald);
    }

    private static void WriteEwald(DeckWriter deck, EwaldSum ewald)
    {
        deck.Open("POISSON");
        deck.Line("PERIODIC XYZ");
        deck.Open("EWALD");
        deck.Line("EWALD_TYPE SPME");
        deck.Line($"ALPHA [angstrom^-1] {ewald.Alpha:F6}");
        deck.Line($"RCUT [angstrom] {ewald.Cutoff:F6}");
        deck.Line($"GMAX {string.Join(' ', ewald.GridPoints)}");
        deck.Line($"O_SPLINE {EwaldSum.SplineOrder}");
        deck.Close("EWALD");
        deck.Close("POISSON");
    }

    private static void WritePbe(DeckWriter deck, PbeMethod method, string extrapolation)
    {
        deck.Open("MGRID");
        deck.Line($"CUTOFF [Ry] {method.Cutoff:R}");
        deck.Line($"REL_CUTOFF [Ry] {method.RelativeCutoff:R}");
        deck.Close("MGRID");
        deck.Open("QS");
        deck.Line("METHOD GPW");
        deck.Line("EPS_DEFAULT 1.0E-12");
        deck.Line($"EXTRAPOLATION {extrapolation}");
        deck.Close("QS");
        deck.Open("POISSON");
        deck.Line("PERIODIC XYZ");
        deck.Close("POISSON");
        deck.Open("XC");
        deck.Open("XC_FUNCTIONAL PBE");
        deck.Close("XC_FUNCTIONAL");
        if (method.Dispersion)
        {
            deck.Open("VDW_POTENTIAL");
            deck.Line("POTENTIAL_TYPE PAIR_POTENTIAL");
            deck.Open("PAIR_POTENTIAL");
            deck.Line("TYPE DFTD3(BJ)");
            deck.Line("PARAMETER_FILE_NAME dftd3.dat");
            deck.Line("REFERENCE_FUNCTIONAL PBE");
            deck.Line($"R_CUTOFF [angstrom] {method.DispersionCutoff:R}");
            deck.Close("PAIR_POTENTIAL");
            deck.Close("VDW_POTENTIAL");
        }

        deck.Close("XC");
    }

    private static void WriteScf(DeckWriter deck, Cp2kMethod method)
    {
        var scf = method.Scf;
        deck.Open("SCF");
        deck.Line(method is PbeMethod ? "SCF_GUESS ATOMIC" : "SCF_GUESS MOPAC");
        deck.Line($"EPS_SCF {scf.Convergence:E2}");
        if (scf.Solver == ScfSolver.BroydenDiagonalization)
        {
            WriteDiagonalization(deck, scf);
        }
        else
        {
            WriteOrbitalTransformation(deck, scf);
        }

        deck.Open("PRINT");
        deck.Open("RESTART OFF");
        deck.Close("RESTART");
        deck.Close("PRINT");
        deck.Close("SCF");
    }

    private static void WriteOrbitalTransformation(DeckWriter deck, ScfSettings scf)
    {
        deck.Line($"MAX_SCF {scf.InnerSteps}");
        deck.Open("OT");
        if (scf.Solver == ScfSolver.ConjugateGradients)
        {
            deck.Line("ALGORITHM STRICT");
            deck.Line("MINIMIZER CG");
            deck.Line("LINESEARCH 3PNT");
        }
        else
        {
            deck.Line("ALGORITHM IRAC");
            deck.Line("MINIMIZER DIIS");
        }

        deck.Line("PRECONDITIONER FULL_ALL");
        deck.Line($"ENERGY_GAP {scf.EnergyGap:R}");
        if (scf.StepSize is { } step)
        {
            deck.Line($"STEPSIZE {step:R}");
        }

        deck.Close("OT");
        deck.Open("OUTER_SCF");
        deck.Line($"EPS_SCF {scf.Convergence:E2}");
        deck.Line($"MAX_SCF {scf.OuterLoops}");
        deck.Close("OUTER_SCF");
    }

    private static void WriteDiagonalization(DeckWriter deck, ScfSettings scf)
    {
        deck.Line($"MAX_SCF {scf.InnerSteps * scf.OuterLoops}");
        deck.Line("ADDED_MOS -1");
        deck.Open("DIAGONALIZATION ON");
        deck.Line("ALGORITHM STANDARD");
        deck.Close("DIAGONALIZATION");
        deck.Open("MIXING ON");
        deck.Line("METHOD BROYDEN_MIXING");
        deck.Line("ALPHA 0.1");
        deck.Line("NBROYDEN 8");
        deck.Close("MIXING");
        deck.Open("SMEAR ON");
        deck.Line("METHOD FERMI_DIRAC");
        deck.Line($"ELECTRONIC_TEMPERATURE [K] {scf.ElectronicTemperature:R}");
        deck.Close("SMEAR");
    }

    private static void WriteSubsystem(DeckWriter deck, AtomicConfiguration configuration, Cp2kMethod method, Cell cell)
    {
        deck.Open("SUBSYS");
        deck.Open("CELL");
        deck.Line("PERIODIC XYZ");
        var rows = cell.Rows;
        for (var k = 0; k < 3; k++)
        {
            deck.Line($"{"ABC"[k]} {rows[3 * k]:F12} {rows[3 * k + 1]:F12} {rows[3 * k + 2]:F12}");
        }

        deck.Close("CELL");
        deck.Open("COORD");
        for (var i = 0; i < configuration.Count; i++)
        {
            var p = configuration.Positions.AsSpan(3 * i, 3);
            deck.Line($"{configuration.Symbols[i]} {p[0]:F12} {p[1]:F12} {p[2]:F12}");
        }

        deck.Close("COORD");
        if (method is PbeMethod pbe)
        {
            foreach (var symbol in configuration.Symbols.Distinct())
            {
                var names = PbeElements.Find(symbol, pbe.Basis) ?? throw new ArgumentException(symbol, nameof(configuration));
                deck.Open($"KIND {symbol}");
                deck.Line($"BASIS_SET {names.BasisSet}");
                deck.Line($"POTENTIAL {names.Potential}");
                deck.Close("KIND");
            }
        }

        deck.Close("SUBSYS");
    }
}
