using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Structures;

/// <summary>The symmetry of a crystal as spglib finds it.</summary>
/// <param name="Number">1 to 230, International Tables.</param>
/// <param name="Symbol">Hermann–Mauguin, short: <c>Fm-3m</c>.</param>
/// <param name="System">The crystal system: triclinic, monoclinic, orthorhombic, tetragonal, trigonal, hexagonal, cubic.</param>
/// <param name="Rotations">The point group: <c>int[9]</c> row-major each, of columns of fractional coordinates of the cell that was given.</param>
/// <param name="Conventional"><c>double[9]</c> row-major: rows of the conventional cell = this · rows of the cell that was given.</param>
public sealed record SpaceGroup(int Number, string Symbol, string System, int[][] Rotations, double[] Conventional)
{
    private static readonly PythonScript _script = PythonScript.FromResource(typeof(SpaceGroup).Assembly, "find_symmetry");

    /// <summary>The point group in Cartesian coordinates, <c>double[9]</c> row-major each: r′ = R·r.</summary>
    /// <param name="cell">The cell that was given, or one that differs from it by what symmetry allows.</param>
    public IReadOnlyList<double[]> CartesianRotations(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);

        // Columns: r = Hᵀ·x, hence R = Hᵀ·W·H⁻ᵀ.
        var (rows, inverse) = (cell.Rows.ToArray(), cell.Inverse.ToArray());
        return [.. Rotations.Select(w =>
        {
            var result = new double[9];
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++)
                {
                    for (var k = 0; k < 3; k++)
                    {
                        for (var l = 0; l < 3; l++)
                        {
                            result[3 * i + j] += rows[3 * k + i] * w[3 * k + l] * inverse[3 * j + l];
                        }
                    }
                }
            }

            return result;
        })];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Symbol} ({Number})";

    /// <summary>Finds the space group of a periodic configuration, elements (not types) telling atoms apart.</summary>
    /// <param name="python">Runs spglib.</param>
    /// <param name="configuration">Periodic.</param>
    /// <param name="tolerance">How far from its image an atom may be, Å.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">spglib finds nothing (FileFormat), or there is no Python with it (ToolFailure).</exception>
    public static Task<SpaceGroup> FindAsync(PythonRunner python, AtomicConfiguration configuration, double tolerance, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(python);
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.Periodic || configuration.Cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the space group of atoms that are not periodic");
        }

        var request = new Request(configuration.Cell.Rows.ToArray(), configuration.Positions, [.. configuration.Symbols.Select(symbol => Elements.BySymbol(symbol).AtomicNumber)], tolerance, "the structure");
        return python.RunAsync<SpaceGroup>(_script, request, cancellation: cancellation);
    }

    private sealed record Request(double[] Cell, double[] Positions, int[] Numbers, double Tolerance, string Where);
}
