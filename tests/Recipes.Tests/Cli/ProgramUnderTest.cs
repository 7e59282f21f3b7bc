using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.EngineHost;
using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Cli;

/// <summary>The program in this process, in a folder of its own, with toy steps.</summary>
public sealed class ProgramUnderTest : IDisposable
{
    /// <summary>A recipe of toy steps.</summary>
    public const string Toy = """
        name: toy
        steps:
          - {name: start, kind: toy-structure, file: numbers.txt}
          - name: learn
            kind: toy-learn
            uses: {structure: start}
            schedule: [{temperature: 100 K}]
        """;

    internal static readonly StructureReader Structures = new(new PythonRunner(new ToolRunner()));

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public ProgramUnderTest()
    {
        Folder = Directory.CreateTempSubdirectory("mofinterop-cli-").FullName;
        Write("numbers.txt", "1\n2\n");
    }

    /// <summary>The program with the steps that users have.</summary>
    public static ProgramUnderTest WithRealSteps() => new() { Catalog = StepLibrary.Create(new StepServices(new ToolRunner(), Structures)) };

    public string Folder { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>The steps that recipes may use.</summary>
    public StepCatalog Catalog { get; init; } = new StepCatalog().Add(new ToyStructureStep()).Add(new ToyLearnStep());

    public Func<RunFolder, CancellationToken, Task<string>>? WriteReport { get; set; }

    public string this[string name] => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Runs a command; words are separated by spaces.</summary>
    public Task<int> Run(string command, CancellationToken cancellation = default) => CommandLine.RunAsync(
        command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        new CliServices
        {
            Structures = Structures,
            Steps = _ => Catalog,
            WriteReport = WriteReport,
            Output = _output,
            Error = _error,
            Live = false,
        },
        cancellation);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
