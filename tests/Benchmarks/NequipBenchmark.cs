using System.Diagnostics;
using System.Globalization;
using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.NequIP;

namespace MofInterop.Benchmarks;

/// <summary>ms of processor time per step of NequIP for ZIF-4 (272 atoms and copies of its cell): energy, forces and virial, neighbour list built before. The published model, or any that knows H, C, N and Zn and is named by <c>MOFINTEROP_NEQUIP</c>.</summary>
internal static class NequipBenchmark
{
    public static void Run(int lanes, double seconds)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("MOFINTEROP_REFERENCE") ?? "../shared/reference", "nequip");
        if (!Directory.Exists(folder))
        {
            Console.WriteLine($"NequIP: {folder} is absent (the folder of reference data is named by MOFINTEROP_REFERENCE)");
            return;
        }

        lanes = lanes < 2 ? Processor.WidestLanes : lanes;
        var model = NequipFile.Read(Environment.GetEnvironmentVariable("MOFINTEROP_NEQUIP") is { Length: > 0 } file ? file : Path.Combine(folder, "nequip_l2r6stress0.pth"));
        var lines = File.ReadAllLines(Path.Combine(folder, "zif4", "own.extxyz"));
        Console.WriteLine($"{"NequIP",-8}{"precision",10}{"atoms",8}{"load, s",10}{"ms",10}{"median",10}{"µs/atom",10}{"energy, eV",20}   {lanes} lanes");
        foreach (var precision in (NetworkPrecision[])[NetworkPrecision.Single, NetworkPrecision.Double])
        {
            var watch = Stopwatch.StartNew();
            using var potential = new NequipPotential(model, lanes, precision);
            var load = watch.Elapsed.TotalSeconds;
            foreach (var copies in (int[])[1, 2])
            {
                Measure(potential, lines, copies, load, seconds);
            }
        }
    }

    private static void Measure(NequipPotential potential, string[] lines, int copies, double load, double seconds)
    {
        // Extended XYZ whose columns begin with symbol and position.
        var lattice = lines[1].IndexOf("Lattice=\"", StringComparison.Ordinal) + "Lattice=\"".Length;
        var rows = Numbers(lines[1][lattice..lines[1].IndexOf('"', lattice)].Split(' '));
        var atoms = lines.Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        double[] positions = [.. atoms.SelectMany(words => Numbers(words[1..4]))];
        int[] types = [.. atoms.Select(words => potential.Species.ToList().FindIndex(one => one.Label == words[0]))];
        var repeated = new List<double>();
        for (var n = 0; n < copies; n++)
        {
            for (var i = 0; i < types.Length; i++)
            {
                repeated.AddRange([positions[3 * i] + n * rows[0], positions[3 * i + 1] + n * rows[1], positions[3 * i + 2] + n * rows[2]]);
            }
        }

        int[] all = [.. Enumerable.Range(0, copies).SelectMany(_ => types)];
        using var list = new NeighborList();
        list.Build([.. repeated], new Cell([.. rows.Select((one, k) => k < 3 ? copies * one : one)]), true, true, true, potential.Cutoff + 1);
        var (least, median, energy) = StepTimes.Measure(potential, list, all, seconds);
        Console.WriteLine($"{"ZIF-4",-8}{(potential.IsSingle ? "single" : "double"),10}{all.Length,8}{load,10:f2}{least,10:f1}{median,10:f1}{1e3 * median / all.Length,10:f1}{energy,20:f6}");
    }

    private static double[] Numbers(string[] words) => [.. words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
