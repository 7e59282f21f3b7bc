using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>
/// Takes centers of one species, a batch at a time, through one layer. With L layers, stage t &lt; L computes the features after layer t, and the last of these energies and their derivatives by the sums of
/// the last layer. Stage L + k goes back through layer t = L − 1 − k: from the neighbours' derivatives by sums to those by own features, to those by the sums of layer t − 1; on the way, forces of layer t. The last
/// stage, t = 1, makes the forces of layer 0 too, whose features nobody needs to differentiate.
/// </summary>
internal sealed unsafe class NequipEngine<T, TNumber, TDouble> : StageEngine<T, TNumber>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TDouble : unmanaged, ILanes<TDouble>
{
    private readonly NequipPlan<T, TNumber> _plan;
    private readonly NequipGate<T, TNumber, TDouble> _gate = new();
    private readonly ScalarReadout? _readout;
    private readonly EdgeRepulsion<TNumber>? _repulsion;

    // By center: sums of messages, what goes into the gate, features, what is sent; and derivatives by the last three.
    private readonly BatchRows<TNumber> _sums = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _mixed = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _features = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _sent = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _mixedSlopes = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _featureSlopes = new(EdgeGather<TNumber>.BatchSize);

    /// <summary>Makes work memory.</summary>
    public NequipEngine(NequipPlan<T, TNumber> plan)
        : base(plan.Model.Species.Count, plan.Model.Basis.Cutoff, plan.Layers.Max(layer => layer.Degree), plan.Layers.Length, plan.Model.Cutoffs)
    {
        _plan = plan;
        _readout = plan.Model.ReadoutNetwork is { } network ? new ScalarReadout(network) : null;
        _repulsion = plan.Model.Repulsion is { } repulsion ? new EdgeRepulsion<TNumber>(repulsion, 1, Gather) : null;
        _sums.Reserve(plan.Layers.Max(layer => layer.Sums.Size));
        _sent.Reserve(plan.Layers.Max(layer => layer.Sent.Size));
        foreach (var rows in (BatchRows<TNumber>[])[_mixed, _mixedSlopes])
        {
            rows.Reserve(plan.Layers.Max(layer => layer.Mixed.Size));
        }

        foreach (var rows in (BatchRows<TNumber>[])[_features, _featureSlopes])
        {
            rows.Reserve(plan.Layers.Max(layer => Math.Max(layer.Features.Size, layer.Output.Size)));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
        _repulsion?.Dispose();
        foreach (var rows in (BatchRows<TNumber>[])[_sums, _mixed, _features, _sent, _mixedSlopes, _featureSlopes])
        {
            rows.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override EvaluationOutcome Forward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers, bool gradients)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        FindSent(t, atoms);
        _sums.Clear(layer.Sums, count);
        Edges.SumMessages(layer.Edges, _sums);
        for (var c = 0; c < count; c++)
        {
            _mixed.Load(layer.Mixed, c, t == 0 ? _plan.FirstMixed + (long)species * layer.Mixed.Size : Row(_plan.Mixed(t), Gather.Centers[c].Atom));
        }

        _mixed.Add<T>(layer.Receiving, isTransposed: false, _sums, layer.Sums, layer.Mixed, count);
        _gate.Forward(layer.Gate, _mixed, count, _features);
        if (t < Last)
        {
            StoreMixed(t, _mixed);
            PrepareNext(t + 1, species);
            return EvaluationOutcome.Success;
        }

        var outcome = AddEnergies(species, atoms, buffers);
        if (outcome.Status == EvaluationStatus.Success && _repulsion is not null)
        {
            outcome = _repulsion.Add(atoms, buffers);
        }

        if (outcome.Status != EvaluationStatus.Success || !gradients)
        {
            return outcome;
        }

        _gate.Backward(layer.Gate, _mixed, _featureSlopes, count, _mixedSlopes);
        StoreMixed(t, _mixedSlopes);
        FindSums(t);
        if (t > 0)
        {
            return EvaluationOutcome.Success;
        }

        Edges.ClearSlopes();
        Edges.Differentiate(layer.Edges, _sums, bySent: null);
        return AddForces(buffers);
    }

    /// <inheritdoc/>
    protected override EvaluationOutcome Backward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        FindSent(t, atoms);
        FindReceived(atoms, _plan.Gradients(t));

        for (var c = 0; c < count; c++)
        {
            _sums.Load(layer.Sums, c, Row(_plan.Gradients(t), Gather.Centers[c].Atom));
            _mixedSlopes.Load(layer.Mixed, c, Row(_plan.Mixed(t), Gather.Centers[c].Atom));
            _mixed.Load(_plan.Layers[t - 1].Mixed, c, Row(_plan.Mixed(t - 1), Gather.Centers[c].Atom));
        }

        _sent.Clear(layer.Sent, count);
        Edges.ClearSlopes();
        Edges.Differentiate(layer.Edges, _sums, _sent);
        _featureSlopes.Clear(layer.Features, count);
        _featureSlopes.Add<T>(layer.SendingOf(species), isTransposed: true, _sent, layer.Sent, layer.Features, count);
        if (layer.Itself.Length > 0)
        {
            _featureSlopes.Add<T>(layer.Itself[species], isTransposed: true, _mixedSlopes, layer.Mixed, layer.Features, count);
        }

        // layer.Mixed and that of the layer before may be laid out differently: from here on the arrays are the latter's.
        _gate.Backward(_plan.Layers[t - 1].Gate, _mixed, _featureSlopes, count, _mixedSlopes);
        StoreMixed(t - 1, _mixedSlopes);
        FindSums(t - 1);
        if (t == 1)
        {
            FindSent(0, atoms);
            Edges.Differentiate(_plan.Layers[0].Edges, _sums, bySent: null);
        }

        return AddForces(buffers);
    }

