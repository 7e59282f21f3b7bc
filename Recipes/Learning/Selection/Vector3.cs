namespace MofInterop.Learning;

/// <summary>A vector in space, Å.</summary>
internal readonly record struct Vector3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this, this));

    public static double Dot(in Vector3 a, in Vector3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    public static Vector3 Cross(in Vector3 a, in Vector3 b) =>
        new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

    /// <summary>Angle between two vectors, degrees, 0 … 180; the arctangent keeps its precision near both ends.</summary>
    public static double Angle(in Vector3 a, in Vector3 b) => Math.Atan2(Cross(a, b).Length, Dot(a, b)) * 180 / Math.PI;

    /// <summary>
    /// Dihedral of three consecutive bond vectors, degrees, −180 … 180, positive when, looked at along the middle
    /// one, the last is turned clockwise from the first (IUPAC).
    /// </summary>
    public static double Dihedral(in Vector3 first, in Vector3 middle, in Vector3 last)
    {
        var n1 = Cross(first, middle);
        var n2 = Cross(middle, last);
        return Math.Atan2(middle.Length * Dot(first, n2), Dot(n1, n2)) * 180 / Math.PI;
    }
}
