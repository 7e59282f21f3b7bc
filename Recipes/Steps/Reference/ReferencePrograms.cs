using System.Globalization;
using MofInterop.ExternalProgram;
using MofInterop.Cp2k;
using MofInterop.Engine;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

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

        var isCommand = options.Program == ReferenceProgram.Command;
        try
        {
            if (isCommand)
            {
                _ = new CommandReference(options.Command!, new ToolRunner(), TimeSpan.MaxValue, 1);
                _ = ProgramFinder.Require(options.Command![0]);
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
    public static bool IncludesDispersion(ReferenceOptions options) => options.Program == ReferenceProgram.Cp2k && Method(options).IncludesDispersion;

    /// <summary>Makes the labeller of a step and notes the program's version.</summary>
    /// <exception cref="MofException">The program is missing.</exception>
    public static async Task<ReferenceLabels> LabelsAsync(ReferenceOptions options, StepServices services, StepContext context, CancellationToken cancellation)
    {
        if (options.Program == ReferenceProgram.Cp2k)
        {
            context.RecordVersion("CP2K", await Cp2kTool.VersionAsync(services.Runner, new Cp2kSettings(), context.StepFolder, cancellation).ConfigureAwait(false));
        }

        var workers = options.Workers ?? services.Runner.SideBySide(options.CoresEach);
        var next = 0;
        IReferenceCalculator Create()
        {
            var place = Interlocked.Increment(ref next).ToString(CultureInfo.InvariantCulture);
            return Calculator(options, services, Path.Combine(context.StepFolder, "reference-" + place));
        }

        return new ReferenceLabels(context, Create, Calculator(options, services, context.StepFolder).Description, workers);
    }

    private static IReferenceCalculator Calculator(ReferenceOptions options, StepServices services, string folder)
    {
        var limit = TimeSpan.FromSeconds(options.TimeLimit.Value);
        return options.Program == ReferenceProgram.Command
            ? new CommandReference(options.Command!, services.Runner, limit, options.CoresEach)
            : new Cp2kLabeller(Method(options), new Cp2kSettings { Threads = options.CoresEach, TimeLimit = limit, Persistent = services.Runner.HasSessions }, services.Runner, folder);
    }

    private static Cp2kMethod Method(ReferenceOptions options) => options.Method switch
    {
        ElectronicMethod.Pbe => new PbeMethod(),
        ElectronicMethod.PbeD3 => new PbeMethod { Dispersion = true },
        _ => new XtbMethod(),
    };
}
