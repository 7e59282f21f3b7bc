using System.CommandLine;
using System.Globalization;
using MofInterop.Learning;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop types</c>.</summary>
internal static class TypesCommand
{
    private const string Notes = """
        A type is the element, the number of bonds and a letter for each bonding environment (C3a).
        First come the types with their counts and the types that they are bonded to, then, with
        --atoms, the type of every atom. The names do not depend on cell setting or atom order.
        """;

    public static Command Create(CliServices services)
    {
        var structure = CommonArguments.Structure();
        var tolerance = CommonArguments.BondTolerance();
        var atoms = new Option<bool>("--atoms") { Description = "Also print the type of every atom." };
        var primitive = CommonArguments.Primitive();
        var command = new DocumentedCommand("types", "Prints the atom types of a structure.", Notes) { structure, tolerance, primitive, atoms };
        command.SetAction(async (result, cancellation) =>
        {
            var configuration = await services.Structures.ReadOneAsync(result.GetValue(structure)!, result.GetValue(primitive), cancellation);
            var graph = BondGraph.Build(configuration, new BondSettings { Tolerance = result.GetValue(tolerance) });
            var types = AtomTyping.Assign(graph);
            var output = services.Output;
            await output.WriteLineAsync("type   count  bonded to");
            foreach (var type in types.Types)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{type.Label,-6} {type.Count,5}  {string.Join(' ', type.Neighbors)}"));
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{configuration.Count} atoms, {types.Types.Count} types, {graph.Bonds.Count} bonds"));
            for (var i = 0; i < configuration.Count && result.GetValue(atoms); i++)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{i + 1,6} {configuration.Symbols[i],-2} {types.Labels[i]}"));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
