using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// b_n(r) = factor·sin(w_n·r/r_c)/r·c(r/r_c) with the polynomial cutoff c(u) = 1 − (p+1)(p+2)/2·u^p + p(p+2)·u^(p+1) − p(p+1)/2·u^(p+2), zero for u ≥ 1 (J. Gasteiger et al., ICLR 2020, as NequIP and MACE have it).
/// </summary>
/// <param name="Cutoff">r_c, Å.</param>
/// <param name="Power">p, above 2 for a cutoff without steps in the forces.</param>
/// <param name="Factor">Of all.</param>
/// <param name="Frequencies">w_n; nπ unless trained.</param>
public sealed record BesselBasis(double Cutoff, double Power, double Factor, IReadOnlyList<double> Frequencies)
{
    // Below this w·r/r_c the sine is expanded.
    private const double SmallArgument = 0.05;

    /// <summary>Checks the numbers.</summary>
    /// <param name="hasFunctions">Whether there must be functions; otherwise the cutoff alone is used.</param>
    /// <exception cref="MofException">One is not finite, or there are no functions (InvalidArgument).</exception>
    internal void Check(bool hasFunctions = true)
    {
        if (!(Cutoff > 0) || !double.IsFinite(Cutoff + Power + Factor) || (hasFunctions && Frequencies.Count == 0) || !Frequencies.All(double.IsFinite))
        {
            throw new MofException(
                ErrorKind.InvalidArgument, $"the radial basis is not made of numbers, or has no functions (cutoff {Cutoff} angstrom, power {Power}, factor {Factor}, {Frequencies.Count} frequencies)", expected: "finite ones");
        }
    }

    internal Jet CutoffAt(double r)
    {
        double u = r / Cutoff, p = Power;
        if (u >= 1)
        {
            return default;
        }

        double a = (p + 1) * (p + 2) / 2, b = p * (p + 2), c = p * (p + 1) / 2, inverse = 1 / Cutoff;
        return new Jet(
            1 - a * Math.Pow(u, p) + b * Math.Pow(u, p + 1) - c * Math.Pow(u, p + 2),
            inverse * (-a * p * Math.Pow(u, p - 1) + b * (p + 1) * Math.Pow(u, p) - c * (p + 2) * Math.Pow(u, p + 1)),
            inverse * inverse * (-a * p * (p - 1) * Math.Pow(u, p - 2) + b * (p + 1) * p * Math.Pow(u, p - 1) - c * (p + 2) * (p + 1) * Math.Pow(u, p)));
    }

    internal Jet BareAt(int n, double r)
    {
        double k = Frequencies[n] / Cutoff, x = k * r;
        if (Math.Abs(x) < SmallArgument)
        {
            // sin(kr)/r = k·(1 − x²/6 + x⁴/120 − x⁶/5040 + x⁸/362880).
            var s = x * x;
            return new Jet(
                Factor * k * (1 - s / 6 + s * s / 120 - s * s * s / 5040 + s * s * s * s / 362880),
                Factor * k * k * x * (-1.0 / 3 + s / 30 - s * s / 840 + s * s * s / 45360),
                Factor * k * k * k * (-1.0 / 3 + s / 10 - s * s / 168 + s * s * s / 6480));
        }

        var (sine, cosine) = Math.SinCos(x);
        return new Jet(
            Factor * sine / r,
            Factor * (k * cosine - sine / r) / r,
            Factor * (-k * k * sine - 2 * (k * cosine - sine / r) / r) / r);
    }

    /// <summary>All b_n at a distance.</summary>
    internal Jet[] At(double r)
    {
        var cutoff = CutoffAt(r);
        return [.. Enumerable.Range(0, Frequencies.Count).Select(n => BareAt(n, r) * cutoff)];
    }
}
