using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>Puts the program together: which steps there are and who writes the report.</summary>
internal static class Composition
{
    public static CliServices Create()
    {
        var runner = new ToolRunner();
        var structures = new StructureReader(new PythonRunner(runner));
        return new CliServices { Catalog = StepLibrary.Create(new StepServices(runner, structures)) };
    }
}
