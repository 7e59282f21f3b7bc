using System.CommandLine;
using MofInterop.Cli.Doctor;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Notes = """
        Prints every program with version and place, and the one command that installs what is missing.
        Exit code: 0 everything is there, 1 something is missing.
        """;

    public static Command Create(CliServices services)
    {
        var command = new DocumentedCommand("doctor", "Says which programs are installed and which are missing.", Notes);
        command.SetAction(async (_, cancellation) =>
        {
            var findings = await Examination.RunAsync(cancellation);
            foreach (var finding in findings)
            {
                await services.Output.WriteLineAsync($"{(finding.Present ? "ok     " : "MISSING")} {finding.Name,-12} {finding.Details}");
                if (!finding.Present && finding.Remedy is { } remedy)
                {
                    await services.Output.WriteLineAsync($"{string.Empty,-21}{remedy}");
                }
            }

            var packages = findings.Where(finding => !finding.Present).SelectMany(finding => finding.Packages).Distinct().ToArray();
            if (packages.Length > 0)
            {
                await services.Output.WriteLineAsync($"\nInstall what is missing:\n  {(Environment.IsPrivilegedProcess ? string.Empty : "sudo ")}apt-get install -y {string.Join(' ', packages)}");
            }

            return findings.All(finding => finding.Present) ? ExitCode.Success : ExitCode.Error;
        });
        return command;
    }
}
