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

    /// <summary>Of so many species all that is needed is made at once; of more, such as all elements, when atoms that need it are there.</summary>
    private const int FewSpecies = 8;

    private readonly Lazy<NetworkKernel<T, TNumber, TActivation>>[] _fitting;
    private readonly PreparedEmbedding[][] _embedding;
    private readonly NativeArray<TNumber> _empty = new();
    private readonly NativeArray<TNumber> _modulation = new();

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tabulated">Whether embeddings come from tables, or from the networks.</param>
    public DeepPotPlan(DeepPotModel model, bool tabulated)
    {
        Model = model;
        Width = (model.EmbeddingWidth + T.Count - 1) / T.Count * T.Count;
        Descriptor = new DescriptorLayout(model.EmbeddingWidth, model.AxisWidth);
        var rows = new InputRows(Descriptor.Count, input => Descriptor.PlaceOf(input % model.AxisWidth, input / model.AxisWidth), 1.0 / model.PlaceCount / model.PlaceCount);
        _fitting = [.. model.Fitting.Select(network => new Lazy<NetworkKernel<T, TNumber, TActivation>>(() => new(network, rows)))];
        var prepared = model.Embedding.SelectMany(row => row).Distinct().ToDictionary(network => network, network => new PreparedEmbedding(model, network, tabulated));
        _embedding = [.. model.Embedding.Select(row => row.Select(network => prepared[network]).ToArray())];
        FillConstants();
        for (var species = 0; species < model.Species.Count && model.Species.Count <= FewSpecies; species++)
        {
            _ = _fitting[species].Value;
            Array.ForEach(_embedding[species], one => _ = one.Table.Value);
        }
    }

    /// <summary>The model.</summary>
    public DeepPotModel Model { get; }

    /// <summary>Outputs of the embedding, rounded up to whole vectors.</summary>
    public int Width { get; }

    /// <summary>What of D is kept.</summary>
    public DescriptorLayout Descriptor { get; }

    /// <summary>The fitting network of a center.</summary>
    public NetworkKernel<T, TNumber, TActivation> FittingOf(int center) => _fitting[center].Value;

    /// <summary>The embedding of a pair; null where there is no table.</summary>
    public EmbeddingTable<TNumber>? TableOf(int center, int neighbor) => _embedding[center][neighbor].Table.Value;

    /// <summary>The embedding network of a pair.</summary>
    public NetworkKernel<T, TNumber, TActivation> KernelOf(int center, int neighbor) => _embedding[center][neighbor].Kernel.Value;

    /// <summary>What a place that stays empty adds to the first row of T, <c>[<see cref="Width"/>]</c>.</summary>
    public TNumber* Empty(int center, int neighbor) => _empty.Pointer + PairOf(center, neighbor);

    /// <summary><see cref="DeepPotModel.Modulation"/>, <c>[<see cref="Width"/>]</c>, or null.</summary>
    public TNumber* Modulation(int center, int neighbor) => Model.Modulation is null ? null : _modulation.Pointer + PairOf(center, neighbor);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var fitting in _fitting)
        {
            Release(fitting);
        }

        foreach (var embedding in _embedding.SelectMany(row => row).Distinct())
        {
            Release(embedding.Kernel);
            Release(embedding.Table);
        }

        _empty.Dispose();
        _modulation.Dispose();
    }

    private static void Release<TItem>(Lazy<TItem> item)
        where TItem : IDisposable?
    {
        if (item.IsValueCreated)
        {
            item.Value?.Dispose();
        }
    }

    private long PairOf(int center, int neighbor) => ((long)center * Model.Species.Count + neighbor) * Width;

    private void FillConstants()
    {
        var count = Model.Species.Count;
        var size = (long)count * count * Width;
        new Span<TNumber>(_empty.Reserve(size), checked((int)size)).Clear();
        if (Model.Modulation is not null)
        {
            new Span<TNumber>(_modulation.Reserve(size), checked((int)size)).Clear();
        }

        for (var center = 0; center < count; center++)
        {
            for (var neighbor = 0; neighbor < count; neighbor++)
            {
                Copy(Model.Modulation?[center][neighbor] ?? [], _modulation.Pointer + PairOf(center, neighbor));
                var scaling = Model.Scaling[center][neighbor];
                var standard = -scaling.Mean / scaling.RadialDeviation;
                if (standard != 0)
                {
                    Copy([.. Model.Embedding[center][neighbor].Value([standard]).Select(value => value * standard)], _empty.Pointer + PairOf(center, neighbor));
                }
            }
        }
    }

    private static void Copy(double[] values, TNumber* target)
    {
        for (var m = 0; m < values.Length; m++)
        {
            target[m] = Real.Of<TNumber>(values[m]);
        }
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

    // An embedding network, made when it is asked for.
    private sealed class PreparedEmbedding(DeepPotModel model, DenseNetwork network, bool tabulated)
    {
        public Lazy<NetworkKernel<T, TNumber, TActivation>> Kernel { get; } = new(() => new(network, gradients: false));

        public Lazy<EmbeddingTable<TNumber>?> Table { get; } = new(() => tabulated ? Tabulate(model, network) : null);
    }
}
