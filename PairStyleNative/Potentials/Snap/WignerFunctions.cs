using System.Numerics;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Wigner U-functions of one neighbour and their derivatives, the slow and obvious way: the recursion VMK 4.8.2 as
/// LAMMPS <c>SNA::compute_uarray</c> and <c>compute_duarray</c> have it, on full planes (<see cref="SnapIndices"/>).
/// </summary>
/// <remarks>
/// The neighbour at distance r in direction u is mapped to a rotation with Cayley–Klein parameters
/// a = cosθ0 − i·u_z·sinθ0, b = (u_y − i·u_x)·sinθ0, both multiplied by the sign of sinθ0
/// (LAMMPS takes 1/√(r² + z0²), which is positive). Then
/// U_j(ma,mb) = √((j−ma)/(j−mb))·a*·U_{j−1}(ma,mb) − √(ma/(j−mb))·b*·U_{j−1}(ma−1,mb) for 2mb ≤ j, and
/// U_j(j−ma,j−mb) = (−1)^{ma+mb}·U_j(ma,mb)* for the rest.
/// </remarks>
internal sealed class WignerFunctions(SnapParameters parameters)
{
    private readonly double[] _roots = MakeRoots(parameters.TwoJMax);

    /// <summary>Complex numbers in all planes.</summary>
    public int Size { get; } = SnapIndices.LayerStart(parameters.TwoJMax + 1);

    /// <summary>Computes switching·weight·U of a neighbour.</summary>
    /// <param name="n">The neighbour.</param>
    /// <param name="u">Receives <c>[Size]</c>.</param>
    public void Compute(in SnapNeighbor n, Span<Complex> u)
    {
        var (a, b, _) = CayleyKlein(n);
        Recur(a, b, u);
        var factor = SnapSwitching.Evaluate(parameters, n).Value * n.Weight;
        for (var e = 0; e < u.Length; e++)
        {
            u[e] *= factor;
        }
    }

    /// <summary>Computes the gradient of switching·weight·U with respect to the neighbour's position.</summary>
    /// <param name="n">The neighbour.</param>
    /// <param name="u">Work space, <c>[Size]</c>.</param>
    /// <param name="gradient">Receives <c>[3][Size]</c>, 1/Å.</param>
    public void ComputeGradient(in SnapNeighbor n, Span<Complex> u, Span<Complex> gradient)
    {
        var (a, b, slopes) = CayleyKlein(n);
        Recur(a, b, u);
        var (switching, switchingSlope) = SnapSwitching.Evaluate(parameters, n);
        ReadOnlySpan<double> position = [n.X, n.Y, n.Z];
        for (var k = 0; k < 3; k++)
        {
            var part = gradient.Slice(k * Size, Size);
            RecurGradient(a, b, slopes[k].A, slopes[k].B, u, part);
            for (var e = 0; e < Size; e++)
            {
                part[e] = n.Weight * (switchingSlope * position[k] / n.Distance * u[e] + switching * part[e]);
            }
        }
    }

    private static double[] MakeRoots(int twoJMax)
    {
        var roots = new double[(twoJMax + 1) * (twoJMax + 1)];
        for (var p = 1; p <= twoJMax; p++)
        {
            for (var q = 1; q <= twoJMax; q++)
            {
                roots[p * (twoJMax + 1) + q] = Math.Sqrt((double)p / q);
            }
        }

        return roots;
    }

    private (Complex A, Complex B, (Complex A, Complex B)[] Gradient) CayleyKlein(in SnapNeighbor n)
    {
        var slope = parameters.AngleFactor * Math.PI / (n.Cutoff - parameters.MinimumDistance);
        var (sine, cosine) = Math.SinCos((n.Distance - parameters.MinimumDistance) * slope);
        var sign = sine < 0 ? -1.0 : 1.0;
        sine *= sign;
        cosine *= sign;
        double[] u = [n.X / n.Distance, n.Y / n.Distance, n.Z / n.Distance];
        var r = n.Distance;
        var gradient = new (Complex, Complex)[3];
        for (var k = 0; k < 3; k++)
        {
            // ∂(u_c·sinθ0)/∂r_k, from ∂u_c/∂r_k = (δ_ck − u_c·u_k)/r and ∂θ0/∂r_k = slope·u_k.
            double OfComponent(int c) => u[c] * cosine * slope * u[k] + sine * ((c == k ? 1 : 0) - u[c] * u[k]) / r;
            gradient[k] = (new Complex(-sine * slope * u[k], -OfComponent(2)), new Complex(OfComponent(1), -OfComponent(0)));
        }

        return (new Complex(cosine, -u[2] * sine), new Complex(u[1] * sine, -u[0] * sine), gradient);
    }

    private double Root(int p, int q) => _roots[p * (parameters.TwoJMax + 1) + q];

    private void Recur(Complex a, Complex b, Span<Complex> u)
    {
        u[0] = Complex.One;
        var (ac, bc) = (Complex.Conjugate(a), Complex.Conjugate(b));
        for (var j = 1; j <= parameters.TwoJMax; j++)
        {
            var layer = u.Slice(SnapIndices.LayerStart(j), (j + 1) * (j + 1));
            var previous = u.Slice(SnapIndices.LayerStart(j - 1), j * j);
            for (var mb = 0; 2 * mb <= j; mb++)
            {
                for (var ma = 0; ma <= j; ma++)
                {
                    var value = Complex.Zero;
                    if (ma < j)
                    {
                        value += Root(j - ma, j - mb) * (ac * previous[mb * j + ma]);
                    }

                    if (ma > 0)
                    {
                        value -= Root(ma, j - mb) * (bc * previous[mb * j + ma - 1]);
                    }

                    layer[mb * (j + 1) + ma] = value;
                }
            }

            Mirror(j, layer);
        }
    }

    private void RecurGradient(Complex a, Complex b, Complex da, Complex db, ReadOnlySpan<Complex> u, Span<Complex> du)
    {
        du[0] = Complex.Zero;
        var (ac, bc, dac, dbc) = (Complex.Conjugate(a), Complex.Conjugate(b), Complex.Conjugate(da), Complex.Conjugate(db));
        for (var j = 1; j <= parameters.TwoJMax; j++)
        {
            var layer = du.Slice(SnapIndices.LayerStart(j), (j + 1) * (j + 1));
            var previous = u.Slice(SnapIndices.LayerStart(j - 1), j * j);
            var slope = du.Slice(SnapIndices.LayerStart(j - 1), j * j);
            for (var mb = 0; 2 * mb <= j; mb++)
            {
                for (var ma = 0; ma <= j; ma++)
                {
                    var value = Complex.Zero;
                    if (ma < j)
                    {
                        value += Root(j - ma, j - mb) * (dac * previous[mb * j + ma] + ac * slope[mb * j + ma]);
                    }

                    if (ma > 0)
                    {
                        value -= Root(ma, j - mb) * (dbc * previous[mb * j + ma - 1] + bc * slope[mb * j + ma - 1]);
                    }

                    layer[mb * (j + 1) + ma] = value;
                }
            }

            Mirror(j, layer);
        }
    }

    private static void Mirror(int j, Span<Complex> layer)
    {
        for (var mb = 0; 2 * mb <= j; mb++)
        {
            for (var ma = 0; ma <= j; ma++)
            {
                var sign = (ma + mb) % 2 == 0 ? 1 : -1;
                layer[(j - mb) * (j + 1) + j - ma] = sign * Complex.Conjugate(layer[mb * (j + 1) + ma]);
            }
        }
    }
}
