using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>What a <c>snapparam</c> file says.</summary>
/// <param name="Parameters">Of the descriptor.</param>
/// <param name="InnerSwitching">Of the species; null without <c>switchinnerflag</c>.</param>
public sealed record SnapParameterFileContent(SnapParameters Parameters, InnerSwitchDistances? InnerSwitching);

/// <summary>
/// <c>sinner</c> and <c>dinner</c> by species, in the order of the coefficient file. LAMMPS takes the order in which the
/// elements first appear in its <c>pair_coeff</c> line, which a file cannot know; both are the same where that line
/// names all species in the file's order.
/// </summary>
public sealed class InnerSwitchDistances
{
    private readonly double[] _centers;
    private readonly double[] _halfWidths;
    private readonly string _whereCenters;
    private readonly string _whereHalfWidths;

    internal InnerSwitchDistances(double[] centers, double[] halfWidths, string whereCenters, string whereHalfWidths)
    {
        (_centers, _halfWidths) = (centers, halfWidths);
        (_whereCenters, _whereHalfWidths) = (whereCenters, whereHalfWidths);
    }

    /// <summary>Å, middle of the switching.</summary>
    public IReadOnlyList<double> Centers => _centers;

    /// <summary>Å, half its width.</summary>
    public IReadOnlyList<double> HalfWidths => _halfWidths;

    /// <summary>The species with these distances.</summary>
    /// <exception cref="MofException">There is not one number for every species, or a width is not positive.</exception>
    public IReadOnlyList<SnapSpecies> ApplyTo(IReadOnlyList<SnapSpecies> species)
    {
        ArgumentNullException.ThrowIfNull(species);
        CheckCount("sinner", _centers, _whereCenters, species);
        CheckCount("dinner", _halfWidths, _whereHalfWidths, species);
        for (var s = 0; s < _halfWidths.Length; s++)
        {
            if (!(_halfWidths[s] > 0))
            {
                throw new MofException(ErrorKind.FileFormat, $"dinner of {species[s].Label} is {_halfWidths[s]}", _whereHalfWidths, expected: "a positive number");
            }
        }

        return [.. species.Select((one, s) => new SnapSpecies(one.Label, one.Radius, one.Weight, one.Coefficients)
        {
            InnerSwitchCenter = _centers[s],
            InnerSwitchHalfWidth = _halfWidths[s],
            AtomicNumber = one.AtomicNumber,
            Mass = one.Mass,
        })];
    }

    private static void CheckCount(string keyword, double[] values, string where, IReadOnlyList<SnapSpecies> species)
    {
        if (values.Length != species.Count)
        {
            throw new MofException(ErrorKind.FileFormat, $"keyword {keyword} has {values.Length} values", where, expected: $"{species.Count}, one for each species in the order of the coefficient file: {string.Join(", ", species.Select(s => s.Label))}");
        }
    }
}
