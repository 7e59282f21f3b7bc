using System.Xml.Linq;
using MofInterop.TestKit;

namespace MofInterop.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, held against the project files and the sources.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["PairStyleNative/Potentials"] = [],
        ["PairStyleNative/ModelFiles"] = ["PairStyleNative/Potentials"],
        ["PairStyleNative/CAbi"] = ["PairStyleNative/ModelFiles", "PairStyleNative/Potentials"],
        ["PairStyleNative/kim"] = [],
        ["Adapters/Execution"] = ["PairStyleNative/Potentials"],
        ["Interop/PythonHost"] = ["Adapters/Execution"],
        ["Adapters/Structures"] = ["PairStyleNative/Potentials", "Interop/PythonHost"],
        ["Adapters/Lammps"] = ["Adapters/Execution", "Adapters/Structures", "PairStyleNative/Potentials"],
        ["Adapters/Cp2k"] = ["Adapters/Execution", "Adapters/Structures", "PairStyleNative/Potentials"],
        ["Adapters/Vasp"] = ["Adapters/Execution", "Adapters/Structures", "PairStyleNative/Potentials"],
        ["Adapters/Zeopp"] = ["Adapters/Execution", "Adapters/Structures", "PairStyleNative/Potentials"],
        ["Adapters/ExternalProgram"] = ["Adapters/Execution", "Adapters/Structures", "Interop/PythonHost", "PairStyleNative/Potentials"],
        ["Adapters/Slurm"] = ["Adapters/Execution", "PairStyleNative/Potentials"],
        ["Recipes/Engine"] = ["PairStyleNative/Potentials"],
        ["Recipes/Learning"] = ["PairStyleNative/Potentials", "PairStyleNative/ModelFiles", "Adapters/Structures"],
        ["Recipes/Analysis"] = ["PairStyleNative/Potentials", "Adapters/Structures"],
        ["Recipes/Reports"] = ["Recipes/Analysis", "Adapters/Structures"],
        ["Recipes/Steps"] = ["Recipes/Engine", "Recipes/Learning", "Recipes/Analysis", "Adapters/Lammps", "Adapters/Cp2k", "Adapters/Vasp", "Adapters/ExternalProgram", "Adapters/Slurm", "Adapters/Zeopp", "PairStyleNative/ModelFiles"],
        ["Recipes/Cli"] = ["Recipes/Steps", "Recipes/Engine", "Recipes/Reports"],
    };

    [Fact]
    public void Every_project_depends_only_on_what_the_design_allows()
    {
        foreach (var project in ProjectFiles())
        {
            var folder = RelativeFolder(project);
            Allowed.ShouldContainKey(folder, $"a new project needs its arrows here and in docs/architecture.md");
            foreach (var reference in References(project))
            {
                Allowed[folder].ShouldContain(reference, $"{folder} → {reference} is not an arrow of the design");
            }
        }
    }

    [Fact]
    public void Code_that_is_compiled_ahead_of_time_touches_no_console_and_no_process()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "PairStyleNative", "Potentials"), "*.cs", SearchOption.AllDirectories).Where(IsSource))
        {
            var text = File.ReadAllText(file);
            foreach (var forbidden in new[] { "Console.", "System.Diagnostics.Process", "File.Open", "File.Read", "File.Write" })
            {
                text.ShouldNotContain(forbidden, Case.Sensitive, $"{file}: Potentials are pure");
            }
        }
    }

    [Fact]
    public void Only_the_execution_project_starts_processes()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories).Where(IsSource))
        {
            var relative = Path.GetRelativePath(Repository.Root, file);
            if (relative.StartsWith("Adapters/Execution", StringComparison.Ordinal) || relative.StartsWith("tests", StringComparison.Ordinal))
            {
                continue;
            }

            File.ReadAllText(file).ShouldNotContain("Process.Start", Case.Sensitive, relative);
        }
    }

    [Fact]
    public void Only_the_LAMMPS_folder_includes_LAMMPS_headers()
    {
        var native = Path.Combine(Repository.Root, "PairStyleNative");
        foreach (var file in Directory.EnumerateFiles(native, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".h", StringComparison.Ordinal) || f.EndsWith(".c", StringComparison.Ordinal) || f.EndsWith(".cpp", StringComparison.Ordinal)))
        {
            if (!Path.GetRelativePath(native, file).StartsWith("lammps", StringComparison.Ordinal))
            {
                File.ReadAllText(file).ShouldNotContain("LAMMPS_NS", Case.Sensitive, file);
            }
        }
    }

    private static IEnumerable<string> ProjectFiles() =>
        new[] { "PairStyleNative", "Interop", "Adapters", "Recipes" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.csproj", SearchOption.AllDirectories));

    private static string RelativeFolder(string project) =>
        Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(project)!).Replace('\\', '/');

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(e => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, e.Attribute("Include")!.Value)))
            .Select(RelativeFolder);

    private static bool IsSource(string file) => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal);
}
