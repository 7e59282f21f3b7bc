using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// ∂W of one neighbour along three directions, for <see cref="DescriptorContraction"/>.
/// </summary>
/// <remarks>
/// (cosθ0, u·sinθ0) = (c,q) is a point on the unit sphere in four dimensions. Along its tangents
/// e_l = (−q_l, c·ê_l + ê_l×q), which are orthonormal everywhere, W changes by elements of the same row: with
/// A = (ma+1)·W(ma+1,mb) and B = (j−ma+1)·W(ma−1,mb),
/// e_x W = −i·(A + B), e_y W = A − B, e_z W = i·(j − 2ma)·W,
/// as follows from W_j(ma,mb) = [t^ma] (a* − b*·t)^{j−mb}·(b + a·t)^mb. When the neighbour moves,
/// ∂_k(c,q) = Σ_l ω_kl·e_l with ω_kl = θ'·u_k·u_l + (sinθ0/r)·[cosθ0·(δ_kl − u_k·u_l) + sinθ0·ε_klm·u_m],
/// and Σ_l ω_kl·u_l = θ'·u_k. So T_l = e_l W + λ·u_l·W with λ = (ln s)'/θ' holds the switching function as well:
/// ∂_k W = Σ_l ω_kl·T_l. It is T_l that is contracted; ω comes last (<see cref="DescriptorSums"/>).
/// </remarks>
internal static unsafe class DescriptorSlopes
{
    /// <summary>Makes λ·u of a neighbour, <c>[3]</c>.</summary>
    public static void Prepare<T>(in SnapGroup group, int n, T* switching)
        where T : unmanaged, ILanes<T>
    {
        var motion = (T*)group.Motion + (long)n * DensityPass.MotionWidth;
        var lambda = motion[7] / motion[6];
        for (var k = 0; k < 3; k++)
        {
            switching[k] = lambda * motion[k];
        }
    }

    /// <summary>Makes T of a layer of a neighbour.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="group">The group.</param>
    /// <param name="n">The neighbour.</param>
    /// <param name="j">The layer.</param>
    /// <param name="z">All values of the segments.</param>
    /// <param name="switching">λ·u.</param>
    /// <param name="slopes">T, <c>[proper half plane][3][2]</c>, filled.</param>
    /// <param name="values">F of every layer times s, <c>[2J + 1]</c>: see <see cref="SnapSegments"/>; that of this layer is filled.</param>
    public static void Make<T>(SnapSegments segments, in SnapGroup group, int n, int j, double* z, double* switching, double* slopes, double* values)
        where T : unmanaged, ILanes<T>
    {
        var segment = segments.Items[segments.Densities[j]];
        MakeLayer<T>(j, group.Wigner + 2L * ((long)n * group.WignerCount + segment.Half) * T.Count, z + 2L * segment.Start * T.Count, switching, slopes, values + j * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MakeLayer<T>(int j, double* w, double* density, double* switching, double* slopes, double* value)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T lx = T.Load(switching), ly = T.Load(switching + count), lz = T.Load(switching + 2 * count);
        T one = T.Broadcast(1), two = T.Broadcast(2), realSum = T.Zero, imaginarySum = T.Zero;
        for (var mb = 0; 2 * mb <= j; mb++)
        {
            // Half of the middle row; the last element of the others has no A.
            var middle = 2 * mb == j;
            T next = one, previous = T.Broadcast(-j), turn = T.Broadcast(j), br = T.Zero, bi = T.Zero;
            T wr = T.Load(w), wi = T.Load(w + count);
            for (var left = middle ? j / 2 : j; left >= 0; left--)
            {
                w += 2 * count;
                T nr = T.Zero, ni = T.Zero;
                if (left > 0 || (middle && j > 0))
                {
                    nr = T.Load(w);
                    ni = T.Load(w + count);
                }

                // B with its sign turned.
                T ar = next * nr, ai = next * ni;
                T.MultiplyAdd(lx, wr, ai - bi).Store(slopes);
                T.MultiplyAdd(lx, wi, br - ar).Store(slopes + count);
                T.MultiplyAdd(ly, wr, ar + br).Store(slopes + 2 * count);
                T.MultiplyAdd(ly, wi, ai + bi).Store(slopes + 3 * count);
                T.NegatedMultiplyAdd(turn, wi, lz * wr).Store(slopes + 4 * count);
                T.MultiplyAdd(turn, wr, lz * wi).Store(slopes + 5 * count);
                realSum = T.MultiplyAdd(T.Load(density), wr, realSum);
                imaginarySum = T.MultiplyAdd(T.Load(density + count), wi, imaginarySum);
                br = previous * wr;
                bi = previous * wi;
                wr = nr;
                wi = ni;
                next += one;
                previous += one;
                turn -= two;
                density += 2 * count;
                slopes += 6 * count;
            }
        }

        (realSum + imaginarySum).Store(value);
    }
}
