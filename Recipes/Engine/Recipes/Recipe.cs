using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>A recipe whose every key, value and reference has been checked.</summary>
public sealed class Recipe
{
    internal Recipe(string file, string text, string name, string? description, int seed, IReadOnlyList<RecipeEntry> steps)
    {
        File = file;
        Text = text;
        Name = name;
        Description = description;
        Seed = seed;
        Steps = steps;
    }

    /// <summary>Full path of the recipe file.</summary>
    public string File { get; }

    /// <summary>The file as it was read.</summary>
    public string Text { get; }

    /// <summary>The recipe's name.</summary>
    public string Name { get; }

    /// <summary>What it is for, or null.</summary>
    public string? Description { get; }

    /// <summary>The number that all random numbers of the run follow from.</summary>
    public int Seed { get; }

    /// <summary>Where its programs run; null where the catalog leaves that to the steps.</summary>
    public RecipeExecution? Execution { get; internal init; }

    /// <summary>The steps, every one after those it uses; file order otherwise.</summary>
    public IReadOnlyList<RecipeEntry> Steps { get; }

    /// <summary>The recipe with every default filled in, as YAML.</summary>
    public string ResolvedYaml()
    {
        var steps = Steps.Select(step => (JsonNode?)step.Display(Execution)).ToArray();
        var root = new JsonObject { ["name"] = Name };
        if (Description is not null)
        {
            root["description"] = Description;
        }

        root["seed"] = Seed;
        if (Execution?.Display() is { } executor)
        {
            root["executor"] = executor;
        }

        root["steps"] = new JsonArray(steps);
        return YamlText.Write(root);
    }
}

/// <summary>The output of a step that another step uses.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Output">Name of its output.</param>
public sealed record OutputReference(string Step, string Output)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Step}.{Output}";
}

/// <summary>One step of a recipe.</summary>
public sealed class RecipeEntry
{
    private readonly TextPosition _position;
    private readonly IReadOnlyDictionary<string, TextPosition> _positions;
    private readonly int _recipeSeed;

    internal RecipeEntry(
        string name,
        StepDefinition definition,
        object options,
        IReadOnlyDictionary<string, OutputReference> uses,
        int recipeSeed,
        TextPosition position,
        IReadOnlyDictionary<string, TextPosition> positions)
    {
        Name = name;
        Definition = definition;
        Options = options;
        Uses = uses;
        _recipeSeed = recipeSeed;
        _position = position;
        _positions = positions;
    }

    /// <summary>The name of the step, unique in the recipe.</summary>
    public string Name { get; }

    /// <summary>Its kind.</summary>
    public StepDefinition Definition { get; }

    /// <summary>What it takes from where, by input name.</summary>
    public IReadOnlyDictionary<string, OutputReference> Uses { get; }

    internal object Options { get; }

    /// <summary>What its programs ask of the executor, or null.</summary>
    internal object? Resources { get; init; }

    /// <summary>
    /// A seed from 1 to 900 000 000 (the range of LAMMPS's Marsaglia generator) that depends on the recipe's seed, the
    /// step's name and the purpose, and on nothing else.
    /// </summary>
    public int Seed(string purpose)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_recipeSeed}\0{Name}\0{purpose}"));
        return (int)(BitConverter.ToUInt32(hash) % 900_000_000) + 1;
    }

    /// <summary>Where a parameter stands; where it is left out, where its group or the step does.</summary>
    internal TextPosition PositionOf(string parameter)
    {
        // Names that a user gave (groups.Displaced_A15) stand as they are.
        if (_positions.TryGetValue(parameter, out var exact))
        {
            return exact;
        }

        var path = string.Join('.', parameter.Split('.').Select(part =>
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            return JsonNamingPolicy.SnakeCaseLower.ConvertName(name) + part[name.Length..];
        }));
        while (path.Length > 0)
        {
            if (_positions.TryGetValue(path, out var position))
            {
                return position;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return _position;
    }

    /// <summary>The step as the resolved recipe shows it.</summary>
    internal JsonObject Display(RecipeExecution? execution)
    {
        var step = new JsonObject { ["name"] = Name, ["kind"] = Definition.Kind };
        if (Uses.Count > 0)
        {
            step["uses"] = new JsonObject(Uses.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToString())));
        }

        if (Resources is not null)
        {
            step["resources"] = execution?.DisplayResources(Resources);
        }

        foreach (var (key, value) in (JsonObject)Definition.Options.Display(Options)!)
        {
            step[key] = value?.DeepClone();
        }

        return step;
    }

    /// <summary>
    /// All that the step's result depends on: kind, revision, seed, parameters, contents of input files, and the
    /// fingerprints of the steps it uses.
    /// </summary>
    internal StepIdentity Identity(IReadOnlyDictionary<string, string> fingerprints)
    {
        var uses = Uses.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)$"{pair.Value}@{fingerprints[pair.Value.Step]}"));
        return new StepIdentity(new JsonObject
        {
            ["kind"] = Definition.Kind,
            ["revision"] = Definition.Revision,
            ["seed"] = _recipeSeed,
            ["uses"] = new JsonObject(uses),
            ["parameters"] = Definition.Options.Identity(Options),
        });
    }
}
