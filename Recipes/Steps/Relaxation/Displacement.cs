using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>How far atoms moved.</summary>
internal static class Displacement
{
    /// <summary>The largest distance of an atom from where the change of the cell alone would have taken it, without the common shift of all atoms, Å.</summary>
    public static double Largest(AtomicConfiguration before, AtomicConfiguration after)
    {
        var moves = new (double A, double B, double C)[before.Count];
        double a = 0, b = 0, c = 0;
        for (var i = 0; i < before.Count; i++)
        {
            var (x, y, z) = before.Cell!.ToFractional(before.Positions[3 * i], before.Positions[3 * i + 1], before.Positions[3 * i + 2]);
            var (u, v, w) = after.Cell!.ToFractional(after.Positions[3 * i], after.Positions[3 * i + 1], after.Positions[3 * i + 2]);

            // Programs wrap atoms into the cell.
            moves[i] = (Nearest(u - x), Nearest(v - y), Nearest(w - z));
            a += moves[i].A / before.Count;
            b += moves[i].B / before.Count;
            c += moves[i].C / before.Count;
        }

        return moves.Max(move =>
        {
            var (x, y, z) = after.Cell!.ToCartesian(move.A - a, move.B - b, move.C - c);
            return Math.Sqrt(x * x + y * y + z * z);
        });
    }

    private static double Nearest(double fraction) => fraction - Math.Round(fraction);
}
