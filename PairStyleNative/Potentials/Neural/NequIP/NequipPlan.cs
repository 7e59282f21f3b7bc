using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>
/// A model made ready for vectors of T, and what atoms keep from stage to stage. Immutable; shared by all threads.
/// </summary>
/// <remarks>
/// Blocks of values, each <c>[atoms][numbers]</c>: what is sent in layer 1, 2, … and, two in turn, derivatives by sums, which neighbours read; what goes into the gate of every layer, which only the atom itself does.
/// </remarks>
internal sealed unsafe class NequipPlan<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _firstSent = new();
    private readonly NativeArray<TNumber> _firstMixed = new();
    private readonly NativeArray<TNumber> _readout = new();
    private readonly GhostBlock[] _sent;
    private readonly GhostBlock[] _mixed;
    private readonly GhostBlock[] _gradients;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="accuracy">Of the tables, see <see cref="RadialTable{TNumber}.Make"/>.</param>
    public NequipPlan(NequipModel model, double accuracy)
    {
        Model = model;
        var needs = NequipNeeds.Of(model);
        var strip = 2 * T.Count;
        Layers = new NequipLayerPlan<T, TNumber>[model.Layers.Count];
        var features = new ChannelLayout([0], [[(0, model.Embedding[0].Length)]], strip);
        for (var t = 0; t < Layers.Length; t++)
        {
            Layers[t] = new NequipLayerPlan<T, TNumber>(model, t, needs[t], features, accuracy);
            features = Layers[t].Output;
        }

        _sent = new GhostBlock[Layers.Length];
        _mixed = new GhostBlock[Layers.Length];
        _gradients = new GhostBlock[2];
        var used = 0;
        for (var t = 0; t < Layers.Length; t++)
        {
            _sent[t] = Take(t == 0 ? 0 : Layers[t].Sent.Size, ref used);
            _mixed[t] = Take(Layers[t].Mixed.Size, ref used);
        }

        for (var k = 0; k < 2; k++)
        {
            _gradients[k] = Take(Layers.Max(layer => layer.Sums.Size), ref used);
        }

        ValueWidth = used;
        FillFirst(strip);
        FillReadout(features);
    }

    /// <summary>The model.</summary>
    public NequipModel Model { get; }

    /// <summary>The layers.</summary>
    public NequipLayerPlan<T, TNumber>[] Layers { get; }

    /// <summary>Doubles that an atom keeps.</summary>
    public int ValueWidth { get; }

    /// <summary>What is sent in the first layer, by species, <c>[species][Sent.Size]</c>.</summary>
    public TNumber* FirstSent => _firstSent.Pointer;

    /// <summary>What atoms of the first layer make of themselves, by species, <c>[species][Mixed.Size]</c>.</summary>
    public TNumber* FirstMixed => _firstMixed.Pointer;

    /// <summary>Weights of the last features for every number of the readout, <c>[<see cref="ReadoutCount"/>][Output.Size]</c>.</summary>
    public TNumber* Readout => _readout.Pointer;

    /// <summary>Numbers that the readout makes of the last features, before a network.</summary>
    public int ReadoutCount => Model.Readout.Output.Width;

    /// <summary>Where atoms keep what they send in a layer from 1 on.</summary>
    public GhostBlock Sent(int layer) => _sent[layer];

    /// <summary>Where atoms keep what goes into the gate of a layer, before that what they make of themselves, and in the end its derivatives.</summary>
    public GhostBlock Mixed(int layer) => _mixed[layer];

    /// <summary>Where atoms keep the derivatives by the sums of a layer.</summary>
    public GhostBlock Gradients(int layer) => _gradients[layer % 2] with { Width = Doubles(Layers[layer].Sums.Size) };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }

        _firstSent.Dispose();
        _firstMixed.Dispose();
        _readout.Dispose();
    }

    private static int Doubles(int count) => Real.WholeLines<TNumber>(count) * sizeof(TNumber) / sizeof(double);

    private static GhostBlock Take(int count, ref int used)
    {
        var block = new GhostBlock(used, Doubles(count));
        used += block.Width;
        return block;
    }

    private void FillFirst(int strip)
    {
        var (layer, plan) = (Model.Layers[0], Layers[0]);
        var count = Model.Species.Count;
        var sent = _firstSent.Reserve((long)count * plan.Sent.Size);
        var mixed = _firstMixed.Reserve((long)count * plan.Mixed.Size);
        for (var s = 0; s < count; s++)
        {
            plan.Sent.Keep(layer.SendingOf(s).Apply(Model.Embedding[s]), layer.Sending.Output, sent + (long)s * plan.Sent.Size);
            plan.Mixed.Keep(layer.Itself.Count == 0 ? new double[layer.Receiving.Output.Width] : layer.Itself[s].Apply(Model.Embedding[s]), layer.Receiving.Output, mixed + (long)s * plan.Mixed.Size);
        }
    }

    private void FillReadout(ChannelLayout features)
    {
        _readout.Reserve((long)ReadoutCount * features.Size);
        for (var n = 0; n < ReadoutCount; n++)
        {
            var one = new double[ReadoutCount];
            one[n] = 1;
            features.Keep(Model.Readout.ApplyTransposed(one), Model.Readout.Input, _readout.Pointer + (long)n * features.Size);
        }
    }
}
