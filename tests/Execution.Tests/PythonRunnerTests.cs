using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Execution.Tests;

public sealed class PythonRunnerTests : IDisposable
{
    private static readonly PythonRunner Python = new(new ToolRunner());

    private readonly string _folder = Directory.CreateTempSubdirectory("mof-python-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_interpreter_with_ASE_is_found_whichever_is_first_on_the_path()
    {
        var interpreter = await Python.FindInterpreterAsync();
        interpreter.Versions.Keys.ShouldBe(["python", "ase", "numpy", "spglib", "matplotlib"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_script_gets_and_returns_values()
    {
        var script = new PythonScript("scale", "import numpy\ndef run(request):\n    print('chatter')\n    return {'scaled_values': (numpy.array(request['raw_values']) * request['factor']).tolist()}\n");
        var result = await Python.RunAsync<Scaled>(script, new { RawValues = new[] { 0.1, 1e-300 }, Factor = 3 });
        result.ScaledValues.ShouldBe([0.1 * 3, 1e-300 * 3]);
    }

    [Fact]
    public async Task A_problem_that_the_user_can_mend_keeps_its_parts()
    {
        var script = new PythonScript("refuse", "def run(request):\n    raise Problem('no cell', 'a.cif:3', expected='a cell', remedy='Add one.')\n");
        var error = await Should.ThrowAsync<MofException>(Python.RunAsync<Scaled>(script, new { }));
        error.Message.ShouldBe("a.cif:3: no cell; expected a cell. Add one.");
    }

    [Fact]
    public async Task A_defect_shows_the_end_of_the_traceback_and_keeps_the_folder()
    {
        var script = new PythonScript("fail", "def run(request):\n    return 1 / request['zero']\n");
        var error = await Should.ThrowAsync<MofException>(Python.RunAsync<Scaled>(script, new { Zero = 0 }, _folder));
        error.Kind.ShouldBe(ErrorKind.ToolFailure);
        error.Message.ShouldContain("ZeroDivisionError");
        error.Message.ShouldContain(_folder);
        File.Exists(Path.Combine(_folder, "fail.input.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_interpreter_that_lacks_modules_is_refused_with_what_it_lacks()
    {
        var bare = Path.Combine(_folder, "python3");
        await File.WriteAllTextAsync(bare, "#!/bin/sh\nexec /usr/bin/python3 -S -I \"$@\"\n");
        await new ToolRunner().RunAsync(new ToolCommand { Name = "chmod", Program = "chmod", Arguments = ["+x", bare], WorkingDirectory = _folder });
        var error = await Should.ThrowAsync<MofException>(new PythonRunner(new ToolRunner(), bare).FindInterpreterAsync());
        error.Message.ShouldContain($"{bare} lacks ase (No module named 'ase')");
        error.Message.ShouldContain("apt install");
    }

    private sealed record Scaled(double[] ScaledValues);
}
