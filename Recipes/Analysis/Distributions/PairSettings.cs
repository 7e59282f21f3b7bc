using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>How a pair distribution is binned.</summary>
public sealed record PairSettings
{
    /// <summary>Largest distance, Å; may be beyond half of the cell, where periodic images are counted too.</summary>
    public double Cutoff { get; init; } = 10;

    /// <summary>Width of a bin, Å.</summary>
    public double BinWidth { get; init; } = 0.02;

    /// <summary>Number of bins; the last one ends at or just below the cutoff.</summary>
    public int Bins => (int)Math.Floor(Cutoff / BinWidth * (1 + 1e-12));

    /// <exception cref="MofException">A value that cannot be meant (InvalidArgument).</exception>
    public void Check()
    {
        if (!(BinWidth > 0) || !(Cutoff >= BinWidth) || !(Cutoff / BinWidth <= 1e6))
        {
            throw new MofException(ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"distances to {Cutoff} angstrom in bins of {BinWidth} angstrom"), expected: "at least one bin and at most a million");
        }
    }
}
