using MofInterop.Structures;

namespace MofInterop.Analysis.Tests;

/// <summary>Pore diameters in the most obvious way: a grid, all images of all atoms at every point, and flooding.</summary>
internal static class SlowPores
{
    public static (double Included, double Free) Diameters(AtomicConfiguration structure, double radius, int points)
    {
        var distances = Distances(structure, radius, points);
        var (low, high) = (0.0, distances.Max());
        for (var step = 0; step < 30; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Percolates(distances, points, middle) ? (middle, high) : (low, middle);
        }

        return (2 * distances.Max(), 2 * low);
    }

    private static double[] Distances(AtomicConfiguration structure, double radius, int n)
    {
        var cell = structure.Cell!;
        var result = new double[n * n * n];
        for (var index = 0; index < result.Length; index++)
        {
            var (x, y, z) = cell.ToCartesian((double)(index / n / n) / n, (double)(index / n % n) / n, (double)(index % n) / n);
            var nearest = double.PositiveInfinity;
            for (var i = 0; i < structure.Count; i++)
            {
                for (var image = 0; image < 27; image++)
                {
                    var (sx, sy, sz) = cell.ToCartesian(image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1);
                    double dx = structure.Positions[3 * i] + sx - x, dy = structure.Positions[3 * i + 1] + sy - y, dz = structure.Positions[3 * i + 2] + sz - z;
                    nearest = Math.Min(nearest, Math.Sqrt(dx * dx + dy * dy + dz * dz) - radius);
                }
            }

            result[index] = nearest;
        }

        return result;
    }

    /// <summary>Floods from every point above the level and asks whether a point is reached in two images.</summary>
    private static bool Percolates(double[] distances, int n, double level)
    {
        var reached = new (int A, int B, int C)?[distances.Length];
        for (var start = 0; start < distances.Length; start++)
        {
            if (distances[start] < level || reached[start] is not null)
            {
                continue;
            }

            reached[start] = (start / n / n, start / n % n, start % n);
            var queue = new Queue<int>([start]);
            while (queue.TryDequeue(out var point))
            {
                var (a, b, c) = reached[point]!.Value;
                for (var k = 0; k < 27; k++)
                {
                    var (u, v, w) = (a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1);
                    var next = (Modulo(u) * n + Modulo(v)) * n + Modulo(w);
                    if (distances[next] < level)
                    {
                        continue;
                    }

                    if (reached[next] is null)
                    {
                        reached[next] = (u, v, w);
                        queue.Enqueue(next);
                    }
                    else if (reached[next] != (u, v, w))
                    {
                        return true;
                    }
                }
            }
        }

        return false;

        int Modulo(int x) => (x % n + n) % n;
    }
}
