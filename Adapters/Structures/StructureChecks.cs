namespace MofInterop.Structures;

/// <summary>Two atoms and how far apart they are, Å.</summary>
public readonly record struct AtomPair(int First, int Second, double Distance);

/// <summary>What no meaningful structure has.</summary>
public static class StructureChecks
{
    /// <summary>Å; the shortest bond of all, H–H, is 0.74.</summary>
    public const double SmallestDistance = 0.5;

    /// <summary>The first two atoms (periodic images included) closer than <see cref="SmallestDistance"/>, or null.</summary>
    public static AtomPair? FindOverlap(AtomicConfiguration structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var p = structure.Positions;
        var cell = structure.Periodic ? structure.Cell : null;
        for (var i = 0; i < structure.Count; i++)
        {
            for (var j = i + 1; j < structure.Count; j++)
            {
                double x = p[3 * j] - p[3 * i], y = p[3 * j + 1] - p[3 * i + 1], z = p[3 * j + 2] - p[3 * i + 2];
                if (cell is not null)
                {
                    // Within half a face distance the nearest image is the one of rounded fractional coordinates, in any cell.
                    var (a, b, c) = cell.ToFractional(x, y, z);
                    (x, y, z) = cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
                }

                var square = x * x + y * y + z * z;
                if (square < SmallestDistance * SmallestDistance)
                {
                    return new AtomPair(i, j, Math.Sqrt(square));
                }
            }
        }

        return null;
    }
}
