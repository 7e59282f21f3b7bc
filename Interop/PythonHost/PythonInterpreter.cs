namespace MofInterop.PythonHost;

/// <summary>A Python that has what the suite needs.</summary>
/// <param name="Path">Absolute path of the program.</param>
/// <param name="Versions">Version of <c>python</c> and of each module by name.</param>
public sealed record PythonInterpreter(string Path, IReadOnlyDictionary<string, string> Versions);
