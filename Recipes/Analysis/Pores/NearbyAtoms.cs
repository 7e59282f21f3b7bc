namespace MofInterop.Analysis.Pores;

/// <summary>Atoms and images round a point, in one place and reused. Not thread-safe.</summary>
internal sealed class NearbyAtoms
{
    private const int FirstCapacity = 64;

    public int Count { get; private set; }

    public double[] X { get; private set; } = new double[FirstCapacity];

    public double[] Y { get; private set; } = new double[FirstCapacity];

    public double[] Z { get; private set; } = new double[FirstCapacity];

    /// <summary>Å.</summary>
    public double[] Radius { get; private set; } = new double[FirstCapacity];

    /// <summary>Which atom of the cell each is an image of.</summary>
    public int[] Index { get; private set; } = new int[FirstCapacity];

    public void Clear() => Count = 0;

    public void Add(double x, double y, double z, double radius, int index)
    {
        if (Count == X.Length)
        {
            X = Longer(X);
            Y = Longer(Y);
            Z = Longer(Z);
            Radius = Longer(Radius);
            Index = Longer(Index);
        }

        (X[Count], Y[Count], Z[Count], Radius[Count], Index[Count]) = (x, y, z, radius, index);
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

    /// <summary>Becomes those of other atoms whose surfaces are within a distance of a point.</summary>
    public void TakeWithin(NearbyAtoms others, Point3 point, double distance)
    {
        Clear();
        for (var i = 0; i < others.Count; i++)
        {
            if (others.DistanceTo(i, point) <= distance)
            {
                Add(others.X[i], others.Y[i], others.Z[i], others.Radius[i], others.Index[i]);
            }
        }
    }

    private static T[] Longer<T>(T[] array)
    {
        Array.Resize(ref array, 2 * array.Length);
        return array;
    }
}
