using System.Xml.Linq;

// What mostly waits, for the clocks of Slurm's controller, runs beside the others.
const string WaitingTests = "MofInterop.Slurm.Tests";

// Runs every test project and the Python tests, one after another (two cores), and writes the sums to
// artifacts/tests/summary.txt, which build.sh prints last.
void RunTests(DirectoryPath artifacts, string filter)
{
    var results = artifacts.Combine("tests");
    EnsureDirectoryExists(results);
    CleanDirectory(results);
    var failures = new List<string>();
    int passed = 0, failed = 0, skipped = 0;

    var projects = GetFiles("./tests/*.Tests/*.csproj").OrderBy(path => path.FullPath).ToList();
    IProcess Start(FilePath project)
    {
        var name = project.GetFilenameWithoutExtension().ToString();
        Information("Testing {0}", name);
        return StartAndReturnProcess("dotnet", new ProcessSettings
        {
            Arguments = $"test {project.FullPath} --no-build -c {configuration} --filter {filter} --nologo -v q "
                + $"--logger trx;LogFileName={name}.trx --results-directory {results.FullPath}",
        });
    }

    var waiting = projects.Find(project => project.GetFilenameWithoutExtension().ToString() == WaitingTests);
    var early = waiting is null ? null : Start(waiting);
    foreach (var project in projects)
    {
        var name = project.GetFilenameWithoutExtension().ToString();
        using var process = project == waiting ? early : Start(project);
        process.WaitForExit();
        var status = process.GetExitCode();
        var report = results.CombineWithFilePath(name + ".trx");
        if (!FileExists(report))
        {
            if (status != 0)
            {
                failed++;
                failures.Add($"{name}: the test run ended with exit code {status} and no results");
            }

            continue;
        }

        var counters = XDocument.Load(report.FullPath).Descendants().First(e => e.Name.LocalName == "Counters");
        int Count(string attribute) => (int)counters.Attribute(attribute);
        passed += Count("passed");
        failed += Count("failed") + Count("error") + Count("timeout") + Count("aborted");
        skipped += Count("total") - Count("executed");
        if (status != 0)
        {
            failures.Add(name);
            // A crashed test host fails the run even where every finished test had passed.
            failed += Count("failed") == 0 ? 1 : 0;
        }
    }

    if (filter == "Category!=Slow")
    {
        var report = results.CombineWithFilePath("python.xml");
        Information("Testing the Python package");
        var status = StartProcess("/usr/bin/python3", new ProcessSettings
        {
            Arguments = $"-m pytest -q -p no:cacheprovider --junitxml={report.FullPath} Interop/python/tests",
            EnvironmentVariables = new Dictionary<string, string> { ["MOFINTEROP_LIBRARY"] = artifacts.Combine("lib").FullPath, ["PYTHONDONTWRITEBYTECODE"] = "1" },
        });
        if (FileExists(report))
        {
            var suite = XDocument.Load(report.FullPath).Descendants("testsuite").First();
            int Count(string attribute) => (int)suite.Attribute(attribute);
            failed += Count("failures") + Count("errors");
            skipped += Count("skipped");
            passed += Count("tests") - Count("failures") - Count("errors") - Count("skipped");
        }

        if (status != 0)
        {
            failures.Add("Python package");
            failed += FileExists(report) ? 0 : 1;
        }
    }

    System.IO.File.WriteAllText(
        results.CombineWithFilePath("summary.txt").FullPath,
        $"{passed} passed, {failed} failed, {skipped} skipped\n");
    if (failed > 0 || failures.Count > 0)
    {
        throw new CakeException("Failed: " + string.Join("; ", failures));
    }

    if (passed == 0)
    {
        throw new CakeException("No test was run");
    }
}
