using System.Diagnostics;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Benchmarks;

/// <summary>µs of processor time per atom of the descriptors and their derivatives, as training uses them.</summary>
internal static class DescriptorBenchmark
{
    public static void Run(Crystal crystal, SnapModel model, double seconds)
    {
        using var descriptors = new SnapDescriptors(model);
        using var list = new NeighborList();
        list.Build(crystal.Positions, crystal.Cell, true, true, true, 2 * model.Species.Max(s => s.Radius) * model.Parameters.CutoffFactor);
        var view = list.View(crystal.Types);
        var consumer = new Sum();
        var best = double.PositiveInfinity;
        var all = Stopwatch.StartNew();
        while (all.Elapsed.TotalSeconds < seconds || double.IsInfinity(best))
        {
            var one = ThreadClock.Seconds;
            if (descriptors.Compute(view, consumer).Status != EvaluationStatus.Success)
            {
                throw new InvalidOperationException("the benchmark's configuration cannot be computed");
            }

            best = Math.Min(best, 1e6 * (ThreadClock.Seconds - one) / crystal.Types.Length);
        }

        Console.WriteLine($"{crystal.Name,-8}{model.Parameters.TwoJMax,4}{crystal.Types.Length,8}{"",12}{best,10:f1}             B and dB/dr");
    }

    private sealed class Sum : ISnapDescriptorConsumer
    {
        public double Total { get; private set; }

        public void Accept(in SnapAtomDescriptors descriptors) => Total += descriptors.Bispectrum[0] + descriptors.Derivatives[^1];
    }
}
