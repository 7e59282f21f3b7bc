using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>Part of the coefficient of a product: coupling times weight.</summary>
/// <param name="Weight">Place of the weight among those of its order.</param>
/// <param name="Coupling">What it is multiplied by.</param>
public readonly record struct ContractionShare(int Weight, double Coupling);

/// <summary>One product of the numbers of a channel, of all those that differ in the order of factors.</summary>
/// <param name="Result">m of the output that it is added to.</param>
/// <param name="Factors">Places in A, ascending; as many as the product's order.</param>
/// <param name="Shares">Its coefficient is Σ coupling·weight.</param>
public sealed record ContractionTerm(int Result, int[] Factors, ContractionShare[] Shares);

/// <summary>
/// The symmetric contraction of MACE for one representation L (I. Batatia et al., NeurIPS 2022, eq. 10): B_M = Σ_ν Σ_k w_νk Σ U_M,a₁…a_ν,k·A_a₁…A_a_ν channel by channel, with weights by species. Products that are
/// the same number are added up beforehand, so that what is left of U are the terms of a polynomial in A. Immutable.
/// </summary>
public sealed class SymmetricContraction
{
    // Sums that vanish leave this much of the rounding of U, whose numbers are of the order of 0.1.
    private const double Negligible = 1e-12;

    private readonly double[][][] _weights;

    private SymmetricContraction(Irrep output, int width, int channels, ContractionTerm[] terms, double[][][] weights)
    {
        (Output, Width, Channels, Terms, _weights) = (output, width, channels, terms, weights);
    }

    /// <summary>L.</summary>
    public Irrep Output { get; }

    /// <summary>Numbers of A in a channel: all degrees from 0 on, (l_max + 1)².</summary>
    public int Width { get; }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>The terms, of low order first.</summary>
    public IReadOnlyList<ContractionTerm> Terms { get; }

    /// <summary>Adds up what is the same in U.</summary>
    /// <param name="output">L.</param>
    /// <param name="width">Numbers of A.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="couplings">U by order, <c>double[2L + 1][width]…[width][k]</c>.</param>
    /// <param name="weights">By order and species, <c>double[k][channels]</c>.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">Sizes that do not fit, numbers that are not finite (InvalidArgument).</exception>
    public static SymmetricContraction Of(Irrep output, int width, int channels, IReadOnlyList<double[]> couplings, double[][][] weights, string where)
    {
        ArgumentNullException.ThrowIfNull(couplings);
        var terms = new List<ContractionTerm>();
        for (var order = 1; order <= couplings.Count; order++)
        {
            var products = (int)Math.Pow(width, order);
            var paths = couplings[order - 1].Length / (output.Dimension * products);
            if (couplings[order - 1].Length != output.Dimension * products * paths || weights[order - 1].Any(one => one.Length != paths * channels))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the couplings of order {order} are {couplings[order - 1].Length} numbers", where, $"{output.Dimension} × {width}^{order} for each of the weights of a channel");
            }

            if (!Array.TrueForAll(couplings[order - 1], double.IsFinite) || weights[order - 1].Any(one => !Array.TrueForAll(one, double.IsFinite)))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"couplings or weights of order {order} are not finite", where, "finite numbers");
            }

            terms.AddRange(Collect(output, width, order, products, paths, couplings[order - 1]));
        }

        return new SymmetricContraction(output, width, channels, [.. terms], weights);
    }

    /// <summary>The coefficients of a term, <c>double[Channels]</c>.</summary>
    /// <param name="term">Of <see cref="Terms"/>.</param>
    /// <param name="species">Of the atom.</param>
    public double[] Coefficients(ContractionTerm term, int species)
    {
        ArgumentNullException.ThrowIfNull(term);
        var weights = _weights[term.Factors.Length - 1][species];
        var result = new double[Channels];
        foreach (var share in term.Shares)
        {
            for (var c = 0; c < Channels; c++)
            {
                result[c] += share.Coupling * weights[share.Weight * Channels + c];
            }
        }

        return result;
    }

    private static List<ContractionTerm> Collect(Irrep output, int width, int order, int products, int paths, double[] couplings)
    {
        var terms = new List<ContractionTerm>();
        var factors = new int[order];
        for (var result = 0; result < output.Dimension; result++)
        {
            var sums = new Dictionary<int, double[]>();
            for (var product = 0; product < products; product++)
            {
                var first = ((long)result * products + product) * paths;
                var key = 0;
                for (var n = 0; n < paths; n++)
                {
                    var value = couplings[first + n];
                    if (value == 0)
                    {
                        continue;
                    }

                    key = key == 0 ? 1 + Sorted(product, width, factors) : key;
                    if (!sums.TryGetValue(key, out var sum))
                    {
                        sums.Add(key, sum = new double[paths]);
                    }

                    sum[n] += value;
                }
            }

            foreach (var (key, sum) in sums.OrderBy(one => one.Key))
            {
                ContractionShare[] shares = [.. Enumerable.Range(0, paths).Where(n => Math.Abs(sum[n]) > Negligible).Select(n => new ContractionShare(n, sum[n]))];
                if (shares.Length > 0)
                {
                    _ = Sorted(key - 1, width, factors);
                    terms.Add(new ContractionTerm(result, [.. factors], shares));
                }
            }
        }

        return terms;
    }

    // The product with its factors in ascending order.
    private static int Sorted(int product, int width, int[] factors)
    {
        for (var k = factors.Length - 1; k >= 0; k--)
        {
            factors[k] = product % width;
            product /= width;
        }

        Array.Sort(factors);
        return factors.Aggregate(0, (all, one) => all * width + one);
    }
}
