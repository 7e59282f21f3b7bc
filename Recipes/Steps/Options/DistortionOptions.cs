using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Random distortion of the starting structure.</summary>
public sealed record DistortionOptions
{
    /// <summary>Displacement.</summary>
    [Parameter("Every coordinate is moved by up to this, uniformly.", Dimension = Dimension.Length, AtLeast = "0 angstrom")]
    public Quantity Displacement { get; init; } = Quantity.Parse("0.1 angstrom");

    /// <summary>Strain.</summary>
    [Parameter("Every component of the symmetric strain of the cell is up to this, uniformly.", Dimension = Dimension.Fraction, AtLeast = 0)]
    public Quantity Strain { get; init; } = Quantity.Parse("1 %");

    /// <summary>The distortion as Learning takes it.</summary>
    internal RandomDistortion Distortion => new() { Displacement = Displacement.Value, Strain = Strain.Value };
}

/// <summary>The first generation: random distortions.</summary>
public sealed record InitialOptions
{
    /// <summary>Copies.</summary>
    [Parameter("How many distorted copies are offered to the selection; 0: none, where uses: { initial: ... } gives frames.", AtLeast = 0)]
    public int Copies { get; init; } = 200;

    /// <summary>Most labels.</summary>
    [Parameter("At most so many of them are labelled.", AtLeast = 1)]
    public int AtMost { get; init; } = 200;

    /// <summary>Distortion.</summary>
    [Parameter("How the copies are distorted.")]
    public DistortionOptions Distortion { get; init; } = new() { Displacement = Quantity.Parse("0.12 angstrom") };
}

/// <summary>One generation of active learning.</summary>
public sealed record GenerationOptions
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the runs.", Dimension = Dimension.Temperature, Above = "0 K")]
    public required Quantity Temperature { get; init; }

    /// <summary>Runs.</summary>
    [Parameter("How many independent runs.", AtLeast = 1)]
    public int Runs { get; init; } = 50;

    /// <summary>Steps.</summary>
    [Parameter("Steps of each run.", AtLeast = 1)]
    public required int Steps { get; init; }

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("Every so many steps a frame is a candidate.", AtLeast = 1)]
    public int FramesEvery { get; init; } = 1;

    /// <summary>Stretch.</summary>
    [Parameter("Frames are candidates until a bond is longer than so many times its length; 1.4: the length at which a bond counts as broken. More teaches the potential how a bond goes.", AtLeast = IntegritySettings.DefaultMaximumFactor, AtMost = 2.5)]
    public double Stretch { get; init; } = IntegritySettings.DefaultMaximumFactor;
}
