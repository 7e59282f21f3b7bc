using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>What the commands need from the rest of the suite, put together in one place.</summary>
public sealed record CliServices
{
    /// <summary>The kinds of steps that recipes may use, for a number of processor cores that they may use together.</summary>
    public required Func<int, StepCatalog> Steps { get; init; }

    /// <summary>Reads structure files.</summary>
    public required StructureReader Structures { get; init; }

    /// <summary>Writes the report of a run folder and returns the path of its page; null: this build makes none.</summary>
    public Func<RunFolder, CancellationToken, Task<string>>? WriteReport { get; init; }

    /// <summary>Where results go.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where messages go.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Show live progress; null: when the terminal can.</summary>
    public bool? Live { get; init; }

    /// <summary>The steps with all cores of the machine.</summary>
    internal StepCatalog Catalog => Steps(Environment.ProcessorCount);
}
