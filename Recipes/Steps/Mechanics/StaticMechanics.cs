using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Mechanics without temperature: energies and stresses of strained cells with atoms at rest.</summary>
/// <param name="atoms">Brings atoms to rest.</param>
/// <param name="context">Of the step.</param>
internal sealed class StaticMechanics(RestingAtoms atoms, StepContext context)
{
    /// <summary>A strained cell of a stable crystal costs energy; one that gains so much, eV, has atoms that went elsewhere.</summary>
    private const double GainThatTells = 1e-4;

    /// <summary>Bulk modulus by the energies of volumes.</summary>
    public async Task<EquationOfStateRecord> EquationOfStateAsync(EquationOfStateOptions options, AtomicConfiguration reference, CancellationToken cancellation)
    {
        var strains = Enumerable.Range(0, options.Points).Select(k => options.Strain.Value * (2.0 * k / (options.Points - 1) - 1)).ToArray();
        var states = await RelaxAllAsync("equation of state", [.. strains.Select((strain, k) => (string.Create(CultureInfo.InvariantCulture, $"volume-{k + 1:00}"), (double[])[strain, strain, strain, 0, 0, 0]))], reference, cancellation).ConfigureAwait(false);
        double[] volumes = [.. states.Select(state => state.Configuration.Cell!.Volume)], energies = [.. states.Select(state => state.Energy)];
        var fit = BirchMurnaghan.OfEnergies(volumes, energies);
        return new EquationOfStateRecord(volumes, energies, [.. states.Select(state => -(state.Stress[0] + state.Stress[1] + state.Stress[2]) / 3 * PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal)], EquationOfStateFit.Of(fit));
    }

    /// <summary>The elastic tensor by the stresses of small strains.</summary>
    public async Task<ElasticTensorRecord> ElasticTensorAsync(ElasticTensorOptions options, AtomicConfiguration reference, SpaceGroup group, CancellationToken cancellation)
    {
        var plans = new List<(string Name, double[] Strain)>();
        for (var k = 0; k < 6; k++)
        {
            foreach (var sign in (int[])[1, -1])
            {
                plans.Add((string.Create(CultureInfo.InvariantCulture, $"strain-{k + 1}{(sign > 0 ? "plus" : "minus")}"), [.. Enumerable.Range(0, 6).Select(j => j == k ? sign * options.Strain.Value : 0)]));
            }
        }

        var states = await RelaxAllAsync("elastic tensor", plans, reference, cancellation).ConfigureAwait(false);
        var unstrained = await atoms.RelaxAsync("unstrained", reference, cancellation).ConfigureAwait(false);
        var lower = states.Where(state => state.Energy < unstrained.Energy - GainThatTells).ToArray();
        if (lower.Length > 0)
        {
            context.Warn(string.Create(CultureInfo.InvariantCulture, $"{lower.Length} of {states.Length} strained cells lie below the unstrained one, by up to {unstrained.Energy - lower.Min(state => state.Energy):0.0000} eV: strain lets the atoms go to another place, so the static elastic tensor is not that of this structure; relax it from displaced atoms (displacement: 0.01 angstrom of the step relaxation) first"));
        }

        var measured = ElasticTensor.OfStresses([.. states.Where((_, k) => k % 2 == 0).Select(state => state.Stress)], [.. states.Where((_, k) => k % 2 == 1).Select(state => state.Stress)], options.Strain.Value);
        var tensor = measured.Symmetrized(group.CartesianRotations(reference.Cell!));
        var change = measured.Values.Zip(tensor.Values, (a, b) => Math.Abs(a - b)).Max();
        return ElasticTensorRecord.Of(group.ToString(), [.. ElasticTensorRecord.Functions(tensor).Select(value => new Estimate(value, double.NaN))], Math.Max(measured.Asymmetry, change));
    }

    private async Task<RestingState[]> RelaxAllAsync(string what, List<(string Name, double[] Strain)> plans, AtomicConfiguration reference, CancellationToken cancellation)
    {
        using var progress = context.Progress(what + ": strained cells", plans.Count);
        return await Task.WhenAll(plans.Select(async plan =>
        {
            var start = reference.With(StrainMinimizer.Apply(reference.Positions, plan.Strain), StrainMinimizer.Strained(reference.Cell!, plan.Strain));
            var state = await atoms.RelaxAsync(plan.Name, start, cancellation).ConfigureAwait(false);
            progress.Advance();
            return state;
        })).ConfigureAwait(false);
    }
}
