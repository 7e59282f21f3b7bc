using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// The symmetric contractions of a layer, channels in the lanes, two vectors (a strip) at a time: B_r = Σ_a A_a·(c_a + Σ_b A_b·(c_ab + Σ_d c_abd·A_d)), a ≤ b ≤ d, so that every product of two is made once for all
/// that begin with it, and every term costs one multiplication. Immutable; shared by all threads.
/// </summary>
/// <remarks>
/// The program is a list of integers: for every row of B the number of a; for each its place and the number of b; for each its place and the number of d; their places. Coefficients lie in the order of the
/// program, one for each a, b and d: <c>[species][strips][coefficients][strip]</c>.
/// </remarks>
internal sealed unsafe class ContractionKernel<TNumber> : IDisposable
    where TNumber : unmanaged
{
    /// <summary>The highest order of products.</summary>
    public const int MaximumOrder = 3;

    private readonly NativeArray<int> _program = new();
    private readonly NativeArray<TNumber> _coefficients = new();
    private readonly int _rows;
    private readonly int _coefficientCount;
    private readonly int _inputs;
    private readonly int _width;
    private readonly int _strip;

    /// <summary>Prepares contractions.</summary>
    /// <param name="contractions">A block of B each.</param>
    /// <param name="speciesCount">Species of the model.</param>
    /// <param name="width">Channels with what fills the last strip up.</param>
    /// <param name="strip">Numbers of a strip.</param>
    public ContractionKernel(IReadOnlyList<SymmetricContraction> contractions, int speciesCount, int width, int strip)
    {
        (_width, _strip, _inputs) = (width, strip, contractions[0].Width);
        var program = new List<int>();
        var terms = new List<(SymmetricContraction Contraction, ContractionTerm? Term)>();
        foreach (var contraction in contractions)
        {
            for (var m = 0; m < contraction.Output.Dimension; m++, _rows++)
            {
                Append([.. contraction.Terms.Where(term => term.Result == m)], contraction, program, terms);
            }
        }

        _program.Fill(program);
        _coefficientCount = terms.Count;
        Fill(terms, speciesCount);
    }

    /// <summary>B of an atom.</summary>
    /// <param name="species">Its species.</param>
    /// <param name="a">A, <c>[(l_max + 1)²][width]</c>.</param>
    /// <param name="b">Filled, <c>[rows][width]</c>, blocks one after another.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply<T>(int species, TNumber* a, TNumber* b)
        where T : unmanaged, ILanes<T, TNumber>
    {
        int lanes = T.Count, width = _width;
        var coefficient = _coefficients.Pointer + (long)species * _coefficientCount * width;
        for (var first = 0; first < width; first += 2 * lanes)
        {
            var program = _program.Pointer;
            TNumber* from = a + first, to = b + first;
            for (var row = 0; row < _rows; row++, to += width)
            {
                T sum0 = T.Zero, sum1 = T.Zero;
                for (var n = *program++; n > 0; n--)
                {
                    var x = from + *program++ * width;
                    T outer0 = T.Load(coefficient), outer1 = T.Load(coefficient + lanes);
                    coefficient += 2 * lanes;
                    for (var p = *program++; p > 0; p--)
                    {
                        var y = from + *program++ * width;
                        T inner0 = T.Load(coefficient), inner1 = T.Load(coefficient + lanes);
                        coefficient += 2 * lanes;
                        for (var q = *program++; q > 0; q--, coefficient += 2 * lanes)
                        {
                            var z = from + *program++ * width;
                            inner0 = T.MultiplyAdd(T.Load(coefficient), T.Load(z), inner0);
                            inner1 = T.MultiplyAdd(T.Load(coefficient + lanes), T.Load(z + lanes), inner1);
                        }

                        outer0 = T.MultiplyAdd(inner0, T.Load(y), outer0);
                        outer1 = T.MultiplyAdd(inner1, T.Load(y + lanes), outer1);
                    }

                    sum0 = T.MultiplyAdd(outer0, T.Load(x), sum0);
                    sum1 = T.MultiplyAdd(outer1, T.Load(x + lanes), sum1);
                }

                sum0.Store(to);
                sum1.Store(to + lanes);
            }
        }
    }

    /// <summary>The derivative by A of what has the derivative <paramref name="byB"/> by B.</summary>
    /// <param name="species">Of the atom.</param>
    /// <param name="a">As in <see cref="Apply"/>.</param>
    /// <param name="byB">As B.</param>
    /// <param name="byA">Filled, as A.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Differentiate<T>(int species, TNumber* a, TNumber* byB, TNumber* byA)
        where T : unmanaged, ILanes<T, TNumber>
    {
        int lanes = T.Count, width = _width;
        var coefficient = _coefficients.Pointer + (long)species * _coefficientCount * width;
        new Span<TNumber>(byA, _inputs * width).Clear();
        for (var first = 0; first < width; first += 2 * lanes)
        {
            var program = _program.Pointer;
            TNumber* from = a + first, gradient = byB + first, to = byA + first;
            for (var row = 0; row < _rows; row++, gradient += width)
            {
                T g0 = T.Load(gradient), g1 = T.Load(gradient + lanes);
                for (var n = *program++; n > 0; n--)
                {
                    var place = *program++ * width;
                    T x0 = g0 * T.Load(from + place), x1 = g1 * T.Load(from + place + lanes);
                    T outer0 = T.Load(coefficient), outer1 = T.Load(coefficient + lanes);
                    coefficient += 2 * lanes;
                    for (var p = *program++; p > 0; p--)
                    {
                        var second = *program++ * width;
                        T y0 = T.Load(from + second), y1 = T.Load(from + second + lanes), inner0 = T.Load(coefficient), inner1 = T.Load(coefficient + lanes);
                        T xy0 = x0 * y0, xy1 = x1 * y1;
                        coefficient += 2 * lanes;
                        for (var q = *program++; q > 0; q--, coefficient += 2 * lanes)
                        {
                            var third = *program++ * width;
                            T c0 = T.Load(coefficient), c1 = T.Load(coefficient + lanes);
                            inner0 = T.MultiplyAdd(c0, T.Load(from + third), inner0);
                            inner1 = T.MultiplyAdd(c1, T.Load(from + third + lanes), inner1);
                            T.MultiplyAdd(c0, xy0, T.Load(to + third)).Store(to + third);
                            T.MultiplyAdd(c1, xy1, T.Load(to + third + lanes)).Store(to + third + lanes);
                        }

                        outer0 = T.MultiplyAdd(inner0, y0, outer0);
                        outer1 = T.MultiplyAdd(inner1, y1, outer1);
                        T.MultiplyAdd(inner0, x0, T.Load(to + second)).Store(to + second);
                        T.MultiplyAdd(inner1, x1, T.Load(to + second + lanes)).Store(to + second + lanes);
                    }

                    T.MultiplyAdd(outer0, g0, T.Load(to + place)).Store(to + place);
                    T.MultiplyAdd(outer1, g1, T.Load(to + place + lanes)).Store(to + place + lanes);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        _coefficients.Dispose();
    }

    private static void Append(ContractionTerm[] terms, SymmetricContraction contraction, List<int> program, List<(SymmetricContraction, ContractionTerm?)> coefficients)
    {
        var byFirst = terms.GroupBy(term => term.Factors[0]).OrderBy(group => group.Key).ToList();
        program.Add(byFirst.Count);
        foreach (var first in byFirst)
        {
            program.Add(first.Key);
            coefficients.Add((contraction, first.SingleOrDefault(term => term.Factors.Length == 1)));
            var bySecond = first.Where(term => term.Factors.Length > 1).GroupBy(term => term.Factors[1]).OrderBy(group => group.Key).ToList();
            program.Add(bySecond.Count);
            foreach (var second in bySecond)
            {
                program.Add(second.Key);
                coefficients.Add((contraction, second.SingleOrDefault(term => term.Factors.Length == 2)));
                ContractionTerm[] third = [.. second.Where(term => term.Factors.Length == MaximumOrder).OrderBy(term => term.Factors[2])];
                program.Add(third.Length);
                program.AddRange(third.Select(term => term.Factors[2]));
                coefficients.AddRange(third.Select(term => (contraction, (ContractionTerm?)term)));
            }
        }
    }

    private void Fill(List<(SymmetricContraction Contraction, ContractionTerm? Term)> terms, int speciesCount)
    {
        var data = _coefficients.Reserve((long)speciesCount * _coefficientCount * _width + 1);
        for (var species = 0; species < speciesCount; species++)
        {
            for (var n = 0; n < terms.Count; n++)
            {
                var (contraction, term) = terms[n];
                var values = term is null ? [] : contraction.Coefficients(term, species);
                for (var c = 0; c < _width; c++)
                {
                    data[(((long)species * (_width / _strip) + c / _strip) * _coefficientCount + n) * _strip + c % _strip] = Real.Of<TNumber>(c < values.Length ? values[c] : 0);
                }
            }
        }
    }
}
