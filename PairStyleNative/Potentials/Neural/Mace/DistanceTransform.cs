using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>What becomes of the distance of two atoms before radial functions are taken of it; it depends on the two elements, whichever is first.</summary>
/// <param name="CovalentRadii">By species, Å.</param>
public abstract record DistanceTransform(double[] CovalentRadii)
{
    /// <summary>Why its derivatives would have a step, or null.</summary>
    public virtual string? Kink => null;

    internal abstract Jet At(double r, int first, int second);
}

/// <summary>
/// Agnesi transform of distances (W. C. Witt et al., J. Chem. Phys. 159 (2023) 164101): 1/(1 + a·s^q/(1 + s^(q−p))) with s = r/r₀, r₀ half the sum of the covalent radii of the two atoms.
/// </summary>
/// <param name="A">a.</param>
/// <param name="Q">q.</param>
/// <param name="P">p.</param>
/// <param name="CovalentRadii">By species, Å.</param>
public sealed record AgnesiTransform(double A, double Q, double P, double[] CovalentRadii) : DistanceTransform(CovalentRadii)
{
    /// <inheritdoc/>
    public override string? Kink => P >= 2 && P - Q >= 2 ? null : "p and p − q of 2 or more";

    internal override Jet At(double r, int first, int second)
    {
        // a·s^p/(1 + s^(p−q)) is the same and has no infinity at 0.
        double length = 0.5 * (CovalentRadii[first] + CovalentRadii[second]), s = r / length, e = P - Q;
        double n = A * Math.Pow(s, P), n1 = A * P * Math.Pow(s, P - 1), n2 = A * P * (P - 1) * Math.Pow(s, P - 2);
        double d = 1 + Math.Pow(s, e), d1 = e * Math.Pow(s, e - 1), d2 = e * (e - 1) * Math.Pow(s, e - 2);
        double g = n / d, g1 = (n1 - g * d1) / d, g2 = (n2 - 2 * g1 * d1 - g * d2) / d;
        var f = 1 / (1 + g);
        return new Jet(f, -g1 * f * f / length, (2 * g1 * g1 * f - g2) * f * f / (length * length));
    }
}

/// <summary>
/// The transform of MACE that keeps distances above the bond length and clamps those below (mace/modules/radial.py, <c>SoftTransform</c>): p₀ + (r − p₀)·(1 + tanh(α·(r − m)/(p₁ − p₀)))/2 with p₀ = 3/4 and p₁ = 4/3 of
/// the sum of the covalent radii, m halfway between them.
/// </summary>
/// <param name="Alpha">α.</param>
/// <param name="CovalentRadii">By species, Å.</param>
public sealed record SoftTransform(double Alpha, double[] CovalentRadii) : DistanceTransform(CovalentRadii)
{
    internal override Jet At(double r, int first, int second)
    {
        double bond = CovalentRadii[first] + CovalentRadii[second], low = 0.75 * bond, high = 4 * bond / 3, slope = Alpha / (high - low);
        var t = Math.Tanh(slope * (r - 0.5 * (low + high)));
        double share = 0.5 * (1 + t), share1 = 0.5 * slope * (1 - t * t), share2 = -slope * slope * t * (1 - t * t), above = r - low;
        return new Jet(low + above * share, share + above * share1, 2 * share1 + above * share2);
    }
}
