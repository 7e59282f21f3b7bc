using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Mechanics at a temperature, by molecular dynamics.</summary>
/// <param name="services">Starts LAMMPS.</param>
/// <param name="context">Of the step.</param>
/// <param name="potential">With what.</param>
internal sealed class ThermalMechanics(StepServices services, StepContext context, SimulationPotential potential)
{
    private const double ToGigapascal = PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal;

    /// <summary>Bulk modulus by mean pressures of volumes.</summary>
    public async Task<FiniteStrainRecord> FiniteStrainAsync(FiniteStrainOptions options, TypedStructure structure, CancellationToken cancellation)
    {
        var simulated = structure.Repeated(options.Supercell);
        var volumes = FiniteStrainPlans(options, simulated, context.Seed);
        var runs = await new SampledRuns(services, context, simulated, potential, options).RunAsync("finite strain", [.. volumes.SelectMany(volume => volume)], cancellation).ConfigureAwait(false);
        var block = BlockOf(options);
        var points = volumes.Select((plans, k) => (
                Volume: plans[0].Start.Cell!.Volume,
                Pressures: runs.Skip(k * options.Runs).Take(options.Runs).Where(run => run.Samples.Count >= 2 * block).Select(run => BlockAverage.OfBlocks([.. run.Samples.Select(sample => sample.Pressure)], block)).ToArray()))
            .Where(point => point.Pressures.Length > 0).Select(point => (point.Volume, Pressure: Estimate.OfRuns(point.Pressures))).ToArray();
        if (points.Length < 3)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"{points.Length} of {volumes.Count} volumes have runs that can be averaged", context.Name, "at least three", "Look at the warnings above; take smaller volume steps.");
        }

        var fitted = points.OrderBy(point => Math.Abs(point.Pressure.Value)).Take(options.Fitted).Select(point => point.Volume).ToHashSet();
        var chosen = points.Where(point => fitted.Contains(point.Volume)).ToArray();
        BirchMurnaghan? fit = null;
        try
        {
            fit = BirchMurnaghan.OfPressures([.. chosen.Select(point => point.Volume)], [.. chosen.Select(point => point.Pressure)]);
        }
        catch (MofException problem) when (problem.Kind == ErrorKind.NumericalFailure)
        {
            context.Warn($"finite strain: {problem.What}");
        }

        if (chosen.All(point => point.Pressure.Value > 0) || chosen.All(point => point.Pressure.Value < 0))
        {
            context.Warn("finite strain: all pressures have one sign, so the bulk modulus at zero pressure is extrapolated; begin with the relaxed structure, or take more points");
        }

        return new FiniteStrainRecord(options.Temperature.Value, [.. points.Select(point => point.Volume)], [.. points.Select(point => point.Pressure.Times(ToGigapascal))], [.. points.Select(point => fitted.Contains(point.Volume))], fit is null ? null : EquationOfStateFit.Of(fit));
    }

    /// <summary>Bulk modulus and elastic tensor by fluctuations.</summary>
    public async Task<FluctuationRecord> FluctuationsAsync(FluctuationOptions options, TypedStructure structure, SpaceGroup group, CancellationToken cancellation)
    {
        var simulated = structure.Repeated(options.Supercell);
        var plans = FluctuationPlans(options, simulated, context.Seed);
        var runs = await new SampledRuns(services, context, simulated, potential, options).RunAsync("fluctuations", plans, cancellation).ConfigureAwait(false);
        var block = BlockOf(options);
        var whole = runs.Where(run => run.Samples.Count >= 2 * block).ToArray();
        if (whole.Length == 0)
        {
            throw new MofException(ErrorKind.NumericalFailure, "no run lasted long enough for its fluctuations", context.Name, "runs whose bonds hold beyond equilibration and two blocks", "Look at the warnings above; try a step of kind stability first.");
        }

        var frame = simulated.Configuration.Cell!;
        var rotations = group.CartesianRotations(structure.Configuration.Cell!);
        var temperature = options.Temperature.Value;
        var tensors = whole.Select(run => CellFluctuations.OfTensor(
            [.. run.Samples.Select(CellOf)], frame, temperature, block, tensor => ElasticTensorRecord.Functions(tensor.Symmetrized(rotations)))).ToArray();
        return new FluctuationRecord(
            temperature,
            Math.Round(options.Pressure.Value * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, 9),
            whole.Length,
            Estimate.OfRuns([.. whole.Select(run => BlockAverage.OfBlocks([.. run.Samples.Select(sample => sample.Volume)], block))]),
            Estimate.OfRuns([.. whole.Select(run => CellFluctuations.BulkModulus([.. run.Samples.Select(sample => sample.Volume)], temperature, block))]).Times(ToGigapascal),
            ElasticTensorRecord.Of(group.ToString(), [.. Enumerable.Range(0, tensors[0].Count).Select(k => Estimate.OfRuns([.. tensors.Select(tensor => tensor[k])]))], null));
    }

    /// <summary>Runs by volume, the smallest first.</summary>
    public static IReadOnlyList<SamplePlan[]> FiniteStrainPlans(FiniteStrainOptions options, TypedStructure simulated, Func<string, int> seed)
    {
        var start = simulated.Configuration;
        return [.. Enumerable.Range(0, options.Points).Select(k =>
        {
            var ratio = 1 + (k - (options.Points - 1) / 2) * options.VolumeStep.Value;
            var strain = Math.Cbrt(ratio) - 1;
            double[] six = [strain, strain, strain, 0, 0, 0];
            var scaled = start.With(StrainMinimizer.Apply(start.Positions, six), StrainMinimizer.Strained(start.Cell!, six));
            return SampledRuns.Independent(string.Create(CultureInfo.InvariantCulture, $"volume-{100 * ratio:0.###}"), options, scaled, seed, (name, one) => new SamplePlan(name, one, Ensemble.Nvt, options.Temperature.Value, 0, CellFreedom.Isotropic)).ToArray();
        })];
    }

    /// <summary>Runs with flexible cells.</summary>
    public static IReadOnlyList<SamplePlan> FluctuationPlans(FluctuationOptions options, TypedStructure simulated, Func<string, int> seed) =>
        [.. SampledRuns.Independent("fluctuations", options, simulated.Configuration, seed, (name, start) => new SamplePlan(name, start, Ensemble.Npt, options.Temperature.Value, options.Pressure.Value, CellFreedom.Flexible))];

    private static int BlockOf(SamplingOptions options) => Math.Max(1, (int)Math.Round(options.Block.Value / (options.StepsOf(options.SampleEvery) * options.TimeStep.Value)));

    private static Cell CellOf(Sample sample)
    {
        var p = sample.CellParameters;
        return Cell.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);
    }
}
