using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Linear;

/// <summary>
/// The right factor of <see cref="MatrixProduct"/>, <c>[Rows][Columns]</c>, in panels of three vectors: all rows of the first panel's columns, then those of the
/// next, so that the innermost loop reads memory in order. Columns that fill the last panel up are zero. Immutable.
/// </summary>
internal sealed unsafe class PackedMatrix<TNumber> : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Vectors of a panel.</summary>
    public const int PanelVectors = 3;

    private readonly NativeArray<TNumber> _data = new();

    /// <summary>Packs a matrix.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="at">The element of a row and column.</param>
    /// <param name="lanes">Numbers of a vector.</param>
    public PackedMatrix(int rows, int columns, Func<int, int, double> at, int lanes)
    {
        Rows = rows;
        Columns = columns;
        PanelWidth = PanelVectors * lanes;
        Panels = (columns + PanelWidth - 1) / PanelWidth;
        var target = _data.Reserve((long)Panels * rows * PanelWidth);
        for (var panel = 0; panel < Panels; panel++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var k = 0; k < PanelWidth; k++, target++)
                {
                    var column = panel * PanelWidth + k;
                    *target = Real.Of<TNumber>(column < columns ? at(row, column) : 0);
                }
            }
        }
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Columns of a panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Columns with what fills the last panel up.</summary>
    public int PaddedColumns => Panels * PanelWidth;

    /// <summary>The panels.</summary>
    public TNumber* Data => _data.Pointer;

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
