using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>A model made ready for vectors of T, and what atoms keep from stage to stage. Immutable; shared by all threads.</summary>
/// <remarks>
/// Blocks of values, each <c>[atoms][numbers]</c>. Neighbours read what is sent in layer 1, 2, … and, two in turn, derivatives by sums. Only the atom itself reads what it adds to the new features of a layer, A,
/// the derivatives of the readouts by scalars, what gates and densities of a layer need on the way back, and the derivatives by the features after the layer that was gone back through last.
/// </remarks>
internal sealed unsafe class MacePlan<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _firstSent = new();
    private readonly NativeArray<TNumber> _firstOwn = new();
    private readonly GhostBlock[] _sent;
    private readonly GhostBlock[] _own;
    private readonly GhostBlock[] _mixed;
    private readonly GhostBlock[] _scalars;
    private readonly GhostBlock[] _received;
    private readonly GhostBlock[] _densities;
    private readonly GhostBlock[] _bySent;
    private readonly GhostBlock[] _gradients = new GhostBlock[2];

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="accuracy">Of the tables, see <see cref="RadialTable{TNumber}.Tabulate"/>.</param>
    public MacePlan(MaceModel model, double accuracy)
    {
        Model = model;
        var count = model.Layers.Count;
        Layers = new MaceLayerPlan<T, TNumber>[count];
        var features = new ChannelLayout([0], [[(0, model.Embedding[0].Length)]], 2 * T.Count);
        for (var t = 0; t < count; t++)
        {
            Layers[t] = new MaceLayerPlan<T, TNumber>(model, t, features, accuracy);
            features = Layers[t].Output;
        }

        (_sent, _own, _mixed, _scalars) = (new GhostBlock[count], new GhostBlock[count], new GhostBlock[count], new GhostBlock[count]);
        (_received, _densities, _bySent) = (new GhostBlock[count], new GhostBlock[count], new GhostBlock[count]);
        var used = 0;
        for (var t = 0; t < count; t++)
        {
            _sent[t] = Take(t == 0 ? 0 : Layers[t].Sent.Size, ref used);
            _own[t] = Take(t == 0 || Layers[t].Itself.Length == 0 ? 0 : Layers[t].Output.Size, ref used);
            _mixed[t] = Take(t == count - 1 ? 0 : Layers[t].Mixed.Size, ref used);
            _scalars[t] = Take(t == count - 1 ? 0 : Layers[t].Output[0]!.Width, ref used);
            _received[t] = Take(Layers[t].Gate is null ? 0 : Layers[t].Received.Size, ref used);
            _densities[t] = Take(Layers[t].Density is null ? 0 : 2, ref used);
            _bySent[t] = Take(t == 0 || Layers[t].Gate is null ? 0 : Layers[t].Sent.Size, ref used);
        }

        for (var k = 0; k < Math.Min(2, count - 1); k++)
        {
            _gradients[k] = Take(Layers.Skip(1).Max(layer => layer.Sums.Size), ref used);
        }

        ByFeatures = Take(Array.Exists(Layers, layer => layer.Itself.Length > 0) ? Layers.Max(layer => layer.Output.Size) : 0, ref used);
        ValueWidth = used;
        FillFirst();
    }

    /// <summary>The model.</summary>
    public MaceModel Model { get; }

    /// <summary>The layers.</summary>
    public MaceLayerPlan<T, TNumber>[] Layers { get; }

    /// <summary>Doubles that an atom keeps.</summary>
    public int ValueWidth { get; }

    /// <summary>What is sent in the first layer, by species, <c>[species][Sent.Size]</c>.</summary>
    public TNumber* FirstSent => _firstSent.Pointer;

    /// <summary>What atoms add to the features after the first layer, by species, <c>[species][Output.Size]</c>.</summary>
    public TNumber* FirstOwn => _firstOwn.Pointer;

    /// <summary>Where atoms keep the derivatives by the features after a layer.</summary>
    public GhostBlock ByFeatures { get; }

    /// <summary>Where atoms keep what they send in a layer from 1 on.</summary>
    public GhostBlock Sent(int layer) => _sent[layer];

    /// <summary>Where atoms keep what they add to the features after a layer from 1 on.</summary>
    public GhostBlock Own(int layer) => _own[layer];

    /// <summary>Where atoms keep A of a layer that is not the last.</summary>
    public GhostBlock Mixed(int layer) => _mixed[layer];

    /// <summary>Where atoms keep the derivatives of the readout after a layer that is not the last.</summary>
    public GhostBlock Scalars(int layer) => _scalars[layer];

    /// <summary>Where atoms keep what goes into the gate of a layer.</summary>
    public GhostBlock Received(int layer) => _received[layer];

    /// <summary>Where atoms keep what the sums of a layer are multiplied by for their density, and the derivative by the density.</summary>
    public GhostBlock Density(int layer) => _densities[layer];

    /// <summary>Where atoms keep the derivatives by what they send in a layer from 1 on, as far as they come from themselves.</summary>
    public GhostBlock BySent(int layer) => _bySent[layer];

    /// <summary>Where atoms keep the derivatives by the sums of a layer from 1 on.</summary>
    public GhostBlock Gradients(int layer) => _gradients[Layers.Length > 2 ? layer % 2 : 0] with { Width = Doubles(Layers[layer].Sums.Size) };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }

        _firstSent.Dispose();
        _firstOwn.Dispose();
    }

    private static int Doubles(int count) => Real.WholeLines<TNumber>(count) * sizeof(TNumber) / sizeof(double);

    private static GhostBlock Take(int count, ref int used)
    {
        var block = new GhostBlock(used, Doubles(count));
        used += block.Width;
        return block;
    }

    private void FillFirst()
    {
        var (layer, plan) = (Model.Layers[0], Layers[0]);
        var count = Model.Species.Count;
        var sent = _firstSent.Reserve((long)count * plan.Sent.Size);
        var own = _firstOwn.Reserve((long)count * plan.Output.Size);
        for (var s = 0; s < count; s++)
        {
            plan.Sent.Keep(layer.Sending.Apply(Model.Embedding[s]), layer.Sending.Output, sent + (long)s * plan.Sent.Size);
            plan.Output.Keep(layer.Itself.Count == 0 ? new double[layer.Making.Output.Width] : layer.Itself[s].Apply(Model.Embedding[s]), layer.Making.Output, own + (long)s * plan.Output.Size);
        }
    }
}
