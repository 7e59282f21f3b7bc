using System.CommandLine;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop report</c>.</summary>
internal static class ReportCommand
{
    public static Command Create(CliServices services)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A run folder that 'mofinterop run' has made, finished or not." };
        var command = new Command("report", "Writes the report of a run folder (one HTML page) again and prints its path.") { folder };
        command.SetAction(async (result, cancellation) =>
        {
            var run = RunFolder.Open(result.GetValue(folder)!);
            var write = services.WriteReport ?? throw new MofException(ErrorKind.Unsupported, "this build of mofinterop writes no reports");
            await services.Output.WriteLineAsync(await write(run, cancellation));
            return ExitCode.Success;
        });
        return command;
    }
}
