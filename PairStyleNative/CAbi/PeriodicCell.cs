using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi;

/// <summary>The cell of <c>mof_system</c>; kept from call to call, as long as it is the same.</summary>
internal sealed unsafe class PeriodicCell
{
    private Cell? _last;

    /// <summary>
    /// Reads cell and periodicity. Vectors of directions that are not periodic say nothing, and hosts pass zeros there;
    /// they are replaced by unit vectors at right angles to the others.
    /// </summary>
    public (Cell? Cell, (bool A, bool B, bool C) Periodic) Read(double* cell, int* periodic)
    {
        if (periodic is null || (periodic[0] == 0 && periodic[1] == 0 && periodic[2] == 0))
        {
            return (null, default);
        }

        for (var k = 0; k < 3; k++)
        {
            if (periodic[k] is not (0 or 1))
            {
                throw Check.Invalid($"periodic[{k}] is {periodic[k]}", "0 or 1");
            }
        }

        Check.Pointer(cell, 9, "cell");
        var rows = stackalloc double[9];
        for (var k = 0; k < 9; k++)
        {
            rows[k] = periodic[k / 3] == 0 ? 0 : cell[k];
        }

        for (var k = 0; k < 3; k++)
        {
            if (periodic[k] == 0)
            {
                SetPerpendicular(rows, k);
            }
        }

        var wanted = new ReadOnlySpan<double>(rows, 9);
        if (_last is null || !_last.Rows.SequenceEqual(wanted))
        {
            _last = new Cell(wanted);
        }

        return (_last, (periodic[0] == 1, periodic[1] == 1, periodic[2] == 1));
    }

    private static void SetPerpendicular(double* rows, int k)
    {
        var target = rows + 3 * k;
        double* one = rows + 3 * ((k + 1) % 3), two = rows + 3 * ((k + 2) % 3);
        if (IsZero(one) || IsZero(two))
        {
            // Any direction not along the one vector there is; its own neighbour in the cycle is set afterwards.
            var known = IsZero(one) ? two : one;
            var axis = stackalloc double[3];
            var smallest = Math.Abs(known[0]) <= Math.Abs(known[1]) ? 0 : 1;
            smallest = Math.Abs(known[2]) < Math.Abs(known[smallest]) ? 2 : smallest;
            axis[smallest] = 1;
            Cross(known, axis, target);
        }
        else
        {
            Cross(one, two, target);
        }

        var length = Math.Sqrt(target[0] * target[0] + target[1] * target[1] + target[2] * target[2]);
        for (var d = 0; d < 3; d++)
        {
            // Vectors in one line give zeros here, which Cell then refuses.
            target[d] = length > 0 ? target[d] / length : 0;
        }
    }

    private static bool IsZero(double* vector) => vector[0] == 0 && vector[1] == 0 && vector[2] == 0;

    private static void Cross(double* a, double* b, double* result)
    {
        result[0] = a[1] * b[2] - a[2] * b[1];
        result[1] = a[2] * b[0] - a[0] * b[2];
        result[2] = a[0] * b[1] - a[1] * b[0];
    }
}
