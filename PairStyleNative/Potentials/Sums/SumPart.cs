using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Sums;

/// <summary>A part of a sum, seen through the species of the sum.</summary>
internal sealed unsafe class SumPart
{
    private const int OnStack = 512;

    private readonly int[] _speciesOfSum;
    private readonly bool _sameOrder;

    /// <summary>Matches the species by their labels.</summary>
    public SumPart(IPotential potential, IReadOnlyList<Species> sum)
    {
        Potential = potential;
        var labels = potential.Species.Select(species => species.Label).ToList();
        _speciesOfSum = [.. sum.Select(species => labels.IndexOf(species.Label))];
        _sameOrder = _speciesOfSum.Select((own, place) => own == place).All(same => same);
    }

    /// <summary>The part.</summary>
    public IPotential Potential { get; }

    /// <summary>The part's species for a species of the sum, −1: it does not act on that one.</summary>
    public int SpeciesOf(int species) => _speciesOfSum[species];

    /// <summary>As <see cref="IPotential.Compute"/> with the sum's species.</summary>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers) =>
        _sameOrder ? Potential.Compute(atoms, buffers) : Translated(-1, atoms, buffers, null);

    /// <summary>As <see cref="IStagedPotential.ComputeStage"/> with the sum's species.</summary>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values) =>
        _sameOrder ? ((IStagedPotential)Potential).ComputeStage(stage, atoms, buffers, values) : Translated(stage, atoms, buffers, values);

    // A view does not tell how many types there are, and the table of the host's types need not be ours to change: a table
    // of our own, as long as the types that occur.
    private EvaluationOutcome Translated(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        var largest = -1;
        for (var i = 0; i < atoms.AtomCount; i++)
        {
            var type = atoms.Types[i];
            if (type < -1 || (type < 0 && atoms.SpeciesOfType is not null))
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            largest = Math.Max(largest, type);
        }

        // Place −1 belongs to atoms that are nobody's.
        if (largest + 2 <= OnStack)
        {
            var table = stackalloc int[OnStack];
            return Translated(stage, atoms, buffers, values, table, largest);
        }

        using var memory = new NativeArray<int>();
        return Translated(stage, atoms, buffers, values, memory.Reserve(largest + 2), largest);
    }

    private EvaluationOutcome Translated(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values, int* table, int largest)
    {
        const int Unknown = -2;
        *table++ = -1;
        for (var type = 0; type <= largest; type++)
        {
            var species = atoms.SpeciesOfType is null ? type : atoms.SpeciesOfType[type];
            table[type] = species == -1 ? -1 : (uint)species < (uint)_speciesOfSum.Length ? _speciesOfSum[species] : Unknown;
        }

        var view = atoms with { SpeciesOfType = table };
        return stage < 0 ? Potential.Compute(view, buffers) : ((IStagedPotential)Potential).ComputeStage(stage, view, buffers, values);
    }
}
