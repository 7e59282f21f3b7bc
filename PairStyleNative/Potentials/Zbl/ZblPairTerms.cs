using System.Runtime.Intrinsics;
using MofInterop.Potentials.Units;

namespace MofInterop.Potentials.Zbl;

/// <summary>
/// The ZBL energy of one pair of species (J. F. Ziegler, J. P. Biersack, U. Littmark, The Stopping and Range of Ions in
/// Matter, Pergamon 1985) with the switching of LAMMPS's <c>pair_style zbl</c> (doc/pair_zbl, doc/pair_gromacs):
/// E(r) = Z₁Z₂e²/(4πε₀ r)·φ(r/a) + S(r), a = 0.46850 Å/(Z₁^0.23 + Z₂^0.23), φ a sum of four exponentials.
/// S(r) = C for r ≤ inner, A/3·t³ + B/4·t⁴ + C beyond, t = r − inner: with w = outer − inner and F the unswitched energy,
/// A = (w·F″ − 3F′)/w², B = (2F′ − w·F″)/w³, C = −F + w/2·F′ − w²/12·F″ (all at outer) make E, E′ and E″ vanish there.
/// </summary>
internal readonly struct ZblPairTerms
{
    private const double ScreeningLength = 0.46850, ScreeningExponent = 0.23;

    private readonly Vector256<double> _amplitudes;
    private readonly Vector256<double> _rates;
    private readonly double _inner;
    private readonly double _cubic;
    private readonly double _quartic;
    private readonly double _constant;

    public ZblPairTerms(int firstCharge, int secondCharge, double inner, double outer)
    {
        (_amplitudes, _rates) = Screening(firstCharge, secondCharge, PhysicalConstants.LammpsMetalCoulomb);
        _inner = inner;
        SquaredCutoff = outer * outer;
        var (energy, slope, curvature) = Unswitched(outer);
        var width = outer - inner;
        _cubic = (width * curvature - 3 * slope) / (3 * width * width);
        _quartic = (2 * slope - width * curvature) / (4 * width * width * width);
        _constant = -energy + width / 2 * slope - width * width / 12 * curvature;
    }

    /// <summary>Without switching: what neural potentials multiply with a cutoff function of their own.</summary>
    /// <param name="firstCharge">Atomic number.</param>
    /// <param name="secondCharge">Atomic number.</param>
    /// <param name="coulomb">e²/(4πε₀), eV·Å, or the part of it that counts.</param>
    public ZblPairTerms(double firstCharge, double secondCharge, double coulomb)
    {
        (_amplitudes, _rates) = Screening(firstCharge, secondCharge, coulomb);
        _inner = SquaredCutoff = double.PositiveInfinity;
    }

    /// <summary>Å²; 0 where the pair is not one of the model's.</summary>
    public double SquaredCutoff { get; }

    /// <summary>E, eV, and dE/dr, eV/Å, of a distance inside the cutoff.</summary>
    public (double Energy, double Slope) At(double distance)
    {
        var terms = _amplitudes * Vector256.Exp(-(_rates * distance));
        var inverse = 1 / distance;
        var energy = Vector256.Sum(terms) * inverse;
        var slope = -(Vector256.Sum(terms * _rates) + energy) * inverse;
        energy += _constant;
        var t = distance - _inner;
        if (t > 0)
        {
            var square = t * t;
            energy += square * t * (_cubic + _quartic * t);
            slope += square * (3 * _cubic + 4 * _quartic * t);
        }

        return (energy, slope);
    }

    private static (Vector256<double> Amplitudes, Vector256<double> Rates) Screening(double firstCharge, double secondCharge, double coulomb)
    {
        var inverseLength = (Math.Pow(firstCharge, ScreeningExponent) + Math.Pow(secondCharge, ScreeningExponent)) / ScreeningLength;
        return (Vector256.Create(0.18175, 0.50986, 0.28022, 0.02817) * (firstCharge * secondCharge * coulomb), Vector256.Create(3.19980, 0.94229, 0.40290, 0.20162) * inverseLength);
    }

    private (double Energy, double Slope, double Curvature) Unswitched(double distance)
    {
        var terms = _amplitudes * Vector256.Exp(-(_rates * distance));
        double sum = Vector256.Sum(terms), first = Vector256.Sum(terms * _rates), second = Vector256.Sum(terms * _rates * _rates);
        return (
            sum / distance,
            -(first + sum / distance) / distance,
            (second + 2 * (first + sum / distance) / distance) / distance);
    }
}
