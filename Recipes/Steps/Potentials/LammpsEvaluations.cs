using System.Globalization;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Energy, forces and stress of configurations by LAMMPS, one process each: for potentials that nothing else computes.</summary>
internal sealed class LammpsEvaluations
{
    private const string File = "label.json";
    private readonly LammpsTool _lammps;
    private readonly StepContext _context;

    public LammpsEvaluations(StepServices services, StepContext context)
    {
        _lammps = new LammpsTool(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context));
        _context = context;
    }

    /// <summary>Evaluates all; results in the order of the configurations.</summary>
    /// <exception cref="MofException">LAMMPS refuses a configuration, or the potential has no answer for it.</exception>
    public async Task<IReadOnlyList<ReferenceLabel>> EvaluateAsync(string what, SimulationPotential potential, IReadOnlyList<AtomicConfiguration> configurations, CancellationToken cancellation)
    {
        using var progress = _context.Progress(what, configurations.Count);
        return await Task.WhenAll(configurations.Select(async (configuration, index) =>
        {
            var unit = string.Create(CultureInfo.InvariantCulture, $"evaluations/{index + 1:0000}");
            var folder = await _context.OnceAsync(unit, $"{potential.Fingerprint} {ConfigurationHash.Of(configuration)}", (temporary, token) => EvaluateAsync(unit, potential, configuration, temporary, token), cancellation).ConfigureAwait(false);
            progress.Advance();
            return StepJson.Read<ReferenceLabel>(Path.Combine(folder, File));
        })).ConfigureAwait(false);
    }

    private async Task EvaluateAsync(string unit, SimulationPotential potential, AtomicConfiguration configuration, string folder, CancellationToken cancellation)
    {
        var start = potential.Label(configuration);
        var run = new LammpsRun { Name = unit.Replace('/', '-'), Start = start, Potential = potential.ForLammps(start), Stages = [new EvaluationStage()], Guards = LammpsGuards.None, Output = new LammpsOutputPlan { FramesEvery = 0 } };
        var outcome = (await _lammps.RunAsync(run, folder, null, cancellation).ConfigureAwait(false)).ThrowIfFailed();
        if (outcome.Final is not { Forces: { } forces } || outcome.BlowUp is not null)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"the potential has no answer for a configuration: {outcome.BlowUp?.Description}", unit);
        }

        var row = outcome.Thermo[^1].Rows[^1];
        StepJson.Write(Path.Combine(folder, File), new ReferenceLabel(row.PotentialEnergy, forces, [.. row.PotentialStress]));
    }
}
