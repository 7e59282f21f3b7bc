using System.Numerics;

namespace MofInterop.Analysis.Pores;

/// <summary>The atoms round a place, prepared to ask whether a probe overlaps any of them. Not thread-safe.</summary>
/// <param name="probe">Its radius, Å.</param>
internal sealed class ProbeObstacles(double probe)
{
    /// <summary>An overlap of less than this is contact, Å.</summary>
    public const double Touching = 1e-9;

    private double[] _x = [];
    private double[] _y = [];
    private double[] _z = [];
    private double[] _square = [];
    private int _count;

    /// <summary>Takes the atoms over.</summary>
    public void Set(NearbyAtoms near)
    {
        var lanes = Vector<double>.Count;
        _count = (near.Count + lanes - 1) / lanes * lanes;
        if (_x.Length < _count)
        {
            (_x, _y, _z, _square) = (new double[2 * _count], new double[2 * _count], new double[2 * _count], new double[2 * _count]);
        }

        for (var i = 0; i < _count; i++)
        {
            // What fills the last vector overlaps with nothing.
            var least = i < near.Count ? Math.Max(0, near.Radius[i] + probe - Touching) : 0;
            (_x[i], _y[i], _z[i], _square[i]) = i < near.Count ? (near.X[i], near.Y[i], near.Z[i], least * least) : (0, 0, 0, 0);
        }
    }

    /// <summary>Whether a probe centred at a place overlaps none of the atoms.</summary>
    public bool IsFree(Point3 center)
    {
        var (x, y, z) = (new Vector<double>(center.X), new Vector<double>(center.Y), new Vector<double>(center.Z));
        for (var i = 0; i < _count; i += Vector<double>.Count)
        {
            var (dx, dy, dz) = (new Vector<double>(_x, i) - x, new Vector<double>(_y, i) - y, new Vector<double>(_z, i) - z);
            if (Vector.LessThanAny(dx * dx + dy * dy + dz * dz, new Vector<double>(_square, i)))
            {
                return false;
            }
        }

        return true;
    }
}
