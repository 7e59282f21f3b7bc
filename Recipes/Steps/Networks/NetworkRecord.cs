using MofInterop.Analysis.Networks;

namespace MofInterop.Steps;

/// <summary>Linkers, coordination and rings of a structure or of frames.</summary>
/// <param name="Metals">Elements that are nodes.</param>
/// <param name="Donors">Elements that metals are bonded to.</param>
/// <param name="LinkerCount">Linkers in a cell.</param>
/// <param name="MetalCount">Metal atoms in a cell.</param>
/// <param name="BondedWithinAngstrom">Å.</param>
/// <param name="ApartBeyondAngstrom">Å.</param>
/// <param name="LargestRing">Largest size looked for.</param>
/// <param name="Quantities">Means over the frames, with errors by blocking.</param>
/// <param name="Coordination">How many metals have how many donors.</param>
/// <param name="Rings">Mean ring statistics over the frames in which rings were counted.</param>
/// <param name="Frames">Every frame.</param>
public sealed record NetworkRecord(
    IReadOnlyList<string> Metals, IReadOnlyList<string> Donors, int LinkerCount, int MetalCount, double BondedWithinAngstrom, double ApartBeyondAngstrom, int LargestRing,
    IReadOnlyList<MeasuredQuantity> Quantities, IReadOnlyList<MeanCoordination> Coordination, IReadOnlyList<MeanRings> Rings, IReadOnlyList<NetworkFrame> Frames);

/// <summary>Metals with a number of donors, over frames.</summary>
/// <param name="Donors">How many.</param>
/// <param name="Fraction">Of the metals.</param>
/// <param name="Error">One standard error by blocking; NaN for fewer than four frames.</param>
public sealed record MeanCoordination(int Donors, double Fraction, double Error);

/// <summary>Rings of a size, over frames.</summary>
/// <param name="Size">Nodes.</param>
/// <param name="PerNode">Rings divided by nodes.</param>
/// <param name="PerNodeError">One standard error by blocking; NaN for fewer than four frames.</param>
/// <param name="NodesInRings">Fraction of nodes in at least one; NaN for rings of two.</param>
public sealed record MeanRings(int Size, double PerNode, double PerNodeError, double NodesInRings);

/// <summary>A frame.</summary>
/// <param name="File">As the recipe names it.</param>
/// <param name="Frame">In its file, from 1.</param>
/// <param name="Picoseconds">ps, or null.</param>
/// <param name="Coordination">Donors of a metal, on average.</param>
/// <param name="CoordinationFractions">Fraction of metals with 0, 1, 2, … donors.</param>
/// <param name="IntactFraction">Of linkers.</param>
/// <param name="DanglingFraction">Of linkers.</param>
/// <param name="FreeFraction">Of linkers.</param>
/// <param name="BrokenFraction">Of linkers.</param>
/// <param name="Rings">Null where they were not counted.</param>
public sealed record NetworkFrame(
    string File, int Frame, double? Picoseconds, double Coordination, IReadOnlyList<double> CoordinationFractions, double IntactFraction, double DanglingFraction, double FreeFraction,
    double BrokenFraction, IReadOnlyList<RingCount>? Rings);
