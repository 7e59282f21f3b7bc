using System.Diagnostics;
using MofInterop.Execution;
using MofInterop.Learning;

namespace MofInterop.Comparison;

/// <summary>
/// All rows of one frame's design matrix (energy, forces, stress, by species): ours as training computes them, just-in-time
/// compiled, and <c>compute snap</c> of the peer, which gives the same rows.
/// </summary>
internal static class DescriptorRun
{
    // Training sets have hundreds of frames; the just-in-time compiler is through with all tiers after about a hundred.
    private const int WarmUp = 150;
    private const int Frames = 100;

    public static Quantity Time { get; } = new("one frame", "ms");

    public static Subject Ours() => new("SnapDesignMatrix", () => Task.FromResult<IReadOnlyDictionary<Quantity, double>>(Measure())) { Goals = [new(Time, RatioAtLeast: 15)] };

    public static Subject Peer(Workloads workloads, LammpsHost host, IToolRunner runner)
    {
        var run = new LammpsRun(() => workloads.Mof5()) { Steps = 10, WarmUp = 0, Interactions = ComputeSnap, Extra = ["thermo 1", "thermo_style custom step pe press c_rows[1][1]"] };
        return new Subject("compute snap", async () =>
        {
            var measured = await run.MeasureAsync(host, runner, workloads.Folder).ConfigureAwait(false);
            return new Dictionary<Quantity, double> { [Time] = measured[Quantity.Loop] * workloads.Mof5().Atoms.Count * 1e-3 };
        });
    }

    private static IEnumerable<string> ComputeSnap(Workload workload)
    {
        var model = Workloads.Mof5Model();
        var p = model.Parameters;
        var radii = string.Join(' ', model.Species.Select(s => s.Radius));
        var weights = string.Join(' ', model.Species.Select(s => s.Weight));
        return ["pair_style zero 4.0", "pair_coeff * *", $"compute rows all snap {p.CutoffFactor} {p.AngleFactor} {p.TwoJMax} {radii} {weights} rmin0 0 switchflag 1 bzeroflag 1 quadraticflag 0"];
    }

    private static Dictionary<Quantity, double> Measure()
    {
        var frame = TrainingRun.Frames(1).Single();
        using var design = new SnapDesignMatrix(Workloads.Mof5Model());
        for (var k = 0; k < WarmUp; k++)
        {
            design.Compute(frame);
        }

        var clock = Stopwatch.StartNew();
        for (var k = 0; k < Frames; k++)
        {
            design.Compute(frame);
        }

        return new Dictionary<Quantity, double> { [Time] = clock.Elapsed.TotalMilliseconds / Frames };
    }
}
