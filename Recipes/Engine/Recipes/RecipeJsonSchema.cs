using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The JSON Schema of recipes, from the same parameter descriptions that check them.</summary>
internal static class RecipeJsonSchema
{
    private const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9_-]*$";

    public static JsonObject Create(StepCatalog catalog)
    {
        var schema = Recipe(catalog);
        if (catalog.Executor is { } executor)
        {
            var settings = executor.Settings.JsonSchema();
            settings["description"] = "Where programs run.";
            schema["properties"]!["executor"] = settings;
        }

        return schema;
    }

    private static JsonObject Recipe(StepCatalog catalog) => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "MofInterop recipe",
        ["type"] = "object",
        ["required"] = new JsonArray("name", "steps"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["name"] = Described("string", "Name of the recipe; the run folder is named after it.", NamePattern),
            ["description"] = Described("string", "What the recipe is for."),
            ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = int.MaxValue, ["default"] = 1, ["description"] = "All random numbers of a run follow from it." },
            ["steps"] = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = 1,
                ["description"] = "What is done; a step runs after those it uses.",
                ["items"] = new JsonObject { ["oneOf"] = new JsonArray([.. catalog.Kinds.Select(kind => (JsonNode)new JsonObject { ["$ref"] = $"#/definitions/{kind}" })]) },
            },
        },
        ["definitions"] = new JsonObject(catalog.Definitions.Select(definition => KeyValuePair.Create(definition.Kind, (JsonNode?)Step(definition, catalog.Executor)))),
    };

    private static JsonObject Step(StepDefinition definition, ExecutorDefinition? executor)
    {
        var properties = new JsonObject
        {
            ["name"] = Described("string", "Name of the step, unique in the recipe; its folder is named after it.", NamePattern),
            ["kind"] = new JsonObject { ["const"] = definition.Kind, ["description"] = definition.Summary },
            ["description"] = Described("string", "What the step is for."),
        };
        var required = new JsonArray("name", "kind");
        if (definition.Inputs.Count > 0)
        {
            properties["uses"] = Uses(definition);
            if (definition.Inputs.Any(input => !input.Optional))
            {
                required.Add("uses");
            }
        }

        if (executor is not null)
        {
            var resources = executor.Resources.JsonSchema();
            resources["description"] = "What the programs of this step ask for, in place of the executor's settings.";
            properties["resources"] = resources;
        }

        foreach (var (name, schema) in definition.Options.Properties())
        {
            properties[name] = schema?.DeepClone();
        }

        foreach (var name in definition.Options.RequiredNames())
        {
            required.Add(name?.DeepClone());
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = definition.Summary,
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Uses(StepDefinition definition) => new()
    {
        ["type"] = "object",
        ["description"] = "Outputs of other steps, as step.output.",
        ["properties"] = new JsonObject(definition.Inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)Described("string", input.Description)))),
        ["required"] = new JsonArray([.. definition.Inputs.Where(input => !input.Optional).Select(input => (JsonNode)input.Name)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Described(string type, string description, string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = type, ["description"] = description };
        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }
}
