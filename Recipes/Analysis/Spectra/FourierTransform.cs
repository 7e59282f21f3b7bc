using System.Numerics;

namespace MofInterop.Analysis;

/// <summary>
/// A complex Fourier transform of one length, a power of two, in place: X(k) = Σ x(j)·exp(−2πi·jk/n). Radix two with tabulated factors (J. W. Cooley and J. W. Tukey, Math. Comput. 19 (1965) 297).
/// MathNet's computes the factors anew at every call; a spectrum of 424 atoms is little else than transforms (docs/performance.md).
/// </summary>
internal sealed class FourierTransform
{
    private readonly int _length;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly int[] _reversed;

    /// <param name="length">A power of two, at least 4.</param>
    public FourierTransform(int length)
    {
        _length = length;
        Real = new double[length];
        Imaginary = new double[length];
        _cosines = new double[length];
        _sines = new double[length];
        _reversed = new int[length];

        // Factors of each stage lie side by side, from offset half: exp(−πi·k/half).
        for (var half = 1; half < length; half *= 2)
        {
            for (var k = 0; k < half; k++)
            {
                _cosines[half + k] = Math.Cos(Math.PI * k / half);
                _sines[half + k] = -Math.Sin(Math.PI * k / half);
            }
        }

        for (var k = 1; k < length; k++)
        {
            _reversed[k] = (_reversed[k / 2] / 2) + ((k & 1) * length / 2);
        }
    }

    /// <summary>Another of the same length, with numbers of its own and the same tables.</summary>
    public FourierTransform(FourierTransform other)
    {
        _length = other._length;
        Real = new double[_length];
        Imaginary = new double[_length];
        _cosines = other._cosines;
        _sines = other._sines;
        _reversed = other._reversed;
    }

    /// <summary>Real parts.</summary>
    public double[] Real { get; }

    /// <summary>Imaginary parts.</summary>
    public double[] Imaginary { get; }

    /// <summary>Sets all to zero.</summary>
    public void Clear()
    {
        Array.Clear(Real);
        Array.Clear(Imaginary);
    }

    /// <summary>|X(k)|².</summary>
    public double Power(int k) => Real[k] * Real[k] + Imaginary[k] * Imaginary[k];

    /// <summary>Transforms.</summary>
    public void Forward()
    {
        for (var k = 0; k < _length; k++)
        {
            var other = _reversed[k];
            if (other > k)
            {
                (Real[k], Real[other]) = (Real[other], Real[k]);
                (Imaginary[k], Imaginary[other]) = (Imaginary[other], Imaginary[k]);
            }
        }

        for (var half = 1; half < _length; half *= 2)
        {
            for (var begin = 0; begin < _length; begin += 2 * half)
            {
                Butterflies(begin, half);
            }
        }
    }

    private void Butterflies(int begin, int half)
    {
        Span<double> lowReal = Real.AsSpan(begin, half), highReal = Real.AsSpan(begin + half, half);
        Span<double> lowImaginary = Imaginary.AsSpan(begin, half), highImaginary = Imaginary.AsSpan(begin + half, half);
        ReadOnlySpan<double> cosines = _cosines.AsSpan(half, half), sines = _sines.AsSpan(half, half);
        var k = 0;
        for (; k <= half - Vector<double>.Count; k += Vector<double>.Count)
        {
            Vector<double> c = new(cosines[k..]), s = new(sines[k..]), hr = new(highReal[k..]), hi = new(highImaginary[k..]), lr = new(lowReal[k..]), li = new(lowImaginary[k..]);
            var real = hr * c - hi * s;
            var imaginary = hr * s + hi * c;
            (lr + real).CopyTo(lowReal[k..]);
            (li + imaginary).CopyTo(lowImaginary[k..]);
            (lr - real).CopyTo(highReal[k..]);
            (li - imaginary).CopyTo(highImaginary[k..]);
        }

        for (; k < half; k++)
        {
            var real = highReal[k] * cosines[k] - highImaginary[k] * sines[k];
            var imaginary = highReal[k] * sines[k] + highImaginary[k] * cosines[k];
            highReal[k] = lowReal[k] - real;
            highImaginary[k] = lowImaginary[k] - imaginary;
            lowReal[k] += real;
            lowImaginary[k] += imaginary;
        }
    }
}
