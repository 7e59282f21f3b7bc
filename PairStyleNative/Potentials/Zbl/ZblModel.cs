using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Zbl;

/// <summary>Two species that repel each other.</summary>
/// <param name="First">Index of a species.</param>
/// <param name="Second">Index of a species, also the same.</param>
/// <param name="Inner">Where the switching begins, Å.</param>
/// <param name="Outer">Where energy, force and curvature have become zero, Å.</param>
public readonly record struct ZblPair(int First, int Second, double Inner, double Outer);

/// <summary>
/// A Ziegler–Biersack–Littmark repulsion as data: which pairs of species it acts on, and where it is switched off.
/// Immutable.
/// </summary>
public sealed class ZblModel
{
    private readonly Species[] _species;
    private readonly ZblPair[] _pairs;

    /// <summary>Creates and checks a model.</summary>
    /// <param name="species">The species it knows; those of a pair need their atomic number.</param>
    /// <param name="pairs">The pairs it acts on, each once; all others pass through each other.</param>
    /// <exception cref="MofException">A label or pair is repeated, an atomic number is missing, radii are out of order, or there is no pair.</exception>
    public ZblModel(IReadOnlyList<Species> species, IReadOnlyList<ZblPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(species);
        ArgumentNullException.ThrowIfNull(pairs);
        _species = [.. species];
        _pairs = [.. pairs];
        if (_species.Select(s => s.Label).Distinct(StringComparer.Ordinal).Count() < _species.Length)
        {
            throw Invalid("a species is there twice", "every label once");
        }

        if (_pairs.Length == 0)
        {
            throw Invalid("a ZBL repulsion has no pairs of species", "at least one");
        }

        var seen = new HashSet<(int, int)>();
        foreach (var pair in _pairs)
        {
            Check(pair);
            if (!seen.Add((Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))))
            {
                throw Invalid($"the pair {Name(pair)} is there twice", "every pair once");
            }
        }
    }

    /// <summary>The species, also those without a pair.</summary>
    public IReadOnlyList<Species> Species => _species;

    /// <summary>The pairs.</summary>
    public IReadOnlyList<ZblPair> Pairs => _pairs;

    /// <summary>A repulsion between all pairs of species, with the same radii: <c>pair_style zbl inner outer</c> of LAMMPS.</summary>
    /// <param name="species">With atomic numbers.</param>
    /// <param name="inner">Å.</param>
    /// <param name="outer">Å.</param>
    public static ZblModel BetweenAll(IReadOnlyList<Species> species, double inner, double outer)
    {
        ArgumentNullException.ThrowIfNull(species);
        var pairs = Enumerable.Range(0, species.Count).SelectMany(a => Enumerable.Range(a, species.Count - a).Select(b => new ZblPair(a, b, inner, outer)));
        return new ZblModel(species, [.. pairs]);
    }

    private static MofException Invalid(string what, string expected) => new(ErrorKind.InvalidArgument, what, expected: expected);

    private void Check(in ZblPair pair)
    {
        foreach (var index in (int[])[pair.First, pair.Second])
        {
            if ((uint)index >= (uint)_species.Length)
            {
                throw Invalid($"a pair names the species {index}", $"0 to {_species.Length - 1}");
            }

            if (_species[index].AtomicNumber < 1)
            {
                throw Invalid($"the atomic number of species {_species[index].Label} is not told", "1 to 118, as its nuclear charge repels");
            }
        }

        if (!(pair.Inner > 0 && pair.Inner < pair.Outer) || !double.IsFinite(pair.Outer))
        {
            throw Invalid($"the switching radii of {Name(pair)} are {pair.Inner} and {pair.Outer} angstrom", "inner above zero and below outer");
        }
    }

    private string Name(in ZblPair pair) => $"{_species[pair.First].Label}-{_species[pair.Second].Label}";
}
