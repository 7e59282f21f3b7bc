using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>From slopes of edge energies to those of harmonics and distances, after <see cref="AllegroForward{T, TNumber, TSilu}"/>, whose memory it uses up.</summary>
internal sealed unsafe class AllegroBackward<T, TNumber, TSilu> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    private readonly AllegroPlan<T, TNumber, TSilu> _plan;
    private readonly EdgeData<T, TNumber, TSilu> _edges;
    private readonly AllegroGather _gather;
    private readonly AllegroForward<T, TNumber, TSilu> _forward;
    private readonly NativeArray<TNumber> _byHidden = new();
    private readonly NativeArray<TNumber> _byResults = new();
    private readonly NativeArray<TNumber> _byFeatures = new();
    private readonly NativeArray<TNumber> _byEnvironments = new();
    private readonly NativeArray<TNumber> _bySums = new();
    private readonly NativeArray<TNumber> _byWeights = new();
    private readonly NativeArray<double> _byHarmonics = new();

    /// <summary>Makes work memory.</summary>
    public AllegroBackward(AllegroPlan<T, TNumber, TSilu> plan, EdgeData<T, TNumber, TSilu> edges, AllegroGather gather, AllegroForward<T, TNumber, TSilu> forward) =>
        (_plan, _edges, _gather, _forward) = (plan, edges, gather, forward);

    private int Harmonics => _plan.HarmonicCount * _plan.ChannelWidth;

    /// <summary>Goes back through everything; slopes of distances are added to those of the edges.</summary>
    /// <param name="byEnergies">Of edge energies, in the layout of what the forward pass returned; changed.</param>
    /// <returns>∂E/∂Y, <c>double[edges][harmonics]</c>.</returns>
    public double* Run(TNumber* byEnergies)
    {
        new Span<double>(_byHarmonics.Reserve((long)_gather.EdgeCount * _plan.HarmonicCount + 1), _gather.EdgeCount * _plan.HarmonicCount).Clear();
        Return(_plan.ConsumerOfEnergy, _plan.Energy.Update, _plan.Energy.Chain.InputWidth, _plan.Energy.Chain.Backward(_forward.EnergyWork, _gather.EdgeCount, byEnergies));
        for (var t = _plan.Layers.Length; t > 0; t--)
        {
            RunUpdate(t);
            RunLayer(t - 1);
        }

        RunUpdate(0);
        return _byHarmonics.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable[] all = [_byHidden, _byResults, _byFeatures, _byEnvironments, _bySums, _byWeights, _byHarmonics];
        foreach (var one in all)
        {
            one.Dispose();
        }
    }

    // What a consumer took came from all updates: each gets its share, in the place of its contribution, and its envelope the slope.
    private void Return(int consumer, int last, int width, TNumber* gradient)
    {
        var stride = Strips.Stride<TNumber>(width);
        for (var s = 0; s <= last; s++)
        {
            if (_plan.Stages[s].Places[consumer] < 0)
            {
                continue;
            }

            var values = _forward.Contributions(s) + _plan.Stages[s].Places[consumer];
            TNumber* factors = _edges.Factors(s, last);
            double* envelopes = _edges.Envelopes(s), slopes = _edges.EnvelopeSlopes(s);
            for (var e = 0L; e < _gather.EdgeCount; e++)
            {
                var factor = Real.From(factors[e]);
                _edges.LengthSlopes[e] += factor * slopes[e] * AllegroKernels<T, TNumber>.Exchange(width, factor * envelopes[e], gradient + e * stride, values + e * _forward.ContributionStride(s));
            }
        }
    }

    private void RunUpdate(int t)
    {
        var stage = _plan.Stages[t];
        if (t == 0 && _edges.IsTabulated)
        {
            AddTableSlopes(stage.Table!);
            return;
        }

        int count = _gather.EdgeCount, stride = Strips.Stride<TNumber>(stage.Chain.OutputWidth), inputStride = Strips.Stride<TNumber>(stage.Chain.InputWidth);
        var byHidden = _byHidden.Reserve((long)count * stride + 1);
        new Span<TNumber>(byHidden, checked(count * stride)).Clear();
        StripProduct.Add<T, TNumber>(count, _forward.Contributions(t), _forward.ContributionStride(t), stage.Backward, byHidden, stride);
        var byInput = stage.Chain.Backward(_forward.StageWork[t], count, byHidden);
        if (t == 0)
        {
            AddInputSlopes(byInput, inputStride);
            return;
        }

        Return(_plan.ConsumerOfUpdate(t), t - 1, stage.Chain.InputWidth, byInput);
        var layer = _plan.Layers[t - 1];
        var byResults = _byResults.Reserve((long)count * layer.ResultWidth + 1);
        new Span<TNumber>(byResults, checked(count * layer.ResultWidth)).Clear();
        StripProduct.Add<T, TNumber>(count, byInput, inputStride, stage.ToScalars!, byResults, layer.ResultWidth);
        if (t < _plan.Layers.Length)
        {
            MixBack(layer.Mixing, count, _plan.ChannelWidth, _byFeatures.Pointer, _plan.Layers[t].FeatureWidth, byResults, layer.ResultWidth);
        }
    }

    private void AddTableSlopes(TwoBodyTable<T, TNumber> table)
    {
        foreach (ref readonly var center in _gather.Centers)
        {
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                _edges.LengthSlopes[e] += table.Slope(center.Species * _plan.Model.Species.Count + _gather.Neighbors[e].Species, _gather.Lengths[e], _forward.Contributions(0) + e * _forward.ContributionStride(0));
            }
        }
    }

    private void AddInputSlopes(TNumber* byInput, int stride)
    {
        int count = _gather.EdgeCount, numbers = _plan.InputWidth, width = Strips.Stride<TNumber>(_plan.FirstBack.Columns);
        var byInputs = _byWeights.Reserve((long)count * width + 1);
        new Span<TNumber>(byInputs, checked(count * width)).Clear();
        StripProduct.Add<T, TNumber>(count, byInput, stride, _plan.FirstBack, byInputs, width);
        for (var e = 0L; e < count; e++)
        {
            for (var n = 0; n < numbers; n++)
            {
                _edges.LengthSlopes[e] += Real.From(byInputs[e * width + n]) * _edges.InputSlopes[e * numbers + n];
            }
        }
    }

    private void RunLayer(int t)
    {
        var layer = _plan.Layers[t];
        int count = _gather.EdgeCount, channels = _plan.ChannelWidth;
        var byFeatures = _byFeatures.Reserve((long)count * layer.FeatureWidth + 1);
        new Span<TNumber>(byFeatures, checked(count * layer.FeatureWidth)).Clear();
        var byEnvironments = _byEnvironments.Reserve((long)_gather.CenterCount * Harmonics + 1);
        new Span<TNumber>(byEnvironments, checked(_gather.CenterCount * Harmonics)).Clear();
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            ref readonly var center = ref _gather.Centers[c];
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                AllegroKernels<T, TNumber>.MultiplyBack(
                    layer, channels, _forward.Features(t) + e * layer.FeatureWidth, _forward.Environments(t) + (long)c * Harmonics, _byResults.Pointer + e * layer.ResultWidth,
                    byFeatures + e * layer.FeatureWidth, byEnvironments + (long)c * Harmonics);
            }
        }

        var bySums = byEnvironments;
        if (layer.Environment.Count > 0)
        {
            bySums = _bySums.Reserve((long)_gather.CenterCount * Harmonics + 1);
            new Span<TNumber>(bySums, checked(_gather.CenterCount * Harmonics)).Clear();
            MixBack(layer.Environment, _gather.CenterCount, channels, byEnvironments, Harmonics, bySums, Harmonics);
        }

        RunWeights(t, byFeatures, bySums);
    }

    private void RunWeights(int t, TNumber* byFeatures, TNumber* bySums)
    {
        var layer = _plan.Layers[t];
        var network = _plan.Weighting[t];
        int channels = _plan.ChannelWidth, degree = _plan.Model.Degree, stride = Strips.Stride<TNumber>(network.Chain.OutputWidth);
        var byWeights = _byWeights.Reserve((long)_gather.EdgeCount * stride + 1);
        new Span<TNumber>(byWeights, checked(_gather.EdgeCount * stride)).Clear();
        for (var c = 0; c < _gather.CenterCount; c++)
        {
            ref readonly var center = ref _gather.Centers[c];
            for (long e = center.First; e < center.First + center.Count; e++)
            {
                TNumber* harmonics = _edges.Harmonics + e * _plan.HarmonicCount, weights = _forward.Weights(t) + e * stride, target = byWeights + e * stride;
                var byHarmonics = _byHarmonics.Pointer + e * _plan.HarmonicCount;
                if (t == 0)
                {
                    AllegroKernels<T, TNumber>.WeightBack(degree, channels, 1, harmonics, weights, byFeatures + e * layer.FeatureWidth, target, byHarmonics);
                }

                if (_edges.IsActive(t, (int)e))
                {
                    var row = layer.WeightRow * channels;
                    AllegroKernels<T, TNumber>.WeightBack(degree, channels, layer.EnvironmentScale[center.Species], harmonics, weights + row, bySums + (long)c * Harmonics, target + row, byHarmonics);
                }
            }
        }

        Return(t, network.Update, network.Chain.InputWidth, network.Chain.Backward(_forward.WeightWork[t], _gather.EdgeCount, byWeights));
    }

    private static void MixBack(IReadOnlyList<MixingStep<TNumber>> steps, int rows, int channels, TNumber* gradient, int gradientStride, TNumber* target, int targetStride)
    {
        for (var k = 0; k < steps.Count; k++)
        {
            var step = steps[k];
            if (step.Backward is not null)
            {
                StripProduct.Add<T, TNumber>(rows, gradient + step.Target, gradientStride, step.Backward, target + step.Source, targetStride);
                continue;
            }

            for (var row = 0L; row < rows; row++)
            {
                AllegroKernels<T, TNumber>.Spread(step.Paths, channels, step.ByChannel!.Pointer, gradient + row * gradientStride + step.Target, target + row * targetStride + step.Source);
            }
        }
    }
}
