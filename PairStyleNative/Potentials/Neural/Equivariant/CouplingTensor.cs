using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>One number that is not zero of a <see cref="CouplingTensor"/>.</summary>
/// <param name="First">m of the first factor, from 0.</param>
/// <param name="Second">m of the second factor, from 0.</param>
/// <param name="Result">m of the product, from 0.</param>
/// <param name="Value">The number.</param>
public readonly record struct CouplingEntry(int First, int Second, int Result, double Value);

/// <summary>
/// How two representations make a third (Wigner 3j symbols of real harmonics, norm 1, as e3nn's <c>o3.wigner_3j</c>): z_k = Σ C_ijk·x_i·y_j. Only what is not zero is kept. Immutable.
/// </summary>
/// <remarks>Their signs are conventions that differ between versions of e3nn, and weights are trained with them: take them from the file of the model.</remarks>
public sealed class CouplingTensor
{
    // What rounding in the program that made the file has left of zeros.
    private const double Negligible = 1e-7;

    private CouplingTensor(int first, int second, int result, CouplingEntry[] entries)
    {
        (First, Second, Result) = (first, second, result);
        Entries = entries;
    }

    /// <summary>l of the first factor.</summary>
    public int First { get; }

    /// <summary>l of the second factor.</summary>
    public int Second { get; }

    /// <summary>l of the product.</summary>
    public int Result { get; }

    /// <summary>What is not zero, in the order of i, j, k.</summary>
    public IReadOnlyList<CouplingEntry> Entries { get; }

    /// <summary>Of a full tensor.</summary>
    /// <param name="first">l of the first factor.</param>
    /// <param name="second">l of the second factor.</param>
    /// <param name="result">l of the product.</param>
    /// <param name="values"><c>double[2·first + 1][2·second + 1][2·result + 1]</c>.</param>
    /// <exception cref="MofException">Another number of values, or one that is not finite (InvalidArgument).</exception>
    public static CouplingTensor Of(int first, int second, int result, ReadOnlySpan<double> values)
    {
        int n = 2 * first + 1, m = 2 * second + 1, p = 2 * result + 1;
        if (values.Length != n * m * p)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the coupling of l = {first} and {second} to {result} has {values.Length} numbers", expected: $"{n} × {m} × {p}");
        }

        var entries = new List<CouplingEntry>();
        for (var at = 0; at < values.Length; at++)
        {
            if (!double.IsFinite(values[at]))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the coupling of l = {first} and {second} to {result} holds a number that is not finite", expected: "Wigner 3j symbols");
            }

            if (Math.Abs(values[at]) > Negligible)
            {
                entries.Add(new CouplingEntry(at / p / m, at / p % m, at % p, values[at]));
            }
        }

        return new CouplingTensor(first, second, result, [.. entries]);
    }

    /// <summary>Whether one of the three is a scalar, so that the coupling is a unit matrix divided by the square root of its size, which files leave out.</summary>
    public static bool IsTrivial(int first, int second, int result) => first == 0 || second == 0 || result == 0;

    /// <summary>The coupling where one of the three is a scalar.</summary>
    /// <exception cref="MofException">None is, or they do not couple (InvalidArgument).</exception>
    public static CouplingTensor Trivial(int first, int second, int result)
    {
        var largest = Math.Max(first, Math.Max(second, result));
        if (!IsTrivial(first, second, result) || first + second + result != 2 * largest)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"l = {first} and {second} do not make {result} by themselves", expected: "one of them 0, the others equal");
        }

        var value = 1 / Math.Sqrt(2 * largest + 1);
        return new CouplingTensor(first, second, result, [.. Enumerable.Range(0, 2 * largest + 1).Select(m => new CouplingEntry(first == 0 ? 0 : m, second == 0 ? 0 : m, result == 0 ? 0 : m, value))]);
    }
}
