namespace MofInterop.Potentials.Snap;

/// <summary>
/// Clebsch–Gordan coefficients by the quasi-binomial formula VMK 8.2.1(3) (Varshalovich, Moskalev, Khersonskii,
/// <i>Quantum Theory of Angular Momentum</i>, 1988), as LAMMPS <c>SNA::init_clebsch_gordan</c> has them.
/// Labels are those of <see cref="SnapIndices"/>: j = 2J, m shifted to 0 … j.
/// </summary>
internal static class ClebschGordan
{
    private static readonly double[] Factorials = MakeFactorials();

    /// <summary>C(j1,m1,j2,m2 | j, m1 + m2 − (j1 + j2 − j)/2), or 0 when that m isn't in 0 … j.</summary>
    public static double Coefficient(int j1, int j2, int j, int m1, int m2)
    {
        int a = 2 * m1 - j1, b = 2 * m2 - j2;
        var m = (a + b + j) / 2;
        if (m < 0 || m > j)
        {
            return 0;
        }

        var sum = 0.0;
        var first = Math.Max(0, Math.Max(-(j - j2 + a) / 2, -(j - j1 - b) / 2));
        var last = Math.Min((j1 + j2 - j) / 2, Math.Min((j1 - a) / 2, (j2 + b) / 2));
        for (var z = first; z <= last; z++)
        {
            var product = Factorials[z] * Factorials[(j1 + j2 - j) / 2 - z]
                * Factorials[(j1 - a) / 2 - z] * Factorials[(j2 + b) / 2 - z]
                * Factorials[(j - j2 + a) / 2 + z] * Factorials[(j - j1 - b) / 2 + z];
            sum += (z % 2 == 0 ? 1 : -1) / product;
        }

        var c = 2 * m - j;
        var triangle = Math.Sqrt(Factorials[(j1 + j2 - j) / 2] * Factorials[(j1 - j2 + j) / 2]
            * Factorials[(-j1 + j2 + j) / 2] / Factorials[(j1 + j2 + j) / 2 + 1]);
        var root = Math.Sqrt(Factorials[(j1 + a) / 2] * Factorials[(j1 - a) / 2] * Factorials[(j2 + b) / 2]
            * Factorials[(j2 - b) / 2] * Factorials[(j + c) / 2] * Factorials[(j - c) / 2] * (j + 1));
        return sum * triangle * root;
    }

    /// <summary>All coefficients of (j1,j2,j), <c>double[j1 + 1][j2 + 1]</c> over m1, m2.</summary>
    public static double[] Block(int j1, int j2, int j)
    {
        var block = new double[(j1 + 1) * (j2 + 1)];
        for (var m1 = 0; m1 <= j1; m1++)
        {
            for (var m2 = 0; m2 <= j2; m2++)
            {
                block[m1 * (j2 + 1) + m2] = Coefficient(j1, j2, j, m1, m2);
            }
        }

        return block;
    }

    private static double[] MakeFactorials()
    {
        var table = new double[3 * SnapModel.MaximumTwoJMax / 2 + 3];
        table[0] = 1;
        for (var n = 1; n < table.Length; n++)
        {
            table[n] = table[n - 1] * n;
        }

        return table;
    }
}
