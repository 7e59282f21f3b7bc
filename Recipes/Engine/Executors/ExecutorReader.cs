using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>Reads <c>executor:</c> of a recipe, or the file that stands in for it, and the <c>resources:</c> of steps.</summary>
internal sealed class ExecutorReader(ExecutorDefinition definition, ProblemList recipeProblems)
{
    private ProblemList? _fileProblems;
    private object _settings = definition.Default;

    /// <summary>Problems of the file that stands in for the recipe's settings.</summary>
    public IReadOnlyList<MofException> FileProblems => _fileProblems?.InFileOrder ?? [];

    /// <summary>Reads the settings of a recipe.</summary>
    /// <param name="map">The recipe.</param>
    /// <param name="file">The recipe's path.</param>
    /// <param name="instead"><c>local</c>, or the path of a file with the keys of <c>executor:</c>; null: the recipe's own.</param>
    public RecipeExecution Read(YamlMap map, string file, string? instead)
    {
        if (instead == "local")
        {
            return new RecipeExecution(definition, _settings, null);
        }

        if (instead is null)
        {
            return Bind(map["executor"], file, recipeProblems);
        }

        string text;
        try
        {
            text = File.ReadAllText(instead);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MofException(ErrorKind.FileFormat, "the settings of the executor cannot be read", instead, "'local', or the path of a YAML file with the keys of 'executor:'", inner: exception);
        }

        _fileProblems = new ProblemList(instead);
        return Bind(new YamlReader(_fileProblems).Read(text), instead, _fileProblems);
    }

    /// <summary>Reads a step's resources; null where it has none or they have problems.</summary>
    public object? ReadResources(YamlMap step, string file)
    {
        if (step["resources"] is not { } value)
        {
            return null;
        }

        var context = new BindingContext(recipeProblems, Path.GetDirectoryName(Path.GetFullPath(file))!);
        var resources = definition.Resources.Bind(value, context);
        if (resources is not null)
        {
            definition.CheckResources(_settings, resources, new ExecutorCheck(recipeProblems, context.Positions, value.Start));
        }

        return resources;
    }

    private RecipeExecution Bind(YamlValue? value, string file, ProblemList problems)
    {
        if (value is null)
        {
            return new RecipeExecution(definition, _settings, null);
        }

        var context = new BindingContext(problems, Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (definition.Settings.Bind(value, context) is { } settings)
        {
            _settings = settings;
            definition.Check(settings, new ExecutorCheck(problems, context.Positions, value.Start));
        }

        return new RecipeExecution(definition, _settings, $"{problems.File}:{value.Start.Line}:{value.Start.Column}");
    }
}
