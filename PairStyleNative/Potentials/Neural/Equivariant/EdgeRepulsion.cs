using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>Repulsion of the nuclei of two atoms.</summary>
internal interface IPairRepulsion
{
    /// <summary>The energy that the first atom of a pair has of it, eV, and its derivative, eV/Å.</summary>
    (double Value, double Slope) At(double r, int first, int second);
}

/// <summary>Adds the repulsion of nuclei for the centers and edges that are gathered, computed as it is, without a table. One instance serves one thread.</summary>
internal sealed unsafe class EdgeRepulsion<TNumber>(IPairRepulsion repulsion, double scale, EdgeGather<TNumber> gather) : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<double> _gradient = new();

    /// <summary>Adds energies, forces and virials.</summary>
    public EvaluationOutcome Add(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var c = 0; c < gather.CenterCount; c++)
        {
            ref readonly var center = ref gather.Centers[c];
            var gradient = _gradient.Reserve(3L * center.Count + 1);
            var energy = 0.0;
            for (var n = 0; n < center.Count; n++)
            {
                ref readonly var neighbor = ref gather.Neighbors[center.First + n];
                var distance = gather.Distances[center.First + n];
                var (value, slope) = repulsion.At(distance, center.Species, neighbor.Species);
                energy += scale * value;
                var along = scale * slope / distance;
                (gradient[3 * n], gradient[3 * n + 1], gradient[3 * n + 2]) = (along * neighbor.X, along * neighbor.Y, along * neighbor.Z);
            }

            var factor = atoms.ScaleOf(center.Atom);
            if (!GatheredScatter.AddEnergy(center, factor * energy, buffers) || !GatheredScatter.AddForces(center, factor, gather.Neighbors + center.First, gradient, 1, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose() => _gradient.Dispose();
}
