using System.Runtime.Intrinsics;

namespace MofInterop.Learning;

/// <summary>Sums of rows of the design matrix, four numbers at a time. Rows that are written may not overlap.</summary>
internal static unsafe class RowArithmetic
{
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
