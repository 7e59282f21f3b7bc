using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Files of frames in any format that the suite reads, and which of their frames count: the parameters that all steps share which take frames one by one as configurations.</summary>
public abstract record FileFrames
{
    /// <summary>Files.</summary>
    [Parameter("Files of frames: extended XYZ, LAMMPS dump, vasprun.xml, OUTCAR, CP2K's NAME-pos-1.xyz or the folder of its run, FitSNAP JSON.")]
    public IReadOnlyList<InputData> Files { get; init; } = [];

    /// <summary>Format.</summary>
    [Parameter("What the files are; auto: by their names.")]
    public TrajectoryFormat Format { get; init; }

    /// <summary>First frame.</summary>
    [Parameter("The first frame of every file that counts, from 1.", AtLeast = 1)]
    public int From { get; init; } = 1;

    /// <summary>Last frame.</summary>
    [Parameter("The last frame of every file that counts; left out: all to the end.", AtLeast = 1)]
    public int? To { get; init; }

    /// <summary>Stride.</summary>
    [Parameter("Every so many frames one counts.", AtLeast = 1)]
    public int Every { get; init; } = 1;

    /// <summary>LAMMPS.</summary>
    [Parameter("What a LAMMPS dump does not say.")]
    public LammpsDumpOptions Lammps { get; init; } = new();

    /// <summary>Whether a frame counts, by its number in its file, from 1.</summary>
    internal bool Wants(int number) => number >= From && !(number > To) && (number - From) % Every == 0;

    /// <summary>Reports a last frame before the first.</summary>
    /// <param name="prefix">Of the parameter: empty, or <c>frames.</c>.</param>
    /// <param name="first">From 1.</param>
    /// <param name="last">Null: none.</param>
    /// <param name="check">Takes the problem.</param>
    internal static void CheckRange(string prefix, int first, int? last, StepCheck check)
    {
        if (last < first)
        {
            check.Problem($"{prefix}to", $"the last frame ({last}) comes before the first ({first})");
        }
    }
}
