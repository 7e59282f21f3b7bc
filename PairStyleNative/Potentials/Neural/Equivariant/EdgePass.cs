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
    private readonly TablePlaces _there = new();
    private readonly TablePlaces _back = new();
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
        (_there.Table, _back.Table) = (null, null);
        _sent.Reserve(gather.EdgeCount + 1);
        _received.Reserve(gather.EdgeCount + 1);
    }

    /// <summary>Adds what neighbours send, coupled and weighted.</summary>
    public void SumMessages(EdgeProduct<TNumber> product, BatchRows<TNumber> sums)
    {
        for (var p = 0; p < product.Paths.Length; p++)
        {
            var path = product.Paths[p];
            var weights = Weigh(product, p, withSlopes: false);
            var outer = _product.Reserve(path.Input.Dimension * (2L * path.Degree + 1) * path.Input.Width);
            for (var c = 0; c < gather.CenterCount; c++)
            {
                ref readonly var center = ref gather.Centers[c];
                var target = sums.Of(path.Output, c) + path.Column;
                var w = weights + (long)center.First * path.Input.Width;
                if (path.IsInner)
                {
                    EdgeKernels<T, TNumber>.Inner(center.Count, path.Input.Dimension, Sent + center.First, path.Input.Offset, path.Input.Width, w, HarmonicsOf(center, path), path.Input.Width, path.Factor, target);
                }
                else
                {
                    EdgeKernels<T, TNumber>.Outer(center.Count, path.Input.Dimension, path.Degree, Sent + center.First, path.Input.Offset, path.Input.Width, w, HarmonicsOf(center, path), path.Input.Width, outer);
                    path.Sum.Add<T>(outer, path.Input.Width, target);
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
            var weights = Weigh(product, p, withSlopes: true);
            var returns = bySent is null ? weights : WeighReturns(product, p, weights);
            for (var c = 0; c < gather.CenterCount; c++)
            {
                ref readonly var center = ref gather.Centers[c];
                var w = weights + (long)center.First * path.Input.Width;
                var slopes = _slopes.Pointer + (long)center.First * path.Input.Width;
                AddSlopes(path, center, bySums.Of(path.Output, c) + path.Column, w, slopes);
                if (bySent is not null)
                {
                    AddBackward(path, center, returns + (long)center.First * path.Input.Width, bySent.Of(path.Input, c));
                }
            }
        }
    }

    /// <summary>Sums the one function of a table over the edges of every center.</summary>
    public void SumScalars(RadialTable<TNumber> table, double* sums)
    {
        var values = Scalars(table, withSlopes: false);
        for (var c = 0; c < gather.CenterCount; c++)
        {
            ref readonly var center = ref gather.Centers[c];
            sums[c] = 0;
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                sums[c] += Real.From(values[(long)e * table.Width]);
            }
        }
    }

    /// <summary>Adds the derivatives by distances of such sums, whose own are given by center.</summary>
    public void DifferentiateScalars(RadialTable<TNumber> table, double* bySums)
    {
        Scalars(table, withSlopes: true);
        for (var c = 0; c < gather.CenterCount; c++)
        {
            ref readonly var center = ref gather.Centers[c];
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                var along = _sums.Pointer + (long)e * EdgeKernels<T, TNumber>.SumVectors * T.Count;
                *along = Real.Of<TNumber>(Real.From(*along) + bySums[c] * Real.From(_slopes.Pointer[(long)e * table.Width]));
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

    private TNumber* Weigh(EdgeProduct<TNumber> product, int path, bool withSlopes)
    {
        var (table, segment) = product.Tables[path];
        return Evaluate(table, segment, withSlopes);
    }

    private TNumber* Scalars(RadialTable<TNumber> table, bool withSlopes) => Evaluate(table, 0, withSlopes);

    private TNumber* Evaluate(RadialTable<TNumber> table, int segment, bool withSlopes)
    {
        var width = table.Width;
        var weights = _weights.Reserve((long)gather.EdgeCount * width + 1);
        Locate(_there, table, back: false);
        if (withSlopes)
        {
            var slopes = _slopes.Reserve((long)gather.EdgeCount * width + 1);
            RadialTable<TNumber>.Evaluate<T>(gather.EdgeCount, table.Segment(segment), width, _there.Pieces.Pointer, _there.Places.Pointer, table.PiecesPerLength, weights, slopes);
        }
        else
        {
            RadialTable<TNumber>.Evaluate<T>(gather.EdgeCount, table.Segment(segment), width, _there.Pieces.Pointer, _there.Places.Pointer, weights);
        }

        return weights;
    }

    // The weights with which neighbours hear the center.
    private TNumber* WeighReturns(EdgeProduct<TNumber> product, int path, TNumber* weights)
    {
        var (table, segment) = product.Tables[path];
        if (gather.IsSymmetric && !table.IsDirected)
        {
            return weights;
        }

        var returned = _returnWeights.Reserve((long)gather.EdgeCount * table.Width + 1);
        Locate(_back, table, back: true);
        RadialTable<TNumber>.Evaluate<T>(gather.EdgeCount, table.Segment(segment), table.Width, _back.Pieces.Pointer, _back.Places.Pointer, returned);
        return returned;
    }

    private void Locate(TablePlaces target, RadialTable<TNumber> table, bool back)
    {
        if (target.Table == table)
        {
            return;
        }

        var pieces = target.Pieces.Reserve(gather.EdgeCount + 1);
        var places = target.Places.Reserve(gather.EdgeCount + 1);
        var lengths = back ? gather.ReturnLengths : gather.Lengths;
        var center = gather.CenterCount > 0 ? gather.Centers[0].Species : 0;
        for (var e = 0; e < gather.EdgeCount; e++)
        {
            var x = lengths[e] * table.PiecesPerLength;
            var piece = Math.Min((int)x, table.Pieces - 1);
            var neighbor = gather.Neighbors[e].Species;
            var function = back ? table.FunctionOf(neighbor, center) : table.FunctionOf(center, neighbor);
            pieces[e] = (function * table.Pieces + piece) * RadialTable<TNumber>.Coefficients * table.Width;
            places[e] = Real.Of<TNumber>(x - piece);
        }

        target.Table = table;
    }

    private void AddSlopes(ProductPath<TNumber> path, in GatheredCenter center, TNumber* bySum, TNumber* weights, TNumber* slopes)
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
            EdgeKernels<T, TNumber>.InnerSlopes(center.Count, path.Input.Dimension, Sent + center.First, path.Input.Offset, gradient, weights, slopes, HarmonicsOf(center, path), width, sums, first);
        }
        else
        {
            EdgeKernels<T, TNumber>.Slopes(center.Count, path.Input.Dimension, path.Degree, Sent + center.First, path.Input.Offset, gradient, weights, slopes, HarmonicsOf(center, path), width, sums, first);
        }
    }

    private void AddBackward(ProductPath<TNumber> path, in GatheredCenter center, TNumber* weights, TNumber* bySent)
    {
        var width = path.Input.Width;
        var rows = Received + center.First;
        var offset = path.Output.Offset + path.Column;
        if (path.IsInnerBackward)
        {
            EdgeKernels<T, TNumber>.Inner(center.Count, path.Output.Dimension, rows, offset, path.Output.Width, weights, HarmonicsOf(center, path), width, path.BackwardFactor, bySent);
            return;
        }

        var outer = _product.Reserve((long)path.Output.Dimension * (2 * path.Degree + 1) * width);
        EdgeKernels<T, TNumber>.Outer(center.Count, path.Output.Dimension, path.Degree, rows, offset, path.Output.Width, weights, HarmonicsOf(center, path), width, outer);
        path.Backward.Add<T>(outer, width, bySent);
    }

    // Where the edges are found in a table.
    private sealed class TablePlaces : IDisposable
    {
        public NativeArray<TNumber> Places { get; } = new();

        public NativeArray<int> Pieces { get; } = new();

        public RadialTable<TNumber>? Table { get; set; }

        public void Dispose()
        {
            Places.Dispose();
            Pieces.Dispose();
        }
    }
}
