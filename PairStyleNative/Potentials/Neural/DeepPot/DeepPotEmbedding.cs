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
}

/// <summary>
/// The embeddings G of a center's neighbours of one species, and what is summed over them: T += R̃ᵀ·G before the fitting network, ∂E/∂R̃ after it. G is never stored for more than the
/// neighbours at hand: polynomials are evaluated a second time instead. One instance serves one thread.
/// </summary>
/// <remarks>T is kept as <c>[vectors of outputs][4][lanes]</c>.</remarks>
internal sealed unsafe class DeepPotEmbedding<T>(DeepPotPlan<T> plan) : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly NativeArray<nint> _pieces = new();
    private readonly NativeArray<double> _places = new();
    private readonly NativeArray<double> _inputs = new();
    private readonly NetworkWork<T> _work = new();

    private int Vectors => plan.Width / T.Count;

    /// <summary>Adds R̃ᵀ·G of neighbours of one species.</summary>
    /// <param name="center">Species of the center.</param>
    /// <param name="neighbor">Species of the neighbours.</param>
    /// <param name="rows">Their rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">T, added to.</param>
    public void Accumulate(int center, int neighbor, NeighborRow* rows, int count, double* sums)
    {
        if (plan.Tables[center][neighbor] is { } table && Locate(table, rows, count))
        {
            AccumulateTabulated(rows, count, sums);
        }
        else
        {
            AccumulateComputed(plan.Kernels[center][neighbor], rows, count, sums);
        }
    }

    /// <summary>∂E/∂R̃ of neighbours of one species.</summary>
    /// <param name="center">Species of the center.</param>
    /// <param name="neighbor">Species of the neighbours.</param>
    /// <param name="rows">Their rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="weights">∂E/∂T, as T.</param>
    /// <param name="slopes">Filled.</param>
    public void Differentiate(int center, int neighbor, NeighborRow* rows, int count, double* weights, RowSlopes* slopes)
    {
        if (plan.Tables[center][neighbor] is { } table && Locate(table, rows, count))
        {
            DifferentiateTabulated(table.InverseLength, rows, count, weights, slopes);
        }
        else
        {
            DifferentiateComputed(plan.Kernels[center][neighbor], rows, count, weights, slopes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pieces.Dispose();
        _places.Dispose();
        _inputs.Dispose();
        _work.Dispose();
    }

    // Where each neighbour is in the table; false where one is outside.
    private bool Locate(EmbeddingTable table, NeighborRow* rows, int count)
    {
        var pieces = _pieces.Reserve(count);
        var places = _places.Reserve(count);
        var size = (long)table.Vectors * EmbeddingTable.Coefficients * T.Count;
        for (var n = 0; n < count; n++)
        {
            var x = (rows[n].Radial - table.Start) * table.InverseLength;
            // Rounding may put s = 0 just below the start.
            if (!(x > -1e-6 && x < table.Pieces))
            {
                return false;
            }

            var piece = (int)Math.Max(x, 0);
            pieces[n] = (nint)(table.Data + piece * size);
            places[n] = x - piece;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateTabulated(NeighborRow* rows, int count, double* sums)
    {
        var pieces = _pieces.Pointer;
        var places = _places.Pointer;
        int lanes = T.Count, vectors = Vectors;
        for (var v = 0; v < vectors; v++, sums += 4 * lanes)
        {
            T s0 = T.Load(sums), s1 = T.Load(sums + lanes), s2 = T.Load(sums + 2 * lanes), s3 = T.Load(sums + 3 * lanes);
            var offset = v * EmbeddingTable.Coefficients * lanes;
            for (var n = 0; n < count; n++)
            {
                var c = (double*)pieces[n] + offset;
                var u = T.Broadcast(places[n]);
                var g = T.MultiplyAdd(T.Load(c + 5 * lanes), u, T.Load(c + 4 * lanes));
                g = T.MultiplyAdd(g, u, T.Load(c + 3 * lanes));
                g = T.MultiplyAdd(g, u, T.Load(c + 2 * lanes));
                g = T.MultiplyAdd(g, u, T.Load(c + lanes));
                g = T.MultiplyAdd(g, u, T.Load(c));
                s0 = T.MultiplyAdd(T.Broadcast(rows[n].Radial), g, s0);
                s1 = T.MultiplyAdd(T.Broadcast(rows[n].X), g, s1);
                s2 = T.MultiplyAdd(T.Broadcast(rows[n].Y), g, s2);
                s3 = T.MultiplyAdd(T.Broadcast(rows[n].Z), g, s3);
            }

            s0.Store(sums);
            s1.Store(sums + lanes);
            s2.Store(sums + 2 * lanes);
            s3.Store(sums + 3 * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateTabulated(double inverseLength, NeighborRow* rows, int count, double* weights, RowSlopes* slopes)
    {
        int lanes = T.Count, vectors = Vectors;
        T two = T.Broadcast(2), three = T.Broadcast(3), four = T.Broadcast(4), five = T.Broadcast(5);
        for (var n = 0; n < count; n++)
        {
            var c = (double*)_pieces.Pointer[n];
            var w = weights;
            T u = T.Broadcast(_places.Pointer[n]), r0 = T.Broadcast(rows[n].Radial), r1 = T.Broadcast(rows[n].X), r2 = T.Broadcast(rows[n].Y), r3 = T.Broadcast(rows[n].Z);
            T d0 = T.Zero, d1 = T.Zero, d2 = T.Zero, d3 = T.Zero, inner = T.Zero;
            for (var v = 0; v < vectors; v++, w += 4 * lanes, c += EmbeddingTable.Coefficients * lanes)
            {
                T c1 = T.Load(c + lanes), c2 = T.Load(c + 2 * lanes), c3 = T.Load(c + 3 * lanes), c4 = T.Load(c + 4 * lanes), c5 = T.Load(c + 5 * lanes);
                var g = T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(c5, u, c4), u, c3), u, c2), u, c1), u, T.Load(c));
                var slope = T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(five * c5, u, four * c4), u, three * c3), u, two * c2), u, c1);
                T w0 = T.Load(w), w1 = T.Load(w + lanes), w2 = T.Load(w + 2 * lanes), w3 = T.Load(w + 3 * lanes);
                d0 = T.MultiplyAdd(w0, g, d0);
                d1 = T.MultiplyAdd(w1, g, d1);
                d2 = T.MultiplyAdd(w2, g, d2);
                d3 = T.MultiplyAdd(w3, g, d3);
                inner = T.MultiplyAdd(slope, T.MultiplyAdd(r0, w0, T.MultiplyAdd(r1, w1, T.MultiplyAdd(r2, w2, r3 * w3))), inner);
            }

            slopes[n] = new RowSlopes { Radial = T.Sum(d0) + inverseLength * T.Sum(inner), X = T.Sum(d1), Y = T.Sum(d2), Z = T.Sum(d3) };
        }
    }

    // The network's inputs, a number a row.
    private double* Inputs(NeighborRow* rows, int count)
    {
        var inputs = _inputs.Reserve(count + MatrixProduct.RowBlock);
        for (var n = 0; n < count + MatrixProduct.RowBlock; n++)
        {
            inputs[n] = n < count ? rows[n].Radial : 0;
        }

        return inputs;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateComputed(NetworkKernel<T> kernel, NeighborRow* rows, int count, double* sums)
    {
        var g = kernel.Forward(_work, count, Inputs(rows, count), 1);
        int lanes = T.Count, vectors = Vectors, stride = kernel.OutputStride;
        for (var v = 0; v < vectors; v++, sums += 4 * lanes, g += lanes)
        {
            T s0 = T.Load(sums), s1 = T.Load(sums + lanes), s2 = T.Load(sums + 2 * lanes), s3 = T.Load(sums + 3 * lanes);
            var source = g;
            for (var n = 0; n < count; n++, source += stride)
            {
                var one = T.Load(source);
                s0 = T.MultiplyAdd(T.Broadcast(rows[n].Radial), one, s0);
                s1 = T.MultiplyAdd(T.Broadcast(rows[n].X), one, s1);
                s2 = T.MultiplyAdd(T.Broadcast(rows[n].Y), one, s2);
                s3 = T.MultiplyAdd(T.Broadcast(rows[n].Z), one, s3);
            }

            s0.Store(sums);
            s1.Store(sums + lanes);
            s2.Store(sums + 2 * lanes);
            s3.Store(sums + 3 * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateComputed(NetworkKernel<T> kernel, NeighborRow* rows, int count, double* weights, RowSlopes* slopes)
    {
        var g = kernel.Forward(_work, count, Inputs(rows, count), 1);
        new Span<double>(_inputs.Pointer, count + MatrixProduct.RowBlock).Fill(1);
        var tangents = kernel.Tangents(_work, count, _inputs.Pointer, 1);
        int lanes = T.Count, vectors = Vectors, stride = kernel.OutputStride;
        for (var n = 0; n < count; n++, g += stride, tangents += stride)
        {
            var w = weights;
            T r0 = T.Broadcast(rows[n].Radial), r1 = T.Broadcast(rows[n].X), r2 = T.Broadcast(rows[n].Y), r3 = T.Broadcast(rows[n].Z);
            T d0 = T.Zero, d1 = T.Zero, d2 = T.Zero, d3 = T.Zero, inner = T.Zero;
            for (var v = 0; v < vectors; v++, w += 4 * lanes)
            {
                T one = T.Load(g + v * lanes), w0 = T.Load(w), w1 = T.Load(w + lanes), w2 = T.Load(w + 2 * lanes), w3 = T.Load(w + 3 * lanes);
                d0 = T.MultiplyAdd(w0, one, d0);
                d1 = T.MultiplyAdd(w1, one, d1);
                d2 = T.MultiplyAdd(w2, one, d2);
                d3 = T.MultiplyAdd(w3, one, d3);
                inner = T.MultiplyAdd(T.Load(tangents + v * lanes), T.MultiplyAdd(r0, w0, T.MultiplyAdd(r1, w1, T.MultiplyAdd(r2, w2, r3 * w3))), inner);
            }

            slopes[n] = new RowSlopes { Radial = T.Sum(d0) + T.Sum(inner), X = T.Sum(d1), Y = T.Sum(d2), Z = T.Sum(d3) };
        }
    }
}
