using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>A layer made ready for vectors: layouts, matrices, paths, table of weights, products. Immutable; shared by all threads.</summary>
internal sealed class MaceLayerPlan<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    /// <summary>Prepares a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="index">Of the layer.</param>
    /// <param name="features">How its features are kept.</param>
    /// <param name="accuracy">Of the table, see <see cref="RadialTable{TNumber}.Tabulate"/>.</param>
    public MaceLayerPlan(MaceModel model, int index, ChannelLayout features, double accuracy)
    {
        var layer = model.Layers[index];
        var strip = 2 * T.Count;
        Features = features;
        Sent = Whole(layer.Sending.Output, strip);
        Sums = SumsOf(layer, strip);
        Received = Whole(layer.Receiving.Output, strip);
        Gated = layer.Gate is { } one ? Whole(one.Output, strip) : null;
        Mixed = layer.Gate is { } last ? Whole(last.Mixing.Output, strip) : Received;
        Products = Whole(layer.Making.Input, strip);
        Output = Whole(layer.Making.Output, strip);
        Sending = ChannelMatrix<TNumber>.Of(layer.Sending, features, Sent, strip);
        Receiving = [.. model.Species.Select((_, s) => ChannelMatrix<TNumber>.Of(layer.Mixing.Count == 0 ? layer.Receiving : Chain(layer.Receiving, layer.Mixing[s]), Sums, Received, strip))];
        Gate = layer.Gate is { } gate ? new GateKernel<TNumber>(gate, Received, Gated!) : null;
        Residual = layer.Gate is { } adding ? ChannelMatrix<TNumber>.Of(adding.Residual, Sent, Received, strip) : [];
        GateMixing = layer.Gate is { } mixing ? ChannelMatrix<TNumber>.Of(mixing.Mixing, Gated!, Mixed, strip) : [];
        Contraction = new ContractionKernel<TNumber>(layer.Contractions, model.Species.Count, Mixed[0]!.Width, strip);
        Making = ChannelMatrix<TNumber>.Of(layer.Making, Products, Output, strip);
        var itself = layer.Itself.Distinct().ToDictionary(own => own, own => ChannelMatrix<TNumber>.Of(own, features, Output, strip));
        Itself = [.. layer.Itself.Select(own => itself[own])];
        Edges = EdgesOf(model, layer, accuracy);
        if (layer.Density is { } density)
        {
            Density = density;
            DensityTable = Table(model, density.Network, (r, center, neighbor) => [model.Radial.Density(density.Network, r, center, neighbor)], [0], 1, strip, accuracy);
        }
    }

    /// <summary>What goes in.</summary>
    public ChannelLayout Features { get; }

    /// <summary>What neighbours send.</summary>
    public ChannelLayout Sent { get; }

    /// <summary>Sums of messages.</summary>
    public ChannelLayout Sums { get; }

    /// <summary>What is made of the sums: A, or what goes into the gate.</summary>
    public ChannelLayout Received { get; }

    /// <summary>What comes out of the gate; null: there is none.</summary>
    public ChannelLayout? Gated { get; }

    /// <summary>A.</summary>
    public ChannelLayout Mixed { get; }

    /// <summary>B.</summary>
    public ChannelLayout Products { get; }

    /// <summary>The new features.</summary>
    public ChannelLayout Output { get; }

    /// <summary>From features to what is sent.</summary>
    public ChannelMatrix<TNumber>[] Sending { get; }

    /// <summary>From sums to what is received, by species.</summary>
    public ChannelMatrix<TNumber>[][] Receiving { get; }

    /// <summary>The activations between what is received and A, or null.</summary>
    public GateKernel<TNumber>? Gate { get; }

    /// <summary>From what the atom itself sends to what it receives; only with a gate.</summary>
    public ChannelMatrix<TNumber>[] Residual { get; }

    /// <summary>From what comes out of the gate to A; only with a gate.</summary>
    public ChannelMatrix<TNumber>[] GateMixing { get; }

    /// <summary>What sums are divided by, or null.</summary>
    public MaceDensity? Density { get; }

    /// <summary>What an edge adds to the density.</summary>
    public RadialTable<TNumber>? DensityTable { get; }

    /// <summary>From A to B.</summary>
    public ContractionKernel<TNumber> Contraction { get; }

    /// <summary>From B to the new features.</summary>
    public ChannelMatrix<TNumber>[] Making { get; }

    /// <summary>From features to the new ones, by species; empty: nothing.</summary>
    public ChannelMatrix<TNumber>[][] Itself { get; }

    /// <summary>Tensor products with the weights of edges.</summary>
    public EdgeProduct<TNumber> Edges { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable one in (IEnumerable<IDisposable>)[.. Sending, .. Receiving.SelectMany(some => some), .. Residual, .. GateMixing, Contraction, .. Making, .. Itself.Distinct().SelectMany(some => some), Edges])
        {
            one.Dispose();
        }

        DensityTable?.Dispose();
    }

    private static ChannelLayout Whole(Irreps irreps, int strip) =>
        new([.. irreps.Select(one => one.Irrep.Degree)], [.. irreps.Select(one => (IReadOnlyList<(int, int)>)[(0, one.Multiplicity)])], strip);

    // Every path has whole strips of its own.
    private static ChannelLayout SumsOf(MaceLayer layer, int strip)
    {
        var segments = layer.Receiving.Input.Select(_ => new List<(int First, int Count)>()).ToArray();
        foreach (var path in layer.Product.Paths)
        {
            var (block, channel) = ProductPath<TNumber>.PlaceOf(layer.Product, path.Output, layer.Receiving.Input);
            segments[block].Add((channel, layer.Product.Input[path.Input].Multiplicity));
        }

        return new ChannelLayout([.. layer.Receiving.Input.Select(one => one.Irrep.Degree)], [.. segments.Select(one => one.OrderBy(segment => segment.First).ToList())], strip);
    }

    private static IrrepsLinear Chain(IrrepsLinear first, IrrepsLinear second)
    {
        var paths = new List<LinearPath>();
        foreach (var one in first.Paths)
        {
            foreach (var other in second.Paths.Where(path => path.Input == one.Output))
            {
                int inputs = first.Input[one.Input].Multiplicity, inner = first.Output[one.Output].Multiplicity, outputs = second.Output[other.Output].Multiplicity;
                var weights = new double[inputs * outputs];
                for (var a = 0; a < inputs; a++)
                {
                    for (var k = 0; k < inner; k++)
                    {
                        for (var b = 0; b < outputs; b++)
                        {
                            weights[a * outputs + b] += one.Weights[a * inner + k] * other.Weights[k * outputs + b];
                        }
                    }
                }

                paths.Add(new LinearPath(one.Input, other.Output, weights));
            }
        }

        return new IrrepsLinear(first.Input, second.Output, paths, "mixing");
    }

    // The harmonics of an edge are those of the vector to the neighbour here, of the opposite one in the model.
    private EdgeProduct<TNumber> EdgesOf(MaceModel model, MaceLayer layer, double accuracy)
    {
        var product = layer.Product;
        var turned = new ChannelProduct(
            product.Input, product.Degree, product.Output, product.WeightCount, [.. product.Paths.Select(path => path with { Factor = path.Degree % 2 == 0 ? path.Factor : -path.Factor })], "edges");
        var paths = ProductPath<TNumber>.Of(turned, Sent, Sums, layer.Receiving.Input, 1);
        var kept = turned.Paths.Where(path => path.Coupling.Entries.Count > 0).ToList();
        var table = Table(model, layer.Radial, (r, center, neighbor) => model.Radial.Expand(layer.Radial, r, center, neighbor), [.. kept.Select(path => path.FirstWeight)], product.Input[0].Multiplicity, Sent[0]!.Width, accuracy);
        return new EdgeProduct<TNumber>(paths, [.. kept.Select((_, segment) => (table, segment))]);
    }

    // One function of the distance, or one for each pair of species: ordered where it matters which of them receives.
    private static RadialTable<TNumber> Table(MaceModel model, EdgeNetwork network, Func<double, int, int, Networks.Jet[]> values, int[] firstWeights, int channels, int width, double accuracy)
    {
        var count = model.Species.Count;
        var functions = new List<Func<double, Networks.Jet[]>>();
        for (var first = 0; first < (network.IsDirected || model.Radial.Transform is not null ? count : 1); first++)
        {
            for (var second = 0; second < (network.IsDirected ? count : first + 1); second++)
            {
                var (center, neighbor) = (first, second);
                functions.Add(r => values(r, center, neighbor));
            }
        }

        return RadialTable<TNumber>.Tabulate(functions, model.Cutoff, firstWeights, channels, width, 2 * T.Count, accuracy, network.IsDirected ? count : 0);
    }
}
