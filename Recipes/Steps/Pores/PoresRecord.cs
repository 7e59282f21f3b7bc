using MofInterop.Analysis;
using MofInterop.Analysis.Pores;
using MofInterop.Zeopp;

namespace MofInterop.Steps;

/// <summary>The pores of a structure or of frames.</summary>
/// <param name="GridAngstrom">Largest distance between grid points, Å.</param>
/// <param name="RadiiAngstrom">Of the elements, Å.</param>
/// <param name="Frames">How many were measured.</param>
/// <param name="Quantities">Means over them, with errors by blocking.</param>
/// <param name="Series">The numbers of every frame.</param>
/// <param name="Distribution">Mean pore size distribution, or null.</param>
/// <param name="Zeopp">What Zeo++ found in the first frame with the first probe, or null.</param>
public sealed record PoresRecord(
    double GridAngstrom, IReadOnlyDictionary<string, double> RadiiAngstrom, int Frames, IReadOnlyList<MeasuredQuantity> Quantities, PoreSeries Series, PoreSizeDistribution? Distribution, ZeoppResult? Zeopp);

/// <summary>A mean over frames.</summary>
/// <param name="Name">What.</param>
/// <param name="ProbeAngstrom">Radius of the probe, Å, or null.</param>
/// <param name="Unit">Of value and error.</param>
/// <param name="Value">Mean.</param>
/// <param name="Error">One standard error by blocking; NaN for fewer than four frames.</param>
public sealed record MeasuredQuantity(string Name, double? ProbeAngstrom, string Unit, double Value, double Error);

/// <summary>Numbers of every frame.</summary>
/// <param name="File">Which file each is from.</param>
/// <param name="Frame">Its number there.</param>
/// <param name="Picoseconds">Since the file's first frame, ps; null: not known.</param>
/// <param name="Labels">What each column is, with its unit.</param>
/// <param name="Values">[frames][columns].</param>
public sealed record PoreSeries(IReadOnlyList<string> File, IReadOnlyList<int> Frame, IReadOnlyList<double?> Picoseconds, IReadOnlyList<string> Labels, IReadOnlyList<IReadOnlyList<double>> Values);
