using MofInterop.Analysis.Networks;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="NetworkStep"/>.</summary>
public sealed record NetworkOptions
{
    /// <summary>Frames.</summary>
    [Parameter("Where frames come from; without files and without uses: { frames: ... } the structure itself is looked at.")]
    public FrameOptions Frames { get; init; } = new();

    /// <summary>Metals.</summary>
    [Parameter("Elements that are nodes of the net; left out: the metals of the structure.")]
    public IReadOnlyList<string>? Metals { get; init; }

    /// <summary>Bonded.</summary>
    [Parameter("A metal and a donor atom of a linker are bonded when closer than this.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity BondedWithin { get; init; } = Quantity.Parse("2.5 angstrom");

    /// <summary>Apart.</summary>
    [Parameter("Once bonded they are apart when further than this (hysteresis); left out: bonded_within, a sharp cutoff.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? ApartBeyond { get; init; }

    /// <summary>Broken.</summary>
    [Parameter("A bond inside a linker is broken when longer than this times its length in the structure.", Above = 1.0)]
    public double BrokenFactor { get; init; } = 1.4;

    /// <summary>Rings.</summary>
    [Parameter("Size of the largest rings that are counted, in nodes.", AtLeast = 3, AtMost = RingStatistics.LargestSize)]
    public int LargestRing { get; init; } = 16;

    /// <summary>Ring frames.</summary>
    [Parameter("Rings are counted in every so many of the frames.", AtLeast = 1)]
    public int RingsEvery { get; init; } = 1;

    internal LinkerSettings Settings => new() { BondedWithin = BondedWithin.Value, ApartBeyond = (ApartBeyond ?? BondedWithin).Value, BrokenFactor = BrokenFactor };
}
