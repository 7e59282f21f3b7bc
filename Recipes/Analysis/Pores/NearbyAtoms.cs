namespace MofInterop.Analysis.Pores;

/// <summary>Atoms and images round a point, in one place and reused. Not thread-safe.</summary>
internal sealed class NearbyAtoms
{
    private const int FirstCapacity = 64;

    private double[] _keys = [];
    private int[] _order = [];

    public int Count { get; private set; }

    public double[] X { get; private set; } = new double[FirstCapacity];

    public double[] Y { get; private set; } = new double[FirstCapacity];

    public double[] Z { get; private set; } = new double[FirstCapacity];

    /// <summary>Å.</summary>
    public double[] Radius { get; private set; } = new double[FirstCapacity];

    public void Clear() => Count = 0;

    public void Add(double x, double y, double z, double radius)
    {
        if (Count == X.Length)
        {
            X = Longer(X);
            Y = Longer(Y);
            Z = Longer(Z);
            Radius = Longer(Radius);
        }

        (X[Count], Y[Count], Z[Count], Radius[Count]) = (x, y, z, radius);
        Count++;
    }

    public Point3 Position(int atom) => new(X[atom], Y[atom], Z[atom]);

    /// <summary>From a point to the surface of one of the atoms, Å; negative inside.</summary>
    public double DistanceTo(int atom, Point3 point)
    {
        double dx = X[atom] - point.X, dy = Y[atom] - point.Y, dz = Z[atom] - point.Z;
        return Math.Sqrt(dx * dx + dy * dy + dz * dz) - Radius[atom];
    }

    /// <summary>From a point to the nearest surface of these atoms, Å.</summary>
    public double DistanceTo(Point3 point)
    {
        var nearest = double.PositiveInfinity;
        for (var i = 0; i < Count; i++)
        {
            nearest = Math.Min(nearest, DistanceTo(i, point));
        }

        return nearest;
    }

    /// <summary>Puts the atoms whose surfaces are nearest to a point first.</summary>
    public void SortByDistanceTo(Point3 point)
    {
        if (_keys.Length < Count)
        {
            (_keys, _order) = (new double[X.Length], new int[X.Length]);
        }

        for (var i = 0; i < Count; i++)
        {
            (_keys[i], _order[i]) = (DistanceTo(i, point), i);
        }

        Array.Sort(_keys, _order, 0, Count);
        (X, Y, Z, Radius) = (Ordered(X), Ordered(Y), Ordered(Z), Ordered(Radius));
    }

    private double[] Ordered(double[] values)
    {
        var sorted = new double[values.Length];
        for (var i = 0; i < Count; i++)
        {
            sorted[i] = values[_order[i]];
        }

        return sorted;
    }

    private static double[] Longer(double[] array)
    {
        Array.Resize(ref array, 2 * array.Length);
        return array;
    }
}
