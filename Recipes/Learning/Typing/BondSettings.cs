namespace MofInterop.Learning;

/// <summary>When two atoms of the starting structure count as bonded. Immutable.</summary>
public sealed record BondSettings
{
    /// <summary>
    /// Two atoms are bonded when they are closer than the sum of their covalent radii (B. Cordero and co-workers,
    /// Dalton Trans. 2008, 2832) plus this, Å. 0.3 covers Zn, Cu, Al, Ti and Zr to oxygen and nitrogen, and the
    /// too short C–H of X-ray structures, and leaves 1–3 neighbours apart.
    /// </summary>
    public double Tolerance { get; init; } = 0.3;

    /// <summary>
    /// Whether two metal atoms can be bonded. False: the metals of an inorganic node (Zr–Zr 3.5 Å in UiO-66) are
    /// within the sum of their large radii without a bond. A structure of metals alone always has such bonds.
    /// </summary>
    public bool MetalMetalBonds { get; init; }

    /// <summary>Whether an element counts as a metal; metalloids do not.</summary>
    public static bool IsMetal(string symbol) => BondRadii.IsMetal(symbol);

    /// <summary>Atoms closer than this times the sum of their radii make a structure that is disordered or damaged: an error.</summary>
    public double OverlapFactor { get; init; } = 0.6;
}

/// <summary>When a bond graph counts as broken later on. Immutable.</summary>
public sealed record IntegritySettings
{
    /// <summary>The default of <see cref="MaximumFactor"/>.</summary>
    public const double DefaultMaximumFactor = 1.4;

    /// <summary>A bond is broken when it is shorter than this times the smaller of its starting length and the sum of its atoms' covalent radii.</summary>
    public double MinimumFactor { get; init; } = 0.6;

    /// <summary>
    /// A bond is broken when it is longer than this times the larger of its starting length and the sum of its atoms'
    /// covalent radii. The radii count because X-ray structures put hydrogen up to 0.15 Å too close to its carbon: from
    /// there a sound C–H bond swings out to 1.35 Å (limit: 1.50 Å; Zn–O of MOF-5: 2.7 Å).
    /// </summary>
    public double MaximumFactor { get; init; } = DefaultMaximumFactor;

    /// <summary>
    /// Two atoms without a bond that come closer than the sum of their covalent radii plus this, Å, have made one
    /// (metal pairs only where <see cref="BondSettings.MetalMetalBonds"/> allows bonds between them).
    /// </summary>
    public double ContactTolerance { get; init; } = 0.1;
}
