using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// Agnesi transform of distances (W. C. Witt et al., J. Chem. Phys. 159 (2023) 164101): 1/(1 + a·s^q/(1 + s^(q−p))) with s = r/r₀, r₀ half the sum of the covalent radii of the two atoms.
/// </summary>
/// <param name="A">a.</param>
/// <param name="Q">q.</param>
/// <param name="P">p.</param>
/// <param name="CovalentRadii">By species, Å.</param>
public sealed record AgnesiTransform(double A, double Q, double P, double[] CovalentRadii)
{
    internal Jet At(double r, int first, int second)
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

/// <summary>The functions of the distance of an edge: Bessel functions of the distance or of what becomes of it, times a cutoff of the distance itself.</summary>
/// <param name="Basis">Bessel functions and cutoff.</param>
/// <param name="Transform">Of the distance; null: none.</param>
public sealed record RadialForm(BesselBasis Basis, AgnesiTransform? Transform = null)
{
    /// <summary>Whether it depends on the species of the two atoms.</summary>
    public bool OfSpecies => Transform is not null;

    /// <summary>What a radial network makes of a distance, with two derivatives, <c>[Outputs]</c>.</summary>
    internal Jet[] Expand(DenseNetwork network, double r, int first, int second) =>
        ScalarNetwork.Expand(network, Transform is null ? Basis.At(r) : Transformed(r, Transform.At(r, first, second)));

    private Jet[] Transformed(double r, Jet x)
    {
        var cutoff = Basis.CutoffAt(r);
        return [.. Enumerable.Range(0, Basis.Frequencies.Count).Select(n =>
        {
            var bare = Basis.BareAt(n, x.Value);
            return new Jet(bare.Value, bare.First * x.First, bare.Second * x.First * x.First + bare.First * x.Second) * cutoff;
        })];
    }
}

/// <summary>
/// Repulsion of nuclei as MACE adds it (mace/modules/radial.py, <c>ZBLBasis</c>): Ziegler–Biersack–Littmark with a screening length of a = Prefactor·0.529 Å/(Z₁^Exponent + Z₂^Exponent), times the polynomial
/// cutoff that ends at the sum of the covalent radii. Its constants are MACE's own, rounded as there.
/// </summary>
/// <param name="AtomicNumbers">By species.</param>
/// <param name="CovalentRadii">By species, Å.</param>
/// <param name="Coefficients">Of the four exponentials.</param>
/// <param name="Prefactor">0.4543 unless trained.</param>
/// <param name="Exponent">0.3 unless trained.</param>
/// <param name="Power">p of the cutoff.</param>
public sealed record PairRepulsion(int[] AtomicNumbers, double[] CovalentRadii, double[] Coefficients, double Prefactor, double Exponent, double Power) : IPairRepulsion
{
    private const double CoulombConstant = 14.3996, BohrRadius = 0.529;
    private static readonly double[] _decays = [3.2, 0.9423, 0.4028, 0.2016];

    (double Value, double Slope) IPairRepulsion.At(double r, int first, int second) => At(r, first, second);

    /// <summary>The energy that one atom of a pair has of it, eV, and its derivative, eV/Å.</summary>
    internal (double Value, double Slope) At(double r, int first, int second)
    {
        var reach = CovalentRadii[first] + CovalentRadii[second];
        if (r >= reach)
        {
            return (0, 0);
        }

        double z1 = AtomicNumbers[first], z2 = AtomicNumbers[second];
        var length = Prefactor * BohrRadius / (Math.Pow(z1, Exponent) + Math.Pow(z2, Exponent));
        double screening = 0, slope = 0;
        for (var k = 0; k < _decays.Length; k++)
        {
            var one = Coefficients[k] * Math.Exp(-_decays[k] * r / length);
            screening += one;
            slope -= one * _decays[k] / length;
        }

        var cutoff = new BesselBasis(reach, Power, 1, []).CutoffAt(r);
        var factor = 0.5 * CoulombConstant * z1 * z2 / r;
        return (factor * screening * cutoff.Value, factor * ((slope - screening / r) * cutoff.Value + screening * cutoff.First));
    }
}
