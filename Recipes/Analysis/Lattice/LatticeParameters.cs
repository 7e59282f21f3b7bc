using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>Lattice parameters of the crystal from those of the cell that is simulated.</summary>
public static class LatticeParameters
{
    /// <summary>Lengths (Å) and angles (degrees) a, b, c, α, β, γ of the cell whose rows are a matrix times the rows of another.</summary>
    /// <param name="parameters">Of the other cell, <c>double[6]</c>; its orientation does not matter.</param>
    /// <param name="transformation"><c>double[9]</c> row-major.</param>
    public static double[] Transform(IReadOnlyList<double> parameters, IReadOnlyList<double> transformation)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(transformation);
        if (parameters.Count != 6 || transformation.Count != 9)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{parameters.Count} lattice parameters and a transformation of {transformation.Count} numbers", expected: "6 and 9");
        }

        var rows = Cell.FromParameters(parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5]).Rows;
        var result = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                for (var j = 0; j < 3; j++)
                {
                    result[3 * i + j] += transformation[3 * i + k] * rows[3 * k + j];
                }
            }
        }

        return new Cell(result).Parameters();
    }

    /// <summary>Which lengths of the conventional cell symmetry makes equal, as groups of places in a, b, c under the name of the first: cubic (a b c), tetragonal (a b), (c).</summary>
    /// <param name="system">The crystal system: <c>cubic</c>.</param>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Places)> IndependentLengths(string system) => system switch
    {
        "cubic" => [("a", [0, 1, 2])],
        "tetragonal" or "hexagonal" or "trigonal" => [("a", [0, 1]), ("c", [2])],
        _ => [("a", [0]), ("b", [1]), ("c", [2])],
    };
}
