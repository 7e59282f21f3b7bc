using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using MofInterop.ExternalProgram;
using MofInterop.Cp2k;
using MofInterop.Engine;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;
using MofInterop.Vasp;

namespace MofInterop.Steps;

/// <summary>Turns the reference options of a recipe into calculators.</summary>
internal static class ReferencePrograms
{
    private static readonly ConditionalWeakTable<ReferenceOptions, AseCalculator> _calculators = [];
    private static readonly ConcurrentDictionary<string, AseTrial> _trials = new();

    /// <summary>Reports what can be known to fail before anything runs: a missing command, an element that the method lacks.</summary>
    public static void Check(ReferenceOptions options, string parameter, StepCheck check, TypedStructure? structure)
    {
        if (options.Program == ReferenceProgram.Command && options.Command is not { Count: > 1 })
        {
            check.Problem(parameter, "program: command needs the command line", "command: [program, '{input}', '{output}']");
            return;
        }

        if (options.Program == ReferenceProgram.Ase)
        {
            CheckAse(options, parameter, check);
            return;
        }

        var isCommand = options.Program == ReferenceProgram.Command;
        try
        {
            if (isCommand)
            {
                _ = new CommandReference(options.Command!, new ToolRunner(), TimeSpan.MaxValue, 1);
                _ = ProgramFinder.Require(options.Command![0]);
            }
            else if (options.Program == ReferenceProgram.Vasp)
            {
                CheckVasp(options, parameter, check, structure);
            }
            else if (structure is not null)
            {
                Method(options).Check(structure.Configuration);
            }
        }
        catch (MofException error)
        {
            check.Problem(parameter + (isCommand ? ".command" : ".method"), error);
        }
    }

    /// <summary>Whether labels hold dispersion already, so that none may be added in molecular dynamics.</summary>
    public static bool IncludesDispersion(ReferenceOptions options) => options.Program switch
    {
        ReferenceProgram.Cp2k => Method(options).IncludesDispersion,
        ReferenceProgram.Vasp => options.Vasp.Method(options.Method).IncludesDispersion,
        _ => false,
    };

    /// <summary>Makes the labeller of a step and notes the program's version.</summary>
    /// <param name="options">The recipe's options.</param>
    /// <param name="services">Starts programs.</param>
    /// <param name="context">The running step.</param>
    /// <param name="elements">The chemical elements that will be labelled.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">The program is missing.</exception>
    public static async Task<ReferenceLabels> LabelsAsync(ReferenceOptions options, StepServices services, StepContext context, IReadOnlyList<string> elements, CancellationToken cancellation)
    {
        switch (options.Program)
        {
            case ReferenceProgram.Cp2k:
                context.RecordVersion("CP2K", await Cp2kTool.VersionAsync(services.Runner, new Cp2kSettings(), context.StepFolder, cancellation).ConfigureAwait(false));
                break;
            case ReferenceProgram.Vasp:
                _ = VaspLabeller.Require(VaspSettingsOf(options));
                break;
            case ReferenceProgram.Ase:
                var trial = await TryAseAsync(options, cancellation).ConfigureAwait(false);
                context.RecordVersion("ASE", trial.Version ?? throw new MofException(ErrorKind.ToolFailure, trial.Problem!));
                break;
        }

        var workers = options.Workers ?? services.Runner.SideBySide(options.CoresEach);
        var watched = services with { Runner = new WatchedRunner(services.Runner, ProgramUse.Reference, context) { KeepsPrograms = !options.Independent } };
        var next = 0;
        var rules = new LabelRules(options.LargestForce.Value, options.Stress == StressUse.Required);
        IReferenceCalculator Create(int attempt)
        {
            var place = Interlocked.Increment(ref next).ToString(CultureInfo.InvariantCulture);
            return Calculator(options, watched, elements, Path.Combine(context.StepFolder, "reference-" + place), version => context.RecordVersion("VASP", version), attempt);
        }

        return new ReferenceLabels(context, () => new RetryingReference(Create, options.Retries, rules.Problem), Calculator(options, services, elements, context.StepFolder).Description, workers)
        {
            Quorum = new LabelQuorum(options.AtLeast.Value),
            Rules = rules,
            DependOnTypes = options.Program == ReferenceProgram.Ase,
        };
    }

    /// <summary>Writes what the program would be given for one configuration.</summary>
    /// <exception cref="MofException">A deck cannot be made.</exception>
    public static void WriteDeck(ReferenceOptions options, AtomicConfiguration configuration, StepDecks decks, string name)
    {
        var folder = decks.Folder(name);
        switch (options.Program)
        {
            case ReferenceProgram.Cp2k:
                File.WriteAllText(Path.Combine(folder, "cp2k.inp"), Cp2kInput.Write(configuration, Method(options)));
                break;
            case ReferenceProgram.Vasp:
                WriteVaspDeck(options, configuration, decks, folder);
                break;
            case ReferenceProgram.Ase:
                ExtendedXyz.Write(Path.Combine(folder, "input.extxyz"), configuration.With((ReferenceLabel?)null));
                File.WriteAllText(Path.Combine(folder, "calculator.txt"), AseOf(options).Description + "\n");
                break;
            default:
                ExtendedXyz.Write(Path.Combine(folder, "input.extxyz"), configuration.With((ReferenceLabel?)null));
                File.WriteAllText(Path.Combine(folder, "command.txt"), string.Join(' ', options.Command!) + "\n");
                break;
        }
    }

    private static void WriteVaspDeck(ReferenceOptions options, AtomicConfiguration configuration, StepDecks decks, string folder)
    {
        var method = options.Vasp.Method(options.Method);
        VaspPotentials? library = null;
        try
        {
            library = options.Vasp.Library();
            _ = library.Assemble(configuration.Symbols.Distinct());
        }
        catch (MofException missing)
        {
            library = null;
            decks.Say($"{folder} has no POTCAR: {missing.Message}");
        }

        VaspInput.Write(folder, configuration, method, VaspScf.AsSet(method), library);
    }

