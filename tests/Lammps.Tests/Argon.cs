using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Lammps.Tests;

/// <summary>Solid argon with a Lennard-Jones potential, which every LAMMPS has, and the same potential written out here.</summary>
internal static class Argon
{
    public const double Cutoff = 6.0;

    private const double WellDepth = 0.0104;
    private const double Diameter = 3.4;

    public static LammpsPotential Potential { get; } =
        LammpsPotential.Text(["Ar"], FormattableString.Invariant($"pair_style lj/cut {Cutoff}"), FormattableString.Invariant($"pair_coeff * * {WellDepth} {Diameter}"));

    public static LammpsSettings Settings { get; } = new() { Host = LammpsHost.Stock, TimeLimit = TimeSpan.FromSeconds(60) };

    /// <summary>A face-centred cubic crystal of 4·n³ atoms, each displaced by up to the given distance along each axis.</summary>
    public static AtomicConfiguration Crystal(int n = 2, double constant = 5.3, double displacement = 0)
    {
        var random = new Random(7);
        var positions = new List<double>();
        for (var cell = 0; cell < n * n * n; cell++)
        {
            foreach (var (x, y, z) in new[] { (0.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5) })
            {
                positions.AddRange(new[] { x + cell % n, y + cell / n % n, z + cell / (n * n) }.Select(u => u * constant + displacement * (2 * random.NextDouble() - 1)));
            }
        }

        return Of([.. positions], new Cell([n * constant, 0, 0, 0, n * constant, 0, 0, 0, n * constant]));
    }

    public static AtomicConfiguration Of(double[] positions, Cell cell) => new(Enumerable.Repeat("Ar", positions.Length / 3).ToArray(), positions, cell, true);

    public static LammpsRun Run(AtomicConfiguration start, params LammpsStage[] stages) =>
        new() { Name = "argon", Start = start, Potential = Potential, Stages = [.. stages] };

    public static LammpsTool Tool(LammpsSettings? settings = null) => new(new ToolRunner(), settings ?? Settings);

    /// <summary>Energy (eV), forces (eV/Å) and virial (eV, full tensor) without LAMMPS.</summary>
    public static unsafe (double Energy, double[] Forces, double[] Virial) Compute(AtomicConfiguration configuration)
    {
        using var list = new NeighborList();
        list.Build(configuration.Positions, configuration.Cell, true, true, true, Cutoff);
        var view = list.View(new int[configuration.Count]);
        double energy = 0;
        double[] forces = new double[3 * configuration.Count], virial = new double[9];
        for (var i = 0; i < view.CenterCount; i++)
        {
            for (var k = 0; k < view.NeighborCounts[i]; k++)
            {
                var j = view.Neighbors[i][k];
                double[] r = [.. Enumerable.Range(0, 3).Select(c => list.Positions[3 * j + c] - list.Positions[3 * i + c])];
                var square = r.Sum(u => u * u);
                var sixth = Math.Pow(Diameter * Diameter / square, 3);
                energy += 2 * WellDepth * (sixth * sixth - sixth);
                for (var c = 0; c < 3; c++)
                {
                    // Force on i from j.
                    var force = -24 * WellDepth * (2 * sixth * sixth - sixth) / square * r[c];
                    forces[3 * i + c] += force;
                    for (var d = 0; d < 3; d++)
                    {
                        virial[3 * d + c] -= 0.5 * r[d] * force;
                    }
                }
            }
        }

        return (energy, forces, virial);
    }
}
