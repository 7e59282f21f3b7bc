using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Zbl;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>Repulsion of nuclei as NequIP adds it (nequip/nn/pair_potential.py, <c>ZBL</c>): Ziegler–Biersack–Littmark times the polynomial cutoff of the pair's own cutoff. Immutable.</summary>
public sealed class CutRepulsion : IPairRepulsion
{
    private readonly int _speciesCount;
    private readonly ZblPairTerms[] _terms;
    private readonly BesselBasis _cutoff;
    private readonly PairCutoffs? _cutoffs;

    /// <summary>Creates it.</summary>
    /// <param name="coulomb">Half of e²/(4πε₀), eV·Å: each atom of a pair has half of the energy.</param>
    /// <param name="charges">Atomic numbers, by species.</param>
    /// <param name="cutoff">Length and power of the cutoff function.</param>
    /// <param name="cutoffs">By pairs of species; null: the same for all.</param>
    /// <exception cref="MofException">Numbers that are none of the kind (InvalidArgument).</exception>
    public CutRepulsion(double coulomb, IReadOnlyList<double> charges, BesselBasis cutoff, PairCutoffs? cutoffs = null)
    {
        ArgumentNullException.ThrowIfNull(charges);
        if (!double.IsFinite(coulomb) || charges.Count == 0 || !charges.All(z => z is >= 1 and < 200))
        {
            throw new MofException(ErrorKind.InvalidArgument, "the repulsion of nuclei has charges that are no atomic numbers", expected: "one for each species");
        }

        (Coulomb, Charges) = (coulomb, [.. charges]);
        _speciesCount = charges.Count;
        _terms = [.. Enumerable.Range(0, charges.Count * charges.Count).Select(k => new ZblPairTerms(charges[k / charges.Count], charges[k % charges.Count], coulomb))];
        (_cutoff, _cutoffs) = (cutoff, cutoffs);
    }

    /// <summary>Half of e²/(4πε₀), eV·Å.</summary>
    public double Coulomb { get; }

    /// <summary>Atomic numbers, by species.</summary>
    public IReadOnlyList<double> Charges { get; }

    /// <summary>Number of species.</summary>
    public int SpeciesCount => _speciesCount;

    (double Value, double Slope) IPairRepulsion.At(double r, int first, int second) => At(r, first, second);

    internal (double Value, double Slope) At(double r, int first, int second)
    {
        var (value, slope) = _terms[first * _speciesCount + second].At(r);
        var stretch = _cutoffs?.Stretch(first, second) ?? 1;
        var cutoff = _cutoff.CutoffAt(stretch * r);
        return (value * cutoff.Value, slope * cutoff.Value + value * stretch * cutoff.First);
    }
}
