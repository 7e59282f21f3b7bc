using System.Reflection;

namespace MofInterop.PythonHost;

/// <summary>A Python script with a function <c>run(request)</c>; see <c>harness.py</c>.</summary>
/// <param name="Name">Without extension: names the files of a run.</param>
/// <param name="Text">The source.</param>
public sealed record PythonScript(string Name, string Text)
{
    /// <summary>A script that an assembly carries as the resource <c>&lt;name&gt;.py</c>.</summary>
    public static PythonScript FromResource(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var stream = assembly.GetManifestResourceStream(name + ".py") ?? throw new InvalidOperationException($"{assembly.GetName().Name} carries no script {name}.py");
        using var reader = new StreamReader(stream);
        return new PythonScript(name, reader.ReadToEnd());
    }
}
