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
        var runner = new ToolRunner();
        var python = new PythonRunner(runner);
        var report = new HtmlReport(python);
        return new CliServices
        {
            Catalog = StepLibrary.Create(new StepServices(runner, new StructureReader(python))),
            WriteReport = (run, cancellation) => report.WriteAsync(RunReport.Describe(run), run.Path, cancellation),
        };
    }
}
