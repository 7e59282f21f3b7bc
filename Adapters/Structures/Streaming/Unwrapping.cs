using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// Makes wrapped positions go on through boundaries: from frame to frame an atom takes the image nearest to where it was, in units of the cell, so that a cell that changes moves nobody. That is certain
/// while steps are short; where an atom moves by 0.4 of the cell or more in any direction, the next image is nearly as near, and the trajectory is refused.
/// </summary>
internal sealed class Unwrapping
{
    private const double LargestStep = 0.4;

    private double[] _last = [];

    /// <summary>Largest step of an atom that was seen, as a fraction of the cell.</summary>
    public double LargestSeen { get; private set; }

    /// <summary>Unwraps the positions of a frame in place.</summary>
    /// <param name="frame">The next frame; one that does not continue the one before is where counting begins anew.</param>
    /// <param name="place">For messages.</param>
    /// <exception cref="MofException">A step is not small (FileFormat).</exception>
    public void Apply(TrajectoryFrame frame, string place)
    {
        if (frame.Cell is not { } cell)
        {
            return;
        }

        var positions = frame.Positions;
        var fresh = _last.Length == 0 || !frame.Continues;
        _last = _last.Length == 0 ? new double[positions.Length] : _last;
        for (var i = 0; i < positions.Length; i += 3)
        {
            var (a, b, c) = cell.ToFractional(positions[i], positions[i + 1], positions[i + 2]);
            if (!fresh)
            {
                a = Nearest(a, _last[i], i / 3, place);
                b = Nearest(b, _last[i + 1], i / 3, place);
                c = Nearest(c, _last[i + 2], i / 3, place);
                (positions[i], positions[i + 1], positions[i + 2]) = cell.ToCartesian(a, b, c);
            }

            (_last[i], _last[i + 1], _last[i + 2]) = (a, b, c);
        }
    }

    private double Nearest(double fraction, double last, int atom, string place)
    {
        var step = fraction - last;
        step -= Math.Round(step);
        var length = Math.Abs(step);
        LargestSeen = Math.Max(LargestSeen, length);
        return length < LargestStep
            ? last + step
            : throw new MofException(
                ErrorKind.FileFormat,
                string.Create(CultureInfo.InvariantCulture, $"atom {atom + 1} moves by {length:0.00} of the cell from one frame to the next, so that its path through the boundaries cannot be told"),
                place, $"steps below {LargestStep} of the cell", "Write positions as xu yu zu or with image flags ix iy iz, or more frames; for extended XYZ whose positions are not wrapped, say so.");
    }
}
