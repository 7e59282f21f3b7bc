using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// The functions of the distance of an edge: Bessel functions, or others, of the distance or of what becomes of it, and a cutoff of the distance itself, which multiplies either them or what networks make of them.
/// </summary>
/// <param name="Basis">Bessel functions and cutoff.</param>
/// <param name="Transform">Of the distance; null: none.</param>
/// <param name="Functions">In the place of Bessel functions; null: those.</param>
/// <param name="CutoffOfWeights">Whether the cutoff multiplies what networks give (<c>apply_cutoff</c> false); if not, what they are given.</param>
public sealed record RadialForm(BesselBasis Basis, DistanceTransform? Transform = null, RadialFunctions? Functions = null, bool CutoffOfWeights = false)
{
    /// <summary>Number of functions.</summary>
    public int Count => Functions?.Count ?? Basis.Frequencies.Count;

    /// <summary>Checks the numbers.</summary>
    /// <param name="speciesCount">Species of the model.</param>
    /// <exception cref="MofException">What it gives is not finite, or it has no functions (InvalidArgument).</exception>
    internal void Check(int speciesCount)
    {
        Basis.Check(hasFunctions: Functions is null);
        var pairs = Transform is null ? 1 : speciesCount * speciesCount;
        for (var pair = 0; pair < pairs; pair++)
        {
            foreach (var part in (double[])[0.2, 0.5, 0.9])
            {
                var r = part * Basis.Cutoff;
                if (Count == 0 || !Inputs(r, Basis.CutoffAt(r), pair / speciesCount, pair % speciesCount).All(one => double.IsFinite(one.Value + one.First + one.Second)))
                {
                    throw new MofException(ErrorKind.InvalidArgument, $"radial functions are none, or no numbers at {r} angstrom", expected: "finite frequencies, centers, radii and parameters of transforms");
                }
            }
        }
    }

    /// <summary>What a radial network makes of a distance, with two derivatives, <c>[Outputs]</c>.</summary>
    internal Jet[] Expand(EdgeNetwork network, double r, int center, int neighbor)
    {
        var cutoff = Basis.CutoffAt(r);
        var values = network.Expand(Inputs(r, cutoff, center, neighbor), center, neighbor);
        return CutoffOfWeights ? [.. values.Select(one => one * cutoff)] : values;
    }

    /// <summary>What an edge adds to the density of its center: tanh(y²) of the one output y of a network.</summary>
    internal Jet Density(EdgeNetwork network, double r, int center, int neighbor)
    {
        var cutoff = Basis.CutoffAt(r);
        var y = network.Expand(Inputs(r, cutoff, center, neighbor), center, neighbor)[0];
        var density = (y * y).Tanh();
        return CutoffOfWeights ? density * cutoff : density;
    }

    private Jet[] Inputs(double r, Jet cutoff, int first, int second)
    {
        var x = Transform?.At(r, first, second) ?? new Jet(r, 1, 0);
        return [.. Enumerable.Range(0, Count).Select(n =>
        {
            var bare = Functions?.At(n, x.Value) ?? Basis.BareAt(n, x.Value);
            var whole = Transform is null ? bare : new Jet(bare.Value, bare.First * x.First, bare.Second * x.First * x.First + bare.First * x.Second);
            return CutoffOfWeights ? whole : whole * cutoff;
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

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="MofException">One is not finite (InvalidArgument).</exception>
    internal void Check()
    {
        if (!(Prefactor > 0) || !double.IsFinite(Prefactor + Exponent + Power) || !Coefficients.All(double.IsFinite) || !CovalentRadii.All(one => one > 0 && double.IsFinite(one)))
        {
            throw new MofException(ErrorKind.InvalidArgument, "the repulsion of nuclei is not made of numbers", expected: "finite ones, and radii above 0");
        }
    }

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
