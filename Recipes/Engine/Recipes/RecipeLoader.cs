using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>Reads recipe files and finds everything that is wrong with them before anything runs.</summary>
public static partial class RecipeLoader
{
    private static readonly string[] RecipeKeys = ["name", "description", "seed", "steps"];
    private static readonly string[] StepKeys = ["name", "kind", "description", "uses"];

    /// <summary>Reads and checks a recipe. What is wrong with it is in the result; an unreadable file is an exception.</summary>
    /// <param name="file">Path of the recipe; messages name it as given.</param>
    /// <param name="catalog">The kinds of steps it may use.</param>
    /// <param name="executor">In place of the recipe's <c>executor:</c>: <c>local</c>, or the path of a file with its keys.</param>
    /// <exception cref="MofException">The file cannot be read.</exception>
    public static RecipeCheck Load(string file, StepCatalog catalog, string? executor = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = File.Exists(file) ? $"the recipe cannot be read: {exception.Message.TrimEnd('.')}" : "there is no such recipe";
            throw new MofException(ErrorKind.FileFormat, what, file, "the path of a recipe (.yaml)", inner: exception);
        }

        return Parse(text, file, catalog, executor);
    }

    /// <summary>Checks a recipe's text; files that it names are relative to the folder of <paramref name="file"/>.</summary>
    public static RecipeCheck Parse(string text, string file, StepCatalog catalog, string? executor = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var problems = new ProblemList(file);
        var root = new YamlReader(problems).Read(text);
        Recipe? recipe = null;
        var executors = catalog.Executor is { } definition ? new ExecutorReader(definition, problems) : null;
        if (root is YamlMap map)
        {
            var execution = executors?.Read(map, file, executor);
            recipe = Bind(map, text, Path.GetFullPath(file), catalog, problems, executors, execution);
        }
        else if (root is not null)
        {
            problems.Add(root.Start, "a recipe is a group of keys", string.Join(", ", RecipeKeys));
        }

        IReadOnlyList<MofException> all = [.. problems.InFileOrder, .. executors?.FileProblems ?? []];
        return new RecipeCheck(all.Count == 0 ? recipe : null, all)
        {
            Plannable = all.All(problem => problem.Kind == ErrorKind.ToolFailure) ? recipe : null,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    private static partial Regex NamePattern();

    private static Recipe Bind(YamlMap map, string text, string file, StepCatalog catalog, ProblemList problems, ExecutorReader? executors, RecipeExecution? execution)
    {
        string[] recipeKeys = executors is null ? RecipeKeys : [.. RecipeKeys, "executor"];
        string[] stepKeys = executors is null ? StepKeys : [.. StepKeys, "resources"];
        ReportUnknownKeys(map, recipeKeys, problems);
        var name = ReadName(map, "the recipe", problems) ?? string.Empty;
        var description = (map["description"] as YamlScalar)?.Text;
        var seed = ReadSeed(map, problems);
        var drafts = ReadSteps(map, catalog, problems);
        foreach (var draft in drafts)
        {
            StepReferences.Bind(draft, drafts, problems);
        }

        var entries = new List<RecipeEntry>();
        foreach (var draft in StepReferences.Order(drafts, problems))
        {
            var context = new BindingContext(problems, Path.GetDirectoryName(file)!);
            var resources = executors?.ReadResources(draft.Map, file);
            if (draft.Definition?.Options.Bind(draft.Map, context, stepKeys) is { } options)
            {
                entries.Add(new RecipeEntry(draft.Name, draft.Definition, options, draft.Uses, seed, draft.Map.Start, context.Positions) { Resources = resources });
            }
        }

        CheckSteps(entries, problems);
        return new Recipe(file, text, name, description, seed, entries) { Execution = execution };
    }

    /// <summary>Lets every step look at its parameters; those that use a step with problems see no facts from it.</summary>
    private static void CheckSteps(List<RecipeEntry> entries, ProblemList problems)
    {
        var facts = new Dictionary<(string, string), object>();
        foreach (var entry in entries)
        {
            var check = new StepCheck(entry, problems, facts);
            try
            {
                entry.Definition.Check(entry.Options, check);
            }
            catch (MofException exception)
            {
                check.Problem(string.Empty, exception);
            }
        }
    }

    private static List<StepDraft> ReadSteps(YamlMap map, StepCatalog catalog, ProblemList problems)
    {
        var drafts = new List<StepDraft>();
        if (map["steps"] is not YamlList { Items.Count: > 0 } list)
        {
            problems.Add((map["steps"] ?? map).Start, "the recipe has no steps", "steps: a list of steps, each with name and kind");
            return drafts;
        }

        foreach (var item in list.Items)
        {
            if (item is not YamlMap step)
            {
                problems.Add(item.Start, "a step is a group of keys", "name, kind and the parameters of that kind");
                continue;
            }

            var name = ReadName(step, "a step", problems);
            var definition = ReadKind(step, catalog, problems);
            if (name is not null && drafts.Find(draft => draft.Name == name) is { } twin)
            {
                problems.Add(step["name"]!.Start, $"two steps are named '{name}'", remedy: $"The first is on line {twin.Map.Start.Line}; rename one.");
            }
            else if (name is not null)
            {
                drafts.Add(new StepDraft(name, definition, step));
            }
            else
            {
                drafts.Add(new StepDraft($"\0{drafts.Count}", definition, step));
            }
        }

        return drafts;
    }

    private static StepDefinition? ReadKind(YamlMap step, StepCatalog catalog, ProblemList problems)
    {
        if (step["kind"] is not YamlScalar { IsNull: false } kind)
        {
            problems.Add((step["kind"] ?? step).Start, "the step has no kind", $"kind: one of {string.Join(", ", catalog.Kinds)}");
            return null;
        }

        var definition = catalog.Find(kind.Text);
        if (definition is null)
        {
            problems.Add(kind.Start, $"unknown kind of step '{kind.Text}'", $"one of {string.Join(", ", catalog.Kinds)}", Spelling.DidYouMean(kind.Text, catalog.Kinds));
        }

        return definition;
    }

    private static string? ReadName(YamlMap map, string owner, ProblemList problems)
    {
        var value = map["name"];
        if (value is YamlScalar { IsNull: false } scalar && NamePattern().IsMatch(scalar.Text))
        {
            return scalar.Text;
        }

        problems.Add(
            (value ?? map).Start,
            value is YamlScalar { IsNull: false } bad ? $"'{bad.Text}' cannot be the name of {owner}" : $"{owner} has no name",
            "name: letters, digits, '-' and '_' (it becomes the name of a folder)");
        return null;
    }

    private static int ReadSeed(YamlMap map, ProblemList problems)
    {
        switch (map["seed"])
        {
            case null:
                return 1;
            case YamlScalar scalar when int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                return seed;
            case { } other:
                problems.Add(other.Start, "'seed' is not a whole number", "seed: a whole number from 0 to 2147483647");
                return 1;
        }
    }

    private static void ReportUnknownKeys(YamlMap map, string[] known, ProblemList problems)
    {
        foreach (var (key, _) in map.Entries.Where(entry => !known.Contains(entry.Key.Text)))
        {
            problems.Add(key.Start, $"unknown key '{key.Text}'", $"one of {string.Join(", ", known)}", Spelling.DidYouMean(key.Text, known));
        }
    }
}
