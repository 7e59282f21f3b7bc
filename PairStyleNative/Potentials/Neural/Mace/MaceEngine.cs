using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// Takes centers of one species, a batch at a time, through one layer. With L layers, stage t &lt; L computes energies and features after layer t, the last of these also the derivatives by the sums of the last
/// layer. Stage L + k goes back through layer t = L − 1 − k: from the neighbours' derivatives by sums to those by own features, to those by the sums of layer t − 1; on the way, forces of layer t. The last stage,
/// t = 1, makes the forces of layer 0 too, whose features nobody needs to differentiate.
/// </summary>
internal sealed unsafe partial class MaceEngine<T, TNumber> : StageEngine<T, TNumber>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly MacePlan<T, TNumber> _plan;
    private readonly EdgeRepulsion<TNumber>? _repulsion;
    private readonly ScalarReadout?[] _readouts;

    // By center: sums of messages, A, B, features, what is sent; derivatives by all of these take the same arrays, but features have their own.
    private readonly BatchRows<TNumber> _sums = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _mixed = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _products = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _features = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _featureSlopes = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _sent = new(EdgeGather<TNumber>.BatchSize);

    // What goes into a gate and comes out of it, and what densities come to, and the derivatives by them.
    private readonly BatchRows<TNumber> _received = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _gated = new(EdgeGather<TNumber>.BatchSize);
    private readonly BatchRows<TNumber> _ownSent = new(EdgeGather<TNumber>.BatchSize);
    private readonly NativeArray<double> _byDensity = new();

    // A of the last layer by center, and A and B of one center.
    private readonly NativeArray<TNumber> _lastMixed = new();
    private readonly NativeArray<TNumber> _mixedRow = new();
    private readonly NativeArray<TNumber> _productRow = new();

    /// <summary>Makes work memory.</summary>
    public MaceEngine(MacePlan<T, TNumber> plan)
        : base(plan.Model.Species.Count, plan.Model.Cutoff, plan.Model.Degree, plan.Layers.Length)
    {
        _plan = plan;
        var model = plan.Model;
        _repulsion = model.Repulsion is { } repulsion ? new EdgeRepulsion<TNumber>(repulsion, model.Scale, Gather) : null;
        _readouts = [.. model.Layers.Select(layer => layer.Readout is { } readout ? new ScalarReadout(readout) : null)];
        _sums.Reserve(plan.Layers.Max(layer => layer.Sums.Size));
        _mixed.Reserve(plan.Layers.Max(layer => layer.Mixed.Size));
        _products.Reserve(plan.Layers.Max(layer => layer.Products.Size));
        _features.Reserve(plan.Layers.Max(layer => layer.Output.Size));
        _featureSlopes.Reserve(plan.Layers.Max(layer => Math.Max(layer.Features.Size, layer.Output.Size)));
        _sent.Reserve(plan.Layers.Max(layer => layer.Sent.Size));
        _received.Reserve(plan.Layers.Max(layer => layer.Received.Size));
        _gated.Reserve(plan.Layers.Max(layer => layer.Gated?.Size ?? 0));
        _ownSent.Reserve(plan.Layers.Max(layer => layer.Gate is null ? 0 : layer.Sent.Size));
        _byDensity.Reserve(EdgeGather<TNumber>.BatchSize);
        _lastMixed.Reserve((long)EdgeGather<TNumber>.BatchSize * plan.Layers[Last].Mixed.Size);
        _mixedRow.Reserve(plan.Layers.Max(layer => layer.Mixed.Size));
        _productRow.Reserve(plan.Layers.Max(layer => layer.Products.Size));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _repulsion?.Dispose();
        foreach (var rows in (BatchRows<TNumber>[])[_sums, _mixed, _products, _features, _featureSlopes, _sent, _received, _gated, _ownSent])
        {
            rows.Dispose();
        }

        foreach (var row in (NativeArray<TNumber>[])[_lastMixed, _mixedRow, _productRow])
        {
            row.Dispose();
        }

        _byDensity.Dispose();
    }

    private TNumber* MixedRow(int t, int center) => t == Last ? _lastMixed.Pointer + (long)center * _plan.Layers[t].Mixed.Size : Row(_plan.Mixed(t), Gather.Centers[center].Atom);

    /// <inheritdoc/>
    protected override EvaluationOutcome Forward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers, bool gradients)
    {
        var layer = _plan.Layers[t];
        FindSent(t, atoms);
        MakeFeatures(t, species);
        var outcome = AddEnergies(t, species, atoms, buffers);
        if (outcome.Status == EvaluationStatus.Success && t == 0 && _repulsion is not null)
        {
            outcome = _repulsion.Add(atoms, buffers);
        }

        if (outcome.Status != EvaluationStatus.Success)
        {
            return outcome;
        }

        if (t < Last)
        {
            PrepareNext(t + 1, species);
        }
        else if (gradients)
        {
            FindSums(t, species);
            if (t == 0)
            {
                Edges.ClearSlopes();
                Differentiate(0, bySent: null);
                return AddForces(buffers);
            }
        }

        return EvaluationOutcome.Success;
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
        }

        LoadBySent(t);
        Edges.ClearSlopes();
        LoadByDensity(t);
        Differentiate(t, _sent);
        _featureSlopes.Clear(layer.Features, count);
        _featureSlopes.Add<T>(layer.Sending, isTransposed: true, _sent, layer.Sent, layer.Features, count);
        if (layer.Itself.Length > 0)
        {
            for (var c = 0; c < count; c++)
            {
                _features.Load(layer.Output, c, Row(_plan.ByFeatures, Gather.Centers[c].Atom));
            }

            _featureSlopes.Add<T>(layer.Itself[species], isTransposed: true, _features, layer.Output, layer.Features, count);
        }

        AddReadout(t - 1);
        FindSums(t - 1, species);
        if (t == 1)
        {
            FindSent(0, atoms);
            Differentiate(0, bySent: null);
        }

        return AddForces(buffers);
    }

    private void Differentiate(int t, BatchRows<TNumber>? bySent)
    {
        var layer = _plan.Layers[t];
        Edges.Differentiate(layer.Edges, _sums, bySent);
        if (layer.DensityTable is { } table)
        {
            Edges.DifferentiateScalars(table, _byDensity.Pointer);
        }
    }

    private void FindSent(int t, in NeighborView atoms) => FindSent(atoms, t == 0 ? _plan.FirstSent : null, _plan.Layers[0].Sent.Size, t == 0 ? default : _plan.Sent(t));

    // From what neighbours send to A, to B, to the new features.
    private void MakeFeatures(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        _sums.Clear(layer.Sums, count);
        Edges.SumMessages(layer.Edges, _sums);
        DivideByDensity(t);
        Receive(t, species);
        for (var c = 0; c < count; c++)
        {
            var row = MixedRow(t, c);
            _mixed.Store(layer.Mixed, c, row);
            layer.Contraction.Apply<T>(species, row, _productRow.Pointer);
            _products.Load(layer.Products, c, _productRow.Pointer);
        }

        _features.Clear(layer.Output, count);
        for (var c = 0; c < count && layer.Itself.Length > 0; c++)
        {
            _features.Load(layer.Output, c, t == 0 ? _plan.FirstOwn + (long)species * layer.Output.Size : Row(_plan.Own(t), Gather.Centers[c].Atom));
        }

        _features.Add<T>(layer.Making, isTransposed: false, _products, layer.Products, layer.Output, count);
    }

    // What the centers send in a layer, and what they add to the features after it.
    private void PrepareNext(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        _sent.Clear(layer.Sent, count);
        _sent.Add<T>(layer.Sending, isTransposed: false, _features, layer.Features, layer.Sent, count);
        for (var c = 0; c < count; c++)
        {
            _sent.Store(layer.Sent, c, Row(_plan.Sent(t), Gather.Centers[c].Atom));
        }

        if (layer.Itself.Length > 0)
        {
            _featureSlopes.Clear(layer.Output, count);
            _featureSlopes.Add<T>(layer.Itself[species], isTransposed: false, _features, layer.Features, layer.Output, count);
            for (var c = 0; c < count; c++)
            {
                _featureSlopes.Store(layer.Output, c, Row(_plan.Own(t), Gather.Centers[c].Atom));
            }
        }
    }

    // From the derivatives by the features after a layer to those by its sums, which neighbours want to know too.
    private void FindSums(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        _products.Clear(layer.Products, count);
        _products.Add<T>(layer.Making, isTransposed: true, _featureSlopes, layer.Output, layer.Products, count);
        for (var c = 0; c < count; c++)
        {
            _products.Store(layer.Products, c, _productRow.Pointer);
            layer.Contraction.Differentiate<T>(species, MixedRow(t, c), _productRow.Pointer, _mixedRow.Pointer);
            _mixed.Load(layer.Mixed, c, _mixedRow.Pointer);
        }

        ReceiveBack(t, species);
        for (var c = 0; c < count && t > 0; c++)
        {
            _sums.Store(layer.Sums, c, Row(_plan.Gradients(t), Gather.Centers[c].Atom));
            if (layer.Itself.Length > 0)
            {
                _featureSlopes.Store(layer.Output, c, Row(_plan.ByFeatures, Gather.Centers[c].Atom));
            }
        }
    }

    // Energies of the readout after a layer; its derivatives go to the feature slopes of the last, and are kept of others.
    private EvaluationOutcome AddEnergies(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var model = _plan.Model;
        var output = _plan.Layers[t].Output;
        if (t == Last)
        {
            _featureSlopes.Clear(output, Gather.CenterCount);
        }

        for (var c = 0; c < Gather.CenterCount; c++)
        {
            ref readonly var center = ref Gather.Centers[c];
            var scale = atoms.ScaleOf(center.Atom);
            var energy = t == 0 ? model.Energies[species] + model.Shift : 0;
            var target = t == Last ? _featureSlopes.Of(output[0]!, c) : Row(_plan.Scalars(t), center.Atom);
            if (_readouts[t] is { } readout)
            {
                var scalars = _features.Of(output[0]!, c);
                for (var k = 0; k < readout.Input.Length; k++)
                {
                    readout.Input[k] = Real.From(scalars[k]);
                }

                energy += model.Scale * readout.Evaluate();
            }

            for (var k = 0; k < output[0]!.Width; k++)
            {
                target[k] = Real.Of<TNumber>(_readouts[t] is { } one && k < one.Gradient.Length ? scale * model.Scale * one.Gradient[k] : 0);
            }

            if (!GatheredScatter.AddEnergy(center, scale * energy, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    // Adds the derivatives of the readout after a layer to those by its features.
    private void AddReadout(int t)
    {
        var block = _plan.Layers[t].Output[0]!;
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            TNumber* source = Row(_plan.Scalars(t), Gather.Centers[c].Atom), target = _featureSlopes.Of(block, c);
            for (var k = 0; k < block.Width; k += T.Count)
            {
                (T.Load(source + k) + T.Load(target + k)).Store(target + k);
            }
        }
    }
}
