using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Gathering;

/// <summary>The centers of a view sorted by species, those of one species in the view's order: a batch of them shares its weights. One instance serves one thread.</summary>
/// <param name="speciesCount">Species of the model; atoms of none of them are left out.</param>
internal sealed unsafe class CentersBySpecies(int speciesCount) : IDisposable
{
    private readonly NativeArray<int> _sorted = new();
    private readonly int[] _first = new int[speciesCount + 1];

    /// <summary>Sorts the centers of a view.</summary>
    public EvaluationOutcome Sort(in NeighborView atoms)
    {
        var target = _sorted.Reserve(atoms.CenterCount + 1);
        Array.Clear(_first);
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = AtomAt(atoms, place);
            var species = atoms.SpeciesOf(i, speciesCount);
            if (species < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            if (species >= 0)
            {
                _first[species + 1]++;
            }
        }

        for (var species = 0; species < speciesCount; species++)
        {
            _first[species + 1] += _first[species];
        }

        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = AtomAt(atoms, place);
            if (atoms.SpeciesOf(i, speciesCount) is >= 0 and var species)
            {
                target[_first[species]++] = i;
            }
        }

        // Each now points to the end of its species.
        for (var species = speciesCount; species > 0; species--)
        {
            _first[species] = _first[species - 1];
        }

        _first[0] = 0;
        return EvaluationOutcome.Success;
    }

    /// <summary>Number of centers of a species.</summary>
    public int CountOf(int species) => _first[species + 1] - _first[species];

    /// <summary>The centers of a species: places in the view.</summary>
    public int* Of(int species) => _sorted.Pointer + _first[species];

    /// <summary>The atom that is a view's center of this number.</summary>
    public static int AtomAt(in NeighborView atoms, int place) => atoms.Centers is null ? place : atoms.Centers[place];

    /// <inheritdoc/>
    public void Dispose() => _sorted.Dispose();
}
