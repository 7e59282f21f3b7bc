using System.Globalization;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Steps;

/// <summary>Takes a potential of any origin into a recipe: a model card, SNAP's files, or a pair style of LAMMPS.</summary>
/// <param name="services">Starts LAMMPS.</param>
public sealed class PotentialStep(StepServices services) : RecipeStep<PotentialOptions>
{
    private const string RecordFile = "potential.json", Unit = "check";
    private static readonly StepInput _structure = StructureStep.Input with { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "potential";

    /// <inheritdoc/>
    public override string Summary => "Takes a potential from files: a model card, SNAP's files with ZBL and D3, or any pair style of LAMMPS";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [_structure];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("model", "model", "The potential: a model card with its files, or a pair style"),
        new("summary", "potential", "What it is, and what it says of the structure"),
    ];

    /// <inheritdoc/>
    public override void Check(PotentialOptions options, StepCheck check)
    {
        if (!CheckChoice(options, check))
        {
            return;
        }

        try
        {
            var facts = options.Lammps is { } style ? CheckStyle(style, check) : CheckCard(options, check);
            check.Publish("model", facts);
            if (check.Published<TypedStructure>(_structure.Name) is { } structure)
            {
                PotentialFacts.CheckAtoms(check, facts, structure, Chosen(options));
            }
        }
        catch (MofException error)
        {
            check.Problem(Chosen(options), error);
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(PotentialOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(_structure.Name) is { } structure)
        {
            var folder = decks.Folder("potential");
            var potential = TrainedPotential.Read(Write(options, folder));
            LammpsTool.WriteInput(RunOf(potential, structure), decks.Folder(Unit));
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(PotentialOptions options, StepContext context, CancellationToken cancellation)
    {
        var file = Write(options, context.OutputFolder);
        var potential = TrainedPotential.Read(file);
        var record = new PotentialRecord(Description(options), potential.Labels);
        if (context.HasInput(_structure.Name))
        {
            record = await TryAsync(record, potential, context, cancellation).ConfigureAwait(false);
        }

        StepJson.Write(Path.Combine(context.OutputFolder, RecordFile), record);
        context.SetOutputFile("model", file);
        context.SetOutputFile("summary", RecordFile);
    }

    private static string Write(PotentialOptions options, string folder)
    {
        if (options.Lammps is not { } style)
        {
            return PotentialAssembly.Write(options, folder);
        }

        var names = new CardFolder(folder);
        var path = names.NewPath(options.PotentialName + PairStyleFile.Extension);
        StepJson.Write(path, new PairStyleFile(style.Labels, style.Commands, style.Files.ToDictionary(file => file.Key, file => names.CopyFile(file.Value.Path).Path)));
        return path;
    }

    /// <summary>One evaluation tells whether LAMMPS takes the potential, before hours of dynamics are planned on it.</summary>
    private async Task<PotentialRecord> TryAsync(PotentialRecord record, SimulationPotential potential, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(_structure.Name));
        var lammps = new LammpsTool(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context));
        var run = RunOf(potential, structure);
        var folder = await context.OnceAsync(Unit, potential.Fingerprint, async (temporary, token) => (await lammps.RunAsync(run, temporary, null, token).ConfigureAwait(false)).ThrowIfFailed(), cancellation).ConfigureAwait(false);
        var outcome = LammpsOutput.Read(run, folder).ThrowIfFailed();
        if (outcome.BlowUp is { } problem)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"the potential has no answer for the structure: {problem.Description}", remedy: $"Look in {folder}");
        }

        if (outcome.LammpsVersion is { } version)
        {
            context.RecordVersion("LAMMPS", version);
        }

