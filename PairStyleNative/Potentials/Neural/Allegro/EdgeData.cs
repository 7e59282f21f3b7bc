using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>What follows from the vectors of a batch of edges alone: harmonics, what the first network takes, envelopes, and how much of each update is left after the later ones.</summary>
internal sealed unsafe class EdgeData<T, TNumber, TSilu>(AllegroPlan<T, TNumber, TSilu> plan) : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    private readonly NativeArray<TNumber> _harmonics = new();
    private readonly NativeArray<TNumber> _input = new();
    private readonly NativeArray<TNumber> _factors = new();
    private readonly NativeArray<double> _doubles = new();
    private readonly double[] _values = new double[plan.InputWidth];
    private readonly double[] _left = new double[plan.Updates.Length];
    private int _count;

    /// <summary>Y of every edge, <c>[edges][<see cref="AllegroPlan{T, TNumber, TSilu}.HarmonicCount"/>]</c>.</summary>
    public TNumber* Harmonics => _harmonics.Pointer;

    /// <summary>What the first network takes, rows of <see cref="Strips.Stride{TNumber}"/>.</summary>
    public TNumber* Input => _input.Pointer;

    /// <summary>Derivatives of that by the length, <c>double[edges][<see cref="AllegroPlan{T, TNumber, TSilu}.InputWidth"/>]</c>; neither is there where <see cref="IsTabulated"/>.</summary>
    public double* InputSlopes => _doubles.Pointer;

    /// <summary>∂E/∂length of every edge, for others to add to.</summary>
    public double* LengthSlopes => Updates(2 * plan.Updates.Length);

    /// <summary>Whether no edge is shorter than the table of the first stage reaches.</summary>
    public bool IsTabulated { get; private set; }

    private int UpdateCount => plan.Updates.Length;

    /// <summary>Whether an update reaches an edge.</summary>
    public bool IsActive(int update, int edge) => Envelopes(update)[edge] != 0;

    /// <summary>Of update <paramref name="source"/>, once those up to <paramref name="after"/> are done: its factor in the latents, by edge.</summary>
    public TNumber* Factors(int source, int after) => _factors.Pointer + (long)(source * UpdateCount + after) * _count;

    /// <summary>u of an update by edge.</summary>
    public double* Envelopes(int update) => Updates(update);

    /// <summary>Its derivative by the length.</summary>
    public double* EnvelopeSlopes(int update) => Updates(UpdateCount + update);

    /// <summary>Computes everything.</summary>
    public void Run(AllegroGather gather)
    {
        _count = gather.EdgeCount;
        IsTabulated = plan.Stages[0].Table is not null;
        int width = plan.InputWidth, stride = Strips.Stride<TNumber>(Strips.Whole<T, TNumber>(width));
        _harmonics.Reserve((long)_count * plan.HarmonicCount + 1);
        _factors.Reserve((long)_count * UpdateCount * UpdateCount + 1);
        _doubles.Reserve((long)_count * (width + 2 * UpdateCount + 1) + 1);
        new Span<TNumber>(_input.Reserve((long)_count * stride + 1), _count * stride).Clear();
        new Span<double>(LengthSlopes, _count).Clear();
        foreach (var center in gather.Centers)
        {
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                ref readonly var neighbor = ref gather.Neighbors[e];
                IsTabulated &= gather.Lengths[e] >= TwoBodyTable<T, TNumber>.Start;
                RunHarmonics(neighbor, gather.Distances[e], e);
                RunFactors(gather.Lengths[e], e);
            }
        }

        foreach (var center in IsTabulated ? default : gather.Centers)
        {
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                plan.Model.Input.Evaluate(center.Species, gather.Neighbors[e].Species, gather.Lengths[e], _values, new Span<double>(InputSlopes + (long)e * width, width));
                var input = _input.Pointer + (long)e * stride;
                for (var k = 0; k < width; k++)
                {
                    input[k] = Real.Of<TNumber>(_values[k]);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _harmonics.Dispose();
        _input.Dispose();
        _factors.Dispose();
        _doubles.Dispose();
    }

    private double* Updates(int row) => _doubles.Pointer + (long)_count * (plan.InputWidth + row);

    private void RunHarmonics(in GatheredNeighbor neighbor, double r, int edge)
    {
        var values = stackalloc double[SphericalHarmonics.MaximumWidth];
        SphericalHarmonics.Evaluate(plan.Model.Degree, neighbor.X / r, neighbor.Y / r, neighbor.Z / r, values);
        var target = _harmonics.Pointer + (long)edge * plan.HarmonicCount;
        for (var m = 0; m < plan.HarmonicCount; m++)
        {
            target[m] = Real.Of<TNumber>(values[m]);
        }
    }

    private void RunFactors(double length, int edge)
    {
        for (var t = 0; t < UpdateCount; t++)
        {
            var update = plan.Updates[t];
            var (value, slope) = plan.Model.Envelope.At(length, update.Cutoff);
            Envelopes(t)[edge] = value;
            EnvelopeSlopes(t)[edge] = slope;

            // An edge that an update does not reach keeps its latents whole, or only what the residual connection leaves.
            var kept = update.Replaces ? value == 0 ? 1 : 0 : update.Old;
            for (var s = 0; s < t; s++)
            {
                _left[s] *= kept;
            }

            _left[t] = update.New;
            for (var s = 0; s <= t; s++)
            {
                Factors(s, t)[edge] = Real.Of<TNumber>(_left[s]);
            }
        }
    }
}
