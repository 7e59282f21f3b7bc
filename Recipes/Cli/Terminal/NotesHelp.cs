using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MofInterop.Cli;

/// <summary>A command whose own help says more than its line in the list of commands.</summary>
internal sealed class DocumentedCommand(string name, string summary, string notes) : Command(name, summary)
{
    /// <summary>Printed below the options.</summary>
    public string Notes { get; } = notes;
}

/// <summary>The usual help, and below it the notes of the command.</summary>
internal sealed class NotesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Gives a program this help in place of the usual one.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var usual = (HelpAction)option.Action!;
        usual.MaxWidth = 100;
        option.Action = new NotesHelp(usual);
    }

    /// <summary>Who asks for help need not give the required arguments.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DocumentedCommand command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(command.Notes + Environment.NewLine);
        }

        return exitCode;
    }
}
