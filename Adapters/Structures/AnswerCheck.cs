namespace MofInterop.Structures;

/// <summary>Whether a program computed what it was asked to compute.</summary>
public static class AnswerCheck
{
    /// <summary>Å. Programs write positions with six digits and more.</summary>
    private const double Tolerance = 1e-5;

    private const double SquaredTolerance = Tolerance * Tolerance;

    /// <summary>What differs; null: they are the same atoms in the same order, in the same cell, at the same places up to lattice vectors.</summary>
    /// <param name="asked">What the program was given.</param>
    /// <param name="answer">What it says that it computed.</param>
    public static string? Difference(AtomicConfiguration asked, AtomicConfiguration answer)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(answer);
        if (asked.Count != answer.Count)
        {
            return $"it computed {answer.Count} atoms and was given {asked.Count}";
        }

        if (Cell(asked, answer) is { } cell)
        {
            return cell;
        }

        for (var i = 0; i < asked.Count; i++)
        {
            if (asked.Symbols[i] == answer.Symbols[i] && AreAtOnePlace(asked, i, answer, i))
            {
                continue;
            }

            var elsewhere = Enumerable.Range(0, asked.Count).Cast<int?>().FirstOrDefault(j => asked.Symbols[i] == answer.Symbols[j!.Value] && AreAtOnePlace(asked, i, answer, j.Value));
            return elsewhere is { } place
                ? $"it put the atoms into another order: atom {i} (counted from 0) is its atom {place}"
                : asked.Symbols[i] == answer.Symbols[i]
                    ? $"it moved atom {i} (counted from 0)"
                    : $"it computed other atoms: atom {i} (counted from 0) is {answer.Symbols[i]} and was {asked.Symbols[i]}";
        }

        return null;
    }

    private static string? Cell(AtomicConfiguration asked, AtomicConfiguration answer)
    {
        if (asked.Periodic != answer.Periodic)
        {
            return asked.Periodic ? "it computed a molecule and was given a periodic configuration" : "it computed a periodic configuration and was given a molecule";
        }

        for (var k = 0; asked.Periodic && k < 9; k++)
        {
            if (Math.Abs(asked.Cell!.Rows[k] - answer.Cell!.Rows[k]) > Tolerance)
            {
                return "it computed another cell than it was given";
            }
        }

        return null;
    }

    private static bool AreAtOnePlace(AtomicConfiguration asked, int i, AtomicConfiguration answer, int j)
    {
        var x = answer.Positions[3 * j] - asked.Positions[3 * i];
        var y = answer.Positions[3 * j + 1] - asked.Positions[3 * i + 1];
        var z = answer.Positions[3 * j + 2] - asked.Positions[3 * i + 2];
        if (x * x + y * y + z * z > SquaredTolerance && asked.Periodic)
        {
            var (a, b, c) = asked.Cell!.ToFractional(x, y, z);
            (x, y, z) = asked.Cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
        }

        return x * x + y * y + z * z <= SquaredTolerance;
    }
}
