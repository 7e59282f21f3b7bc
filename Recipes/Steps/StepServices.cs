using MofInterop.Execution;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What steps need from the program that runs them.</summary>
/// <param name="Runner">Starts programs; its budget of cores is shared by all steps.</param>
/// <param name="Structures">Reads structure files.</param>
public sealed record StepServices(IToolRunner Runner, StructureReader Structures)
{
    /// <summary>Services whose programs run where the recipe says.</summary>
    public StepServices(ProgramExecutor executor, StructureReader structures)
        : this((IToolRunner)executor, structures) => Executor = executor;

    /// <summary>Decides for each recipe where programs run; null: <see cref="Runner"/> alone, and recipes cannot choose.</summary>
    public ProgramExecutor? Executor { get; }
}
