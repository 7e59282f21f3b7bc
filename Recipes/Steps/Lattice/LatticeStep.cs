using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Lattice parameters against temperature and pressure by independent NPT runs in LAMMPS, thermal expansion and compressibility, with errors from blocks and runs.
/// </summary>
/// <param name="services">Starts programs; finds the space group.</param>
public sealed class LatticeStep(StepServices services) : RecipeStep<LatticeOptions>
{
    private const double RightAngle = 90, AngleTolerance = 1e-4;

    /// <inheritdoc/>
    public override string Kind => "lattice";

    /// <inheritdoc/>
    public override string Summary => "Lattice parameters against temperature and pressure, thermal expansion, compressibility";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("lattice", "lattice", "Lattice parameters, thermal expansion and compressibility with errors and units, JSON"),
        new("table", "table", "Lattice parameters at every temperature and pressure, CSV"),
    ];

    /// <inheritdoc/>
    public override void Check(LatticeOptions options, StepCheck check)
    {
        options.Check(check);
        PotentialFacts.CheckAtoms(check);
        if (options.Temperatures.Count + options.Pressures.Count == 0)
        {
            check.Problem("temperatures", "neither temperatures nor pressures are given", "temperatures: [100 K, 200 K, ...], or pressures, or both");
        }

        if (options.Temperatures.Count is > 1 and var count && count <= options.Order)
        {
            check.Problem("order", $"a polynomial of order {options.Order} through {count} temperatures", $"at least {options.Order + 1}");
        }

        if (options.Cell == CellFreedom.Anisotropic && check.Published<TypedStructure>(StructureStep.Input.Name) is { } structure && !IsRectangular(structure.Configuration.Cell!))
        {
            check.Problem("cell", "the cell is not rectangular, and LAMMPS would change its angles with its lengths", "flexible, or isotropic for a cubic crystal", "Take the conventional cell of the structure (cell: as-given).");
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(LatticeOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            var simulated = structure.Repeated(options.Supercell);
            foreach (var (temperature, pressure) in States(options))
            {
                SampledRuns.WriteDeck(Plans(options, simulated, temperature, pressure, decks.Seed).First(), options, decks);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(LatticeOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var group = options.Conventional ? await services.Structures.SpaceGroupAsync(structure.Configuration, options.SymmetryTolerance.Value, cancellation).ConfigureAwait(false) : null;
        var simulated = structure.Repeated(options.Supercell);
        var averages = new LatticeAverages(options, group);
        var states = States(options);
        SamplePlan[][] plans = [.. states.Select(state => Plans(options, simulated, state.Temperature, state.Pressure, context.Seed).ToArray())];
        var runs = await new SampledRuns(services, context, simulated, potential, options).RunAsync("lattice parameters", [.. plans.SelectMany(plan => plan)], cancellation).ConfigureAwait(false);
        var points = new List<LatticePointRecord>();
        for (var k = 0; k < states.Count; k++)
        {
            var (temperature, pressure) = states[k];
            if (averages.Point(temperature, pressure, [.. runs.Skip(k * options.Runs).Take(options.Runs)], context.Warn) is { } point)
            {
                points.Add(point);
                context.Say(string.Create(CultureInfo.InvariantCulture, $"{temperature:0.###} K, {point.Pressure:0.###} MPa: {string.Join(", ", point.Lengths.Select(length => $"{length.Key} {length.Value} Å"))}, V {point.Volume} Å³"));
            }
        }

        if (points.Count == 0)
        {
            throw new MofException(ErrorKind.NumericalFailure, "no run lasted long enough to be averaged", context.Name, "runs whose bonds hold beyond equilibration and a block", "Look at the warnings above; try a step of kind stability first.");
        }

        Write(Evaluate(options, group, simulated, points), context);
    }

    private static void Write(LatticeRecord record, StepContext context)
    {
        StepJson.Write(Path.Combine(context.OutputFolder, "lattice.json"), record);
        string[] lengths = [.. record.Points[0].Lengths.Keys];
        CsvTable.Write(
            Path.Combine(context.OutputFolder, "lattice.csv"),
            ["temperature_K", "pressure_MPa", "runs", .. lengths.SelectMany(name => (string[])[name + "_A", name + "_error_A"]), "volume_A3", "volume_error_A3"],
            record.Points.Select(point => (IReadOnlyList<double>)[point.Temperature, point.Pressure, point.Runs.Count, .. lengths.SelectMany(name => (double[])[point.Lengths[name].Value, point.Lengths[name].Error]), point.Volume.Value, point.Volume.Error]));
        context.SetOutputFile("lattice", "lattice.json");
        context.SetOutputFile("table", "lattice.csv");
        foreach (var (name, alpha) in record.ThermalExpansion)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"thermal expansion of {name} at {record.ExpansionAt:0.###} K: {alpha.Times(1e6)} ·1e-6/K"));
        }

        if (record.BulkModulus is { } modulus)
        {
            context.Say($"bulk modulus from V(P): {modulus} GPa");
        }
    }

    private static LatticeRecord Evaluate(LatticeOptions options, SpaceGroup? group, TypedStructure simulated, List<LatticePointRecord> points)
    {
        var record = new LatticeRecord
        {
            Cell = group is null ? "the cell that is simulated" : $"the conventional cell of {group}, {group.System}",
            Freedom = RecipeWords.Of(Freedom(options, simulated)),
            Points = points,
            ScanPressure = Megapascal(options.Pressure.Value),
            ScanTemperature = options.Temperature.Value,
            ExpansionAt = options.ExpansionAt.Value,
            ThermalExpansion = new Dictionary<string, Estimate>(),
            Order = options.Order,
            Literature = [.. options.Literature.Select(LiteratureOf)],
        };
        var heated = record.TemperatureScan();
        if (heated.Count > options.Order)
        {
            double[] temperatures = [.. heated.Select(point => point.Temperature)];
            Estimate Alpha(Func<LatticePointRecord, Estimate> quantity) => ThermalExpansion.Coefficient(temperatures, [.. heated.Select(quantity)], options.ExpansionAt.Value, options.Order);
            var expansion = heated[0].Lengths.Keys.ToDictionary(name => name, name => Alpha(point => point.Lengths[name]));
            expansion["volume"] = Alpha(point => point.Volume);
            record = record with { ThermalExpansion = expansion };
        }

        var pressed = record.PressureScan();
        if (pressed.Count > options.Order)
        {
            var gigapascals = 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal * PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal;
            var compressibility = ThermalExpansion.Compressibility([.. pressed.Select(point => point.Pressure * gigapascals)], [.. pressed.Select(point => point.Volume)], Megapascal(options.CompressibilityAt.Value) * gigapascals, options.Order);
            record = record with { Compressibility = compressibility, BulkModulus = ThermalExpansion.Inverse(compressibility) };
        }

        return record;
    }

    private static LatticeLiteratureRecord LiteratureOf(LatticeLiteratureOptions options) => new(options.Label, options.Source, options.ThermalExpansion?.Value, [.. options.Points.SelectMany(point =>
        new[] { ("a", point.A), ("b", point.B), ("c", point.C), ("volume", point.Volume) }
            .Where(value => value.Item2 is not null)
            .Select(value => new LatticeLiteratureValue(point.Temperature.Value, Megapascal(point.Pressure.Value), value.Item1, value.Item2!.Value.Value)))]);

    private static List<(double Temperature, double Pressure)> States(LatticeOptions options) =>
        [.. options.Temperatures.Select(temperature => (temperature.Value, options.Pressure.Value)).Concat(options.Pressures.Select(pressure => (options.Temperature.Value, pressure.Value))).Distinct()];

    private static IEnumerable<SamplePlan> Plans(LatticeOptions options, TypedStructure simulated, double temperature, double pressure, Func<string, int> seed) => SampledRuns.Independent(
        string.Create(CultureInfo.InvariantCulture, $"{temperature:0.###}K-{Megapascal(pressure):0.######}MPa"), options, simulated.Configuration, seed,
        (name, start) => new SamplePlan(name, start, Ensemble.Npt, temperature, pressure, Freedom(options, simulated)));

    private static CellFreedom Freedom(LatticeOptions options, TypedStructure structure) => options.Cell ?? (IsRectangular(structure.Configuration.Cell!) ? CellFreedom.Anisotropic : CellFreedom.Flexible);

    private static bool IsRectangular(Cell cell) => cell.Parameters().Skip(3).All(angle => Math.Abs(angle - RightAngle) < AngleTolerance);

    /// <summary>As records and names have it; rounded, because 1 bar is not exactly a tenth of 1 MPa in binary.</summary>
    private static double Megapascal(double pressure) => Math.Round(pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, 9);
}
