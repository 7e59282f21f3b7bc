using MofInterop.Potentials.Atoms;

namespace MofInterop.Cp2k;

/// <summary>
/// Smooth particle mesh Ewald parameters for the charges of xTB, chosen from the cell. CP2K's own choice (screening of 1 bohr⁻¹) takes a grid
/// that costs most of an SCF step of a MOF and still leaves errors of 0.006 meV per atom. Softer screening charges need a longer real-space
/// sum, and that one counts only the nearest image of every atom: its cutoff must stay below half the distance of opposite faces.
/// For MOF-5 these parameters reproduce tight ones within 0.00002 meV per atom at a tenth of the cost.
/// </summary>
/// <param name="Cutoff">Real-space cutoff, Å.</param>
/// <param name="GridPoints">Grid points along a, b, c; CP2K rounds up to what its Fourier transform takes.</param>
internal sealed record EwaldSum(double Cutoff, int[] GridPoints)
{
    /// <summary>Order of the interpolating splines (CP2K's default is 6).</summary>
    public const int SplineOrder = 8;

    /// <summary>α times the cutoff: erfc(4) = 1.5e-8 is what the real-space sum leaves out.</summary>
    private const double Reach = 4;

    /// <summary>α times the grid spacing.</summary>
    private const double Spacing = 0.25;

    private const double LongestCutoff = 8;

    /// <summary>Width parameter α of the screening charges, 1/Å.</summary>
    public double Alpha => Reach / Cutoff;

    /// <summary>The parameters for a cell, with room for it to shrink by a tenth.</summary>
    public static EwaldSum For(Cell cell)
    {
        var cutoff = Math.Min(LongestCutoff, 0.45 * cell.FaceDistances().Min());
        var lengths = cell.Parameters();
        var points = new int[3];
        for (var k = 0; k < 3; k++)
        {
            points[k] = (int)Math.Ceiling(lengths[k] * Reach / (cutoff * Spacing)) | 1;
        }

        return new EwaldSum(cutoff, points);
    }

    /// <summary>Whether the parameters are still accurate in another cell.</summary>
    public bool Serves(Cell cell)
    {
        var lengths = cell.Parameters();
        return Cutoff < 0.5 * cell.FaceDistances().Min()
            && Enumerable.Range(0, 3).All(k => lengths[k] / GridPoints[k] * Alpha < 1.1 * Spacing);
    }
}
