using MofInterop.Cp2k;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Cp2k.Tests;

/// <summary>Small periodic systems that CP2K computes in a fraction of a second, and the program that must be there for it.</summary>
internal static class Molecules
{
    /// <summary>A bent water molecule in a triclinic cell so small that its images matter.</summary>
    public static AtomicConfiguration Water { get; } = new(
        ["O", "H", "H"],
        [0.1, 0, 0, 0.1, 0.76, 0.62, 0.15, -0.8, 0.55],
        new Cell([3.6, 0, 0, 0.3, 3.9, 0, 0.1, 0.2, 3.8]),
        periodic: true);

    /// <summary>Two atoms of zinc oxide, far from equilibrium: the species of a MOF's node.</summary>
    public static AtomicConfiguration ZincOxide { get; } = new(
        ["Zn", "O"],
        [0, 0, 0, 1.1, 1.2, 1.0],
        new Cell([4.5, 0, 0, 0, 4.6, 0, 0, 0, 4.7]),
        periodic: true);

    public static Cp2kSettings Settings { get; } = new() { TimeLimit = TimeSpan.FromMinutes(5) };

    public static void RequireCp2k() => Skip.IfNot(Cp2kTool.IsAvailable(Settings), "CP2K is not installed");

    /// <summary>The homogeneous deformation r → r(1 + ε) of atoms and cell, ε symmetric with one component set.</summary>
    public static AtomicConfiguration Strained(AtomicConfiguration configuration, int row, int column, double strain)
    {
        var deformation = new double[9];
        deformation[3 * row + column] += strain / 2;
        deformation[3 * column + row] += strain / 2;
        deformation[0]++;
        deformation[4]++;
        deformation[8]++;
        return configuration.With(Times(configuration.Positions, deformation), new Cell(Times(configuration.Cell!.Rows.ToArray(), deformation)));
    }

    public static AtomicConfiguration Moved(AtomicConfiguration configuration, int coordinate, double distance)
    {
        var positions = (double[])configuration.Positions.Clone();
        positions[coordinate] += distance;
        return configuration.With(positions, configuration.Cell);
    }

    private static double[] Times(double[] rows, double[] matrix)
    {
        var result = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                result[i] += rows[i / 3 * 3 + k] * matrix[3 * k + i % 3];
            }
        }

        return result;
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mofinterop-cp2k-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
