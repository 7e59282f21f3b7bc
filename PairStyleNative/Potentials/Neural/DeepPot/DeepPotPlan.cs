using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>A model made ready for vectors of T: packed fitting networks and tables of the embedding networks. Immutable; shared by all threads.</summary>
/// <remarks>
/// Own order of the descriptor: <c>[axis][embedding, rounded up to whole vectors]</c>, so that both ways between it and T run along vectors; the first weights of the fitting
/// networks are in that order too.
/// </remarks>
internal sealed class DeepPotPlan<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    /// <summary>Closer than this, Å, the table ends and the network itself is asked: no two atoms of matter are.</summary>
    private const double ShortestTabulated = 0.5;

    private readonly Dictionary<DenseNetwork, EmbeddingTable?> _tables = [];
    private readonly Dictionary<DenseNetwork, NetworkKernel<T>> _kernels = [];

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tabulated">Whether embeddings come from tables, or from the networks.</param>
    public DeepPotPlan(DeepPotModel model, bool tabulated)
    {
        Model = model;
        PlaceShare = 1.0 / model.PlaceCount;
        Width = (model.EmbeddingWidth + T.Count - 1) / T.Count * T.Count;
        var count = model.Species.Count;
        Fitting = [.. model.Fitting.Select(network => new NetworkKernel<T>(network, model.AxisWidth * Width, InputAt, gradients: true))];
        Tables = new EmbeddingTable?[count][];
        Kernels = new NetworkKernel<T>[count][];
        Empty = new double[count][][];
        for (var center = 0; center < count; center++)
        {
            Tables[center] = new EmbeddingTable?[count];
            Kernels[center] = new NetworkKernel<T>[count];
            Empty[center] = new double[count][];
            for (var neighbor = 0; neighbor < count; neighbor++)
            {
                var network = model.Embedding[center][neighbor];
                if (!_kernels.TryGetValue(network, out var kernel))
                {
                    kernel = _kernels[network] = new NetworkKernel<T>(network, gradients: false);
                    _tables[network] = tabulated ? Tabulate(model, network) : null;
                }

                Kernels[center][neighbor] = kernel;
                Tables[center][neighbor] = _tables[network];
                var scaling = model.Scaling[center][neighbor];
                var standard = -scaling.Mean / scaling.RadialDeviation;
                Empty[center][neighbor] = [.. ScalarNetwork.Expand(network, standard).Value.Select(value => value * standard)];
            }
        }
    }

    /// <summary>The model.</summary>
    public DeepPotModel Model { get; }

    /// <summary>One over the number of all places.</summary>
    public double PlaceShare { get; }

    /// <summary>Outputs of the embedding, rounded up to whole vectors.</summary>
    public int Width { get; }

    /// <summary>Fitting networks by center.</summary>
    public NetworkKernel<T>[] Fitting { get; }

    /// <summary>Embeddings by center and neighbour; null where there is no table.</summary>
    public EmbeddingTable?[][] Tables { get; }

    /// <summary>Embedding networks by center and neighbour.</summary>
    public NetworkKernel<T>[][] Kernels { get; }

    /// <summary>What a place that stays empty adds to the first row of T times the number of places, by center and neighbour.</summary>
    public double[][][] Empty { get; }

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
    }

    private int InputAt(int place)
    {
        int axis = place / Width, m = place % Width;
        return m < Model.EmbeddingWidth ? m * Model.AxisWidth + axis : -1;
    }

    private static EmbeddingTable? Tabulate(DeepPotModel model, DenseNetwork network)
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

        return EmbeddingTable.Make(network, start, end, T.Count);
    }
}
