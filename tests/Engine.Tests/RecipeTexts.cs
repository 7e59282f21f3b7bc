using MofInterop.EngineHost;

namespace MofInterop.Engine.Tests;

/// <summary>A folder that is removed after the test, and toy recipes in it.</summary>
public sealed class Scratch : IDisposable
{
    /// <summary>The recipe that most tests change in one place.</summary>
    public const string Toy = """
        name: toy
        seed: 7
        steps:
          - name: start
            kind: toy-structure
            file: numbers.txt
          - name: learn
            kind: toy-learn
            uses: {structure: start.structure}
            runs: 2
            schedule:
              - temperature: 100 K
              - temperature: 200 K
                length: 0.5 ps
        """;

    public Scratch()
    {
        Folder = Directory.CreateTempSubdirectory("mofinterop-engine-").FullName;
        Write("numbers.txt", "1\n2\n3.5\n");
    }

    public string Folder { get; }

    public string this[string name] => Path.Combine(Folder, name);

    public static StepCatalog Catalog => new StepCatalog().Add(new ToyStructureStep()).Add(new ToyLearnStep());

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Checks a recipe text and returns its messages with the folder's path removed.</summary>
    public IReadOnlyList<string> Problems(string recipe) =>
        [.. RecipeLoader.Parse(recipe, this["r.yaml"], Catalog).Problems.Select(problem => problem.Message.Replace(Folder + "/", string.Empty, StringComparison.Ordinal))];

    public Recipe Recipe(string text) => RecipeLoader.Parse(text, this["r.yaml"], Catalog).Require();

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Keeps what a run says.</summary>
public sealed class RecordingSink : IProgressSink
{
    private readonly Lock _gate = new();

    public List<string> Messages { get; } = [];

    public List<ProgressUpdate> Updates { get; } = [];

    public void Message(MessageLevel level, string? step, string text)
    {
        lock (_gate)
        {
            Messages.Add(text);
        }
    }

    public void Progress(ProgressUpdate update)
    {
        lock (_gate)
        {
            Updates.Add(update);
        }
    }
}
