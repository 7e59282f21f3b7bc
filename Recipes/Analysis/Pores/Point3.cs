namespace MofInterop.Analysis.Pores;

/// <summary>A point or vector, Å.</summary>
internal readonly record struct Point3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public static Point3 operator +(Point3 a, Point3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Point3 operator -(Point3 a, Point3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Point3 operator *(double factor, Point3 a) => new(factor * a.X, factor * a.Y, factor * a.Z);

    public double Dot(Point3 other) => X * other.X + Y * other.Y + Z * other.Z;

    public Point3 Cross(Point3 other) => new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);

    /// <summary>Any unit vector at a right angle to this one.</summary>
    public Point3 Perpendicular()
    {
        // The axis that this vector follows least.
        var axis = Math.Abs(X) <= Math.Abs(Y) && Math.Abs(X) <= Math.Abs(Z) ? new Point3(1, 0, 0) : Math.Abs(Y) <= Math.Abs(Z) ? new Point3(0, 1, 0) : new Point3(0, 0, 1);
        var found = Cross(axis);
        return 1 / found.Length * found;
    }
}
