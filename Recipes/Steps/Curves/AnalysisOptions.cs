using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="AnalysisStep"/>: trajectories or runs, and what is measured on them.</summary>
public sealed record AnalysisOptions : MeasurementOptions
{
    /// <summary>Files.</summary>
    [Parameter("Existing trajectories, each an independent run of the same atoms: LAMMPS text dumps or extended XYZ, also .gz.")]
    public IReadOnlyList<InputData> Trajectories { get; init; } = [];

    /// <summary>Interval.</summary>
    [Parameter("Time between two frames of the files; displacement and spectrum need it.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity? Interval { get; init; }

    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the files' runs, for potentials of mean force.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity? Temperature { get; init; }

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

    /// <summary>Unwrapped.</summary>
    [Parameter("Positions of extended XYZ go on through the boundaries of the cell; otherwise paths are reconstructed from small steps where they are needed.")]
    public bool Unwrapped { get; init; }

    /// <summary>Runs.</summary>
    [Parameter("Runs that are made and measured, in place of trajectories; they need a structure and a model.")]
    public ObservedRunOptions? Runs { get; init; }

    /// <summary>The files' options as the reader takes them.</summary>
    internal TrajectoryStreamOptions Stream => new() { Types = Lammps.Types, Units = Lammps.Units, From = From, To = To, Every = Every, KnownUnwrapped = Unwrapped };

    /// <summary>Time between frames that count, fs; NaN: not known.</summary>
    internal double FrameInterval => Interval is { } interval ? interval.Value * Every : double.NaN;
}