        var row = outcome.Thermo[^1].Rows[^1];
        var pressure = row.Pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal;
        context.Say(string.Create(CultureInfo.InvariantCulture, $"the structure: {row.PotentialEnergy:0.0000} eV, largest force {row.LargestForce:0.000} eV/Å, pressure {pressure:0} MPa"));
        return record with { Energy = row.PotentialEnergy, LargestForce = row.LargestForce, Pressure = pressure };
    }

    private static LammpsRun RunOf(SimulationPotential potential, TypedStructure structure)
    {
        var start = potential.Label(structure.Configuration);
        return new LammpsRun { Name = "potential", Start = start, Potential = potential.ForLammps(start), Stages = [new EvaluationStage { Name = "evaluation" }], Guards = LammpsGuards.None };
    }

    private static bool CheckChoice(PotentialOptions options, StepCheck check)
    {
        var given = new (string Name, bool Given)[] { ("card", options.Card is not null), ("snap", options.Snap is not null), ("lammps", options.Lammps is not null) }.Where(one => one.Given).Select(one => one.Name).ToArray();
        if (given.Length != 1)
        {
            check.Problem(given.ElementAtOrDefault(1) ?? "kind", given.Length == 0 ? "there is no potential" : $"a potential is given {given.Length} times: {string.Join(", ", given)}", "one of card, snap and lammps");
            return false;
        }

        if (options.PotentialName.Length == 0 || !options.PotentialName.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            check.Problem("potential_name", $"'{options.PotentialName}' cannot be the name of a file that LAMMPS reads", "letters, digits, hyphens, dots");
        }

        foreach (var name in new[] { options.Zbl is null ? null : "zbl", options.D3 is null ? null : "d3" }.OfType<string>().Where(_ => options.Lammps is not null))
        {
            check.Problem(name, $"{name} cannot be added to a pair style of LAMMPS", "card or snap", "Use pair_style hybrid/overlay.", ErrorKind.Unsupported);
        }

        return true;
    }

    private static PotentialFacts CheckCard(PotentialOptions options, StepCheck check)
    {
        var species = PotentialAssembly.SpeciesOf(options);
        var included = options.Snap?.DispersionIncluded ?? ModelCardFile.Read(options.Card!.Path).Reference.DispersionIncluded;
        if (options.Card is { } card)
        {
            PotentialLoader.Load(card.Path).Dispose();
        }

        if (options.D3 is not null && included)
        {
            check.Problem("d3", "the potential holds dispersion already", "d3 left out, or a potential of a method without dispersion");
        }

        options.Zbl?.Check("zbl", check, species);
        options.D3?.Check("d3", check, species);
        return new PotentialFacts([.. species.Select(one => one.Label)], Style: null);
    }

    private static PotentialFacts CheckStyle(PairStyleOptions style, StepCheck check)
    {
        if (!style.Commands.Any(command => command.TrimStart().StartsWith("pair_style ", StringComparison.Ordinal)))
        {
            check.Problem("lammps.commands", "no command sets a pair style", "pair_style …, then pair_coeff …");
        }

        foreach (var name in style.Files.Keys.Where(name => !style.Commands.Any(command => command.Contains('{' + name + '}', StringComparison.Ordinal))))
        {
            check.Problem($"lammps.files.{name}", $"no command names the file {{{name}}}", $"{{{name}}} in a command");
        }

        var potential = LammpsPotential.TextWithFiles(style.Labels, style.Files.ToDictionary(file => file.Key, file => file.Value.Path), style.Commands);
        return new PotentialFacts(potential.Labels, potential);
    }

    private static string Chosen(PotentialOptions options) => options.Card is not null ? "card" : options.Snap is not null ? "snap" : "lammps";

    private static string Description(PotentialOptions options)
    {
        var added = (options.Zbl is null ? string.Empty : " + ZBL") + (options.D3 is { } d3 ? $" + D3 ({d3.Functional})" : string.Empty);
        return options switch
        {
            { Card: { } card } => $"model card {card.Written}{added}",
            { Snap: { } snap } => $"SNAP of {snap.Coefficients.Written}{added}",
            _ => string.Join("; ", options.Lammps!.Commands),
        };
    }
}

/// <summary>What a potential is, and what it says of a structure.</summary>
/// <param name="Origin">In words.</param>
/// <param name="Labels">The kinds of atoms it knows.</param>
public sealed record PotentialRecord(string Origin, IReadOnlyList<string> Labels)
{
    /// <summary>Potential energy of the structure, eV; null: no structure was given.</summary>
    public double? Energy { get; init; }

    /// <summary>Largest component of a force, eV/Å.</summary>
    public double? LargestForce { get; init; }

    /// <summary>MPa, compression positive.</summary>
    public double? Pressure { get; init; }
}
