using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>What the derivatives of one neighbour's R̃ and G add up to.</summary>
internal struct RowSlopes
{
    /// <summary>∂E/∂R̃, that of the first with what the embedding adds to it.</summary>
    public double Radial, X, Y, Z;

    /// <summary>∂E/∂w, where embeddings are modulated.</summary>
    public double Weight;
}

/// <summary>
/// The embeddings G of a center's neighbours of one species, and what is summed over them: T += R̃ᵀ·G before the fitting network, ∂E/∂R̃ after it. G is never stored for more than the
/// neighbours at hand: polynomials are evaluated a second time instead. One instance serves one thread.
/// </summary>
/// <remarks>T is <c>[4][outputs, whole vectors]</c>.</remarks>
internal sealed unsafe class DeepPotEmbedding<T, TNumber, TActivation>(DeepPotPlan<T, TNumber, TActivation> plan) : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TActivation : struct, IActivationKernel<TNumber>
{

    private readonly NativeArray<LocatedRow> _located = new();
    private readonly NativeArray<TNumber> _inputs = new();
    private readonly NativeArray<TNumber> _rows = new();
    private readonly NetworkWork<TNumber> _work = new();

    private static int Terms
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => EmbeddingTable<TNumber>.Coefficients;
    }

    /// <summary>Adds R̃ᵀ·G of neighbours of one species.</summary>
    /// <param name="center">Species of the center.</param>
    /// <param name="neighbor">Species of the neighbours.</param>
    /// <param name="rows">Their rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">T, added to.</param>
    public void Accumulate(int center, int neighbor, NeighborRow* rows, int count, TNumber* sums)
    {
        var located = plan.TableOf(center, neighbor) is { } table && Locate(table, rows, count);
        if (located && plan.Modulation(center, neighbor) is null)
        {
            AccumulateTabulated(count, sums);
            return;
        }

        var values = located ? EvaluateTabulated(count) : Evaluate(plan.KernelOf(center, neighbor), rows, count, slopes: false);
        if (plan.Modulation(center, neighbor) is not null and var modulation)
        {
            Modulate(modulation, rows, count, values.Values, values.Stride);
        }

        AccumulateRows(values, rows, count, sums);
    }

    /// <summary>∂E/∂R̃ of neighbours of one species.</summary>
    /// <param name="center">Species of the center.</param>
    /// <param name="neighbor">Species of the neighbours.</param>
    /// <param name="rows">Their rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="weights">∂E/∂T, as T.</param>
    /// <param name="slopes">Filled.</param>
    public void Differentiate(int center, int neighbor, NeighborRow* rows, int count, TNumber* weights, RowSlopes* slopes)
    {
        var table = plan.TableOf(center, neighbor);
        var located = table is not null && Locate(table, rows, count);
        if (located && plan.Modulation(center, neighbor) is null)
        {
            DifferentiateTabulated(table!.InverseLength, count, weights, slopes);
            return;
        }

        var values = located ? EvaluateTabulated(count) : Evaluate(plan.KernelOf(center, neighbor), rows, count, slopes: true);
        var scale = located ? table!.InverseLength : 1;
        if (plan.Modulation(center, neighbor) is not null and var modulation)
        {
            DifferentiateWeights(modulation, values, rows, count, weights, slopes);
            Modulate(modulation, rows, count, values.Values, values.Stride);
            Modulate(modulation, rows, count, values.Slopes, values.Stride);
        }
        else
        {
            for (var n = 0; n < count; n++)
            {
                slopes[n].Weight = 0;
            }
        }

        DifferentiateRows(values, scale, rows, count, weights, slopes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _located.Dispose();
        _inputs.Dispose();
        _rows.Dispose();
        _work.Dispose();
    }

    // Where each neighbour is in the table; false where one is outside.
    private bool Locate(EmbeddingTable<TNumber> table, NeighborRow* rows, int count)
    {
        var located = _located.Reserve(count);
        var size = (long)table.Vectors * Terms * T.Count;
        for (var n = 0; n < count; n++)
        {
            var x = (rows[n].Radial - table.Start) * table.InverseLength;
            // Rounding may put s = 0 just below the start.
            if (!(x > -1e-6 && x < table.Pieces))
            {
                return false;
            }

            var piece = (int)Math.Max(x, 0);
            located[n] = new LocatedRow
            {
                Piece = table.Data + piece * size,
                Place = Real.Of<TNumber>(x - piece),
                Radial = Real.Of<TNumber>(rows[n].Radial),
                X = Real.Of<TNumber>(rows[n].X),
                Y = Real.Of<TNumber>(rows[n].Y),
                Z = Real.Of<TNumber>(rows[n].Z),
            };
        }

        return true;
    }

    // Two neighbours at once, so that sums are loaded and stored half as often; all of a neighbour's coefficients in a row, as the processor fetches memory best.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateTabulated(int count, TNumber* sums)
    {
        int lanes = T.Count, width = plan.Width;
        TNumber* second = sums + width, third = second + width, fourth = third + width;
        LocatedRow* row = _located.Pointer, end = row + count;
        for (; row + 1 < end; row += 2)
        {
            T u = T.Broadcast(row[0].Place), r0 = T.Broadcast(row[0].Radial), r1 = T.Broadcast(row[0].X), r2 = T.Broadcast(row[0].Y), r3 = T.Broadcast(row[0].Z);
            T v = T.Broadcast(row[1].Place), q0 = T.Broadcast(row[1].Radial), q1 = T.Broadcast(row[1].X), q2 = T.Broadcast(row[1].Y), q3 = T.Broadcast(row[1].Z);
            TNumber* c = row[0].Piece, d = row[1].Piece;
            for (var m = 0; m < width; m += lanes, c += Terms * lanes, d += Terms * lanes)
            {
                T g = Value(c, u), h = Value(d, v);
                T.MultiplyAdd(q0, h, T.MultiplyAdd(r0, g, T.Load(sums + m))).Store(sums + m);
                T.MultiplyAdd(q1, h, T.MultiplyAdd(r1, g, T.Load(second + m))).Store(second + m);
                T.MultiplyAdd(q2, h, T.MultiplyAdd(r2, g, T.Load(third + m))).Store(third + m);
                T.MultiplyAdd(q3, h, T.MultiplyAdd(r3, g, T.Load(fourth + m))).Store(fourth + m);
            }
        }

        if (row < end)
        {
            T u = T.Broadcast(row->Place), r0 = T.Broadcast(row->Radial), r1 = T.Broadcast(row->X), r2 = T.Broadcast(row->Y), r3 = T.Broadcast(row->Z);
            var c = row->Piece;
            for (var m = 0; m < width; m += lanes, c += Terms * lanes)
            {
                var g = Value(c, u);
                T.MultiplyAdd(r0, g, T.Load(sums + m)).Store(sums + m);
                T.MultiplyAdd(r1, g, T.Load(second + m)).Store(second + m);
                T.MultiplyAdd(r2, g, T.Load(third + m)).Store(third + m);
                T.MultiplyAdd(r3, g, T.Load(fourth + m)).Store(fourth + m);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Value(TNumber* c, T u)
    {
        var g = T.Load(c + 5 * T.Count);
        if (Terms == 8)
        {
            g = T.MultiplyAdd(T.MultiplyAdd(T.Load(c + 7 * T.Count), u, T.Load(c + 6 * T.Count)), u, g);
        }

        g = T.MultiplyAdd(g, u, T.Load(c + 4 * T.Count));
        g = T.MultiplyAdd(g, u, T.Load(c + 3 * T.Count));
        g = T.MultiplyAdd(g, u, T.Load(c + 2 * T.Count));
        g = T.MultiplyAdd(g, u, T.Load(c + T.Count));
        return T.MultiplyAdd(g, u, T.Load(c));
    }

    // The polynomial, and its derivative from the same coefficients.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ValueAndSlope(TNumber* c, T u, out T derivative)
    {
        var lanes = T.Count;
        T slope, g;
        if (Terms == 8)
        {
            slope = T.Load(c + 7 * lanes);
            g = T.MultiplyAdd(slope, u, T.Load(c + 6 * lanes));
            slope = T.MultiplyAdd(slope, u, g);
            g = T.MultiplyAdd(g, u, T.Load(c + 5 * lanes));
            slope = T.MultiplyAdd(slope, u, g);
        }
        else
        {
            slope = g = T.Load(c + 5 * lanes);
        }

        g = T.MultiplyAdd(g, u, T.Load(c + 4 * lanes));
        slope = T.MultiplyAdd(slope, u, g);
        g = T.MultiplyAdd(g, u, T.Load(c + 3 * lanes));
        slope = T.MultiplyAdd(slope, u, g);
        g = T.MultiplyAdd(g, u, T.Load(c + 2 * lanes));
        slope = T.MultiplyAdd(slope, u, g);
        g = T.MultiplyAdd(g, u, T.Load(c + lanes));
        derivative = T.MultiplyAdd(slope, u, g);
        return T.MultiplyAdd(g, u, T.Load(c));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateTabulated(double inverseLength, int count, TNumber* weights, RowSlopes* slopes)
    {
        int lanes = T.Count, width = plan.Width;
        for (var n = 0; n < count; n++)
        {
            ref readonly var row = ref _located.Pointer[n];
            var c = row.Piece;
            var u = T.Broadcast(row.Place);
            T d0 = T.Zero, d1 = T.Zero, d2 = T.Zero, d3 = T.Zero, e0 = T.Zero, e1 = T.Zero, e2 = T.Zero, e3 = T.Zero;
            for (var m = 0; m < width; m += lanes, c += Terms * lanes)
            {
                var g = ValueAndSlope(c, u, out var slope);
                T w0 = T.Load(weights + m), w1 = T.Load(weights + width + m), w2 = T.Load(weights + 2 * width + m), w3 = T.Load(weights + 3 * width + m);
                d0 = T.MultiplyAdd(w0, g, d0);
                d1 = T.MultiplyAdd(w1, g, d1);
                d2 = T.MultiplyAdd(w2, g, d2);
                d3 = T.MultiplyAdd(w3, g, d3);
                e0 = T.MultiplyAdd(w0, slope, e0);
                e1 = T.MultiplyAdd(w1, slope, e1);
                e2 = T.MultiplyAdd(w2, slope, e2);
                e3 = T.MultiplyAdd(w3, slope, e3);
            }

            var inner = T.MultiplyAdd(T.Broadcast(row.Radial), e0, T.MultiplyAdd(T.Broadcast(row.X), e1, T.MultiplyAdd(T.Broadcast(row.Y), e2, T.Broadcast(row.Z) * e3)));
            slopes[n] = new RowSlopes { Radial = T.Sum(d0) + inverseLength * T.Sum(inner), X = T.Sum(d1), Y = T.Sum(d2), Z = T.Sum(d3) };
        }
    }

    // Outputs of tables for all neighbours, and derivatives by the place in the piece.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private EmbeddedRows EvaluateTabulated(int count)
    {
        int lanes = T.Count, width = plan.Width;
        var values = _rows.Reserve(2L * count * width);
        var derivatives = values + (long)count * width;
        for (var n = 0; n < count; n++)
        {
            var c = _located.Pointer[n].Piece;
            var u = T.Broadcast(_located.Pointer[n].Place);
            for (var m = 0; m < width; m += lanes, c += Terms * lanes)
            {
                ValueAndSlope(c, u, out var slope).Store(values + (long)n * width + m);
                slope.Store(derivatives + (long)n * width + m);
            }
        }

        return new EmbeddedRows(values, derivatives, width);
    }

    // Outputs of the network itself, and their derivatives.
    private EmbeddedRows Evaluate(NetworkKernel<T, TNumber, TActivation> kernel, NeighborRow* rows, int count, bool slopes)
    {
        // A number a row, and what fills the last block of rows up.
        var inputs = _inputs.Reserve(count + MatrixProduct.RowBlock);
        for (var n = 0; n < count + MatrixProduct.RowBlock; n++)
        {
            inputs[n] = Real.Of<TNumber>(n < count ? rows[n].Radial : 0);
        }

        var values = kernel.Forward(_work, count, inputs, 1);
        if (slopes)
        {
            new Span<TNumber>(inputs, count + MatrixProduct.RowBlock).Fill(Real.Of<TNumber>(1));
        }

        return new EmbeddedRows(values, slopes ? kernel.Tangents(_work, count, inputs, 1) : null, kernel.OutputStride);
    }

    // Each row times 1 + w·modulation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Modulate(TNumber* modulation, NeighborRow* rows, int count, TNumber* values, int stride)
    {
        for (var n = 0; n < count; n++, values += stride)
        {
            var weight = Constant(rows[n].Weight);
            for (var m = 0; m < plan.Width; m += T.Count)
            {
                var value = T.Load(values + m);
                T.MultiplyAdd(value * T.Load(modulation + m), weight, value).Store(values + m);
            }
        }
    }

    // ∂E/∂w of rows that are not modulated yet.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateWeights(TNumber* modulation, in EmbeddedRows values, NeighborRow* rows, int count, TNumber* weights, RowSlopes* slopes)
    {
        var width = plan.Width;
        for (var n = 0; n < count; n++)
        {
            T r0 = Constant(rows[n].Radial), r1 = Constant(rows[n].X), r2 = Constant(rows[n].Y), r3 = Constant(rows[n].Z), sum = T.Zero;
            for (var m = 0; m < width; m += T.Count)
            {
                var along = T.MultiplyAdd(r0, T.Load(weights + m), T.MultiplyAdd(r1, T.Load(weights + width + m), T.MultiplyAdd(r2, T.Load(weights + 2 * width + m), r3 * T.Load(weights + 3 * width + m))));
                sum = T.MultiplyAdd(along, T.Load(values.Values + (long)n * values.Stride + m) * T.Load(modulation + m), sum);
            }

            slopes[n].Weight = T.Sum(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateRows(in EmbeddedRows values, NeighborRow* rows, int count, TNumber* sums)
    {
        int lanes = T.Count, width = plan.Width;
        for (var m = 0; m < width; m += lanes)
        {
            T s0 = T.Load(sums + m), s1 = T.Load(sums + width + m), s2 = T.Load(sums + 2 * width + m), s3 = T.Load(sums + 3 * width + m);
            var source = values.Values + m;
            for (var n = 0; n < count; n++, source += values.Stride)
            {
                var one = T.Load(source);
                s0 = T.MultiplyAdd(Constant(rows[n].Radial), one, s0);
                s1 = T.MultiplyAdd(Constant(rows[n].X), one, s1);
                s2 = T.MultiplyAdd(Constant(rows[n].Y), one, s2);
                s3 = T.MultiplyAdd(Constant(rows[n].Z), one, s3);
            }

            s0.Store(sums + m);
            s1.Store(sums + width + m);
            s2.Store(sums + 2 * width + m);
            s3.Store(sums + 3 * width + m);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateRows(in EmbeddedRows values, double scale, NeighborRow* rows, int count, TNumber* weights, RowSlopes* slopes)
    {
        int lanes = T.Count, width = plan.Width;
        for (var n = 0; n < count; n++)
        {
            TNumber* g = values.Values + (long)n * values.Stride, tangents = values.Slopes + (long)n * values.Stride;
            T r0 = Constant(rows[n].Radial), r1 = Constant(rows[n].X), r2 = Constant(rows[n].Y), r3 = Constant(rows[n].Z);
            T d0 = T.Zero, d1 = T.Zero, d2 = T.Zero, d3 = T.Zero, inner = T.Zero;
            for (var m = 0; m < width; m += lanes)
            {
                T one = T.Load(g + m), w0 = T.Load(weights + m), w1 = T.Load(weights + width + m), w2 = T.Load(weights + 2 * width + m), w3 = T.Load(weights + 3 * width + m);
                d0 = T.MultiplyAdd(w0, one, d0);
                d1 = T.MultiplyAdd(w1, one, d1);
                d2 = T.MultiplyAdd(w2, one, d2);
                d3 = T.MultiplyAdd(w3, one, d3);
                inner = T.MultiplyAdd(T.Load(tangents + m), T.MultiplyAdd(r0, w0, T.MultiplyAdd(r1, w1, T.MultiplyAdd(r2, w2, r3 * w3))), inner);
            }

            slopes[n] = slopes[n] with { Radial = T.Sum(d0) + scale * T.Sum(inner), X = T.Sum(d1), Y = T.Sum(d2), Z = T.Sum(d3) };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Constant(double value) => T.Broadcast(Real.Of<TNumber>(value));

    // G of all neighbours and its derivatives.
    private readonly record struct EmbeddedRows(nint ValuesAddress, nint SlopesAddress, int Stride)
    {
        public EmbeddedRows(TNumber* values, TNumber* slopes, int stride)
            : this((nint)values, (nint)slopes, stride)
        {
        }

        public TNumber* Values => (TNumber*)ValuesAddress;

        public TNumber* Slopes => (TNumber*)SlopesAddress;
    }

    // A neighbour's row beside the coefficients of its piece of a table, and where in the piece it is.
    private struct LocatedRow
    {
        public TNumber* Piece;
        public TNumber Place, Radial, X, Y, Z;
    }
}
