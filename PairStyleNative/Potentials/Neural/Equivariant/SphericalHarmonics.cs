namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// Real spherical harmonics of unit vectors in e3nn's order (y is the polar axis) and 'component' normalization, Σ_m Y_lm² = 2l + 1:
/// 1; √3·(x, y, z); (√15·xz, √15·xy, √5·(y² − (x² + z²)/2), √15·yz, √15/2·(z² − x²)); … (e3nn, o3/_spherical_harmonics.py).
/// </summary>
internal static unsafe class SphericalHarmonics
{
    /// <summary>The largest l.</summary>
    public const int MaximumDegree = 3;

    /// <summary>The largest l of features.</summary>
    public const int MaximumIrrep = 16;

    /// <summary>Numbers of all degrees up to the largest.</summary>
    public const int MaximumWidth = (MaximumDegree + 1) * (MaximumDegree + 1);

    private const double Sqrt3 = 1.7320508075688772935, Sqrt5 = 2.2360679774997896964, Sqrt15 = 3.8729833462074168852;

    // √7 times √(5/8), √15, √(3/8), 1/2.
    private const double C30 = 2.0916500663351888699, C31 = 10.246950765959598383, C32 = 1.6201851746019650544, C33 = 1.3228756555322952953;

    /// <summary>Numbers of degrees 0 to <paramref name="degree"/>: (degree + 1)².</summary>
    public static int WidthTo(int degree) => (degree + 1) * (degree + 1);

    /// <summary>Where the numbers of a degree begin: degree².</summary>
    public static int OffsetOf(int degree) => degree * degree;

    /// <summary>Y of all degrees up to <paramref name="degree"/>.</summary>
    /// <param name="degree">0 to <see cref="MaximumDegree"/>.</param>
    /// <param name="x">Of the unit vector.</param>
    /// <param name="y">Of the unit vector.</param>
    /// <param name="z">Of the unit vector.</param>
    /// <param name="values"><c>double[<see cref="WidthTo"/>]</c>, filled.</param>
    public static void Evaluate(int degree, double x, double y, double z, double* values)
    {
        values[0] = 1;
        if (degree == 0)
        {
            return;
        }

        values[1] = Sqrt3 * x;
        values[2] = Sqrt3 * y;
        values[3] = Sqrt3 * z;
        if (degree == 1)
        {
            return;
        }

        double xx = x * x, yy = y * y, zz = z * z;
        values[4] = Sqrt15 * x * z;
        values[5] = Sqrt15 * x * y;
        values[6] = Sqrt5 * (yy - 0.5 * (xx + zz));
        values[7] = Sqrt15 * y * z;
        values[8] = 0.5 * Sqrt15 * (zz - xx);
        if (degree == 2)
        {
            return;
        }

        values[9] = C30 * x * (3 * zz - xx);
        values[10] = C31 * x * y * z;
        values[11] = C32 * x * (4 * yy - xx - zz);
        values[12] = C33 * y * (2 * yy - 3 * (xx + zz));
        values[13] = C32 * z * (4 * yy - xx - zz);
        values[14] = 0.5 * C31 * y * (zz - xx);
        values[15] = C30 * z * (zz - 3 * xx);
    }

    /// <summary>
    /// Σ weight·∂Y/∂v for the vector v = r·(x, y, z), that is 1/r times what is across the unit vector in Σ weight·∂P/∂(x, y, z), P the polynomials of <see cref="Evaluate"/>.
    /// </summary>
    /// <param name="degree">As in <see cref="Evaluate"/>.</param>
    /// <param name="x">Of the unit vector.</param>
    /// <param name="y">Of the unit vector.</param>
    /// <param name="z">Of the unit vector.</param>
    /// <param name="inverse">1/r, 1/Å.</param>
    /// <param name="w">Weights of all Y.</param>
    /// <param name="gradient"><c>double[3]</c>, added to.</param>
    public static void AddGradient(int degree, double x, double y, double z, double inverse, double* w, double* gradient)
    {
        if (degree == 0)
        {
            return;
        }

        double gx = Sqrt3 * w[1], gy = Sqrt3 * w[2], gz = Sqrt3 * w[3];
        if (degree > 1)
        {
            gx += Sqrt15 * (z * w[4] + y * w[5] - x * w[8]) - Sqrt5 * x * w[6];
            gy += Sqrt15 * (x * w[5] + z * w[7]) + 2 * Sqrt5 * y * w[6];
            gz += Sqrt15 * (x * w[4] + y * w[7] + z * w[8]) - Sqrt5 * z * w[6];
        }

        if (degree > 2)
        {
            double xx = x * x, yy = y * y, zz = z * z;
            gx += C30 * (3 * (zz - xx) * w[9] - 6 * x * z * w[15]) + C31 * (y * z * w[10] - x * y * w[14]) + C32 * ((4 * yy - 3 * xx - zz) * w[11] - 2 * x * z * w[13]) - 6 * C33 * x * y * w[12];
            gy += C31 * (x * z * w[10] + 0.5 * (zz - xx) * w[14]) + 8 * C32 * y * (x * w[11] + z * w[13]) + C33 * (6 * yy - 3 * (xx + zz)) * w[12];
            gz += C30 * (6 * x * z * w[9] + 3 * (zz - xx) * w[15]) + C31 * (x * y * w[10] + y * z * w[14]) + C32 * (-2 * x * z * w[11] + (4 * yy - xx - 3 * zz) * w[13]) - 6 * C33 * y * z * w[12];
        }

        var along = gx * x + gy * y + gz * z;
        gradient[0] += inverse * (gx - along * x);
        gradient[1] += inverse * (gy - along * y);
        gradient[2] += inverse * (gz - along * z);
    }
}
