using System.Globalization;
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
                var trial = await AseOf(options).TryAsync(new ToolRunner(), cancellation).ConfigureAwait(false);
                context.RecordVersion("ASE", trial.Version ?? throw new MofException(ErrorKind.ToolFailure, trial.Problem!));
                break;
        }

        var workers = options.Workers ?? services.Runner.SideBySide(options.CoresEach);
        var next = 0;
        IReferenceCalculator Create()
        {
            var place = Interlocked.Increment(ref next).ToString(CultureInfo.InvariantCulture);
            return Calculator(options, services, elements, Path.Combine(context.StepFolder, "reference-" + place), version => context.RecordVersion("VASP", version));
        }

        return new ReferenceLabels(context, Create, Calculator(options, services, elements, context.StepFolder).Description, workers) { Quorum = new LabelQuorum(options.AtLeast.Value) };
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

    private static IReferenceCalculator Calculator(ReferenceOptions options, StepServices services, IReadOnlyList<string> elements, string folder, Action<string>? vaspVersion = null)
    {
        var limit = TimeSpan.FromSeconds(options.TimeLimit.Value);
        return options.Program switch
        {
            ReferenceProgram.Command => new CommandReference(options.Command!, services.Runner, limit, options.CoresEach),
            ReferenceProgram.Vasp => new VaspLabeller(options.Vasp.Method(options.Method), VaspSettingsOf(options), options.Vasp.Library(), elements, services.Runner) { VersionFound = vaspVersion },
            ReferenceProgram.Ase => new AseReference(AseOf(options), services.Runner, limit, options.CoresEach, folder),
            _ => new Cp2kLabeller(Method(options), new Cp2kSettings { Threads = options.CoresEach, TimeLimit = limit, Persistent = services.Runner.HasSessions }, services.Runner, folder),
        };
    }

    private static AseCalculator AseOf(ReferenceOptions options) => new(options.Calculator!, options.Arguments, options.Python);

    /// <summary>Makes the calculator once in Python, so that what it lacks is told at the parameter that could give it.</summary>
    private static void CheckAse(ReferenceOptions options, string parameter, StepCheck check)
    {
        if (string.IsNullOrWhiteSpace(options.Calculator))
        {
            check.Problem(parameter, "program: ase needs a calculator", "calculator: emt, package.module:Class or /path/file.py:Class");
            return;
        }

        var trial = AseOf(options).TryAsync(new ToolRunner()).GetAwaiter().GetResult();
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
