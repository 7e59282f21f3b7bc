namespace MofInterop.Potentials.Snap;

/// <summary>
/// How the fast kernel stores Wigner functions. They are kept without their square roots,
/// U_j(ma,mb) = n_j(ma,mb)·W_j(ma,mb), n_j(ma,mb) = √(ma!(j−ma)!/(mb!(j−mb)!)), because then
/// W_j(ma,mb) = [t^ma] (a* − b*·t)^{j−mb}·(b + a·t)^mb obeys recursions without any factors (<see cref="DensityPass"/>).
/// n and hence the mirror symmetry are the same for (ma,mb) and (j−ma,j−mb): W_j(j−ma,j−mb) = (−1)^{ma+mb}·W_j(ma,mb)*.
/// Full planes follow <see cref="SnapIndices"/>; half planes hold the rows 2mb ≤ j only, whole rows with ma fastest.
/// The half plane proper, of which the mirror gives the rest, is 2mb &lt; j, or 2mb = j and 2ma ≤ j: the leading part of the rows.
/// </summary>
internal static class SnapPlanes
{
    /// <summary>Rows of a layer's half plane.</summary>
    public static int Rows(int j) => j / 2 + 1;

    /// <summary>Where the half plane of layer j starts, in complex numbers.</summary>
    public static int HalfStart(int j)
    {
        var start = 0;
        for (var k = 0; k < j; k++)
        {
            start += Rows(k) * (k + 1);
        }

        return start;
    }

    /// <summary>Elements of the half plane proper of layer j; they are the first of its rows.</summary>
    public static int ProperCount(int j) => (j + 1) / 2 * (j + 1) + (j % 2 == 0 ? j / 2 + 1 : 0);

    /// <summary>n_j(ma,mb).</summary>
    public static double Norm(int j, int ma, int mb) =>
        Math.Sqrt(Factorial(ma) * Factorial(j - ma) / (Factorial(mb) * Factorial(j - mb)));

    private static double Factorial(int n)
    {
        var product = 1.0;
        for (var k = 2; k <= n; k++)
        {
            product *= k;
        }

        return product;
    }
}
