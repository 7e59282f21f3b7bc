using MofInterop.Cp2k;
using MofInterop.Engine;
using MofInterop.Structures;
using MofInterop.Vasp;

namespace MofInterop.Steps;

/// <summary>What a file of frames is.</summary>
public enum TrajectoryFormat
{
    /// <summary>By its name.</summary>
    Auto,

    /// <summary>Extended XYZ.</summary>
    ExtendedXyz,

    /// <summary>A text dump of LAMMPS.</summary>
    LammpsDump,

    /// <summary>VASP's vasprun.xml or OUTCAR.</summary>
    Vasp,

    /// <summary>The files of a CP2K run.</summary>
    Cp2k,

    /// <summary>A FitSNAP JSON file or folder.</summary>
    FitSnap,
}

/// <summary>Which frames join.</summary>
public enum FrameSelection
{
    /// <summary>Those that open a bin of bonds, angles, dihedrals or cell parameters.</summary>
    Cbad,

    /// <summary>All.</summary>
    All,
}

/// <summary>Where labels come from.</summary>
public enum LabelSource
{
    /// <summary>All are computed by the reference.</summary>
    Compute,

    /// <summary>Those in the files; frames without one are left out.</summary>
    Keep,

    /// <summary>Those in the files, and where there is none it is computed.</summary>
    KeepOrCompute,
}

/// <summary>Parameters of <see cref="TrajectoryStep"/>.</summary>
public sealed record TrajectoryOptions : FileFrames
{
    /// <summary>Choice.</summary>
    [Parameter("Which candidates join: cbad, those that open a bin of the selection; all.")]
    public FrameSelection Select { get; init; }

    /// <summary>Most frames.</summary>
    [Parameter("At most so many join; left out: no limit.", AtLeast = 1)]
    public int? AtMost { get; init; }

    /// <summary>Selection.</summary>
    [Parameter("Bins of the selection.")]
    public SelectionOptions Selection { get; init; } = new();

    /// <summary>Labels.</summary>
    [Parameter("Where labels come from: compute (by the reference), keep (those in the files), keep-or-compute.")]
    public LabelSource Labels { get; init; }

    /// <summary>Reference.</summary>
    [Parameter("How labels are computed.")]
    public ReferenceOptions Reference { get; init; } = new();

    /// <summary>Group.</summary>
    [Parameter("Name of the frames' group, which a fit can weigh; default: the step's name.")]
    public string? Group { get; init; }

    /// <summary>Prefix.</summary>
    [Parameter("What stands before energy, forces, stress and virial in extended XYZ: REF_.")]
    public string LabelPrefix { get; init; } = "";

    /// <summary>VASP.</summary>
    [Parameter("Which of VASP's energies is the label's: free (forces are its derivatives), without-entropy, extrapolated (sigma to 0).")]
    public VaspEnergy VaspEnergy { get; init; }

    /// <summary>CP2K.</summary>
    [Parameter("Unit of CP2K's file of forces, which does not name it.")]
    public Cp2kForceUnit Cp2kForces { get; init; }

    /// <summary>How labels stand in the files.</summary>
    internal LabelFormat LabelFormat => new(LabelPrefix, VaspEnergy, Cp2kForces);
}

/// <summary>How labels stand in files of frames.</summary>
/// <param name="Prefix">Before the names of extended XYZ; may be empty.</param>
/// <param name="Energy">VASP's energy that is meant.</param>
/// <param name="Forces">Unit of CP2K's forces.</param>
internal sealed record LabelFormat(string Prefix = "", VaspEnergy Energy = default, Cp2kForceUnit Forces = default);

/// <summary>What a LAMMPS dump does not say.</summary>
public sealed record LammpsDumpOptions
{
    /// <summary>Types.</summary>
    [Parameter("Element or atom type (C3a) of LAMMPS's types 1, 2, ... in order; left out: from the column element.")]
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Units.</summary>
    [Parameter("LAMMPS's system of units, where the dump does not name it.")]
    public LammpsUnits Units { get; init; }
}
