using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>A network that takes latents: behind the first product, which is done by the stages that made them.</summary>
/// <param name="Update">Index of the last stage whose contribution the latents have.</param>
/// <param name="Chain">What comes behind.</param>
internal sealed record LatentConsumer<T, TNumber, TSilu>(int Update, RowChain<T, TNumber, TSilu> Chain)
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>;

/// <summary>
/// A model made ready for vectors of T. Immutable; shared by all threads.
/// </summary>
/// <remarks>
/// <para>
/// The last layer of every latent network is linear, and so is the first of whatever takes latents. With h_s the last hidden values of update s, W_s its last weights and g_s how much of it is left (a product of envelope and
/// residual factors, one number for an edge), latents are Σ_s g_s·h_s·W_s, and a consumer with first weights M takes Σ_s g_s·h_s·(W_s·M). W_s·M of all consumers, side by side, are one matrix, made when the model is
/// loaded: latents themselves are never computed. For the sizes that Allegro recommends that is two thirds of the multiplications. The first stage depends on the species and the distance only: in single precision it is a table.
/// </para>
/// <para>Channels are in the lanes: features are <c>[component][channels]</c>, results of tensor products stand so that what is mixed into one number is contiguous, <c>[block][m][path][channels]</c>, scalars first as in the model.</para>
/// </remarks>
internal sealed class AllegroPlan<T, TNumber, TSilu> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Prepares a model.</summary>
    public AllegroPlan(AllegroModel model)
    {
        Model = model;
        ChannelWidth = Strips.Whole<T, TNumber>(model.Channels);
        HarmonicCount = (model.Degree + 1) * (model.Degree + 1);
        InputWidth = model.Input.Width;
        Updates = [.. model.Layers.Select(layer => layer.Latent), model.FinalLatent];
        Layers = [.. model.Layers.Select((layer, t) => Own(new AllegroLayerPlan<T, TNumber>(model, layer, t, ChannelWidth)))];

        // First matrices of consumers, [latents][columns], by the update whose latents they take.
        var firsts = new List<(int Update, DenseMatrix Matrix)>();
        Weighting = [.. model.Layers.Select((layer, t) => MakeWeighting(layer, t, firsts))];
        var networks = Updates.Select(update => DenseMatrix.Merged(update.Network)).ToArray();
        Energy = MakeEnergy(firsts);
        Stages = [.. Updates.Select((_, s) => MakeStage(s, networks, firsts))];
        FirstWeights = Own(Strips.Pack<T, TNumber>(InputWidth, Stages[0].Chain.InputWidth, (row, column) => At(networks[0][0].Weights, row, column)));
        FirstBack = Own(Strips.Pack<T, TNumber>(Stages[0].Chain.InputWidth, Strips.Whole<T, TNumber>(InputWidth), (row, column) => At(networks[0][0].Weights, column, row)));
    }

    /// <summary>The model.</summary>
    public AllegroModel Model { get; }

    /// <summary>Channels with what fills the last strip up.</summary>
    public int ChannelWidth { get; }

    /// <summary>Numbers of the harmonics.</summary>
    public int HarmonicCount { get; }

    /// <summary>Numbers that the first network takes.</summary>
    public int InputWidth { get; }

    /// <summary>All updates of latents, one more than there are layers.</summary>
    public LatentUpdate[] Updates { get; }

    /// <summary>Tensor products and mixings.</summary>
    public AllegroLayerPlan<T, TNumber>[] Layers { get; }

    /// <summary>Latent networks with the products for all that take their results.</summary>
    public AllegroStage<T, TNumber, TSilu>[] Stages { get; }

    /// <summary>From latents to the weights of harmonics by layer: <c>[part][l][channels]</c>.</summary>
    public LatentConsumer<T, TNumber, TSilu>[] Weighting { get; }

    /// <summary>From latents to the energy of an edge.</summary>
    public LatentConsumer<T, TNumber, TSilu> Energy { get; }

    /// <summary>The first product of the first network.</summary>
    public StripMatrix<TNumber> FirstWeights { get; }

    /// <summary>The same, transposed.</summary>
    public StripMatrix<TNumber> FirstBack { get; }

    /// <summary>Consumers are numbered: first the weighting of the layers, then latent networks, from 1 on, then the energy.</summary>
    public int ConsumerOfUpdate(int update) => Model.Layers.Count + update - 1;

    /// <summary>The same for the energy.</summary>
    public int ConsumerOfEnergy => 2 * Model.Layers.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in _owned)
        {
            one.Dispose();
        }
    }

    private TItem Own<TItem>(TItem item)
        where TItem : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    private static double At(DenseMatrix matrix, int row, int column) => row < matrix.Rows && column < matrix.Columns ? matrix[row, column] : 0;

    private LatentConsumer<T, TNumber, TSilu> MakeWeighting(AllegroLayer layer, int t, List<(int, DenseMatrix)> firsts)
    {
        int degrees = Model.Degree + 1, parts = t == 0 ? 2 : 1, width = parts * degrees * ChannelWidth;
        int Placed(int place)
        {
            int channel = place % ChannelWidth, row = place / ChannelWidth;
            return channel < Model.Channels ? (row / degrees * Model.Channels + channel) * degrees + row % degrees : -1;
        }

        return Consumer(DenseMatrix.Merged(layer.Weighting), t, Placed, width, firsts);
    }

    private LatentConsumer<T, TNumber, TSilu> MakeEnergy(List<(int, DenseMatrix)> firsts)
    {
        // The matrices of latent networks come before that of the energy.
        for (var s = 1; s < Updates.Length; s++)
        {
            var weights = DenseMatrix.Merged(Updates[s].Network)[0].Weights;
            var width = Strips.Whole<T, TNumber>(weights.Columns);
            firsts.Add((s - 1, DenseMatrix.Make(Model.LatentWidth, width, (row, column) => At(weights, row, column))));
        }

        return Consumer(DenseMatrix.Merged(Model.EdgeEnergy), Updates.Length - 1, static place => place == 0 ? 0 : -1, Strips.Size<T, TNumber>(), firsts);
    }

    private LatentConsumer<T, TNumber, TSilu> Consumer(IReadOnlyList<(DenseMatrix Weights, Activation Activation)> layers, int update, Func<int, int> placed, int places, List<(int, DenseMatrix)> firsts)
    {
        var (weights, activation) = layers[0];
        var isOnly = layers.Count == 1;
        var width = isOnly ? places : Strips.Whole<T, TNumber>(weights.Columns);
        firsts.Add((update, DenseMatrix.Make(weights.Rows, width, (row, column) => (isOnly ? placed(column) : column < weights.Columns ? column : -1) is >= 0 and var source ? weights[row, source] : 0)));
        return new LatentConsumer<T, TNumber, TSilu>(update, Own(new RowChain<T, TNumber, TSilu>(width, activation == Activation.Silu, [.. layers.Skip(1)], placed, places)));
    }

    private AllegroStage<T, TNumber, TSilu> MakeStage(int s, IReadOnlyList<(DenseMatrix Weights, Activation Activation)>[] networks, List<(int Update, DenseMatrix Matrix)> firsts)
    {
        var network = networks[s];
        bool[] taken = [.. firsts.Select(one => one.Update >= s && Meets(network[^1].Weights, one.Matrix))];
        // The last of them takes the energy.
        taken[^1] |= !taken.Contains(true);
        var columns = firsts.Where((_, c) => taken[c]).Sum(one => one.Matrix.Columns);
        var places = new int[firsts.Count];
        var joined = new List<DenseMatrix>();
        var used = 0;
        for (var c = 0; c < firsts.Count; c++)
        {
            places[c] = taken[c] ? used : -1;
            if (places[c] >= 0)
            {
                joined.Add(firsts[c].Matrix);
                used += firsts[c].Matrix.Columns;
            }
        }

        var matrix = Beside(joined, Model.LatentWidth);
        var hidden = network.Skip(1).ToList();
        var last = network[^1];
        if (network.Count > 1 && last.Activation == Activation.Linear && (long)last.Weights.Rows * columns <= (long)last.Weights.Columns * (last.Weights.Rows + columns))
        {
            matrix = last.Weights.Times(matrix);
            hidden.RemoveAt(hidden.Count - 1);
        }

        var (first, activation) = network[0];
        var chain = Own(new RowChain<T, TNumber, TSilu>(Strips.Whole<T, TNumber>(first.Columns), activation == Activation.Silu, hidden, null, 0));
        var channels = Model.Channels;
        var scalars = s == 0 ? 0 : Model.Layers[s - 1].Product.Scalars;
        double FromScalar(int row, int column)
        {
            var (scalar, channel) = (row / ChannelWidth, row % ChannelWidth);
            return channel < channels && column < first.Columns ? first[Model.LatentWidth + channel * scalars + scalar, column] : 0;
        }

        return new AllegroStage<T, TNumber, TSilu>
        {
            Table = s == 0 && typeof(TNumber) == typeof(float) && TwoBodyTable<T, TNumber>.Make(Model, [network[0], .. hidden], matrix) is { } table ? Own(table) : null,
            Chain = chain,
            Forward = Own(Strips.Pack<T, TNumber>(chain.OutputWidth, columns, (row, column) => At(matrix, row, column))),
            Backward = Own(Strips.Pack<T, TNumber>(columns, chain.OutputWidth, (row, column) => At(matrix, column, row))),
            Places = places,
            FromScalars = s == 0 ? null : Own(Strips.Pack<T, TNumber>(scalars * ChannelWidth, chain.InputWidth, FromScalar)),
            ToScalars = s == 0 ? null : Own(Strips.Pack<T, TNumber>(chain.InputWidth, scalars * ChannelWidth, (row, column) => FromScalar(column, row))),
        };
    }

    // Whether the product of two matrices is more than zeros; latents of models that only add to their own part of them lead to few.
    private static bool Meets(DenseMatrix left, DenseMatrix right) =>
        Enumerable.Range(0, right.Rows).Any(k => Enumerable.Range(0, right.Columns).Any(column => right[k, column] != 0) && Enumerable.Range(0, left.Rows).Any(row => left[row, k] != 0));

    private static DenseMatrix Beside(List<DenseMatrix> matrices, int rows)
    {
        var columns = matrices.Sum(one => one.Columns);
        var values = new double[rows * columns];
        var place = 0;
        foreach (var one in matrices)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < one.Columns; column++)
                {
                    values[row * columns + place + column] = one[row, column];
                }
            }

            place += one.Columns;
        }

        return new DenseMatrix(rows, columns, values);
    }
}

/// <summary>A latent network and what follows from its hidden values.</summary>
internal sealed class AllegroStage<T, TNumber, TSilu>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    /// <summary>What the first stage gives, by distance; null for others, in double precision, and where it would be too large.</summary>
    public required TwoBodyTable<T, TNumber>? Table { get; init; }

    /// <summary>From the first product to the last hidden values.</summary>
    public required RowChain<T, TNumber, TSilu> Chain { get; init; }

    /// <summary>From the hidden values to contributions to all consumers that come later.</summary>
    public required StripMatrix<TNumber> Forward { get; init; }

    /// <summary>The same, transposed.</summary>
    public required StripMatrix<TNumber> Backward { get; init; }

    /// <summary>Where the contribution to a consumer begins; −1: there is none.</summary>
    public required int[] Places { get; init; }

    /// <summary>From scalars of the tensor product before to the first product; null for the first stage.</summary>
    public required StripMatrix<TNumber>? FromScalars { get; init; }

    /// <summary>The same, transposed.</summary>
    public required StripMatrix<TNumber>? ToScalars { get; init; }
}
