using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>The edges of a batch in one layer: messages, and derivatives by distances and directions. One instance serves one thread.</summary>
/// <param name="gather">Centers and edges.</param>
internal sealed unsafe class EdgePass<T, TNumber>(EdgeGather<TNumber> gather) : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _weights = new();
    private readonly NativeArray<TNumber> _returnWeights = new();
    private readonly NativeArray<TNumber> _slopes = new();
    private readonly NativeArray<TNumber> _product = new();
    private readonly NativeArray<TNumber> _sums = new();
    private readonly EdgeOrder<TNumber> _there = new(gather, back: false);
    private readonly EdgeOrder<TNumber> _back = new(gather, back: true);
    private readonly NativeArray<nint> _sent = new();
    private readonly NativeArray<nint> _received = new();
    private readonly NativeArray<double> _gradient = new();

    /// <summary>The features that the neighbours of all edges send.</summary>
    public TNumber** Sent => (TNumber**)_sent.Pointer;

    /// <summary>The derivatives by the neighbours' sums.</summary>
    public TNumber** Received => (TNumber**)_received.Pointer;

    /// <summary>Begins a batch.</summary>
    public void Start()
    {
        _there.Forget();
        _back.Forget();
        _sent.Reserve(gather.EdgeCount + 1);
        _received.Reserve(gather.EdgeCount + 1);
    }

    /// <summary>Adds what neighbours send, coupled and weighted.</summary>
    public void SumMessages(EdgeProduct<TNumber> product, BatchRows<TNumber> sums)
    {
        for (var p = 0; p < product.Paths.Length; p++)
        {
            var path = product.Paths[p];
            var (table, segment) = product.Tables[p];
            var edges = _there.In(table);
            var weights = _weights.Reserve(StripSize + 1);
            for (var strip = 0; strip < table.Strips; strip++)
            {
                // Strip by strip, so that what neighbours send stays in the cache for all centers.
                table.Evaluate<T>(segment, strip, edges, gather.EdgeCount, weights);
                for (var c = 0; c < gather.CenterCount; c++)
                {
                    ref readonly var center = ref gather.Centers[c];
                    Couple(path, center, Sent, strip * Strip, weights + (long)center.First * Strip, sums.Of(path.Output, c) + path.Column + strip * Strip);
                }
            }
        }
    }

    /// <summary>Sets the derivatives by distances and harmonics to zero.</summary>
    public void ClearSlopes()
    {
        var count = (long)gather.EdgeCount * EdgeKernels<T, TNumber>.SumVectors * T.Count;
        new Span<byte>(_sums.Reserve(count + 1), checked((int)(count * sizeof(TNumber)))).Clear();
    }

    /// <summary>Adds the derivatives by distances and harmonics and, where it is asked for, those by what the centers send.</summary>
    /// <param name="product">Of the layer.</param>
    /// <param name="bySums">Derivatives by the centers' sums.</param>
    /// <param name="bySent">Added to, from <see cref="Received"/>; null: not asked for.</param>
    public void Differentiate(EdgeProduct<TNumber> product, BatchRows<TNumber> bySums, BatchRows<TNumber>? bySent)
    {
        for (var p = 0; p < product.Paths.Length; p++)
        {
            var path = product.Paths[p];
            var weights = Weigh(product.Tables[p].Table, product.Tables[p].Segment);
            for (var c = 0; c < gather.CenterCount; c++)
            {
                ref readonly var center = ref gather.Centers[c];
                var first = (long)center.First * Strip;
                AddSlopes(path, center, bySums.Of(path.Output, c) + path.Column, new EdgeWeights<TNumber>(weights.Values + first, weights.Slopes + first, weights.Stride));
            }

            var returns = bySent is null ? null : WeighReturns(product.Tables[p].Table, product.Tables[p].Segment, weights.Values);
            for (var strip = 0; strip < path.Input.Width / Strip && bySent is not null; strip++)
            {
                for (var c = 0; c < gather.CenterCount; c++)
                {
                    ref readonly var center = ref gather.Centers[c];
                    AddBackward(path, center, strip * Strip, returns + strip * weights.Stride + (long)center.First * Strip, bySent.Of(path.Input, c) + strip * Strip);
                }
            }
        }
    }

    /// <summary>Sums the one function of a table over the edges of every center.</summary>
    public void SumScalars(RadialTable<TNumber> table, double* sums)
    {
        var values = Weigh(table, 0).Values;
        for (var c = 0; c < gather.CenterCount; c++)
        {
            ref readonly var center = ref gather.Centers[c];
            sums[c] = 0;
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                sums[c] += Real.From(values[(long)e * Strip]);
            }
        }
    }

    /// <summary>Adds the derivatives by distances of such sums, whose own are given by center.</summary>
    public void DifferentiateScalars(RadialTable<TNumber> table, double* bySums)
    {
        var slopes = Weigh(table, 0).Slopes;
        for (var c = 0; c < gather.CenterCount; c++)
        {
            ref readonly var center = ref gather.Centers[c];
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                var along = _sums.Pointer + (long)e * EdgeKernels<T, TNumber>.SumVectors * T.Count;
                *along = Real.Of<TNumber>(Real.From(*along) + bySums[c] * Real.From(slopes[(long)e * Strip]));
            }
        }
    }

    /// <summary>Adds forces and virials; false where they are not finite.</summary>
    public bool AddForces(int degree, int index, in EvaluationBuffers buffers)
    {
        const int Vectors = EdgeKernels<T, TNumber>.SumVectors;
        ref readonly var center = ref gather.Centers[index];
        var gradient = _gradient.Reserve(3L * center.Count + 1);
        var weights = stackalloc double[SphericalHarmonics.MaximumWidth];
        for (var n = 0; n < center.Count; n++)
        {
            var edge = center.First + n;
            var sums = _sums.Pointer + (long)edge * Vectors * T.Count;
            ref readonly var neighbor = ref gather.Neighbors[edge];
            double inverse = 1 / gather.Distances[edge], x = neighbor.X * inverse, y = neighbor.Y * inverse, z = neighbor.Z * inverse;
            for (var m = 0; m < SphericalHarmonics.WidthTo(degree); m++)
            {
                weights[m] = T.Sum(T.Load(sums + (1 + m) * T.Count));
            }

            // Tables give slopes by the length.
            var along = T.Sum(T.Load(sums)) * (gather.Lengths[edge] / gather.Distances[edge]);
            var target = gradient + 3 * n;
            (target[0], target[1], target[2]) = (along * x, along * y, along * z);
            SphericalHarmonics.AddGradient(degree, x, y, z, inverse, weights, target);
        }

        return GatheredScatter.AddForces(center, 1, gather.Neighbors + center.First, gradient, 1, buffers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _slopes.Dispose();
        _product.Dispose();
        _sums.Dispose();
        _returnWeights.Dispose();
        _there.Dispose();
        _back.Dispose();
        _sent.Dispose();
        _received.Dispose();
        _gradient.Dispose();
    }

    private TNumber* HarmonicsOf(in GatheredCenter center, ProductPath<TNumber> path) =>
        gather.Harmonics + (long)center.First * EdgeKernels<T, TNumber>.HarmonicStride + SphericalHarmonics.OffsetOf(path.Degree);

    private static int Strip => 2 * T.Count;

    private long StripSize => (long)gather.EdgeCount * Strip;

    private EdgeWeights<TNumber> Weigh(RadialTable<TNumber> table, int segment)
    {
        var edges = _there.In(table);
        var size = StripSize;
        TNumber* weights = _weights.Reserve(table.Strips * size + 1), slopes = _slopes.Reserve(table.Strips * size + 1);
        for (var strip = 0; strip < table.Strips; strip++)
        {
            table.Evaluate<T>(segment, strip, edges, gather.EdgeCount, weights + strip * size, slopes + strip * size);
        }

        return new EdgeWeights<TNumber>(weights, slopes, size);
    }

    // The weights with which neighbours hear the center.
    private TNumber* WeighReturns(RadialTable<TNumber> table, int segment, TNumber* weights)
    {
        if (gather.IsSymmetric && !table.IsDirected)
        {
            return weights;
        }

        var edges = _back.In(table);
        var returned = _returnWeights.Reserve(table.Strips * StripSize + 1);
        for (var strip = 0; strip < table.Strips; strip++)
        {
            table.Evaluate<T>(segment, strip, edges, gather.EdgeCount, returned + strip * StripSize);
        }

        return returned;
    }

    private void Couple(ProductPath<TNumber> path, in GatheredCenter center, TNumber** rows, int channel, TNumber* weights, TNumber* target)
    {
        int width = path.Input.Width, dimension = path.Input.Dimension;
        var harmonics = HarmonicsOf(center, path);
        if (path.IsInner)
        {
            EdgeKernels<T, TNumber>.Inner(center.Count, dimension, rows + center.First, path.Input.Offset + channel, width, weights, harmonics, path.Factor, target);
            return;
        }

        var outer = _product.Reserve(dimension * (2L * path.Degree + 1) * width) + channel;
        EdgeKernels<T, TNumber>.Outer(center.Count, dimension, path.Degree, rows + center.First, path.Input.Offset + channel, width, weights, harmonics, width, outer);
        path.Sum.Add<T>(outer, Strip, target);
    }

    private void AddSlopes(ProductPath<TNumber> path, in GatheredCenter center, TNumber* bySum, in EdgeWeights<TNumber> weights)
    {
        var width = path.Input.Width;
        var size = path.IsInner ? width : path.Input.Dimension * (2 * path.Degree + 1) * width;
        var gradient = _product.Reserve(size);
        new Span<TNumber>(gradient, size).Clear();
        path.Gradient.Add<T>(bySum, width, gradient);
        var sums = _sums.Pointer + (long)center.First * EdgeKernels<T, TNumber>.SumVectors * T.Count;
        var first = 1 + SphericalHarmonics.OffsetOf(path.Degree);
        if (path.IsInner)
        {
            EdgeKernels<T, TNumber>.InnerSlopes(center.Count, path.Input.Dimension, Sent + center.First, path.Input.Offset, gradient, weights, HarmonicsOf(center, path), width, sums, first);
        }
        else
        {
            EdgeKernels<T, TNumber>.Slopes(center.Count, path.Input.Dimension, path.Degree, Sent + center.First, path.Input.Offset, gradient, weights, HarmonicsOf(center, path), width, sums, first);
        }
    }

    private void AddBackward(ProductPath<TNumber> path, in GatheredCenter center, int channel, TNumber* weights, TNumber* bySent)
    {
        int width = path.Input.Width, dimension = path.Output.Dimension;
        var rows = Received + center.First;
        var offset = path.Output.Offset + path.Column + channel;
        if (path.IsInnerBackward)
        {
            EdgeKernels<T, TNumber>.Inner(center.Count, dimension, rows, offset, path.Output.Width, weights, HarmonicsOf(center, path), path.BackwardFactor, bySent);
            return;
        }

        var outer = _product.Reserve((long)dimension * (2 * path.Degree + 1) * width) + channel;
        EdgeKernels<T, TNumber>.Outer(center.Count, dimension, path.Degree, rows, offset, path.Output.Width, weights, HarmonicsOf(center, path), width, outer);
        path.Backward.Add<T>(outer, Strip, bySent);
    }
}
