using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Reports;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>Puts the program together: which steps there are and who writes the report.</summary>
internal static class Composition
{
    public static CliServices Create()
    {
        // Symmetry and figures take a moment each and wait for no core.
        var python = new PythonRunner(new ToolRunner());
        var structures = new StructureReader(python);
        var report = new HtmlReport(python);
        return new CliServices
        {
            Steps = cores => StepLibrary.Create(new StepServices(new ProgramExecutor(new CoreBudget(cores)), structures)),
            Structures = structures,
            WriteReport = (run, cancellation) => report.WriteAsync(RunReport.Describe(run), run.Path, cancellation),
        };
    }
}
