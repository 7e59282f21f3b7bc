using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>
/// Takes centers of one species, a batch at a time, through one layer. With L layers, stage t &lt; L computes the features after layer t, and the last of these energies and their derivatives by the sums of
/// the last layer. Stage L + k goes back through layer t = L − 1 − k: from the neighbours' derivatives by sums to those by own features, to those by the sums of layer t − 1; on the way, forces of layer t. The last
/// stage, t = 1, makes the forces of layer 0 too, whose features nobody needs to differentiate.
/// </summary>
internal sealed unsafe class NequipEngine<T, TNumber, TDouble> : IStageEngine
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TDouble : unmanaged, ILanes<TDouble>
{
    private readonly NequipPlan<T, TNumber> _plan;
    private readonly EdgeGather<TNumber> _gather;
    private readonly EdgePass<T, TNumber> _edges;
    private readonly NequipGate<T, TNumber, TDouble> _gate = new();
    private readonly NativeArray<double> _values = new();

    // By center: sums of messages, what goes into the gate, features, what is sent; and derivatives by the last three.
    private readonly BatchRows<TNumber> _sums = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _mixed = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _features = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _sent = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _mixedSlopes = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _featureSlopes = new(EdgeGather<TNumber>.BatchSize);

    private double* _all;
    private int _atomCount;

    /// <summary>Makes work memory.</summary>
    public NequipEngine(NequipPlan<T, TNumber> plan)
    {
        _plan = plan;
        Degree = plan.Layers.Max(layer => layer.Degree);
        _gather = new EdgeGather<TNumber>(plan.Model.Species.Count, plan.Model.Basis.Cutoff, Degree);
        _edges = new EdgePass<T, TNumber>(_gather);
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

    private int Degree { get; }

    private int Last => _plan.Layers.Length - 1;

    /// <inheritdoc/>
    public double* ReserveValues(long count) => _values.Reserve(count);

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        _all = values;
        _atomCount = atoms.AtomCount;
        var gradients = buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;
        if (stage > Last && !gradients)
        {
            return EvaluationOutcome.Success;
        }

        var outcome = _gather.Start(atoms);
        for (var species = 0; species < _plan.Model.Species.Count && outcome.Status == EvaluationStatus.Success; species++)
        {
            var count = _gather.CentersOf(species);
            for (var begin = 0; begin < count && outcome.Status == EvaluationStatus.Success; begin += EdgeGather<TNumber>.BatchSize)
            {
                outcome = _gather.Run(atoms, species, begin, Math.Min(begin + EdgeGather<TNumber>.BatchSize, count));
                if (outcome.Status == EvaluationStatus.Success)
                {
                    _edges.Start();
                    outcome = stage <= Last ? Forward(stage, species, atoms, buffers, gradients) : Backward(2 * Last + 1 - stage, species, atoms, buffers);
                }
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _edges.Dispose();
        _gate.Dispose();
        _values.Dispose();
        foreach (var rows in (BatchRows<TNumber>[])[_sums, _mixed, _features, _sent, _mixedSlopes, _featureSlopes])
        {
            rows.Dispose();
        }
    }

    private TNumber* Row(GhostBlock block, int atom) => (TNumber*)(_all + (long)block.First * _atomCount + (long)block.Width * atom);

    private static int OwnerOf(in NeighborView atoms, int atom) => atoms.Owners is null ? atom : atoms.Owners[atom];

    private EvaluationOutcome Forward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers, bool gradients)
    {
        var layer = _plan.Layers[t];
        var count = _gather.CenterCount;
        FindSent(t, atoms);
        _sums.Clear(layer.Sums, count);
        _edges.SumMessages(layer.Edges, _sums);
        for (var c = 0; c < count; c++)
        {
            _mixed.Load(layer.Mixed, c, t == 0 ? _plan.FirstMixed + (long)species * layer.Mixed.Size : Row(_plan.Mixed(t), _gather.Centers[c].Atom));
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

        _edges.ClearSlopes();
        _edges.Differentiate(layer.Edges, _sums, bySent: null);
        return AddForces(buffers);
    }

    private EvaluationOutcome Backward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var layer = _plan.Layers[t];
        var count = _gather.CenterCount;
        FindSent(t, atoms);
        for (var e = 0; e < _gather.EdgeCount; e++)
        {
            _edges.Received[e] = Row(_plan.Gradients(t), OwnerOf(atoms, _gather.Neighbors[e].Atom));
        }

        for (var c = 0; c < count; c++)
        {
            _sums.Load(layer.Sums, c, Row(_plan.Gradients(t), _gather.Centers[c].Atom));
            _mixedSlopes.Load(layer.Mixed, c, Row(_plan.Mixed(t), _gather.Centers[c].Atom));
            _mixed.Load(_plan.Layers[t - 1].Mixed, c, Row(_plan.Mixed(t - 1), _gather.Centers[c].Atom));
        }

        _sent.Clear(layer.Sent, count);
        _edges.ClearSlopes();
        _edges.Differentiate(layer.Edges, _sums, _sent);
        _featureSlopes.Clear(layer.Features, count);
        _featureSlopes.Add<T>(layer.Sending, isTransposed: true, _sent, layer.Sent, layer.Features, count);
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
            _edges.Differentiate(_plan.Layers[0].Edges, _sums, bySent: null);
        }

        return AddForces(buffers);
    }

    private void FindSent(int t, in NeighborView atoms)
    {
        var size = _plan.Layers[0].Sent.Size;
        for (var e = 0; e < _gather.EdgeCount; e++)
        {
            ref readonly var neighbor = ref _gather.Neighbors[e];
            _edges.Sent[e] = t == 0 ? _plan.FirstSent + (long)neighbor.Species * size : Row(_plan.Sent(t), OwnerOf(atoms, neighbor.Atom));
        }
    }

    private void StoreMixed(int t, BatchRows<TNumber> mixed)
    {
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            mixed.Store(_plan.Layers[t].Mixed, c, Row(_plan.Mixed(t), _gather.Centers[c].Atom));
        }
    }

    // What the centers send in a layer, and what they make of themselves.
    private void PrepareNext(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = _gather.CenterCount;
        _sent.Clear(layer.Sent, count);
        _sent.Add<T>(layer.Sending, isTransposed: false, _features, layer.Features, layer.Sent, count);
        _mixed.Clear(layer.Mixed, count);
        if (layer.Itself.Length > 0)
        {
            _mixed.Add<T>(layer.Itself[species], isTransposed: false, _features, layer.Features, layer.Mixed, count);
        }

        StoreMixed(t, _mixed);
        for (var c = 0; c < count; c++)
        {
            _sent.Store(layer.Sent, c, Row(_plan.Sent(t), _gather.Centers[c].Atom));
        }
    }

    // From derivatives by what is mixed to those by the sums, which neighbours want to know too.
    private void FindSums(int t)
    {
        var layer = _plan.Layers[t];
        _sums.Clear(layer.Sums, _gather.CenterCount);
        _sums.Add<T>(layer.Receiving, isTransposed: true, _mixedSlopes, layer.Mixed, layer.Sums, _gather.CenterCount);
        for (var c = 0; c < _gather.CenterCount && t > 0; c++)
        {
            _sums.Store(layer.Sums, c, Row(_plan.Gradients(t), _gather.Centers[c].Atom));
        }
    }

    private EvaluationOutcome AddEnergies(int species, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var model = _plan.Model;
        var output = _plan.Layers[Last].Output;
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            ref readonly var center = ref _gather.Centers[c];
            var scale = atoms.ScaleOf(center.Atom);
            var sum = 0.0;
            for (var b = 0; b < output.Count; b++)
            {
                for (var k = 0; output[b] is { } block && k < block.Size; k++)
                {
                    var weight = Real.From(_plan.Readout[block.Offset + k]);
                    sum += weight * Real.From(_features.Of(block, c)[k]);
                    _featureSlopes.Of(block, c)[k] = Real.Of<TNumber>(scale * model.Scales[species] * weight);
                }
            }

            if (!GatheredScatter.AddEnergy(center, scale * (model.Scales[species] * sum + model.Shifts[species]), buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    private EvaluationOutcome AddForces(in EvaluationBuffers buffers)
    {
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            if (!_edges.AddForces(Degree, c, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, _gather.Centers[c].Atom);
            }
        }

        return EvaluationOutcome.Success;
    }
}
