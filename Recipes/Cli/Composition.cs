using MofInterop.Engine;

namespace MofInterop.Cli;

/// <summary>Puts the program together: which steps there are and who writes the report.</summary>
internal static class Composition
{
    public static CliServices Create() => new() { Catalog = new StepCatalog() };
}
