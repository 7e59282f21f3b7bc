using System.Diagnostics;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Benchmarks;

/// <summary>Processor time of energy, forces and virial of one configuration.</summary>
/// <param name="Least">ms.</param>
/// <param name="Median">ms.</param>
/// <param name="Energy">eV.</param>
internal readonly record struct StepTimes(double Least, double Median, double Energy)
{
    /// <summary>Computes again and again for some seconds, three times at least.</summary>
    public static unsafe StepTimes Measure(IPotential potential, NeighborList list, int[] types, double seconds)
    {
        var view = list.View(types);
        using var forces = new NativeArray<double>();
        forces.Reserve(3L * list.AtomCount);
        var energy = 0.0;
        var virial = stackalloc double[9];
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds || times.Count < 3)
        {
            new Span<double>(forces.Pointer, 3 * list.AtomCount).Clear();
            energy = 0;
            var begin = ThreadClock.Seconds;
            if (potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces.Pointer, Virial = virial }).Status != EvaluationStatus.Success)
            {
                throw new InvalidOperationException("the benchmark's configuration cannot be computed");
            }

            times.Add(1e3 * (ThreadClock.Seconds - begin));
        }

        times.Sort();
        return new StepTimes(times[0], times[times.Count / 2], energy);
    }
}
