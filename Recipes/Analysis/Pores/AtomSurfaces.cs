using MofInterop.Potentials.Atoms;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// The hard spheres of a periodic structure. The distance field d(r) = min over atoms and all their images of |r − r_i| − R_i, Å (negative inside an atom), is
/// found exactly by linked cells, in cells of any shape and smaller than any radius. Immutable, safe for concurrent use.
/// </summary>
internal sealed class AtomSurfaces
{
    private const double BinWidth = 2.5;
    private const double FirstReach = 2;

    private readonly int[] _bins = new int[3];
    private readonly double[] _widths = new double[3];
    private readonly int[] _start;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _z;
    private readonly double[] _radius;
    private readonly int[] _index;
    private readonly Point3[] _wrapped;
    private readonly double[] _radii;

    public AtomSurfaces(Cell cell, double[] positions, double[] radii)
    {
        Cell = cell;
        _radii = radii;
        LargestRadius = radii.DefaultIfEmpty(0).Max();
        for (var k = 0; k < 3; k++)
        {
            var height = cell.FaceDistance(k);
            _bins[k] = Math.Max(1, (int)(height / BinWidth));
            _widths[k] = height / _bins[k];
        }

        var count = radii.Length;
        var binOf = new int[count];
        _wrapped = new Point3[count];
        _start = new int[_bins[0] * _bins[1] * _bins[2] + 1];
        for (var i = 0; i < count; i++)
        {
            var (a, b, c) = cell.ToFractional(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            (a, b, c) = (a - Math.Floor(a), b - Math.Floor(b), c - Math.Floor(c));
            var (x, y, z) = cell.ToCartesian(a, b, c);
            _wrapped[i] = new Point3(x, y, z);
            binOf[i] = (Bin(a, 0) * _bins[1] + Bin(b, 1)) * _bins[2] + Bin(c, 2);
            _start[binOf[i] + 1]++;
        }

        for (var b = 1; b < _start.Length; b++)
        {
            _start[b] += _start[b - 1];
        }

        (_x, _y, _z, _radius, _index) = (new double[count], new double[count], new double[count], new double[count], new int[count]);
        var next = _start.ToArray();
        for (var i = 0; i < count; i++)
        {
            var place = next[binOf[i]]++;
            (_x[place], _y[place], _z[place], _radius[place], _index[place]) = (_wrapped[i].X, _wrapped[i].Y, _wrapped[i].Z, radii[i], i);
        }
    }

    public Cell Cell { get; }

    /// <summary>Atoms in the cell.</summary>
    public int Count => _wrapped.Length;

    /// <summary>Å.</summary>
    public double LargestRadius { get; }

    /// <summary>Where an atom is in the first cell, Å.</summary>
    public Point3 Position(int atom) => _wrapped[atom];

    /// <summary>Å.</summary>
    public double Radius(int atom) => _radii[atom];

    /// <summary>All atoms and images whose surface is at most a distance from a point, Å.</summary>
    public void Gather(Point3 point, double distance, NearbyAtoms found)
    {
        found.Clear();
        var reach = distance + LargestRadius;
        var (fa, fb, fc) = Cell.ToFractional(point.X, point.Y, point.Z);
        var (loA, hiA) = Range(fa, 0, reach);
        var (loB, hiB) = Range(fb, 1, reach);
        var (loC, hiC) = Range(fc, 2, reach);
        for (var ia = loA; ia <= hiA; ia++)
        {
            var (binA, cellA) = Wrap(ia, _bins[0]);
            for (var ib = loB; ib <= hiB; ib++)
            {
                var (binB, cellB) = Wrap(ib, _bins[1]);
                for (var ic = loC; ic <= hiC; ic++)
                {
                    var (binC, cellC) = Wrap(ic, _bins[2]);
                    var bin = (binA * _bins[1] + binB) * _bins[2] + binC;
                    if (_start[bin] < _start[bin + 1])
                    {
                        AddBin(bin, Cell.ToCartesian(cellA, cellB, cellC), point, distance, found);
                    }
                }
            }
        }
    }

    /// <summary>The distance field at a point, Å.</summary>
    /// <param name="point">Anywhere.</param>
    /// <param name="work">Overwritten.</param>
    public double DistanceAt(Point3 point, NearbyAtoms work)
    {
        if (_radius.Length == 0)
        {
            return double.PositiveInfinity;
        }

        // What is further than the reach cannot be nearer than what is found within it.
        for (var reach = FirstReach; ; reach *= 2)
        {
            Gather(point, reach, work);
            if (work.Count > 0)
            {
                return work.DistanceTo(point);
            }
        }
    }

    private void AddBin(int bin, (double X, double Y, double Z) shift, Point3 point, double distance, NearbyAtoms found)
    {
        for (var i = _start[bin]; i < _start[bin + 1]; i++)
        {
            double x = _x[i] + shift.X, y = _y[i] + shift.Y, z = _z[i] + shift.Z;
            double dx = x - point.X, dy = y - point.Y, dz = z - point.Z;
            var limit = distance + _radius[i];
            if (limit >= 0 && dx * dx + dy * dy + dz * dz <= limit * limit)
            {
                found.Add(x, y, z, _radius[i], _index[i]);
            }
        }
    }

    private (int Low, int High) Range(double fraction, int axis, double reach)
    {
        var place = fraction * _bins[axis];
        var width = reach / _widths[axis] + 1e-9;
        return ((int)Math.Floor(place - width), (int)Math.Floor(place + width));
    }

    private static (int Bin, int Cell) Wrap(int index, int bins)
    {
        var cell = (int)Math.Floor((double)index / bins);
        return (index - cell * bins, cell);
    }

    private int Bin(double fraction, int axis) => Math.Clamp((int)(fraction * _bins[axis]), 0, _bins[axis] - 1);
}
