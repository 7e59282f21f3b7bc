using System.Diagnostics;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Snap;

namespace MofInterop.Benchmarks;

/// <summary>µs of processor time per atom and step of D3 in MOF-5: energy and forces, neighbour list built before.</summary>
internal static unsafe class DispersionBenchmark
{
    private const string Table = "/usr/share/cp2k/dftd3.dat";
    private const double Skin = 2.0;

    public static void Run(int lanes, double seconds)
    {
        if (!File.Exists(Table))
        {
            Console.WriteLine($"D3: {Table} is absent (Debian package cp2k-data)");
            return;
        }

        var table = DispersionTableFile.Read(Table);
        _ = DispersionFunctional.TryFind("PBE", out var pbe);
        Console.WriteLine($"{"D3",-8}{"damping",10}{"cutoffs",10}{"pairs",8}{"µs/atom",10}{"median",10}{"energy, eV",18}   {(lanes < 2 ? Processor.WidestLanes : lanes)} lanes");
        foreach (var (cutoff, coordination) in ((double, double)[])[(12, 10), (30, 15)])
        {
            foreach (var damping in (DispersionDamping[])[pbe!.BeckeJohnson!, pbe.Zero!])
            {
                Measure(table, new DispersionSettings(damping, cutoff, coordination), lanes < 2 ? Processor.WidestLanes : lanes, seconds);
            }
        }
    }

    private static void Measure(DispersionTable table, DispersionSettings settings, int lanes, double seconds)
    {
        // Carboxylate, ipso and ring carbon, hydrogen, oxygen, zinc: the types of Crystal.Mof5.
        int[] elements = [6, 6, 6, 1, 8, 8, 30];
        using var potential = new DispersionPotential(new DispersionModel([.. elements.Select((z, n) => new Species($"A{n}", z, 0))], table, settings), lanes);
        var crystal = Crystal.Mof5(1);
        using var list = new NeighborList();
        list.Build(crystal.Positions, crystal.Cell, true, true, true, potential.Cutoff + Skin);
        var view = list.View(crystal.Types);
        using var forces = new NativeArray<double>();
        forces.Reserve(3L * list.AtomCount);
        var energy = 0.0;
        var tensor = stackalloc double[9];
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (all.Elapsed.TotalSeconds < seconds || times.Count < 3)
        {
            new Span<double>(forces.Pointer, 3 * list.AtomCount).Clear();
            energy = 0;
            var one = ThreadClock.Seconds;
            if (potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces.Pointer, Virial = tensor }).Status != EvaluationStatus.Success)
            {
                throw new InvalidOperationException("the benchmark's configuration cannot be computed");
            }

            times.Add(1e6 * (ThreadClock.Seconds - one) / crystal.Types.Length);
        }

        times.Sort();
        Console.WriteLine($"{"MOF-5",-8}{(settings.Damping is ZeroDamping ? "zero" : "bj"),10}{$"{settings.Cutoff}/{settings.CoordinationCutoff}",10}{Pairs(view, settings.Cutoff),8:f1}{times[0],10:f2}{times[times.Count / 2],10:f2}{energy,18:f8}");
    }

    private static double Pairs(in NeighborView view, double cutoff)
    {
        long count = 0;
        for (var i = 0; i < view.CenterCount; i++)
        {
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                var j = view.Neighbors[i][n];
                double x = view.Positions[3 * j] - view.Positions[3 * i], y = view.Positions[3 * j + 1] - view.Positions[3 * i + 1], z = view.Positions[3 * j + 2] - view.Positions[3 * i + 2];
                count += x * x + y * y + z * z < cutoff * cutoff ? 1 : 0;
            }
        }

        return (double)count / view.CenterCount;
    }
}
