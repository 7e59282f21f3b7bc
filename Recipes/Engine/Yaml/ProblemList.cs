using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>Collects everything that is wrong with one recipe file, each with <c>file:line:column</c>.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<(TextPosition Position, MofException Problem)> _problems = [];

    /// <summary>The file as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>How many there are.</summary>
    public int Count => _problems.Count;

    /// <summary>The problems in the order of the file.</summary>
    public IReadOnlyList<MofException> InFileOrder =>
        [.. _problems.OrderBy(p => p.Position.Line).ThenBy(p => p.Position.Column).Select(p => p.Problem)];

    /// <summary>Adds a problem.</summary>
    public void Add(TextPosition position, string what, string? expected = null, string? remedy = null, ErrorKind kind = ErrorKind.FileFormat) =>
        _problems.Add((position, new MofException(kind, what, $"{File}:{position.Line}:{position.Column}", expected, remedy)));
}
