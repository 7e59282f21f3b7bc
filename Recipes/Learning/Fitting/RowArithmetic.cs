using System.Runtime.Intrinsics;

namespace MofInterop.Learning;

/// <summary>Sums of rows of the design matrix, four numbers at a time. Rows that are written may not overlap.</summary>
internal static unsafe class RowArithmetic
{
    /// <summary>Takes <paramref name="values"/> from one row and adds them to another.</summary>
    public static void Move(double* values, double* from, double* to, int count)
    {
        var k = 0;
        for (; k <= count - 4; k += 4)
        {
            var value = Vector256.Load(values + k);
            (Vector256.Load(from + k) - value).Store(from + k);
            (Vector256.Load(to + k) + value).Store(to + k);
        }

        for (; k < count; k++)
        {
            from[k] -= values[k];
            to[k] += values[k];
        }
    }

    /// <summary>target += f·first + g·second.</summary>
    public static void AddScaled(double f, double* first, double g, double* second, double* target, int count)
    {
        Vector256<double> fs = Vector256.Create(f), gs = Vector256.Create(g);
        var k = 0;
        for (; k <= count - 4; k += 4)
        {
            var sum = Vector256.FusedMultiplyAdd(fs, Vector256.Load(first + k), Vector256.Load(target + k));
            Vector256.FusedMultiplyAdd(gs, Vector256.Load(second + k), sum).Store(target + k);
        }

        for (; k < count; k++)
        {
            target[k] = Math.FusedMultiplyAdd(g, second[k], Math.FusedMultiplyAdd(f, first[k], target[k]));
        }
    }

    /// <summary>row *= weight, then sum += value·row; the length is a multiple of four.</summary>
    public static void Weigh(double* row, double weight, double value, double* sum, int count)
    {
        Vector256<double> weights = Vector256.Create(weight), values = Vector256.Create(value);
        for (var k = 0; k < count; k += 4)
        {
            var weighted = weights * Vector256.Load(row + k);
            weighted.Store(row + k);
            Vector256.FusedMultiplyAdd(values, weighted, Vector256.Load(sum + k)).Store(sum + k);
        }
    }
}
