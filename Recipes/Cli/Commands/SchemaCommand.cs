using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop schema</c>.</summary>
internal static class SchemaCommand
{
    private const string Notes = """
        In an editor with a YAML language server, put this on the first line of a recipe:
          # yaml-language-server: $schema=recipe.schema.json
        """;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CliServices services)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Write it to this file instead.", HelpName = "FILE" };
        var command = new DocumentedCommand("schema", "Prints the JSON Schema of recipes, for editors that complete and check YAML.", Notes) { output };
        command.SetAction(result =>
        {
            var text = services.Catalog.JsonSchema().ToJsonString(Json) + "\n";
            if (result.GetValue(output) is { } file)
            {
                File.WriteAllText(file, text);
            }
            else
            {
                services.Output.Write(text);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