    private static IReferenceCalculator Calculator(ReferenceOptions options, StepServices services, IReadOnlyList<string> elements, string folder, Action<string>? vaspVersion = null, int attempt = 1)
    {
        var limit = TimeSpan.FromSeconds(options.TimeLimit.Value);
        return options.Program switch
        {
            ReferenceProgram.Command => new CommandReference(options.Command!, services.Runner, limit, options.CoresEach) { Attempt = attempt },
            ReferenceProgram.Vasp => new VaspLabeller(options.Vasp.Method(options.Method), VaspSettingsOf(options), options.Vasp.Library(), elements, services.Runner) { VersionFound = vaspVersion },
            ReferenceProgram.Ase => new AseReference(AseOf(options), services.Runner, limit, options.CoresEach, folder),
            _ => new Cp2kLabeller(Method(options), new Cp2kSettings { Threads = options.CoresEach, TimeLimit = limit, Persistent = services.Runner.HasSessions }, services.Runner, folder),
        };
    }

    private static AseCalculator AseOf(ReferenceOptions options) => _calculators.GetValue(options, MakeAse);

    private static AseCalculator MakeAse(ReferenceOptions options)
    {
        static AseFile File(InputData data) => new(data.Path, data.ContentHash());
        var script = options.Script is { } given ? File(given) : null;
        var name = options.Calculator!;
        if (script is null && FileOf(name) is { } file && Path.Exists(file))
        {
            (script, name) = (File(new InputData(file)), name[(name.LastIndexOf(':') + 1)..]);
        }

        return new AseCalculator(name, options.Arguments, options.Python) { Script = script, Files = options.Files.ToDictionary(pair => pair.Key, pair => File(pair.Value)) };
    }

    /// <summary>The file in <c>file.py:Class</c>, or null.</summary>
    private static string? FileOf(string calculator) => calculator.Split(".py:") is [var stem, _] ? stem + ".py" : null;

    /// <summary>One trial for all steps with the same calculator: Python takes a second to start, and a large model longer.</summary>
    private static async Task<AseTrial> TryAseAsync(ReferenceOptions options, CancellationToken cancellation = default)
    {
        var calculator = AseOf(options);
        var key = $"{calculator.Python}\n{calculator.Script?.Path}\n{calculator.Description}";
        if (_trials.TryGetValue(key, out var known))
        {
            return known;
        }

        var trial = await calculator.TryAsync(new ToolRunner(), cancellation).ConfigureAwait(false);
        if (trial.Problem is null)
        {
            _trials[key] = trial;
        }

        return trial;
    }

    /// <summary>Makes the calculator once in Python, so that what it lacks is told at the parameter that could give it.</summary>
    private static void CheckAse(ReferenceOptions options, string parameter, StepCheck check)
    {
        if (string.IsNullOrWhiteSpace(options.Calculator))
        {
            check.Problem(parameter, "program: ase needs a calculator", "calculator: emt, package.module:Class, or script: file.py, calculator: Class");
            return;
        }

        if (options.Script is null && FileOf(options.Calculator) is { } file && !Path.IsPathRooted(file))
        {
            check.Problem($"{parameter}.calculator", $"'{file}' is relative, and calculator is no file name", $"script: {file}, calculator: {options.Calculator[(options.Calculator.LastIndexOf(':') + 1)..]}");
            return;
        }

        if (options.Arguments.Keys.FirstOrDefault(options.Files.ContainsKey) is { } twice)
        {
            check.Problem($"{parameter}.files", $"the argument {twice} stands in arguments and in files", "one of them");
            return;
        }

        var trial = TryAseAsync(options).GetAwaiter().GetResult();
        if (trial.Problem is { } problem)
        {
            check.Problem($"{parameter}.{trial.Parameter}", problem, remedy: "Make the calculator in that Python by hand, or give python: the interpreter that has it", kind: ErrorKind.ToolFailure);
        }
    }

    private static VaspSettings VaspSettingsOf(ReferenceOptions options) =>
        new() { Command = options.Vasp.Command, TimeLimit = TimeSpan.FromSeconds(options.TimeLimit.Value), Cores = options.CoresEach };

    /// <summary>What VASP lacks is told at the parameter that could give it: program, potentials, tags.</summary>
    private static void CheckVasp(ReferenceOptions options, string parameter, StepCheck check, TypedStructure? structure)
    {
        void Try(string name, Action test)
        {
            try
            {
                test();
            }
            catch (MofException error)
            {
                check.Problem(parameter + name, error);
            }
        }

        Try(".method", () => options.Vasp.Method(options.Method));
        Try(".vasp.command", () => VaspLabeller.Require(VaspSettingsOf(options)));
        Try(".vasp.incar", () => options.Vasp.Method(ElectronicMethod.Pbe).Check());
        Try(".vasp.potentials", () =>
        {
            var library = options.Vasp.Library();
            if (structure is not null)
            {
                VaspMethod.Check(structure.Configuration);
                _ = library.Assemble(structure.Configuration.Symbols.Distinct());
            }
        });
    }

    /// <summary>The method as CP2K takes it.</summary>
    internal static Cp2kMethod Method(ReferenceOptions options) => options.Method switch
    {
        ElectronicMethod.Pbe => new PbeMethod(),
        ElectronicMethod.PbeD3 => new PbeMethod { Dispersion = true },
        ElectronicMethod.Dftb => new DftbMethod(DftbParameters.Read(options.DftbParameters?.Path)),
        _ => new XtbMethod(),
    };
}
