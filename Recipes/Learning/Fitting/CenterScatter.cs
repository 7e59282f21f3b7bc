using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Learning;

/// <summary>Where the derivatives of one neighbour go.</summary>
/// <param name="Derivative">∂B/∂r_j, <c>[3][components]</c>.</param>
/// <param name="Row">The neighbour's first force row, at the center's species.</param>
/// <param name="X">r_j − r_i, Å.</param>
/// <param name="Y">The same.</param>
/// <param name="Z">The same.</param>
internal readonly unsafe record struct ScatterTarget(nint Derivative, nint Row, double X, double Y, double Z);

/// <summary>
/// Adds the derivatives of one center to the rows of the forces and the virial. Four columns of all neighbours go together:
/// the sums for the center and for the virial stay in registers, and the neighbours' rows, which lie far from each other in
/// a matrix larger than the second-level cache, are waited for all at once.
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
    public void Add(double* derivative, double* row, int components, int stride, ReadOnlySpan<double> r)
    {
        if (Sse.IsSupported)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                for (var k = 0; k < components; k += 8)
                {
                    Sse.Prefetch0(row + axis * stride + k);
                }
            }
        }

        _targets.Pointer[Count++] = new ScatterTarget((nint)derivative, (nint)row, r[0], r[1], r[2]);
    }

    /// <summary>Adds everything: a neighbour feels −∂B/∂r_j, the center the opposite, and the virial gains r_ij ⊗ f_j.</summary>
    /// <param name="center">The center's first force row, at its species.</param>
    /// <param name="virial">The first of the six rows of the virial (its symmetric part, in the order of <see cref="Voigt.Ase"/>); null: not wanted.</param>
    /// <param name="components">Components of B.</param>
    /// <param name="stride">From row to row.</param>
    public void Finish(double* center, double* virial, int components, int stride)
    {
        if (components < Vector256<double>.Count)
        {
            for (var c = 0; c < components; c++)
            {
                AddColumn(c, center, virial, components, stride);
            }

            return;
        }

        // A species' columns begin at a whole vector, with its constant: aligned are those from the fourth component on.
        const int Lead = 3;
        var places = Vector256.Create(0.0, 1, 2, 3);
        AddColumns(0, Vector256.LessThan(places, Vector256.Create((double)Lead)), center, virial, components, stride);
        var k = Lead;
        for (; k + 4 <= components; k += 4)
        {
            AddColumns(k, Vector256<double>.AllBitsSet, center, virial, components, stride);
        }

        if (k < components)
        {
            // The last vector again covers columns that are done.
            var done = k - (components - 4);
            AddColumns(components - 4, Vector256.GreaterThanOrEqual(places, Vector256.Create((double)done)), center, virial, components, stride);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _targets.Dispose();

    private void AddColumns(int k, Vector256<double> used, double* center, double* virial, int components, int stride)
    {
        Vector256<double> sumX = default, sumY = default, sumZ = default;
        Vector256<double> xx = default, yy = default, zz = default, yz = default, xz = default, xy = default;
        var target = _targets.Pointer;
        for (var end = target + Count; target < end; target++)
        {
            double* derivative = (double*)target->Derivative + k, row = (double*)target->Row + k;
            Vector256<double> x = used & Vector256.Load(derivative), y = used & Vector256.Load(derivative + components), z = used & Vector256.Load(derivative + 2 * components);
            (Vector256.Load(row) - x).Store(row);
            (Vector256.Load(row + stride) - y).Store(row + stride);
            (Vector256.Load(row + 2 * stride) - z).Store(row + 2 * stride);
            sumX += x;
            sumY += y;
            sumZ += z;
            Vector256<double> rx = Vector256.Create(target->X), ry = Vector256.Create(target->Y), rz = Vector256.Create(target->Z);
            xx = Vector256.FusedMultiplyAdd(rx, x, xx);
            yy = Vector256.FusedMultiplyAdd(ry, y, yy);
            zz = Vector256.FusedMultiplyAdd(rz, z, zz);
            yz = Vector256.FusedMultiplyAdd(ry, z, Vector256.FusedMultiplyAdd(rz, y, yz));
            xz = Vector256.FusedMultiplyAdd(rx, z, Vector256.FusedMultiplyAdd(rz, x, xz));
            xy = Vector256.FusedMultiplyAdd(rx, y, Vector256.FusedMultiplyAdd(ry, x, xy));
        }

        AddTo(center + k, 1, sumX);
        AddTo(center + stride + k, 1, sumY);
        AddTo(center + 2 * stride + k, 1, sumZ);
        if (virial is not null)
        {
            AddTo(virial + k, -1, xx);
            AddTo(virial + stride + k, -1, yy);
            AddTo(virial + 2 * stride + k, -1, zz);
            AddTo(virial + 3 * stride + k, -0.5, yz);
            AddTo(virial + 4 * stride + k, -0.5, xz);
            AddTo(virial + 5 * stride + k, -0.5, xy);
        }
    }

    private static void AddTo(double* target, double factor, Vector256<double> value) =>
        Vector256.FusedMultiplyAdd(Vector256.Create(factor), value, Vector256.Load(target)).Store(target);

    private void AddColumn(int k, double* center, double* virial, int components, int stride)
    {
        for (var n = 0; n < Count; n++)
        {
            ref var target = ref _targets.Pointer[n];
            double* derivative = (double*)target.Derivative + k, row = (double*)target.Row + k;
            ReadOnlySpan<double> r = [target.X, target.Y, target.Z];
            for (var axis = 0; axis < 3; axis++)
            {
                row[axis * stride] -= derivative[axis * components];
                center[axis * stride + k] += derivative[axis * components];
            }

            for (var m = 0; virial is not null && m < 6; m++)
            {
                // Half of r_a·f_b and half of r_b·f_a.
                var (a, b) = (Voigt.Ase[m] / 3, Voigt.Ase[m] % 3);
                virial[m * stride + k] -= 0.5 * (r[a] * derivative[b * components] + r[b] * derivative[a * components]);
            }
        }
    }
}
