namespace MofInterop.Analysis.Pores;

/// <summary>The pores of a structure.</summary>
/// <param name="CellVolume">Å³.</param>
/// <param name="Density">g/cm³.</param>
/// <param name="Diameters">Of spheres that fit and that pass.</param>
/// <param name="VoidFraction">Part of the cell outside all atoms.</param>
/// <param name="Probes">Volumes and surfaces for each probe.</param>
/// <param name="Distribution">Of pore sizes, or null.</param>
public sealed record PoreResult(
    double CellVolume, double Density, PoreDiameters Diameters, double VoidFraction, IReadOnlyList<ProbeResult> Probes, PoreSizeDistribution? Distribution);

/// <summary>What a spherical probe finds. "Accessible" is what it reaches through channels, "enclosed" what is in pockets that it cannot get into.</summary>
/// <param name="Radius">Of the probe, Å.</param>
/// <param name="ChannelDimensions">One number for each channel of the cell: in how many directions it goes on.</param>
/// <param name="Pockets">Pockets in the cell.</param>
/// <param name="AccessibleVolume">Where the centre of the probe can be (AV of Zeo++).</param>
/// <param name="EnclosedVolume">Likewise in pockets (NAV).</param>
/// <param name="OccupiableVolume">What the probe covers with any of its points (POAV).</param>
/// <param name="EnclosedOccupiableVolume">Likewise in pockets (PONAV).</param>
/// <param name="AccessibleSurface">Of the centre of a probe that rolls over the atoms (ASA).</param>
/// <param name="EnclosedSurface">Likewise in pockets (NASA).</param>
public sealed record ProbeResult(
    double Radius, IReadOnlyList<int> ChannelDimensions, int Pockets,
    PoreVolume AccessibleVolume, PoreVolume EnclosedVolume, PoreVolume OccupiableVolume, PoreVolume EnclosedOccupiableVolume, PoreSurface AccessibleSurface, PoreSurface EnclosedSurface)
{
    /// <summary>All places where the centre can be, in channels or pockets: the "total porous volume" of the ZIF-4 glass papers (AV + NAV).</summary>
    public PoreVolume TotalVolume => AccessibleVolume + EnclosedVolume;
}

/// <summary>A volume.</summary>
/// <param name="CubicAngstrom">In a cell, Å³.</param>
/// <param name="Fraction">Of the cell.</param>
/// <param name="CubicCentimetrePerGram">cm³/g.</param>
public sealed record PoreVolume(double CubicAngstrom, double Fraction, double CubicCentimetrePerGram)
{
    /// <summary>Sum.</summary>
    public static PoreVolume operator +(PoreVolume one, PoreVolume other) =>
        new(one.CubicAngstrom + other.CubicAngstrom, one.Fraction + other.Fraction, one.CubicCentimetrePerGram + other.CubicCentimetrePerGram);
}

/// <summary>A surface.</summary>
/// <param name="SquareAngstrom">In a cell, Å².</param>
/// <param name="SquareMetrePerCubicCentimetre">m²/cm³.</param>
/// <param name="SquareMetrePerGram">m²/g.</param>
public sealed record PoreSurface(double SquareAngstrom, double SquareMetrePerCubicCentimetre, double SquareMetrePerGram);
