using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Zbl;

/// <summary>
/// Ziegler–Biersack–Littmark repulsion of nuclei between chosen pairs of species, as LAMMPS's <c>pair_style zbl</c>; what
/// keeps atoms apart where a fitted potential has no data. Immutable; <see cref="Compute"/> needs no work memory.
/// </summary>
/// <remarks>
/// Every pair is met twice in full lists, once for each center, and counts half each time; so a center's scale acts on
/// its own half. Distances down to 1e-6 Å give finite numbers, shorter ones are <see cref="EvaluationStatus.AtomsOverlap"/>.
/// </remarks>
public sealed unsafe class ZblPotential : IPotential
{
    private readonly NativeArray<ZblPairTerms> _terms = new();
    private readonly NativeArray<double> _rowCutoffs = new();
    private readonly int _speciesCount;

    /// <summary>Prepares a model.</summary>
    public ZblPotential(ZblModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _speciesCount = model.Species.Count;
        var terms = new Span<ZblPairTerms>(_terms.Reserve(_speciesCount * _speciesCount), _speciesCount * _speciesCount);
        var rows = new Span<double>(_rowCutoffs.Reserve(_speciesCount), _speciesCount);
        terms.Clear();
        rows.Clear();
        foreach (var (first, second, inner, outer) in model.Pairs)
        {
            var one = new ZblPairTerms(model.Species[first].AtomicNumber, model.Species[second].AtomicNumber, inner, outer);
            terms[first * _speciesCount + second] = terms[second * _speciesCount + first] = one;
            rows[first] = Math.Max(rows[first], one.SquaredCutoff);
            rows[second] = Math.Max(rows[second], one.SquaredCutoff);
        }

        Cutoff = model.Pairs.Max(pair => pair.Outer);
    }

    /// <summary>The model.</summary>
    public ZblModel Model { get; }

    /// <inheritdoc/>
    public string Kind => "zbl";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff { get; }

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) =>
        Model.Pairs.FirstOrDefault(pair => (pair.First == first && pair.Second == second) || (pair.First == second && pair.Second == first)).Outer;

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            var species = atoms.SpeciesOf(i, _speciesCount);
            if (species == -1)
            {
                continue;
            }

            if (species < 0)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            var position = atoms.Positions + 3L * i;
            if (!double.IsFinite(position[0] + position[1] + position[2]))
            {
                return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
            }

            // A species without pairs has a row of zeros: nothing is inside its cutoff.
            if (_rowCutoffs.Pointer[species] > 0)
            {
                var outcome = ComputeCenter(atoms, buffers, i, species);
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terms.Dispose();
        _rowCutoffs.Dispose();
    }

    private EvaluationOutcome ComputeCenter(in NeighborView atoms, in EvaluationBuffers buffers, int i, int species)
    {
        var row = _terms.Pointer + species * _speciesCount;
        double* positions = atoms.Positions, center = positions + 3L * i;
        double xi = center[0], yi = center[1], zi = center[2], reach = _rowCutoffs.Pointer[species], half = 0.5 * atoms.ScaleOf(i);
        var energy = 0.0;
        int* list = atoms.Neighbors[i], end = list + atoms.NeighborCounts[i];
        for (; list < end; list++)
        {
            var j = *list & atoms.NeighborMask;
            double x = positions[3L * j] - xi, y = positions[3L * j + 1] - yi, z = positions[3L * j + 2] - zi;
            var square = x * x + y * y + z * z;
            if (!(square < reach))
            {
                if (!double.IsFinite(square))
                {
                    return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, j);
                }

                continue;
            }

            var other = atoms.SpeciesOf(j, _speciesCount);
            if (other < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, j);
            }

            if (other < 0 || !(square < row[other].SquaredCutoff))
            {
                continue;
            }

            if (square < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation)
            {
                return new EvaluationOutcome(EvaluationStatus.AtomsOverlap, i, j);
            }

            var distance = Math.Sqrt(square);
            var pair = row[other].At(distance);
            energy += half * pair.Energy;
            Scatter(buffers, i, j, x, y, z, -half * pair.Slope / distance);
        }

        if (buffers.Energy is not null)
        {
            *buffers.Energy += energy;
        }

        if (buffers.AtomEnergies is not null)
        {
            buffers.AtomEnergies[i] += energy;
        }

        return EvaluationOutcome.Success;
    }

    // The force on the neighbour is factor·(x, y, z).
    private static void Scatter(in EvaluationBuffers buffers, int i, int j, double x, double y, double z, double factor)
    {
        double fx = factor * x, fy = factor * y, fz = factor * z;
        if (buffers.Forces is not null)
        {
            double* own = buffers.Forces + 3L * i, other = buffers.Forces + 3L * j;
            other[0] += fx;
            other[1] += fy;
            other[2] += fz;
            own[0] -= fx;
            own[1] -= fy;
            own[2] -= fz;
        }

        if (buffers.Virial is null && buffers.AtomVirials is null)
        {
            return;
        }

        var tensor = stackalloc double[9] { x * fx, x * fy, x * fz, y * fx, y * fy, y * fz, z * fx, z * fy, z * fz };
        for (var k = 0; k < 9; k++)
        {
            if (buffers.Virial is not null)
            {
                buffers.Virial[k] += tensor[k];
            }

            if (buffers.AtomVirials is not null)
            {
                buffers.AtomVirials[9L * i + k] += 0.5 * tensor[k];
                buffers.AtomVirials[9L * j + k] += 0.5 * tensor[k];
            }
        }
    }
}
