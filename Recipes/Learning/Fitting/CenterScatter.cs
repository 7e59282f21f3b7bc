using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Learning;

/// <summary>Where the derivatives of one neighbour go.</summary>
/// <param name="Derivative">∂B/∂r_j, <c>[3][width]</c>.</param>
/// <param name="Row">The neighbour's first force row, at the center's species.</param>
/// <param name="X">r_j − r_i, Å.</param>
/// <param name="Y">The same.</param>
/// <param name="Z">The same.</param>
internal readonly unsafe record struct ScatterTarget(nint Derivative, nint Row, double X, double Y, double Z);

/// <summary>
/// Adds the derivatives of one center to the rows of the forces and the virial. Eight columns of all neighbours go together:
/// the sums for the center and for the virial stay in registers, and the neighbours' rows, which lie far from each other in
/// a matrix larger than the second-level cache, are waited for all at once. A width is that of the derivatives: the zeros
/// that fill it up are added to the columns of the next species, or behind the last.
/// </summary>
internal sealed unsafe class CenterScatter : IDisposable
{
    private readonly NativeArray<ScatterTarget> _targets = new();

    /// <summary>Neighbours added.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a center.</summary>
    public void Start(int neighbors)
    {
        _targets.Reserve(neighbors);
        Count = 0;
    }

    /// <summary>Adds a neighbour.</summary>
    public void Add(double* derivative, double* row, int width, int stride, ReadOnlySpan<double> r)
    {
        if (Sse.IsSupported)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                for (var k = 0; k < width; k += 8)
                {
                    Sse.Prefetch0(row + axis * stride + k);
                }
            }
        }

        _targets.Pointer[Count++] = new ScatterTarget((nint)derivative, (nint)row, r[0], r[1], r[2]);
    }

    /// <summary>
    /// Adds everything: a neighbour feels −∂B/∂r_j, the center the opposite, and the virial gains r_ij ⊗ f_j. Nothing changes
    /// when all turn, so Σ r_ij × f_j = 0 over all neighbours, and yz of the virial is Σ y·f_z.
    /// </summary>
    /// <param name="center">The center's first force row, at its species.</param>
    /// <param name="virial">The first of the six rows of the virial (in the order of <see cref="Voigt.Ase"/>); null: not wanted.</param>
    /// <param name="width">Columns, a multiple of 8.</param>
    /// <param name="stride">From row to row.</param>
    public void Finish(double* center, double* virial, int width, int stride)
    {
        for (var k = 0; k < width; k += 8)
        {
            AddColumns(k, center + k, virial is null ? null : virial + k, width, stride);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _targets.Dispose();

    private void AddColumns(int k, double* center, double* virial, int width, int stride)
    {
        Vector512<double> sumX = default, sumY = default, sumZ = default;
        Vector512<double> xx = default, yy = default, zz = default, yz = default, xz = default, xy = default;
        var target = _targets.Pointer;
        for (var end = target + Count; target < end; target++)
        {
            double* derivative = (double*)target->Derivative + k, row = (double*)target->Row + k;
            Vector512<double> x = Vector512.Load(derivative), y = Vector512.Load(derivative + width), z = Vector512.Load(derivative + 2 * width);
            (Vector512.Load(row) - x).Store(row);
            (Vector512.Load(row + stride) - y).Store(row + stride);
            (Vector512.Load(row + 2 * stride) - z).Store(row + 2 * stride);
            sumX += x;
            sumY += y;
            sumZ += z;
            Vector512<double> rx = Vector512.Create(target->X), ry = Vector512.Create(target->Y);
            xx = Vector512.FusedMultiplyAdd(rx, x, xx);
            xy = Vector512.FusedMultiplyAdd(rx, y, xy);
            xz = Vector512.FusedMultiplyAdd(rx, z, xz);
            yy = Vector512.FusedMultiplyAdd(ry, y, yy);
            yz = Vector512.FusedMultiplyAdd(ry, z, yz);
            zz = Vector512.FusedMultiplyAdd(Vector512.Create(target->Z), z, zz);
        }

        Add(center, sumX);
        Add(center + stride, sumY);
        Add(center + 2 * stride, sumZ);
        if (virial is not null)
        {
            Subtract(virial, xx);
            Subtract(virial + stride, yy);
            Subtract(virial + 2 * stride, zz);
            Subtract(virial + 3 * stride, yz);
            Subtract(virial + 4 * stride, xz);
            Subtract(virial + 5 * stride, xy);
        }
    }

    private static void Add(double* target, Vector512<double> value) => (Vector512.Load(target) + value).Store(target);

    private static void Subtract(double* target, Vector512<double> value) => (Vector512.Load(target) - value).Store(target);
}
