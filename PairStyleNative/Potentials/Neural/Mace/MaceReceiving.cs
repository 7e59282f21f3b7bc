using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <content>Between the sums of messages and A: densities and gates, forwards and back.</content>
internal sealed unsafe partial class MaceEngine<T, TNumber>
{
    // Sums become what they are divided by the density; what they are multiplied by is kept.
    private void DivideByDensity(int t)
    {
        if (_plan.Layers[t] is not { DensityTable: { } table, Density: { } density } layer)
        {
            return;
        }

        Edges.SumScalars(table, _byDensity.Pointer);
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            var factor = 1 / (density.Factor * _byDensity.Pointer[c] + density.Constant);
            *Row(_plan.Density(t), Gather.Centers[c].Atom) = Real.Of<TNumber>(factor);
            Scale(layer.Sums, c, factor);
        }
    }

    // From sums to A; what goes into a gate is kept.
    private void Receive(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        var target = layer.Gate is null ? _mixed : _received;
        target.Clear(layer.Received, count);
        target.Add<T>(layer.Receiving[species], isTransposed: false, _sums, layer.Sums, layer.Received, count);
        if (layer.Gate is not { } gate)
        {
            return;
        }

        LoadOwnSent(t, species);
        _received.Add<T>(layer.Residual, isTransposed: false, _ownSent, layer.Sent, layer.Received, count);
        _gated.Clear(layer.Gated!, count);
        for (var c = 0; c < count; c++)
        {
            _received.Store(layer.Received, c, Row(_plan.Received(t), Gather.Centers[c].Atom));
            gate.Apply(_received, _gated, c);
        }

        _mixed.Clear(layer.Mixed, count);
        _mixed.Add<T>(layer.GateMixing, isTransposed: false, _gated, layer.Gated!, layer.Mixed, count);
    }

    // From the derivatives by A, in the place of A, to those by sums and densities.
    private void ReceiveBack(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        var gradient = layer.Gate is null ? _mixed : GoBackThroughGate(t, species);
        if (layer.Density is not null)
        {
            FindByDensity(t, gradient);
        }

        _sums.Clear(layer.Sums, count);
        _sums.Add<T>(layer.Receiving[species], isTransposed: true, gradient, layer.Received, layer.Sums, count);
        for (var c = 0; c < count && layer.Density is not null; c++)
        {
            Scale(layer.Sums, c, Real.From(*Row(_plan.Density(t), Gather.Centers[c].Atom)));
        }
    }

    // The derivatives by what went into the gate, in the rows of what was received; those by what the atom itself sends, as far as they come from there, are in the rows of what is sent.
    private BatchRows<TNumber> GoBackThroughGate(int t, int species)
    {
        var layer = _plan.Layers[t];
        var count = Gather.CenterCount;
        _gated.Clear(layer.Gated!, count);
        _gated.Add<T>(layer.GateMixing, isTransposed: true, _mixed, layer.Mixed, layer.Gated!, count);
        for (var c = 0; c < count; c++)
        {
            _received.Load(layer.Received, c, Row(_plan.Received(t), Gather.Centers[c].Atom));
            layer.Gate!.Differentiate(_received, _gated, c);
        }

        _sent.Clear(layer.Sent, count);
        _sent.Add<T>(layer.Residual, isTransposed: true, _received, layer.Received, layer.Sent, count);
        for (var c = 0; c < count && t > 0; c++)
        {
            _sent.Store(layer.Sent, c, Row(_plan.BySent(t), Gather.Centers[c].Atom));
        }

        if (layer.Density is not null)
        {
            LoadOwnSent(t, species);
        }

        return _received;
    }

    // With M = s·R(sums) and s = 1/(β·ρ + α), ∂E/∂ρ = −β·s·(∂E/∂M)·M. M is A where there is no gate, and otherwise what went into the gate without what the atom itself sends.
    private void FindByDensity(int t, BatchRows<TNumber> gradient)
    {
        var layer = _plan.Layers[t];
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            var atom = Gather.Centers[c].Atom;
            var product = Dot(layer.Received, gradient, c, layer.Gate is null ? MixedRow(t, c) : Row(_plan.Received(t), atom));
            for (var b = 0; b < layer.Sent.Count && layer.Gate is not null; b++)
            {
                var block = layer.Sent[b]!;
                product -= Dot(block.Size, _sent.Of(block, c), _ownSent.Of(block, c));
            }

            var row = Row(_plan.Density(t), atom);
            var slope = -layer.Density!.Factor * Real.From(row[0]) * product;
            _byDensity.Pointer[c] = slope;
            row[1] = Real.Of<TNumber>(slope);
        }
    }

    private void LoadByDensity(int t)
    {
        for (var c = 0; c < Gather.CenterCount && _plan.Layers[t].Density is not null; c++)
        {
            _byDensity.Pointer[c] = Real.From(Row(_plan.Density(t), Gather.Centers[c].Atom)[1]);
        }
    }

    private void LoadBySent(int t)
    {
        var layer = _plan.Layers[t];
        _sent.Clear(layer.Sent, Gather.CenterCount);
        for (var c = 0; c < Gather.CenterCount && layer.Gate is not null; c++)
        {
            _sent.Load(layer.Sent, c, Row(_plan.BySent(t), Gather.Centers[c].Atom));
        }
    }

    private void LoadOwnSent(int t, int species)
    {
        var layer = _plan.Layers[t];
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            _ownSent.Load(layer.Sent, c, t == 0 ? _plan.FirstSent + (long)species * layer.Sent.Size : Row(_plan.Sent(t), Gather.Centers[c].Atom));
        }
    }

    private void Scale(ChannelLayout layout, int center, double factor)
    {
        var scale = T.Broadcast(Real.Of<TNumber>(factor));
        for (var b = 0; b < layout.Count; b++)
        {
            if (layout[b] is { } block)
            {
                var row = _sums.Of(block, center);
                for (var k = 0; k < block.Size; k += T.Count)
                {
                    (scale * T.Load(row + k)).Store(row + k);
                }
            }
        }
    }

    private static double Dot(ChannelLayout layout, BatchRows<TNumber> rows, int center, TNumber* row)
    {
        var sum = 0.0;
        for (var b = 0; b < layout.Count; b++)
        {
            if (layout[b] is { } block)
            {
                sum += Dot(block.Size, rows.Of(block, center), row + block.Offset);
            }
        }

        return sum;
    }

    private static double Dot(int count, TNumber* a, TNumber* b)
    {
        var sum = T.Zero;
        for (var k = 0; k < count; k += T.Count)
        {
            sum = T.MultiplyAdd(T.Load(a + k), T.Load(b + k), sum);
        }

        return T.Sum(sum);
    }
}
