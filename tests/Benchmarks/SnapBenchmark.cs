using System.Diagnostics;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Snap;

namespace MofInterop.Benchmarks;

/// <summary>µs of processor time per atom and step of the SNAP kernel: energy and forces, neighbour list built before.</summary>
internal static unsafe class SnapBenchmark
{
    /// <summary>LAMMPS's default skin for <c>units metal</c>, Å: lists are as long as they are there.</summary>
    public const double Skin = 2.0;

    /// <summary>The three cases: a MOF of 7 species, and two metals.</summary>
    public static IEnumerable<(Crystal Crystal, SnapModel Model)> Cases()
    {
        // Radii and weights of the published ZIF-8 model (C, C, C, H, O for N, O, Zn); coefficients are random.
        double[] radii = [0.461, 0.445, 0.473, 0.277, 0.452, 0.452, 0.417], weights = [1.047, 0.894, 0.977, 0.781, 1.184, 1.184, 0.291];
        yield return (Crystal.Mof5(1), Model(8, 4.0, 0.95393876, radii, weights));
        yield return (Crystal.Bcc("W", 3.1803, (6, 6, 6), 2), Model(8, 4.73442, 0.99363, [0.5], [1]));
        yield return (Crystal.Bcc("Ta", 3.316, (6, 6, 6), 3), Model(6, 4.67637, 0.99363, [0.5], [1]));
    }

    /// <summary>Models with chemflag: InP with the parameters of M. A. Cusentino et al., J. Phys. Chem. A 124, 5456 (2020), and MOF-5 by its four elements.</summary>
    public static IEnumerable<(Crystal Crystal, SnapModel Model)> ChemicalCases()
    {
        yield return (Crystal.ZincBlende("InP", 5.83, 4, 4), Model(6, 1, 0.99363, [3.81205, 3.82945], [1, 0.929316], p => p with { Chemical = true, Normalized = true, SelfInAllDensities = true }));
        var mof = Crystal.Mof5(1);
        int[] elements = [0, 0, 0, 1, 2, 2, 3];
        yield return (mof with { Name = "MOF-5 el", Types = [.. mof.Types.Select(type => elements[type])] }, Model(8, 4.0, 0.95393876, [0.461, 0.277, 0.452, 0.417], [1.047, 0.781, 1.184, 0.291], p => p with { Chemical = true }));
    }

    public static void Run(int lanes, double seconds, string? only)
    {
        Console.WriteLine($"{"",-8}{"2J",4}{"atoms",8}{"neighbours",12}{"µs/atom",10}{"median",10}{"energy, eV",18}   {(lanes == 0 ? Processor.WidestLanes : lanes)} lanes");
        foreach (var (crystal, model) in Cases().Concat(ChemicalCases()).Where(one => only is null || only == one.Crystal.Name))
        {
            Measure(crystal, model, lanes, seconds);
            if (!model.Parameters.Chemical)
            {
                DescriptorBenchmark.Run(crystal, model, seconds);
            }
        }
    }

    private static SnapModel Model(int twoJMax, double cutoffFactor, double angleFactor, double[] radii, double[] weights, Func<SnapParameters, SnapParameters>? change = null)
    {
        var random = new Random(7);
        var parameters = new SnapParameters { CutoffFactor = cutoffFactor, TwoJMax = twoJMax, AngleFactor = angleFactor };
        parameters = change?.Invoke(parameters) ?? parameters;
        var triples = parameters.Chemical ? radii.Length * radii.Length * radii.Length : 1;
        var count = SnapModel.CoefficientCountOf(triples * SnapIndices.ComponentCount(twoJMax), false);
        return new SnapModel(parameters, [.. radii.Select((radius, s) =>
            new SnapSpecies($"A{s}", radius, weights[s], Enumerable.Range(0, count).Select(_ => 0.01 * (random.NextDouble() - 0.5)).ToArray()))]);
    }

    private static void Measure(Crystal crystal, SnapModel model, int lanes, double seconds)
    {
        using var potential = lanes == 0 ? new SnapPotential(model) : new SnapPotential(model, lanes);
        using var list = new NeighborList();
        list.Build(crystal.Positions, crystal.Cell, true, true, true, potential.Cutoff + Skin);
        var view = list.View(crystal.Types);
        using var forces = new NativeArray<double>();
        forces.Reserve(3L * list.AtomCount);
        var energy = 0.0;
        var buffers = new EvaluationBuffers { Energy = &energy, Forces = forces.Pointer };
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (all.Elapsed.TotalSeconds < seconds || times.Count < 3)
        {
            new Span<double>(forces.Pointer, 3 * list.AtomCount).Clear();
            energy = 0;
            var one = ThreadClock.Seconds;
            if (potential.Compute(view, buffers).Status != EvaluationStatus.Success)
            {
                throw new InvalidOperationException("the benchmark's configuration cannot be computed");
            }

            times.Add(1e6 * (ThreadClock.Seconds - one) / crystal.Types.Length);
        }

        times.Sort();
        Console.WriteLine($"{crystal.Name,-8}{model.Parameters.TwoJMax,4}{crystal.Types.Length,8}{Neighbors(view, potential),12:f2}{times[0],10:f2}{times[times.Count / 2],10:f2}{energy,18:f8}");
    }

    private static double Neighbors(in NeighborView view, SnapPotential potential)
    {
        long count = 0;
        for (var i = 0; i < view.CenterCount; i++)
        {
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                var j = view.Neighbors[i][n];
                double x = view.Positions[3 * j] - view.Positions[3 * i], y = view.Positions[3 * j + 1] - view.Positions[3 * i + 1], z = view.Positions[3 * j + 2] - view.Positions[3 * i + 2];
                count += Math.Sqrt(x * x + y * y + z * z) < potential.PairCutoff(view.Types[i], view.Types[j]) ? 1 : 0;
            }
        }

        return (double)count / view.CenterCount;
    }
}
