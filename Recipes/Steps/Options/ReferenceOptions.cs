using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Which program gives reference labels.</summary>
public enum ReferenceProgram
{
    /// <summary>CP2K.</summary>
    Cp2k,

    /// <summary>VASP, licensed by the user.</summary>
    Vasp,

    /// <summary>Any command that reads an extended XYZ file and writes one with energy, forces and stress.</summary>
    Command,

    /// <summary>Any calculator of ASE, in a Python process.</summary>
    Ase,
}

/// <summary>Which electronic-structure method CP2K or VASP uses.</summary>
public enum ElectronicMethod
{
    /// <summary>Semi-empirical tight binding GFN1-xTB: seconds a label; dispersion is part of it.</summary>
    Gfn1Xtb,

    /// <summary>PBE with Gaussian and plane waves, as the published potentials were trained; no dispersion.</summary>
    Pbe,

    /// <summary>PBE with Grimme's D3(BJ) dispersion.</summary>
    PbeD3,

    /// <summary>Self-consistent-charge tight binding by Slater–Koster files; CP2K only; no dispersion.</summary>
    Dftb,
}

/// <summary>What becomes of a label of a periodic configuration that has no stress.</summary>
public enum StressUse
{
    /// <summary>It is set aside.</summary>
    Required,

    /// <summary>Its energy and forces are used.</summary>
    Optional,
}

/// <summary>How reference energies, forces and stresses are computed.</summary>
public sealed record ReferenceOptions
{
    /// <summary>Program.</summary>
    [Parameter("The program that computes reference energies, forces and stresses.")]
    public ReferenceProgram Program { get; init; } = ReferenceProgram.Cp2k;

    /// <summary>Method.</summary>
    [Parameter("The electronic-structure method that CP2K or VASP uses.")]
    public ElectronicMethod Method { get; init; } = ElectronicMethod.Gfn1Xtb;

    /// <summary>VASP.</summary>
    [Parameter("Settings of VASP; program: vasp needs method: pbe or pbe-d3.")]
    public VaspOptions Vasp { get; init; } = new();

    /// <summary>Parameters of DFTB.</summary>
    [Parameter("With method: dftb — folder of Slater-Koster files with its scc_parameter; left out: DFTB/scc of CP2K's data.")]
    public InputData? DftbParameters { get; init; }

    /// <summary>Command line.</summary>
    [Parameter("With program: command — program and arguments; {input} and {output} stand for the extended XYZ files to read and to write, {attempt} for the number of the attempt, from 1 (see retries).")]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>ASE calculator.</summary>
    [Parameter("With program: ase - the calculator: its name in ASE (emt, lj), package.module:Class, or, with script, the class in that file.")]
    public string? Calculator { get; init; }

    /// <summary>Arguments of the ASE calculator.</summary>
    [Parameter("With program: ase - keyword arguments of the calculator, written as Python literals: { epsilon: '0.01', rc: '6.0' }.")]
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Script of the ASE calculator.</summary>
    [Parameter("With program: ase - the file of Python that has the class, relative to the recipe; labels are known again by its contents.")]
    public InputData? Script { get; init; }

    /// <summary>Files of the ASE calculator.</summary>
    [Parameter("With program: ase - keyword arguments that are files or folders, relative to the recipe: { model: ni.eam }; labels are known again by their contents.")]
    public IReadOnlyDictionary<string, InputData> Files { get; init; } = new Dictionary<string, InputData>();

    /// <summary>Python.</summary>
    [Parameter("With program: ase - the Python that has the calculator; default: MOFINTEROP_PYTHON, then /usr/bin/python3.", AffectsResult = false)]
    public string? Python { get; init; }

    /// <summary>Workers.</summary>
    [Parameter("How many reference calculations run at the same time; default: cores divided by cores_each.", AtLeast = 1, AffectsResult = false)]
    public int? Workers { get; init; }

    /// <summary>Cores of one calculation.</summary>
    [Parameter("Processor cores that one reference calculation uses.", AtLeast = 1, AffectsResult = false)]
    public int CoresEach { get; init; } = 1;

    /// <summary>Labels that know nothing of each other.</summary>
    [Parameter("Every label starts the program anew and from scratch, so that it is the same to the bit whatever was computed before it; takes longer where a living program would go on from its last wavefunction.", AffectsResult = false)]
    public bool Independent { get; init; }

    /// <summary>Time limit of one label.</summary>
    [Parameter("A reference calculation that takes longer is ended and set aside.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity TimeLimit { get; init; } = Quantity.Parse("10 min");

    /// <summary>Stress.</summary>
    [Parameter("Whether a label of a periodic configuration without stress is set aside (required) or used for its energy and forces (optional).")]
    public StressUse Stress { get; init; } = StressUse.Required;

    /// <summary>Largest force.</summary>
    [Parameter("A label with a larger force component is set aside.", Dimension = Dimension.Force, Above = "0 eV/angstrom")]
    public Quantity LargestForce { get; init; } = Quantity.Parse("1000 eV/angstrom");

    /// <summary>Retries.</summary>
    [Parameter("How often a label that failed, whatever the reason, is tried again by a new calculator, beyond what each program's own remedies are.", AtLeast = 0, AtMost = 10, AffectsResult = false)]
    public int Retries { get; init; }

    /// <summary>Part of the labels that has to succeed.</summary>
    [Parameter("The step stops when fewer of the labels that it asks for together succeed (a single failure stops only 100 %); what is computed is kept.", Dimension = Dimension.Fraction, AtLeast = 0, AtMost = "100 %", AffectsResult = false)]
    public Quantity AtLeast { get; init; } = Quantity.Parse("50 %");
}
