using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>From the edges of a batch to their energies; keeps what the way back needs.</summary>
internal sealed unsafe class AllegroForward<T, TNumber, TSilu> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    private readonly AllegroPlan<T, TNumber, TSilu> _plan;
    private readonly EdgeData<T, TNumber, TSilu> _edges;
    private readonly AllegroGather _gather;
    private readonly NativeArray<TNumber>[] _contributions;
    private readonly NativeArray<TNumber>[] _inputs;
    private readonly NativeArray<TNumber>[] _features;
    private readonly NativeArray<TNumber>[] _environments;
    private readonly NativeArray<TNumber>[] _weightInputs;
    private readonly NativeArray<TNumber> _results = new();
    private readonly NativeArray<TNumber> _sums = new();
    private readonly NativeArray<TNumber> _energyInputs = new();
    private readonly nint[] _weights;

    /// <summary>Makes work memory.</summary>
    public AllegroForward(AllegroPlan<T, TNumber, TSilu> plan, EdgeData<T, TNumber, TSilu> edges, AllegroGather gather)
    {
        (_plan, _edges, _gather) = (plan, edges, gather);
        static NativeArray<TNumber>[] Arrays(int count) => [.. Enumerable.Range(0, count).Select(_ => new NativeArray<TNumber>())];
        var layers = plan.Layers.Length;
        (_contributions, _inputs, _features, _environments, _weightInputs) = (Arrays(layers + 1), Arrays(layers + 1), Arrays(layers), Arrays(layers), Arrays(layers));
        StageWork = [.. plan.Stages.Select(_ => new ChainWork<TNumber>())];
        WeightWork = [.. plan.Layers.Select(_ => new ChainWork<TNumber>())];
        _weights = new nint[layers];
    }

    /// <summary>Of the latent networks.</summary>
    public ChainWork<TNumber>[] StageWork { get; }

    /// <summary>Of the networks that weight harmonics.</summary>
    public ChainWork<TNumber>[] WeightWork { get; }

    /// <summary>Of the network of energies.</summary>
    public ChainWork<TNumber> EnergyWork { get; } = new();

    private int Harmonics => _plan.HarmonicCount * _plan.ChannelWidth;

    /// <summary>What an update gives to all consumers, without its factor: rows of <see cref="ContributionStride"/>.</summary>
    public TNumber* Contributions(int update) => _contributions[update].Pointer;

    /// <summary>From row to row.</summary>
    public int ContributionStride(int update) => Strips.Stride<TNumber>(_plan.Stages[update].Forward.Columns);

    /// <summary>Features that go into a layer, <c>[edges][features]</c>.</summary>
    public TNumber* Features(int layer) => _features[layer].Pointer;

    /// <summary>Environments of centers, <c>[centers][harmonics]</c>.</summary>
    public TNumber* Environments(int layer) => _environments[layer].Pointer;

    /// <summary>Weights of harmonics, rows of the stride of the chain's output.</summary>
    public TNumber* Weights(int layer) => (TNumber*)_weights[layer];

    /// <summary>Energies of edges without scale, in the first column.</summary>
    public TNumber* Run()
    {
        for (var t = 0; t < _plan.Layers.Length; t++)
        {
            RunUpdate(t);
            RunLayer(t);
        }

        RunUpdate(_plan.Layers.Length);
        return Consume(_plan.ConsumerOfEnergy, _plan.Energy, EnergyWork, _energyInputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IEnumerable<IDisposable> all = [.. _contributions, .. _inputs, .. _features, .. _environments, .. _weightInputs, .. StageWork, .. WeightWork, EnergyWork, _results, _sums, _energyInputs];
        foreach (var one in all)
        {
            one.Dispose();
        }
    }

    // The sum of all updates' contributions, through the network behind.
    private TNumber* Consume(int consumer, LatentConsumer<T, TNumber, TSilu> network, ChainWork<TNumber> work, NativeArray<TNumber> memory)
    {
        var input = memory.Reserve((long)_gather.EdgeCount * Strips.Stride<TNumber>(network.Chain.InputWidth) + 1);
        Collect(consumer, network.Update, network.Chain.InputWidth, input);
        return network.Chain.Forward(work, _gather.EdgeCount, input);
    }

    private void Collect(int consumer, int last, int width, TNumber* target)
    {
        var stride = Strips.Stride<TNumber>(width);
        var isFirst = true;
        for (var s = 0; s <= last; s++)
        {
            if (_plan.Stages[s].Places[consumer] < 0)
            {
                continue;
            }

            var source = Contributions(s) + _plan.Stages[s].Places[consumer];
            TNumber* factors = _edges.Factors(s, last);
            double* envelopes = _edges.Envelopes(s);
            for (var e = 0L; e < _gather.EdgeCount; e++)
            {
                AllegroKernels<T, TNumber>.Scale(width, Real.From(factors[e]) * envelopes[e], source + e * ContributionStride(s), target + e * stride, !isFirst);
            }

            isFirst = false;
        }

        if (isFirst)
        {
            new Span<TNumber>(target, checked(_gather.EdgeCount * stride)).Clear();
        }
    }

    private void RunUpdate(int t)
    {
        var stage = _plan.Stages[t];
        int count = _gather.EdgeCount, width = stage.Chain.InputWidth, stride = Strips.Stride<TNumber>(width);
        var contributions = _contributions[t].Reserve((long)count * ContributionStride(t) + 1);
        if (t == 0 && _edges.IsTabulated)
        {
            LookUp(stage.Table!, contributions);
            return;
        }

        var input = _inputs[t].Reserve((long)count * stride + 1);
        if (t == 0)
        {
            new Span<TNumber>(input, count * stride).Clear();
            StripProduct.Add<T, TNumber>(count, _edges.Input, Strips.Stride<TNumber>(Strips.Whole<T, TNumber>(_plan.InputWidth)), _plan.FirstWeights, input, stride);
        }
        else
        {
            Collect(_plan.ConsumerOfUpdate(t), t - 1, width, input);
            StripProduct.Add<T, TNumber>(count, _results.Pointer, _plan.Layers[t - 1].ResultWidth, stage.FromScalars!, input, stride);
        }

        var hidden = stage.Chain.Forward(StageWork[t], count, input);
        new Span<TNumber>(contributions, checked(count * ContributionStride(t))).Clear();
        StripProduct.Add<T, TNumber>(count, hidden, Strips.Stride<TNumber>(stage.Chain.OutputWidth), stage.Forward, contributions, ContributionStride(t));
    }

    private void LookUp(TwoBodyTable<T, TNumber> table, TNumber* contributions)
    {
        foreach (ref readonly var center in _gather.Centers)
        {
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                table.Evaluate(center.Species * _plan.Model.Species.Count + _gather.Neighbors[e].Species, _gather.Lengths[e], contributions + e * ContributionStride(0));
            }
        }
    }

    private void RunLayer(int t)
    {
        var layer = _plan.Layers[t];
        int count = _gather.EdgeCount, channels = _plan.ChannelWidth;
        var network = _plan.Weighting[t];
        var weights = Consume(t, network, WeightWork[t], _weightInputs[t]);
        _weights[t] = (nint)weights;
        var stride = Strips.Stride<TNumber>(network.Chain.OutputWidth);
        var features = _features[t].Reserve((long)count * layer.FeatureWidth + 1);
        var environments = _environments[t].Reserve((long)_gather.CenterCount * Harmonics + 1);
        var sums = layer.Environment.Count == 0 ? environments : _sums.Reserve((long)_gather.CenterCount * Harmonics + 1);
        new Span<TNumber>(sums, checked(_gather.CenterCount * Harmonics)).Clear();
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            ref readonly var center = ref _gather.Centers[c];
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                var harmonics = _edges.Harmonics + e * _plan.HarmonicCount;
                if (t == 0)
                {
                    AllegroKernels<T, TNumber>.Weight(_plan.Model.Degree, channels, 1, harmonics, weights + e * stride, features + e * layer.FeatureWidth, add: false);
                }

                if (_edges.IsActive(t, (int)e))
                {
                    AllegroKernels<T, TNumber>.Weight(_plan.Model.Degree, channels, layer.EnvironmentScale[center.Species], harmonics, weights + e * stride + layer.WeightRow * channels, sums + (long)c * Harmonics, add: true);
                }
            }
        }

        if (layer.Environment.Count > 0)
        {
            new Span<TNumber>(environments, checked(_gather.CenterCount * Harmonics)).Clear();
            Mix(layer.Environment, _gather.CenterCount, channels, sums, Harmonics, environments, Harmonics);
        }

        if (t > 0)
        {
            new Span<TNumber>(features, checked(count * layer.FeatureWidth)).Clear();
            Mix(_plan.Layers[t - 1].Mixing, count, channels, _results.Pointer, _plan.Layers[t - 1].ResultWidth, features, layer.FeatureWidth);
        }

        var results = _results.Reserve((long)count * layer.ResultWidth + 1);
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            ref readonly var center = ref _gather.Centers[c];
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                AllegroKernels<T, TNumber>.Multiply(layer, channels, features + e * layer.FeatureWidth, environments + (long)c * Harmonics, results + e * layer.ResultWidth);
            }
        }
    }

    private static void Mix(IReadOnlyList<MixingStep<TNumber>> steps, int rows, int channels, TNumber* source, int sourceStride, TNumber* target, int targetStride)
    {
        for (var k = 0; k < steps.Count; k++)
        {
            var step = steps[k];
            if (step.Forward is not null)
            {
                StripProduct.Add<T, TNumber>(rows, source + step.Source, sourceStride, step.Forward, target + step.Target, targetStride);
                continue;
            }

            for (var row = 0L; row < rows; row++)
            {
                AllegroKernels<T, TNumber>.Gather(step.Paths, channels, step.ByChannel!.Pointer, source + row * sourceStride + step.Source, target + row * targetStride + step.Target);
            }
        }
    }
}
