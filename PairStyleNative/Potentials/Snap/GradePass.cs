using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The extrapolation grades of a group (<see cref="SnapGrades"/>) from the invariants that <see cref="AdjointPass"/> sums
/// up by the way. The groups are sorted by species, so that mostly one factor L serves all lanes. One instance serves one thread.
/// </summary>
internal sealed unsafe class GradePass : IDisposable
{
    private readonly SnapGrades _grades;
    private readonly NativeArray<double> _factors = new();
    private readonly NativeArray<double> _memory = new();
    private readonly int[] _places;
    private readonly double[] _scales;
    private readonly double[] _isolated;

    /// <summary>Copies the factors of a model that has them.</summary>
    public GradePass(SnapModel model, ISnapWeights rule)
    {
        _grades = model.Grades!;
        var components = SnapIndices.Components(model.Parameters.TwoJMax);
        _places = [.. Enumerable.Range(0, components.Length).Select(rule.InvariantOf)];
        _scales = [.. Enumerable.Range(0, components.Length).Select(rule.ScaleOf)];
        _isolated = [.. components.Select(c => SnapConstants.IsolatedAtom(model.Parameters, c))];
        var length = SnapGrades.FactorLength(components.Length);
        var factors = _factors.Reserve(_grades.SpeciesCount * length);
        for (var s = 0; s < _grades.SpeciesCount; s++)
        {
            _grades.Factor(s).CopyTo(new Span<double>(factors + s * length, length));
        }
    }

    /// <summary>Fills the grade of every lane.</summary>
    /// <param name="group">The group after an adjoint pass with invariants.</param>
    /// <param name="species">Species of every lane.</param>
    /// <param name="grades">Receives the grades.</param>
    public void Run<T>(in SnapGroup group, ReadOnlySpan<int> species, Span<double> grades)
        where T : unmanaged, ILanes<T>
    {
        var count = _places.Length;
        var bispectrum = _memory.Reserve((count + 1) * T.Count);
        var result = bispectrum + count * T.Count;
        for (var k = 0; k < count; k++)
        {
            var invariant = T.Load(group.Invariants + (long)_places[k] * T.Count);
            (T.Broadcast(_scales[k]) * invariant - T.Broadcast(_isolated[k])).Store(bispectrum + k * T.Count);
        }

        for (var lane = 0; lane < T.Count; lane++)
        {
            if (species[..lane].Contains(species[lane]))
            {
                continue;
            }

            if (_grades.Knows(species[lane]))
            {
                SquaredLength<T>(_factors.Pointer + species[lane] * SnapGrades.FactorLength(count), bispectrum, count).Store(result);
            }
            else
            {
                T.Broadcast(double.PositiveInfinity).Store(result);
            }

            for (var other = lane; other < T.Count; other++)
            {
                grades[other] = species[other] == species[lane] ? result[other] : grades[other];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factors.Dispose();
        _memory.Dispose();
    }

    // |L·(1,B)|², two rows at a time with two sums each, so that additions don't wait for each other.
    private static T SquaredLength<T>(double* factor, double* bispectrum, int count)
        where T : unmanaged, ILanes<T>
    {
        var total = T.Broadcast(factor[0] * factor[0]);
        var row = 1;
        double* first = factor + 1, second;
        for (; row < count; row += 2)
        {
            second = first + row + 1;
            T even = T.Broadcast(first[0]), odd = T.Zero, evenNext = T.Broadcast(second[0]), oddNext = T.Zero;
            var b = bispectrum;
            var column = 1;
            for (; column < row; column += 2, b += 2 * T.Count)
            {
                T one = T.Load(b), two = T.Load(b + T.Count);
                even = T.MultiplyAdd(T.Broadcast(first[column]), one, even);
                odd = T.MultiplyAdd(T.Broadcast(first[column + 1]), two, odd);
                evenNext = T.MultiplyAdd(T.Broadcast(second[column]), one, evenNext);
                oddNext = T.MultiplyAdd(T.Broadcast(second[column + 1]), two, oddNext);
            }

            // An odd row is left with one column here, an even one with none; the row below always has one more.
            for (; column <= row; column++, b += T.Count)
            {
                even = T.MultiplyAdd(T.Broadcast(first[column]), T.Load(b), even);
                evenNext = T.MultiplyAdd(T.Broadcast(second[column]), T.Load(b), evenNext);
            }

            evenNext = T.MultiplyAdd(T.Broadcast(second[row + 1]), T.Load(b), evenNext);
            T sum = even + odd, sumNext = evenNext + oddNext;
            total = T.MultiplyAdd(sum, sum, T.MultiplyAdd(sumNext, sumNext, total));
            first = second + row + 2;
        }

        if (row == count)
        {
            var sum = T.Broadcast(first[0]);
            for (var column = 1; column <= row; column++)
            {
                sum = T.MultiplyAdd(T.Broadcast(first[column]), T.Load(bispectrum + (column - 1) * T.Count), sum);
            }

            total = T.MultiplyAdd(sum, sum, total);
        }

        return total;
    }
}
