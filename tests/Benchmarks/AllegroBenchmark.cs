using System.Diagnostics;
using System.Globalization;
using MofInterop.ModelFiles.Allegro;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;

namespace MofInterop.Benchmarks;

/// <summary>
/// ms of processor time per step of an Allegro model for ZIF-4, 272 atoms: energy, forces and virial, neighbour list built before. The model is any deployed file that knows H, C, N and Zn, named by
/// <c>MOFINTEROP_ALLEGRO</c>.
/// </summary>
internal static class AllegroBenchmark
{
    public static void Run(int lanes, double seconds)
    {
        var structure = Path.Combine(Environment.GetEnvironmentVariable("MOFINTEROP_REFERENCE") ?? "../shared/reference", "nequip", "zif4", "own.extxyz");
        if (Environment.GetEnvironmentVariable("MOFINTEROP_ALLEGRO") is not { Length: > 0 } file || !File.Exists(structure))
        {
            Console.WriteLine($"Allegro: MOFINTEROP_ALLEGRO names no deployed model, or {structure} is absent");
            return;
        }

        lanes = lanes < 2 ? Processor.WidestLanes : lanes;
        var model = AllegroFile.Read(file);
        var lines = File.ReadAllLines(structure);
        Console.WriteLine($"{"Allegro",-8}{"precision",10}{"load, s",10}{"ms",10}{"median",10}{"µs/atom",10}{"energy, eV",20}   {lanes} lanes");
        foreach (var precision in (NetworkPrecision[])[NetworkPrecision.Single, NetworkPrecision.Double])
        {
            var watch = Stopwatch.StartNew();
            using var potential = new AllegroPotential(model, lanes, precision);
            Measure(potential, lines, watch.Elapsed.TotalSeconds, seconds);
        }
    }

    private static void Measure(AllegroPotential potential, string[] lines, double load, double seconds)
    {
        // Extended XYZ whose columns begin with symbol and position.
        var lattice = lines[1].IndexOf("Lattice=\"", StringComparison.Ordinal) + "Lattice=\"".Length;
        var rows = Numbers(lines[1][lattice..lines[1].IndexOf('"', lattice)].Split(' '));
        var atoms = lines.Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        int[] types = [.. atoms.Select(words => potential.Species.ToList().FindIndex(one => one.Label == words[0]))];
        using var list = new NeighborList();
        list.Build([.. atoms.SelectMany(words => Numbers(words[1..4]))], new Cell(rows), true, true, true, potential.Cutoff + 1);
        var (least, median, energy) = StepTimes.Measure(potential, list, types, seconds);
        Console.WriteLine($"{"ZIF-4",-8}{(potential.IsSingle ? "single" : "double"),10}{load,10:f2}{least,10:f1}{median,10:f1}{1e3 * median / types.Length,10:f1}{energy,20:f6}");
    }

    private static double[] Numbers(string[] words) => [.. words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
