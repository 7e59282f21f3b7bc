using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>What a gate does to some channels.</summary>
/// <param name="Own">Block of what is mixed, and</param>
/// <param name="Column">the first column.</param>
/// <param name="Scalars">Block of the activated scalars, and</param>
/// <param name="ScalarColumn">the first column; of a scalar the same as its own.</param>
/// <param name="IsGated">Whether its own channels are multiplied.</param>
/// <param name="Target">Block of the new features.</param>
/// <param name="Width">Channels with what fills the last strip up.</param>
/// <param name="Activation">Of the scalars, and</param>
/// <param name="Factor">its factor.</param>
internal sealed record GateStep(ChannelBlock Own, int Column, ChannelBlock Scalars, int ScalarColumn, bool IsGated, ChannelBlock Target, int Width, Activation Activation, double Factor);

/// <summary>A layer made ready for vectors: layouts, matrices, paths, table of weights. Immutable; shared by all threads.</summary>
internal sealed class NequipLayerPlan<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    // One for all species, or one for each.
    private readonly ChannelMatrix<TNumber>[][] _sending;

    /// <summary>Prepares a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="index">Of the layer.</param>
    /// <param name="needs">What of it reaches the energy.</param>
    /// <param name="features">How its features are kept.</param>
    /// <param name="accuracy">Of the table, see <see cref="RadialTable{TNumber}.Make"/>.</param>
    public NequipLayerPlan(NequipModel model, int index, NequipNeeds needs, ChannelLayout features, double accuracy)
    {
        var layer = model.Layers[index];
        var strip = 2 * T.Count;
        Features = features;
        Sent = Layout(layer.Sending.Output, needs.Sent, strip);
        Sums = new ChannelLayout([.. layer.Receiving.Input.Select(one => one.Irrep.Degree)], needs.Sums, strip);
        Mixed = new ChannelLayout([.. layer.Receiving.Output.Select(one => one.Irrep.Degree)], needs.Mixed, strip);
        Output = Layout(layer.Output, needs.Gate, strip);
        _sending = [.. Enumerable.Range(0, layer.SentScales.Count == 0 ? 1 : layer.SentScales.Count).Select(s => ChannelMatrix<TNumber>.Of(layer.SendingOf(s), features, Sent, strip))];
        Receiving = ChannelMatrix<TNumber>.Of(layer.Receiving, Sums, Mixed, strip);
        Itself = [.. layer.Itself.Select(one => ChannelMatrix<TNumber>.Of(one, features, Mixed, strip))];
        Degree = layer.Product.Degree;
        Gate = [.. layer.Gate.Select((block, n) => (Block: block, Number: n)).Where(one => needs.Gate[one.Number]).Select(one => Step(one.Block, one.Number, strip))];
        Edges = new EdgeProduct<TNumber>(ProductPath<TNumber>.Of(layer.Product, Sent, Sums, layer.Receiving.Input, 1 / layer.Divisor), Tabulate(model, layer, needs, accuracy));
    }

    /// <summary>What goes in.</summary>
    public ChannelLayout Features { get; }

    /// <summary>What neighbours send.</summary>
    public ChannelLayout Sent { get; }

    /// <summary>Sums of messages.</summary>
    public ChannelLayout Sums { get; }

    /// <summary>What goes into the gate.</summary>
    public ChannelLayout Mixed { get; }

    /// <summary>The new features.</summary>
    public ChannelLayout Output { get; }

    /// <summary>From features to what an atom of a species sends.</summary>
    public ChannelMatrix<TNumber>[] SendingOf(int species) => _sending[_sending.Length == 1 ? 0 : species];

    /// <summary>From sums to what goes into the gate.</summary>
    public ChannelMatrix<TNumber>[] Receiving { get; }

    /// <summary>From features to what goes into the gate, by species; empty: nothing.</summary>
    public ChannelMatrix<TNumber>[][] Itself { get; }

    /// <summary>Tensor products with the weights of edges.</summary>
    public EdgeProduct<TNumber> Edges { get; }

    /// <summary>The largest l of the harmonics.</summary>
    public int Degree { get; }

    /// <summary>The gate.</summary>
    public GateStep[] Gate { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable one in (IEnumerable<IDisposable>)[.. _sending.SelectMany(some => some), .. Receiving, .. Itself.SelectMany(some => some), Edges])
        {
            one.Dispose();
        }
    }

    private static ChannelLayout Layout(Irreps irreps, bool[] needed, int strip) =>
        new([.. irreps.Select(one => one.Irrep.Degree)], [.. irreps.Select((one, n) => (IReadOnlyList<(int, int)>)(needed[n] ? [(0, one.Multiplicity)] : []))], strip);

    private GateStep Step(GateBlock block, int number, int strip)
    {
        var own = Mixed[block.Block]!;
        var column = Mixed.ColumnOf(block.Block, block.FirstChannel);
        var width = (block.Multiplicity + strip - 1) / strip * strip;
        return block.Gate < 0
            ? new GateStep(own, column, own, column, false, Output[number]!, width, block.Activation, block.Factor)
            : new GateStep(own, column, Mixed[block.Gate]!, Mixed.ColumnOf(block.Gate, block.GateChannel), true, Output[number]!, width, block.Activation, block.Factor);
    }

    // Paths of equally many channels share a table.
    private (RadialTable<TNumber>, int)[] Tabulate(NequipModel model, NequipLayer layer, NequipNeeds needs, double accuracy)
    {
        CouplingPath[] kept = [.. layer.Product.Paths.Where(path =>
        {
            var (block, channel) = ProductPath<TNumber>.PlaceOf(layer.Product, path.Output, layer.Receiving.Input);
            return path.Coupling.Entries.Count > 0 && needs.Sums[block].Exists(one => one.First == channel);
        })];
        var places = new (RadialTable<TNumber>, int)[kept.Length];
        foreach (var group in kept.Select((path, n) => (Path: path, Number: n)).GroupBy(one => layer.Product.Input[one.Path.Input].Multiplicity))
        {
            var table = RadialTable<TNumber>.Make(layer.Radial, model.Basis, [.. group.Select(one => one.Path.FirstWeight)], group.Key, Sent[group.First().Path.Input]!.Width, 2 * T.Count, accuracy);
            foreach (var (one, segment) in group.Select((one, segment) => (one, segment)))
            {
                places[one.Number] = (table, segment);
            }
        }

        return places;
    }
}
