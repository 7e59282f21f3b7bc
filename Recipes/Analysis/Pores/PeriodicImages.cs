using MofInterop.Potentials.Atoms;

namespace MofInterop.Analysis.Pores;

/// <summary>Images of vectors in a periodic cell of any shape.</summary>
internal sealed class PeriodicImages(Cell cell)
{
    private readonly double[] _heights = cell.FaceDistances();

    /// <summary>The translations that make a vector not longer than a length.</summary>
    /// <param name="vector">Å.</param>
    /// <param name="length">Å.</param>
    /// <param name="found">Overwritten.</param>
    public void Find(Point3 vector, double length, List<Point3> found)
    {
        found.Clear();
        var (fa, fb, fc) = cell.ToFractional(vector.X, vector.Y, vector.Z);
        var (ra, rb, rc) = (length / _heights[0], length / _heights[1], length / _heights[2]);
        for (var a = (int)Math.Ceiling(-fa - ra); a <= -fa + ra; a++)
        {
            for (var b = (int)Math.Ceiling(-fb - rb); b <= -fb + rb; b++)
            {
                for (var c = (int)Math.Ceiling(-fc - rc); c <= -fc + rc; c++)
                {
                    var (x, y, z) = cell.ToCartesian(a, b, c);
                    var shift = new Point3(x, y, z);
                    if ((vector + shift).Length <= length)
                    {
                        found.Add(shift);
                    }
                }
            }
        }
    }
}
