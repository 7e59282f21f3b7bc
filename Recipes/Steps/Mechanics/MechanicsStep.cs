using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Bulk modulus and elastic tensor: static, by finite strain with molecular dynamics, and by fluctuations.</summary>
/// <param name="services">Starts programs; finds the space group.</param>
public sealed class MechanicsStep(StepServices services) : RecipeStep<MechanicsOptions>
{
    private const int MostCells = 60;

    /// <inheritdoc/>
    public override string Kind => "mechanics";

    /// <inheritdoc/>
    public override string Summary => "Bulk modulus and elastic tensor: static, by finite strain with molecular dynamics, by fluctuations";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("mechanics", "mechanics", "Bulk moduli, elastic tensors and what follows from them with errors and units, JSON"),
        new("tables", "tables", "A folder with energies and pressures of volumes and the elastic tensors, CSV"),
    ];

    /// <inheritdoc/>
    public override void Check(MechanicsOptions options, StepCheck check)
    {
        PotentialFacts.CheckAtoms(check);
        options.FiniteStrain?.Check(check, "finite_strain.");
        options.Fluctuations?.Check(check, "fluctuations.");
        if (options is { EquationOfState: null, ElasticTensor: null, FiniteStrain: null, Fluctuations: null })
        {
            check.Problem("kind", "nothing is to be measured", "one or more of equation_of_state, elastic_tensor, finite_strain, fluctuations", "equation_of_state: {} takes the defaults.");
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(MechanicsOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is not { } structure)
        {
            return;
        }

        if (options.EquationOfState is not null || options.ElasticTensor is not null)
        {
            RestingAtoms.WriteDeck("cell-00", structure, options.ForceTolerance.Value, options.Steps, decks);
        }

        if (options.FiniteStrain is { } finite)
        {
            var simulated = structure.Repeated(finite.Supercell);
            SampledRuns.WriteDeck(ThermalMechanics.FiniteStrainPlans(finite, simulated, decks.Seed)[0][0], finite, decks);
        }

        if (options.Fluctuations is { } fluctuations)
        {
            var simulated = structure.Repeated(fluctuations.Supercell);
            SampledRuns.WriteDeck(ThermalMechanics.FluctuationPlans(fluctuations, simulated, decks.Seed)[0], fluctuations, decks);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(MechanicsOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var group = options.ElasticTensor is not null || options.Fluctuations is not null
            ? await services.Structures.SpaceGroupAsync(structure.Configuration, options.SymmetryTolerance.Value, cancellation).ConfigureAwait(false)
            : null;
        var record = new MechanicsRecord
        {
            Literature = [.. options.Literature.Select(one => new BulkModulusLiterature(one.Label, one.Source, one.BulkModulus.Value * PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal))],
        };
        if (options.EquationOfState is not null || options.ElasticTensor is not null)
        {
            var atoms = new RestingAtoms(services, context, potential, options.ForceTolerance.Value, options.Steps);
            var reference = await ReferenceAsync(options, atoms, structure.Configuration, context, cancellation).ConfigureAwait(false);
            var mechanics = new StaticMechanics(atoms, context);
            record = record with
            {
                EquationOfState = options.EquationOfState is { } equation ? await mechanics.EquationOfStateAsync(equation, reference, cancellation).ConfigureAwait(false) : null,
                ElasticTensor = options.ElasticTensor is { } tensor ? await mechanics.ElasticTensorAsync(tensor, reference, group!, cancellation).ConfigureAwait(false) : null,
            };
        }

        var thermal = new ThermalMechanics(services, context, potential);
        record = record with
        {
            FiniteStrain = options.FiniteStrain is { } finite ? await thermal.FiniteStrainAsync(finite, structure, cancellation).ConfigureAwait(false) : null,
            Fluctuations = options.Fluctuations is { } fluctuations ? await thermal.FluctuationsAsync(fluctuations, structure, group!, cancellation).ConfigureAwait(false) : null,
        };
        Write(record, context);
    }

    private static async Task<AtomicConfiguration> ReferenceAsync(MechanicsOptions options, RestingAtoms atoms, AtomicConfiguration start, StepContext context, CancellationToken cancellation)
    {
        if (!options.Relax)
        {
            return start;
        }

        var (state, _, converged) = await new CellRelaxation(atoms, context).RelaxAsync(start, StrainMinimizer.Flexible, 0, options.StressTolerance.Value, MostCells, cancellation).ConfigureAwait(false);
        if (!converged || state.LargestForce > options.ForceTolerance.Value)
        {
            context.Warn(FormattableString.Invariant($"the structure could not be relaxed to its tolerances (largest force {state.LargestForce:0.##e0} eV/Å); static moduli are as good as that"));
        }

        return state.Configuration;
    }

    private static void Write(MechanicsRecord record, StepContext context)
    {
        var tables = Directory.CreateDirectory(Path.Combine(context.OutputFolder, "tables")).FullName;
        if (record.EquationOfState is { } equation)
        {
            CsvTable.Write(Path.Combine(tables, "equation-of-state.csv"), ["volume_A3", "energy_eV", "pressure_GPa"], equation.Volumes.Select((volume, k) => (IReadOnlyList<double>)[volume, equation.Energies[k], equation.Pressures[k]]));
        }

        if (record.FiniteStrain is { } finite)
        {
            CsvTable.Write(Path.Combine(tables, "finite-strain.csv"), ["volume_A3", "pressure_GPa", "pressure_error_GPa", "fitted"], finite.Volumes.Select((volume, k) => (IReadOnlyList<double>)[volume, finite.Pressures[k].Value, finite.Pressures[k].Error, finite.Fitted[k] ? 1 : 0]));
        }

        foreach (var (name, tensor) in new[] { ("elastic-tensor", record.ElasticTensor), ("elastic-tensor-fluctuations", record.Fluctuations?.Tensor) })
        {
            if (tensor is not null)
            {
                CsvTable.Write(Path.Combine(tables, name + ".csv"), ["row", "column", "component_GPa", "error_GPa"], tensor.Components.SelectMany((row, i) => row.Select((value, j) => (IReadOnlyList<double>)[i + 1, j + 1, value.Value, value.Error])));
                if (!tensor.Stable)
                {
                    context.Warn($"the {name.Replace('-', ' ')} has a negative eigenvalue: the crystal is not stable against a strain (Born's condition)");
                }
            }
        }

        StepJson.Write(Path.Combine(context.OutputFolder, "mechanics.json"), record);
        context.SetOutputFile("mechanics", "mechanics.json");
        context.SetOutputFile("tables", "tables");
        foreach (var (way, value) in record.BulkModuli())
        {
            context.Say($"bulk modulus, {way}: {value} GPa");
        }
    }
}
