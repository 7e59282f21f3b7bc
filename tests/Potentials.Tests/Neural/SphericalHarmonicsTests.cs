using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Tests.Neural;

public sealed unsafe class SphericalHarmonicsTests
{
    private static readonly double[][] _vectors = [[1.1, -0.4, 0.7], [-0.3, 1.9, -2.2], [0, 0, 1.3], [0, -1, 0], [0.6, 0.6, 0.6]];

    [Fact]
    public void Every_degree_has_the_norm_of_its_size_and_no_two_harmonics_overlap()
    {
        // An exact quadrature of the sphere for these degrees: Gauss-Legendre along y, equal steps around it.
        double[] nodes = [0, 0.4058451513773972, 0.7415311855993945, 0.9491079123427585], weights = [0.4179591836734694, 0.3818300505051189, 0.2797053914892766, 0.1294849661688697];
        var overlap = new double[16, 16];
        for (var k = -3; k <= 3; k++)
        {
            for (var n = 0; n < 12; n++)
            {
                var (y, angle) = (Math.Sign(k) * nodes[Math.Abs(k)], 2 * Math.PI * n / 12);
                var across = Math.Sqrt(1 - y * y);
                var found = At(across * Math.Sin(angle), y, across * Math.Cos(angle));
                for (var l = 0; l <= 3; l++)
                {
                    Enumerable.Range(l * l, 2 * l + 1).Sum(m => found[m] * found[m]).ShouldBe(2 * l + 1, 1e-13);
                }

                for (var a = 0; a < 16; a++)
                {
                    for (var b = 0; b < 16; b++)
                    {
                        overlap[a, b] += 0.5 * weights[Math.Abs(k)] / 12 * found[a] * found[b];
                    }
                }
            }
        }

        for (var a = 0; a < 16; a++)
        {
            for (var b = 0; b < 16; b++)
            {
                overlap[a, b].ShouldBe(a == b ? 1 : 0, 1e-13);
            }
        }
    }

    [Fact]
    public void The_first_ones_are_what_e3nn_writes_down()
    {
        var (x, y, z) = (2.0 / 7, 3.0 / 7, 6.0 / 7);
        var found = At(x, y, z);
        double[] expected =
        [
            1, Math.Sqrt(3) * x, Math.Sqrt(3) * y, Math.Sqrt(3) * z,
            Math.Sqrt(15) * x * z, Math.Sqrt(15) * x * y, Math.Sqrt(5) * (y * y - (x * x + z * z) / 2), Math.Sqrt(15) * y * z, Math.Sqrt(15) / 2 * (z * z - x * x),
            Math.Sqrt(7 * 5 / 6.0) * (Math.Sqrt(3) * x * z * z + Math.Sqrt(3) / 2 * (z * z - x * x) * x), Math.Sqrt(7 * 5) * Math.Sqrt(3) * x * z * y, Math.Sqrt(7 * 3 / 8.0) * (4 * y * y - x * x - z * z) * x,
            Math.Sqrt(7) / 2 * y * (2 * y * y - 3 * (x * x + z * z)), Math.Sqrt(7 * 3 / 8.0) * z * (4 * y * y - x * x - z * z), Math.Sqrt(7 * 5) * Math.Sqrt(3) / 2 * (z * z - x * x) * y,
            Math.Sqrt(7 * 5 / 6.0) * (Math.Sqrt(3) / 2 * (z * z - x * x) * z - Math.Sqrt(3) * x * z * x),
        ];
        found.ShouldBe(expected, 1e-14);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gradients_are_derivatives_by_the_vector(int degree)
    {
        double[] weights = [.. Enumerable.Range(0, 16).Select(n => Math.Sin(3 + 5 * n))];
        foreach (var vector in _vectors)
        {
            double Sum(double[] v)
            {
                var r = Math.Sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
                var found = At(v[0] / r, v[1] / r, v[2] / r);
                return Enumerable.Range(0, SphericalHarmonics.WidthTo(degree)).Sum(n => weights[n] * found[n]);
            }

            var length = Math.Sqrt(vector.Sum(one => one * one));
            var gradient = new double[3];
            fixed (double* pointer = weights, target = gradient)
            {
                SphericalHarmonics.AddGradient(degree, vector[0] / length, vector[1] / length, vector[2] / length, 1 / length, pointer, target);
            }

            for (var k = 0; k < 3; k++)
            {
                gradient[k].ShouldBe(FiniteDifferences.Derivative(h => Sum([.. vector.Select((one, m) => m == k ? one + h : one)])), 1e-9);
            }
        }
    }

    [Fact]
    public void Lists_of_representations_are_read_as_e3nn_writes_them()
    {
        var irreps = Irreps.Parse("32x0e+ 16x1o + 2e");
        irreps.ToString().ShouldBe("32x0e+16x1o+1x2e");
        irreps.Width.ShouldBe(32 + 48 + 5);
        irreps.OffsetOf(2).ShouldBe(80);
        irreps.ShouldBe(Irreps.Parse("32x0e+16x1o+1x2e"));
        Irreps.Parse("").Count.ShouldBe(0);
        foreach (var wrong in (string[])["32x0", "x0e", "-1x0e", "3x99e", "1,2", "32x0e+a", "99999999x0e"])
        {
            Should.Throw<MofException>(() => Irreps.Parse(wrong)).Kind.ShouldBe(ErrorKind.FileFormat);
        }
    }

    [Fact]
    public void Couplings_keep_what_is_not_zero()
    {
        // x × y: three numbers into three.
        var values = new double[27];
        foreach (var (i, j, k) in ((int, int, int)[])[(0, 1, 2), (1, 2, 0), (2, 0, 1)])
        {
            values[9 * i + 3 * j + k] = 1 / Math.Sqrt(6);
            values[9 * j + 3 * i + k] = -1 / Math.Sqrt(6);
        }

        var coupling = CouplingTensor.Of(1, 1, 1, values);
        coupling.Entries.Count.ShouldBe(6);
        coupling.Entries[0].ShouldBe(new CouplingEntry(0, 1, 2, 1 / Math.Sqrt(6)));
        CouplingTensor.Trivial(2, 2, 0).Entries.ShouldBe([.. Enumerable.Range(0, 5).Select(m => new CouplingEntry(m, m, 0, 1 / Math.Sqrt(5)))]);
        CouplingTensor.Trivial(0, 2, 2).Entries.Select(one => (one.First, one.Second, one.Result)).ShouldBe([(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4)]);
        Should.Throw<MofException>(() => CouplingTensor.Trivial(1, 2, 0));
        Should.Throw<MofException>(() => CouplingTensor.Trivial(1, 1, 1));
        Should.Throw<MofException>(() => CouplingTensor.Of(1, 1, 1, values.AsSpan(1)));
        values[3] = double.NaN;
        Should.Throw<MofException>(() => CouplingTensor.Of(1, 1, 1, values));
    }

    private static double[] At(double x, double y, double z)
    {
        var values = new double[SphericalHarmonics.MaximumWidth];
        fixed (double* pointer = values)
        {
            SphericalHarmonics.Evaluate(3, x, y, z, pointer);
        }

        return values;
    }
}
