using System.Text.Json.Nodes;
using MofInterop.Cli;

namespace MofInterop.Recipes.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly ProgramUnderTest _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("", "mofinterop doctor")]
    [InlineData("run", "130 interrupted")]
    [InlineData("validate", "file:line:column")]
    [InlineData("report", "run folder")]
    [InlineData("evaluate", "xx yy zz yz xz xy")]
    [InlineData("types", "number of bonds")]
    [InlineData("pores", "hard spheres")]
    [InlineData("rings", "primitive rings")]
    [InlineData("card", "read as data")]
    [InlineData("doctor", "the one command that installs what is missing")]
    [InlineData("schema", "yaml-language-server")]
    public async Task Every_command_has_help(string command, string says)
    {
        (await _program.Run($"{command} --help")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain(says);
        _program.Output.Split('\n').Max(line => line.Length).ShouldBeLessThanOrEqualTo(101);
    }

    [Theory]
    [InlineData("rnu", "'rnu'")]
    [InlineData("run", "RECIPE")]
    [InlineData("run r.yaml --cores none", "--cores is 'none'; expected a whole number from 1")]
    [InlineData("run absent.yaml", "absent.yaml: there is no such recipe")]
    [InlineData("evaluate absent.snapcoeff absent.extxyz", "absent.snap")]
    [InlineData("types absent.cif", "absent.cif")]
    [InlineData("pores absent.cif --radius Zn", "a name and a radius")]
    public async Task A_wrong_command_is_one_message_on_standard_error(string command, string says)
    {
        (await _program.Run(command)).ShouldBe(ExitCode.Error);
        _program.Error.ShouldStartWith("mofinterop: ");
        _program.Error.ShouldContain(says);
        _program.Error.ShouldNotContain("   at ");
        _program.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Validate_accepts_a_correct_recipe_and_shows_its_defaults()
    {
        var recipe = _program.Write("r.yaml", ProgramUnderTest.Toy);
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldBe("toy: 2 steps (start, learn), no problems\n");
        (await _program.Run($"validate {recipe} --resolved")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain("displacement: 0.1 angstrom");
    }

    [Fact]
    public async Task Schema_prints_json_or_writes_a_file()
    {
        (await _program.Run("schema")).ShouldBe(ExitCode.Success);
        JsonNode.Parse(_program.Output)!["definitions"]!["toy-learn"].ShouldNotBeNull();
        (await _program.Run($"schema --output {_program["schema.json"]}")).ShouldBe(ExitCode.Success);
        File.ReadAllText(_program["schema.json"]).ShouldBe(_program.Output);
    }

    [Fact]
    public async Task Doctor_names_what_is_there_and_the_command_for_what_is_not()
    {
        await _program.Run("doctor");
        _program.Output.ShouldContain("ok      dotnet");
        _program.Output.ShouldContain($"ok      cores        {Environment.ProcessorCount}");
        foreach (var name in new[] { "lmp", "lmp-mof", "cp2k", "python", "libmofpotential.so", "zeo++" })
        {
            _program.Output.ShouldContain($" {name} ");
        }

        _program.Output.Contains("apt-get install", StringComparison.Ordinal)
            .ShouldBe(new[] { "lmp ", "cp2k ", "python " }.Any(name => _program.Output.Contains("MISSING " + name, StringComparison.Ordinal)));
    }
}
