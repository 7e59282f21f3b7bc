using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>A model made ready for vectors of T: packed fitting networks and tables of the embedding networks. Immutable; shared by all threads.</summary>
/// <remarks>
/// Own form of the descriptor: T is not divided by the number of places, and of D[a][m] = D[m][a] one is kept, in rows a of m = a … M−1; the first weights of the fitting networks
/// are added up and scaled for that.
/// </remarks>
internal sealed unsafe class DeepPotPlan<T, TNumber, TActivation> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TActivation : struct, IActivationKernel<TNumber>
{
    /// <summary>Closer than this, Å, the table ends and the network itself is asked: no two atoms of matter are.</summary>
    private const double ShortestTabulated = 0.5;

    private readonly Dictionary<DenseNetwork, EmbeddingTable<TNumber>?> _tables = [];
    private readonly Dictionary<DenseNetwork, NetworkKernel<T, TNumber, TActivation>> _kernels = [];
    private readonly NativeArray<TNumber> _empty = new();

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tabulated">Whether embeddings come from tables, or from the networks.</param>
    public DeepPotPlan(DeepPotModel model, bool tabulated)
    {
        Model = model;
        Width = (model.EmbeddingWidth + T.Count - 1) / T.Count * T.Count;
        Descriptor = new DescriptorLayout(model.EmbeddingWidth, model.AxisWidth);
        var count = model.Species.Count;
        var rows = new InputRows(Descriptor.Count, input => Descriptor.PlaceOf(input % model.AxisWidth, input / model.AxisWidth), 1.0 / model.PlaceCount / model.PlaceCount);
        Fitting = [.. model.Fitting.Select(network => new NetworkKernel<T, TNumber, TActivation>(network, rows))];
        Tables = new EmbeddingTable<TNumber>?[count][];
        Kernels = new NetworkKernel<T, TNumber, TActivation>[count][];
        var empty = _empty.Reserve((long)count * count * Width);
        new Span<TNumber>(empty, count * count * Width).Clear();
        for (var center = 0; center < count; center++)
        {
            Tables[center] = new EmbeddingTable<TNumber>?[count];
            Kernels[center] = new NetworkKernel<T, TNumber, TActivation>[count];
            for (var neighbor = 0; neighbor < count; neighbor++, empty += Width)
            {
                var network = model.Embedding[center][neighbor];
                if (!_kernels.TryGetValue(network, out var kernel))
                {
                    kernel = _kernels[network] = new NetworkKernel<T, TNumber, TActivation>(network, gradients: false);
                    _tables[network] = tabulated ? Tabulate(model, network) : null;
                }

                Kernels[center][neighbor] = kernel;
                Tables[center][neighbor] = _tables[network];
                var scaling = model.Scaling[center][neighbor];
                var standard = -scaling.Mean / scaling.RadialDeviation;
                var value = ScalarNetwork.Expand(network, standard).Value;
                for (var m = 0; m < value.Length; m++)
                {
                    empty[m] = Real.Of<TNumber>(value[m] * standard);
                }
            }
        }
    }

    /// <summary>The model.</summary>
    public DeepPotModel Model { get; }

    /// <summary>Outputs of the embedding, rounded up to whole vectors.</summary>
    public int Width { get; }

    /// <summary>What of D is kept.</summary>
    public DescriptorLayout Descriptor { get; }

    /// <summary>Fitting networks by center.</summary>
    public NetworkKernel<T, TNumber, TActivation>[] Fitting { get; }

    /// <summary>Embeddings by center and neighbour; null where there is no table.</summary>
    public EmbeddingTable<TNumber>?[][] Tables { get; }

    /// <summary>Embedding networks by center and neighbour.</summary>
    public NetworkKernel<T, TNumber, TActivation>[][] Kernels { get; }

    /// <summary>What a place that stays empty adds to the first row of T, <c>[<see cref="Width"/>]</c>.</summary>
    public TNumber* Empty(int center, int neighbor) => _empty.Pointer + ((long)center * Model.Species.Count + neighbor) * Width;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kernel in Fitting.Concat(_kernels.Values))
        {
            kernel.Dispose();
        }

        foreach (var table in _tables.Values)
        {
            table?.Dispose();
        }

        _empty.Dispose();
    }

    private static EmbeddingTable<TNumber>? Tabulate(DeepPotModel model, DenseNetwork network)
    {
        double start = double.PositiveInfinity, end = double.NegativeInfinity;
        for (var center = 0; center < model.Species.Count; center++)
        {
            for (var neighbor = 0; neighbor < model.Species.Count; neighbor++)
            {
                if (ReferenceEquals(model.Embedding[center][neighbor], network))
                {
                    var scaling = model.Scaling[center][neighbor];
                    start = Math.Min(start, -scaling.Mean / scaling.RadialDeviation);
                    end = Math.Max(end, (1 / ShortestTabulated - scaling.Mean) / scaling.RadialDeviation);
                }
            }
        }

        return EmbeddingTable<TNumber>.Make(network, start, end, T.Count);
    }
}
