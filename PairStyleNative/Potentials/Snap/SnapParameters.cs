namespace MofInterop.Potentials.Snap;

/// <summary>
/// The settings of a SNAP descriptor: the keywords of a LAMMPS <c>snapparam</c> file, with LAMMPS's defaults.
/// Immutable; <see cref="SnapModel"/> checks the values.
/// </summary>
public sealed record SnapParameters
{
    /// <summary><c>rcutfac</c>: the cutoff of a pair is (R_i + R_j)·rcutfac; Å when radii are numbers, a number when radii are in Å.</summary>
    public required double CutoffFactor { get; init; }

    /// <summary><c>twojmax</c>: twice the largest angular momentum J, 0 … <see cref="SnapModel.MaximumTwoJMax"/>.</summary>
    public required int TwoJMax { get; init; }

    /// <summary><c>rfac0</c>: θ0 = rfac0·π·(r − rmin0)/(R_cut − rmin0).</summary>
    public double AngleFactor { get; init; } = 0.99363;

    /// <summary><c>rmin0</c>, Å: the distance of θ0 = 0, below which the switching function is 1.</summary>
    public double MinimumDistance { get; init; }

    /// <summary><c>switchflag</c>: neighbours fade out by ½(cos(π(r − rmin0)/(R_cut − rmin0)) + 1).</summary>
    public bool Switching { get; init; } = true;

    /// <summary><c>bzeroflag</c>: the bispectrum of an isolated atom is subtracted.</summary>
    public bool SubtractIsolatedAtom { get; init; } = true;

    /// <summary><c>quadraticflag</c>: E = β·B + ½ Bᵀ·α·B; the upper triangle of α follows β in the coefficients.</summary>
    public bool Quadratic { get; init; }

    /// <summary><c>chemflag</c>: one density per species; components B(κ,λ,μ; j1,j2,j) for every triple of species.</summary>
    public bool Chemical { get; init; }

    /// <summary><c>bnormflag</c>: B(j1,j2,j) is divided by j + 1.</summary>
    public bool Normalized { get; init; }

    /// <summary><c>wselfallflag</c>: with <see cref="Chemical"/>, the central atom counts in every species' density.</summary>
    public bool SelfInAllDensities { get; init; }

    /// <summary><c>switchinnerflag</c>: neighbours fade in between sinner − dinner and sinner + dinner (see <see cref="SnapSpecies"/>).</summary>
    public bool InnerSwitching { get; init; }
}
