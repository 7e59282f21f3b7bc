using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Reports;

/// <summary>Draws figures with matplotlib, all of a report in one go.</summary>
public sealed class FigureMaker
{
    private static readonly PythonScript DrawFigures = PythonScript.FromResource(typeof(FigureMaker).Assembly, "draw_figures");

    private readonly PythonRunner _python;

    /// <summary>Creates a maker.</summary>
    public FigureMaker(PythonRunner python)
    {
        ArgumentNullException.ThrowIfNull(python);
        _python = python;
    }

    /// <summary>Writes <c>&lt;name&gt;.svg</c> for every figure into a folder, which is made where it is missing, and returns the files in the order of the figures.</summary>
    /// <exception cref="MofException">Two figures of one name, or a name that is no file name (InvalidArgument); no Python with matplotlib (ToolFailure).</exception>
    public async Task<IReadOnlyList<string>> DrawAsync(IReadOnlyList<Figure> figures, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in figures.Select(figure => figure.Name))
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !names.Add(name))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a figure is named '{name}'", expected: "letters, digits and hyphens, once per report");
            }
        }

        Directory.CreateDirectory(folder);
        return figures.Count == 0
            ? []
            : await _python.RunAsync<string[]>(DrawFigures, new DrawingRequest(figures, Path.GetFullPath(folder)), cancellation: cancellation).ConfigureAwait(false);
    }

    private sealed record DrawingRequest(IReadOnlyList<Figure> Figures, string Folder);
}
