using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Gathering;

/// <summary>The centers of a view sorted by species, those of one species in the view's order: a batch of them shares its weights. One instance serves one thread.</summary>
/// <param name="speciesCount">Species of the model; atoms of none of them are left out.</param>
internal sealed unsafe class CentersBySpecies(int speciesCount) : IDisposable
{
    private readonly NativeArray<int> _sorted = new();
    private readonly NativeArray<ulong> _keys = new();
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

    /// <summary>
    /// Puts the centers of each species, once sorted, in the order of a curve through cubes, eight by eight (Morton's order): so those of a batch have neighbours in common, which are read once then.
    /// </summary>
    /// <param name="atoms">The view.</param>
    /// <param name="length">Of a cube's edge, Å.</param>
    public void SortByPlace(in NeighborView atoms, double length)
    {
        var least = stackalloc double[3];
        for (var species = 0; species < speciesCount; species++)
        {
            var count = CountOf(species);
            var centers = Of(species);
            var keys = new Span<ulong>(_keys.Reserve(count + 1), count);
            (least[0], least[1], least[2]) = (double.MaxValue, double.MaxValue, double.MaxValue);
            for (var n = 0; n < 3 * count; n++)
            {
                least[n % 3] = Math.Min(least[n % 3], atoms.Positions[3L * centers[n / 3] + n % 3]);
            }

            for (var n = 0; n < count; n++)
            {
                keys[n] = Key(atoms.Positions + 3L * centers[n], least, length) << 32 | (uint)centers[n];
            }

            keys.Sort();
            for (var n = 0; n < count; n++)
            {
                centers[n] = (int)(uint)keys[n];
            }
        }
    }

    /// <summary>Number of centers of a species.</summary>
    public int CountOf(int species) => _first[species + 1] - _first[species];

    /// <summary>The centers of a species: places in the view.</summary>
    public int* Of(int species) => _sorted.Pointer + _first[species];

    /// <summary>The atom that is a view's center of this number.</summary>
    public static int AtomAt(in NeighborView atoms, int place) => atoms.Centers is null ? place : atoms.Centers[place];

    /// <inheritdoc/>
    public void Dispose()
    {
        _sorted.Dispose();
        _keys.Dispose();
    }

    private static ulong Key(double* position, double* least, double length)
    {
        var key = 0UL;
        for (var k = 0; k < 3; k++)
        {
            // What is not finite is found when neighbours are looked at.
            var cube = (ulong)Math.Clamp((position[k] - least[k]) / length, 0, 1023);
            for (var bit = 0; bit < 10; bit++)
            {
                key |= (cube >> bit & 1) << (3 * bit + k);
            }
        }

        return key;
    }
}