    private void FindSent(int t, in NeighborView atoms) => FindSent(atoms, t == 0 ? _plan.FirstSent : null, _plan.Layers[0].Sent.Size, t == 0 ? default : _plan.Sent(t));


    private void StoreMixed(int t, BatchRows<TNumber> mixed)
    {
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            mixed.Store(_plan.Layers[t].Mixed, c, Row(_plan.Mixed(t), Gather.Centers[c].Atom));
        }
    }

    // What the centers send in a layer, and what they make of themselves.
    private void PrepareNext(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        _sent.Clear(layer.Sent, count);
        _sent.Add<T>(layer.SendingOf(species), isTransposed: false, _features, layer.Features, layer.Sent, count);
        _mixed.Clear(layer.Mixed, count);
        if (layer.Itself.Length > 0)
        {
            _mixed.Add<T>(layer.Itself[species], isTransposed: false, _features, layer.Features, layer.Mixed, count);
        }

        StoreMixed(t, _mixed);
        for (var c = 0; c < count; c++)
        {
            _sent.Store(layer.Sent, c, Row(_plan.Sent(t), Gather.Centers[c].Atom));
        }
    }

    // From derivatives by what is mixed to those by the sums, which neighbours want to know too.
    private void FindSums(int t)
    {
        var layer = _plan.Layers[t];
        _sums.Clear(layer.Sums, Gather.CenterCount);
        _sums.Add<T>(layer.Receiving, isTransposed: true, _mixedSlopes, layer.Mixed, layer.Sums, Gather.CenterCount);
        for (var c = 0; c < Gather.CenterCount && t > 0; c++)
        {
            _sums.Store(layer.Sums, c, Row(_plan.Gradients(t), Gather.Centers[c].Atom));
        }
    }

    private EvaluationOutcome AddEnergies(int species, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var model = _plan.Model;
        var output = _plan.Layers[Last].Output;
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            ref readonly var center = ref Gather.Centers[c];
            var scale = atoms.ScaleOf(center.Atom);
            var sum = _readout is null ? ReadOut(output, c, 0) : ReadOutByNetwork(output, c);
            SetFeatureSlopes(output, c, scale * model.Scales[species]);
            if (!GatheredScatter.AddEnergy(center, scale * (model.Scales[species] * sum + model.Shifts[species]), buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    // One number that the readout makes of a center's features.
    private double ReadOut(ChannelLayout output, int center, int number)
    {
        var weights = _plan.Readout + (long)number * output.Size;
        var sum = 0.0;
        for (var b = 0; b < output.Count; b++)
        {
            for (var k = 0; output[b] is { } block && k < block.Size; k++)
            {
                sum += Real.From(weights[block.Offset + k]) * Real.From(_features.Of(block, center)[k]);
            }
        }

        return sum;
    }

    private double ReadOutByNetwork(ChannelLayout output, int center)
    {
        for (var n = 0; n < _plan.ReadoutCount; n++)
        {
            _readout!.Input[n] = ReadOut(output, center, n);
        }

        return _readout!.Evaluate();
    }

    private void SetFeatureSlopes(ChannelLayout output, int center, double scale)
    {
        for (var b = 0; b < output.Count; b++)
        {
            for (var k = 0; output[b] is { } block && k < block.Size; k++)
            {
                var slope = 0.0;
                for (var n = 0; n < _plan.ReadoutCount; n++)
                {
                    slope += (_readout?.Gradient[n] ?? 1) * Real.From(_plan.Readout[(long)n * output.Size + block.Offset + k]);
                }

                _featureSlopes.Of(block, center)[k] = Real.Of<TNumber>(scale * slope);
            }
        }
    }
}
