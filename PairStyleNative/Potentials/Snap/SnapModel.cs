using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// A SNAP potential as data: what a <c>snapcoeff</c> and a <c>snapparam</c> file say. Immutable. The order of species
/// is the file's; with <c>chemflag</c> the coefficients refer to it, whatever order a host names its types in.
/// </summary>
public sealed class SnapModel
{
    /// <summary>Larger values overflow the factorials' exactness and no published potential comes near.</summary>
    public const int MaximumTwoJMax = 20;

    private readonly SnapSpecies[] _species;
    private readonly SnapGrades? _grades;

    /// <summary>Creates and checks a model.</summary>
    /// <exception cref="MofException">A value is out of range, a label is repeated, or a species has the wrong number of coefficients.</exception>
    public SnapModel(SnapParameters parameters, IReadOnlyList<SnapSpecies> species)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(species);
        Parameters = parameters;
        _species = [.. species];
        CheckParameters();
        BispectrumCount = SnapIndices.ComponentCount(parameters.TwoJMax) * (parameters.Chemical ? Cube(_species.Length) : 1);
        CoefficientCount = CoefficientCountOf(BispectrumCount, parameters.Quadratic);
        CheckSpecies();
    }

    /// <summary>The descriptor's settings.</summary>
    public SnapParameters Parameters { get; }

    /// <summary>Species in the file's order.</summary>
    public IReadOnlyList<SnapSpecies> Species => _species;

    /// <summary>Bispectrum components of an atom (LAMMPS: ncoeff): 55 for twojmax 8, times the cube of the number of species with chemflag.</summary>
    public int BispectrumCount { get; }

    /// <summary>Coefficients of a species, the constant among them (LAMMPS: ncoeffall): 56 for twojmax 8.</summary>
    public int CoefficientCount { get; }

    /// <summary>What tells extrapolation, or null where it was not stored; of linear models without chemflag only.</summary>
    /// <exception cref="MofException">It is of another kind of model.</exception>
    public SnapGrades? Grades
    {
        get => _grades;
        init => _grades = value is null || (!Parameters.Quadratic && !Parameters.Chemical && value.BispectrumCount == BispectrumCount && value.SpeciesCount == _species.Length)
            ? value
            : throw Invalid($"grades of {value.SpeciesCount} species with {value.BispectrumCount} bispectrum components", $"{_species.Length} species with {BispectrumCount}, of a linear model without chemflag");
    }

    /// <summary>Number of coefficients of a species for a number of components.</summary>
    public static int CoefficientCountOf(int bispectrumCount, bool quadratic) =>
        1 + bispectrumCount + (quadratic ? bispectrumCount * (bispectrumCount + 1) / 2 : 0);

    /// <summary>The place of a label in <see cref="Species"/>, or −1.</summary>
    public int IndexOf(string label) => Array.FindIndex(_species, s => s.Label == label);

    /// <summary>The distance at which two species cease to act on each other, Å.</summary>
    public double PairCutoff(int first, int second) =>
        (_species[first].Radius + _species[second].Radius) * Parameters.CutoffFactor;

    /// <summary>The same descriptor and species with other coefficients, <c>[species][CoefficientCount]</c> row-major.</summary>
    public SnapModel WithCoefficients(ReadOnlySpan<double> coefficients)
    {
        if (coefficients.Length != _species.Length * CoefficientCount)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{coefficients.Length} coefficients", expected: $"{_species.Length} species of {CoefficientCount}");
        }

        var changed = new SnapSpecies[_species.Length];
        for (var s = 0; s < changed.Length; s++)
        {
            var old = _species[s];
            changed[s] = new SnapSpecies(old.Label, old.Radius, old.Weight, coefficients.Slice(s * CoefficientCount, CoefficientCount))
            {
                InnerSwitchCenter = old.InnerSwitchCenter,
                InnerSwitchHalfWidth = old.InnerSwitchHalfWidth,
                AtomicNumber = old.AtomicNumber,
                Mass = old.Mass,
            };
        }

        return new SnapModel(Parameters, changed);
    }

    private static int Cube(int n) => n * n * n;

    private static MofException Invalid(string what, string expected) =>
        new(ErrorKind.InvalidArgument, what, expected: expected);

    private void CheckParameters()
    {
        var p = Parameters;
        if (p.TwoJMax is < 0 or > MaximumTwoJMax)
        {
            throw Invalid($"twojmax is {p.TwoJMax}", $"0 to {MaximumTwoJMax}");
        }

        if (!(p.CutoffFactor > 0) || !double.IsFinite(p.CutoffFactor))
        {
            throw Invalid($"rcutfac is {p.CutoffFactor}", "a positive number");
        }

        if (!(p.AngleFactor > 0) || !double.IsFinite(p.AngleFactor))
        {
            throw Invalid($"rfac0 is {p.AngleFactor}", "a positive number");
        }

        if (!(p.MinimumDistance >= 0) || !double.IsFinite(p.MinimumDistance))
        {
            throw Invalid($"rmin0 is {p.MinimumDistance} angstrom", "zero or a positive number");
        }

        if (_species.Length == 0)
        {
            throw Invalid("a SNAP model has no species", "at least one");
        }
    }

    private void CheckSpecies()
    {
        for (var s = 0; s < _species.Length; s++)
        {
            var one = _species[s];
            if (IndexOf(one.Label) != s)
            {
                throw Invalid($"species {one.Label} is there twice", "every label once");
            }

            if (!(2 * one.Radius * Parameters.CutoffFactor > Parameters.MinimumDistance) || !double.IsFinite(one.Radius) || !double.IsFinite(one.Weight))
            {
                throw Invalid($"species {one.Label} has radius {one.Radius} and weight {one.Weight}", "finite numbers, and a cutoff 2·radius·rcutfac beyond rmin0");
            }

            if (one.Coefficients.Length != CoefficientCount)
            {
                throw Invalid($"species {one.Label} has {one.Coefficients.Length} coefficients", $"{CoefficientCount} for twojmax {Parameters.TwoJMax}");
            }

            foreach (var coefficient in one.Coefficients)
            {
                if (!double.IsFinite(coefficient))
                {
                    throw Invalid($"species {one.Label} has a coefficient that is not finite", "finite numbers");
                }
            }

            if (Parameters.InnerSwitching && !(one.InnerSwitchHalfWidth > 0 && double.IsFinite(one.InnerSwitchCenter)))
            {
                throw Invalid($"species {one.Label} has sinner {one.InnerSwitchCenter} and dinner {one.InnerSwitchHalfWidth}", "a positive dinner with switchinnerflag");
            }
        }
    }
}
