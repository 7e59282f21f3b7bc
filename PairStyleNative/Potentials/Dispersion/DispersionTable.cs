using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Dispersion;

/// <summary>One line of the reference table: two atoms in two reference molecules.</summary>
/// <param name="Coefficient">Their C6, hartree·bohr⁶.</param>
/// <param name="FirstElement">Atomic number.</param>
/// <param name="FirstReference">Which reference molecule of that element, from 0.</param>
/// <param name="SecondElement">Atomic number.</param>
/// <param name="SecondReference">Which reference molecule of that element, from 0.</param>
/// <param name="FirstCoordination">Coordination number of the first atom there.</param>
/// <param name="SecondCoordination">Coordination number of the second atom there.</param>
public readonly record struct DispersionTableEntry(
    double Coefficient, int FirstElement, int FirstReference, int SecondElement, int SecondReference, double FirstCoordination, double SecondCoordination);

/// <summary>
/// The reference table of D3: for every element up to five molecules with the coordination number of an atom in each, and for
/// every two such atoms their C6. Immutable.
/// </summary>
public sealed class DispersionTable
{
    /// <summary>Most reference molecules of one element.</summary>
    public const int MaximumReferences = 5;

    private const int Places = DispersionElements.Count * MaximumReferences;

    private readonly double[] _coefficients = new double[Places * Places];
    private readonly double[] _coordinationNumbers = new double[Places];
    private readonly int[] _counts = new int[DispersionElements.Count];

    /// <summary>Takes the entries, in any order, every pair once.</summary>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: an element, a reference or a coefficient out of range, two coordination numbers for one
    /// reference, or a pair that is repeated or missing.
    /// </exception>
    public DispersionTable(IReadOnlyList<DispersionTableEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Array.Fill(_coordinationNumbers, double.NaN);
        for (var k = 0; k < entries.Count; k++)
        {
            var entry = entries[k];
            var first = Place(entry.FirstElement, entry.FirstReference, k);
            var second = Place(entry.SecondElement, entry.SecondReference, k);
            if (!(entry.Coefficient > 0) || !double.IsFinite(entry.Coefficient))
            {
                throw Wrong(k, $"C6 is {entry.Coefficient}", "a positive number");
            }

            if (_coefficients[first * Places + second] != 0)
            {
                throw Wrong(k, "this pair of references is repeated", "every pair once");
            }

            _coefficients[first * Places + second] = _coefficients[second * Places + first] = entry.Coefficient;
            SetCoordination(first, entry.FirstCoordination, k);
            SetCoordination(second, entry.SecondCoordination, k);
        }

        for (var element = 0; element < DispersionElements.Count; element++)
        {
            for (var reference = 0; reference < MaximumReferences && !double.IsNaN(_coordinationNumbers[element * MaximumReferences + reference]); reference++)
            {
                _counts[element] = reference + 1;
            }
        }

        CheckComplete();
    }

    /// <summary>Number of reference molecules of an element; 0: the table does not have it.</summary>
    public int ReferenceCount(int element) => element is >= 1 and <= DispersionElements.Count ? _counts[element - 1] : 0;

    /// <summary>Coordination number of an element's atom in one of its reference molecules.</summary>
    public double CoordinationNumber(int element, int reference) => _coordinationNumbers[(element - 1) * MaximumReferences + reference];

    /// <summary>C6 of two reference atoms, hartree·bohr⁶.</summary>
    public double Coefficient(int firstElement, int firstReference, int secondElement, int secondReference) =>
        _coefficients[((firstElement - 1) * MaximumReferences + firstReference) * Places + (secondElement - 1) * MaximumReferences + secondReference];

    private static MofException Wrong(int entry, string what, string expected) =>
        new(ErrorKind.FileFormat, what, $"entry {entry + 1} of the D3 reference table", expected);

    private static int Place(int element, int reference, int entry)
    {
        if (element is < 1 or > DispersionElements.Count || reference is < 0 or >= MaximumReferences)
        {
            throw Wrong(entry, $"element {element}, reference {reference}", $"elements 1 to {DispersionElements.Count}, references 0 to {MaximumReferences - 1}");
        }

        return (element - 1) * MaximumReferences + reference;
    }

    private void SetCoordination(int place, double value, int entry)
    {
        if (!(value >= 0) || !double.IsFinite(value) || (!double.IsNaN(_coordinationNumbers[place]) && _coordinationNumbers[place] != value))
        {
            throw Wrong(entry, $"the coordination number of a reference is {value}", double.IsNaN(_coordinationNumbers[place]) ? "0 or more" : $"{_coordinationNumbers[place]}, as before");
        }

        _coordinationNumbers[place] = value;
    }

    // The weights of two atoms' references are independent of each other only where every pair has its coefficient.
    private void CheckComplete()
    {
        for (var first = 0; first < Places; first++)
        {
            for (var second = 0; second <= first; second++)
            {
                var known = !double.IsNaN(_coordinationNumbers[first]) && !double.IsNaN(_coordinationNumbers[second]);
                var counted = Counted(first) && Counted(second);
                if (known != counted || (known && _coefficients[first * Places + second] == 0))
                {
                    throw new MofException(
                        ErrorKind.FileFormat,
                        $"the D3 reference table lacks element {second / MaximumReferences + 1} reference {second % MaximumReferences} with element {first / MaximumReferences + 1} reference {first % MaximumReferences}",
                        expected: "every pair of references, counted from 0 for each element");
                }
            }
        }

        bool Counted(int place) => place % MaximumReferences < _counts[place / MaximumReferences];
    }
}
