using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// Takes centers with all their edges, a batch at a time, through the layers and back. Nearly all work is products of matrices whose rows are the edges of the batch. Results are added in the order of the centers.
/// </summary>
internal sealed unsafe class AllegroEngine<T, TNumber, TSilu> : IAllegroEngine
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TSilu : struct, ISiluKernel<TNumber>
{
    /// <summary>Edges of a batch, unless a center has more: enough that reading the weights counts little.</summary>
    private const int BatchSize = 256;

    private readonly AllegroPlan<T, TNumber, TSilu> _plan;
    private readonly AllegroGather _gather;
    private readonly EdgeData<T, TNumber, TSilu> _edges;
    private readonly AllegroForward<T, TNumber, TSilu> _forward;
    private readonly AllegroBackward<T, TNumber, TSilu> _backward;
    private readonly NativeArray<double> _gradients = new();

    /// <summary>Makes work memory.</summary>
    public AllegroEngine(AllegroPlan<T, TNumber, TSilu> plan)
    {
        _plan = plan;
        _gather = new AllegroGather(plan.Model);
        _edges = new EdgeData<T, TNumber, TSilu>(plan);
        _forward = new AllegroForward<T, TNumber, TSilu>(plan, _edges, _gather);
        _backward = new AllegroBackward<T, TNumber, TSilu>(plan, _edges, _gather, _forward);
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        _gather.Start();
        var outcome = EvaluationOutcome.Success;
        while (outcome.Status == EvaluationStatus.Success && _gather.IsLeft(atoms))
        {
            outcome = _gather.Run(atoms, BatchSize);
            if (outcome.Status == EvaluationStatus.Success)
            {
                outcome = ComputeBatch(atoms, buffers);
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _edges.Dispose();
        _forward.Dispose();
        _backward.Dispose();
        _gradients.Dispose();
    }

    private EvaluationOutcome ComputeBatch(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        _edges.Run(_gather);
        var energies = _forward.Run();
        var stride = Strips.Stride<TNumber>(_plan.Energy.Chain.OutputWidth);
        foreach (ref readonly var center in _gather.Centers)
        {
            var energy = _plan.Model.Shifts[center.Species];
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                var neighbor = _gather.Neighbors[e].Species;
                var (repulsion, slope) = _plan.Model.Repulsion?.At(_gather.Distances[e], center.Species, neighbor) ?? default;
                energy += repulsion + ScaleOf(center.Species, neighbor) * Real.From(energies[(long)e * stride]);
                _edges.LengthSlopes[e] += slope * _gather.Distances[e] / _gather.Lengths[e];
            }

            if (!GatheredScatter.AddEnergy(center, atoms.ScaleOf(center.Atom) * energy, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return buffers.Forces is null && buffers.Virial is null && buffers.AtomVirials is null ? EvaluationOutcome.Success : AddForces(atoms, buffers, energies, stride);
    }

    private double ScaleOf(int center, int neighbor) => _plan.Model.Scales[center] * _plan.Model.EdgeScales[center][neighbor];

    private EvaluationOutcome AddForces(in NeighborView atoms, in EvaluationBuffers buffers, TNumber* energies, int stride)
    {
        // Energies make room for their own slopes.
        foreach (ref readonly var center in _gather.Centers)
        {
            for (var e = center.First; e < center.First + center.Count; e++)
            {
                var row = energies + (long)e * stride;
                new Span<TNumber>(row, stride).Clear();
                *row = Real.Of<TNumber>(ScaleOf(center.Species, _gather.Neighbors[e].Species));
            }
        }

        var harmonics = _backward.Run(energies);
        var gradients = _gradients.Reserve(3L * _gather.EdgeCount + 1);
        for (var e = 0; e < _gather.EdgeCount; e++)
        {
            ref readonly var neighbor = ref _gather.Neighbors[e];
            double inverse = 1 / _gather.Distances[e], x = neighbor.X * inverse, y = neighbor.Y * inverse, z = neighbor.Z * inverse, slope = _edges.LengthSlopes[e] * (_gather.Lengths[e] / _gather.Distances[e]);
            var gradient = gradients + 3L * e;
            (gradient[0], gradient[1], gradient[2]) = (slope * x, slope * y, slope * z);
            SphericalHarmonics.AddGradient(_plan.Model.Degree, x, y, z, inverse, harmonics + (long)e * _plan.HarmonicCount, gradient);
        }

        foreach (ref readonly var center in _gather.Centers)
        {
            if (!GatheredScatter.AddForces(center, atoms.ScaleOf(center.Atom), _gather.Neighbors + center.First, gradients + 3L * center.First, 1, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }
}
