using System.Diagnostics;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Snap;

namespace MofInterop.Benchmarks;

/// <summary>
/// µs of processor time per atom and step of the SNAP kernel in double and in mixed precision, pass by pass in turn, and how
/// far their forces differ. Coefficients are random: what the difference is in eV/Å for real models, the tests say.
/// </summary>
internal static unsafe class MixedBenchmark
{
    public static void Run(int lanes, double seconds, string? only)
    {
        Console.WriteLine($"{"",-8}{"2J",4}{"double",10}{"mixed",10}{"ratio",8}{"medians",18}{"ratio",8}{"largest force",15}{"difference",12}   {(lanes == 0 ? Processor.WidestLanes : lanes)} lanes");
        foreach (var (crystal, model) in SnapBenchmark.Cases().Where(one => only is null || only == one.Crystal.Name))
        {
            Measure(crystal, model, lanes == 0 ? Processor.WidestLanes : lanes, seconds);
        }
    }

    private static void Measure(Crystal crystal, SnapModel model, int lanes, double seconds)
    {
        using var exact = new SnapPotential(model, lanes);
        using var mixed = new SnapPotential(model, lanes) { MixedPrecision = true };
        using var list = new NeighborList();
        list.Build(crystal.Positions, crystal.Cell, true, true, true, exact.Cutoff + SnapBenchmark.Skin);
        var view = list.View(crystal.Types);
        using var exactForces = new NativeArray<double>();
        using var mixedForces = new NativeArray<double>();
        List<double> exactTimes = [], mixedTimes = [];
        var all = Stopwatch.StartNew();
        while (all.Elapsed.TotalSeconds < seconds || exactTimes.Count < 3)
        {
            exactTimes.Add(Time(exact, view, exactForces));
            mixedTimes.Add(Time(mixed, view, mixedForces));
        }

        double largest = 0, difference = 0;
        for (var k = 0; k < 3 * list.AtomCount; k++)
        {
            largest = Math.Max(largest, Math.Abs(exactForces.Pointer[k]));
            difference = Math.Max(difference, Math.Abs(exactForces.Pointer[k] - mixedForces.Pointer[k]));
        }

        exactTimes.Sort();
        mixedTimes.Sort();
        double exactMedian = exactTimes[exactTimes.Count / 2], mixedMedian = mixedTimes[mixedTimes.Count / 2];
        Console.WriteLine(
            $"{crystal.Name,-8}{model.Parameters.TwoJMax,4}{exactTimes[0],10:f2}{mixedTimes[0],10:f2}{exactTimes[0] / mixedTimes[0],8:f2}"
            + $"{exactMedian,9:f2}{mixedMedian,9:f2}{exactMedian / mixedMedian,8:f2}{largest,15:g3}{difference,12:g3}");
    }

    private static double Time(SnapPotential potential, in NeighborView view, NativeArray<double> forces)
    {
        var energy = 0.0;
        new Span<double>(forces.Reserve(3L * view.AtomCount), 3 * view.AtomCount).Clear();
        var begin = ThreadClock.Seconds;
        if (potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces.Pointer }).Status != EvaluationStatus.Success)
        {
            throw new InvalidOperationException("the benchmark's configuration cannot be computed");
        }

        return 1e6 * (ThreadClock.Seconds - begin) / view.CenterCount;
    }
}
