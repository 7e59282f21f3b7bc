using System.Runtime.Intrinsics;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Learning;

/// <summary>
/// What multiplies the coefficients of a quadratic SNAP model, E = β₀ + β·B + ½ Bᵀ·α·B: behind the components B the rows of the upper triangle of
/// their products, ½B_a² and B_a·B_b (b &gt; a), which is the order of snapcoeff files and of LAMMPS's <c>compute snap</c> with <c>quadraticflag 1</c>;
/// and their derivatives by the product rule. One instance serves one thread.
/// </summary>
internal sealed unsafe class QuadraticComponents(int bispectrumCount) : IDisposable
{
    private readonly NativeArray<double> _values = new();
    private readonly NativeArray<double> _derivatives = new();

    /// <summary>Components and products.</summary>
    public int Count { get; } = bispectrumCount + bispectrumCount * (bispectrumCount + 1) / 2;

    /// <summary>From row to row of <see cref="Derivatives"/>: as <see cref="SnapAtomDescriptors.DerivativeWidth"/>, a zero for the constant before and up to seven behind.</summary>
    public int DerivativeWidth => (1 + Count + 7) / 8 * 8;

    /// <summary>[Count].</summary>
    public double* Values => _values.Pointer;

    /// <summary>1/Å, <c>[neighbours][3][DerivativeWidth]</c>.</summary>
    public double* Derivatives => _derivatives.Pointer;

    /// <summary>Expands the components of one center.</summary>
    /// <param name="bispectrum">B, <c>[bispectrumCount]</c>.</param>
    /// <param name="derivatives">∂B/∂r_j, <c>[neighbors][3][width]</c>, see <see cref="SnapAtomDescriptors.Derivatives"/>.</param>
    /// <param name="width">From row to row of them.</param>
    /// <param name="neighbors">Their number.</param>
    public void Expand(double* bispectrum, double* derivatives, int width, int neighbors)
    {
        var values = _values.Reserve(Count);
        var expanded = _derivatives.Reserve(3L * neighbors * DerivativeWidth);
        new ReadOnlySpan<double>(bispectrum, bispectrumCount).CopyTo(new Span<double>(values, bispectrumCount));
        var next = bispectrumCount;
        for (var a = 0; a < bispectrumCount; a++)
        {
            values[next++] = 0.5 * bispectrum[a] * bispectrum[a];
            for (var b = a + 1; b < bispectrumCount; b++)
            {
                values[next++] = bispectrum[a] * bispectrum[b];
            }
        }

        for (var row = 0L; row < 3L * neighbors; row++)
        {
            ExpandDerivative(bispectrum, derivatives + row * width + 1, expanded + row * DerivativeWidth);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _derivatives.Dispose();
    }

    private void ExpandDerivative(double* bispectrum, double* slope, double* target)
    {
        *target++ = 0;
        new ReadOnlySpan<double>(slope, bispectrumCount).CopyTo(new Span<double>(target, bispectrumCount));
        target += bispectrumCount;
        for (var a = 0; a < bispectrumCount; a++)
        {
            *target++ = bispectrum[a] * slope[a];
            Vector256<double> value = Vector256.Create(bispectrum[a]), change = Vector256.Create(slope[a]);
            var b = a + 1;
            for (; b + 4 <= bispectrumCount; b += 4, target += 4)
            {
                Vector256.FusedMultiplyAdd(value, Vector256.Load(slope + b), change * Vector256.Load(bispectrum + b)).Store(target);
            }

            for (; b < bispectrumCount; b++)
            {
                *target++ = bispectrum[a] * slope[b] + slope[a] * bispectrum[b];
            }
        }

        new Span<double>(target, DerivativeWidth - 1 - Count).Clear();
    }
}
