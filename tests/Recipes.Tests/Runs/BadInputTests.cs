using MofInterop.Cli;
using MofInterop.Recipes.Tests.Cli;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>One mistake is one message that says where and what to do, and nothing is started.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Recipe = """
        name: salt
        seed: 1
        steps:
          - name: structure
            kind: structure
            file: salt.cif
          - name: learn
            kind: active-learning
            uses: { structure: structure.structure }
            reference: { program: cp2k, method: gfn1-xtb }
            generations:
              - { temperature: 100 K, steps: 20, time_step: 0.5 fs }
        """;

    private const string Salt = """
        data_salt
        _cell_length_a 5.64
        _cell_length_b 5.64
        _cell_length_c 5.64
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        Na1 Na 0.0 0.0 0.0 1
        Na2 Na 0.0 0.5 0.5 1
        Na3 Na 0.5 0.0 0.5 1
        Na4 Na 0.5 0.5 0.0 1
        Cl1 Cl 0.5 0.0 0.0 1
        Cl2 Cl 0.0 0.5 0.0 1
        Cl3 Cl 0.0 0.0 0.5 1
        Cl4 Cl 0.5 0.5 0.5 1
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task The_recipe_and_the_structure_without_a_mistake_are_accepted()
    {
        _program.Write("salt.cif", Salt);
        (await _program.Run($"validate {_program.Write("r.yaml", Recipe)}")).ShouldBe(ExitCode.Success, _program.Error);
    }

    [Theory]
    [InlineData("    generations:", "    generatoins:", "r.yaml:11:5: unknown key 'generatoins'; expected one of potential_name, reference, initial, generations, stop, repeat, test_fraction, close_labels, start, dynamics, selection, snap, groups, zbl, name, kind, description, uses. Did you mean 'generations'?")]
    [InlineData("temperature:", "temprature:", "r.yaml:12:11: unknown key 'temprature'; expected one of temperature, runs, steps, time_step, frames_every, stretch. Did you mean 'temperature'?")]
    [InlineData("0.5 fs", "0.5 GPa", "r.yaml:12:53: 'generations[1].time_step': '0.5 GPa' is a pressure, not a simulated time; expected a simulated time in fs, ps, ns above 0 fs, such as 0.5 fs")]
    [InlineData("file: salt.cif", "file: absent.cif", "r.yaml:6:11: 'file': there is no file 'absent.cif'; expected a file at absent.cif. File names are relative to the folder of the recipe.")]
    [InlineData("program: cp2k, method: gfn1-xtb", "program: command, command: [no-such-program, '{input}', '{output}']", "r.yaml:10:45: the program no-such-program was not found; expected it on PATH. Install it, or set MOFINTEROP_NO_SUCH_PROGRAM to its path.")]
    public async Task A_mistake_in_the_recipe(string right, string wrong, string message)
    {
        _program.Write("salt.cif", Salt);
        await Refuses(Recipe.Replace(right, wrong, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("Cl2 Cl 0.0 0.5 0.0 1", "Cl2 Cl 0.45 0.0 0.0 1", "r.yaml:6:11: salt.cif:19: Cl1 is 0.282 Å from Cl2 (line 20); expected at least 0.5 Å between any two atoms. Delete one of the two, or correct the symmetry.")]
    [InlineData("Cl3 Cl 0.0 0.0 0.5 1", "Cl3 Cl 0.0 0.0 0.5 0.5", "r.yaml:6:11: salt.cif:21: Cl3 has the occupancy 0.5: the structure is disordered; expected occupancy 1 for every atom. Keep one of the alternatives, with occupancy 1, and delete the others.")]
    [InlineData("Na3 Na 0.5", "Na3 Na a.5", "r.yaml:6:11: salt.cif:17: a coordinate of Na3 is 'a.5'; expected a number")]
    public async Task A_mistake_in_the_structure(string right, string wrong, string message)
    {
        _program.Write("salt.cif", Salt.Replace(right, wrong, StringComparison.Ordinal));
        await Refuses(Recipe, message);
    }

    [Theory]
    [InlineData("gfn1-xtb", "r.yaml:10:41: GFN1-xTB cannot treat Pu (atom 1): it has parameters from H to Rn only. Choose a reference method that has this element.")]
    [InlineData("pbe", "r.yaml:10:41: PBE cannot treat Pu (atom 1): CP2K's data have no DoubleZeta MOLOPT basis set with a GTH-PBE potential for it. Choose a reference method that has this element.")]
    public async Task An_element_that_the_reference_method_lacks(string method, string message)
    {
        _program.Write("salt.cif", Salt.Replace("Na2 Na", "Pu2 Pu", StringComparison.Ordinal));
        await Refuses(Recipe.Replace("gfn1-xtb", method, StringComparison.Ordinal), message);
    }

    private async Task Refuses(string recipe, string message)
    {
        var before = Directory.GetFileSystemEntries(_program.Folder).Append(_program.Write("r.yaml", recipe)).Order().ToArray();
        (await _program.Run($"run {_program["r.yaml"]} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        var lines = _program.Error.Replace(_program.Folder + "/", string.Empty, StringComparison.Ordinal).TrimEnd().Split('\n');
        lines.ShouldBe([message, "mofinterop: 1 problem in the recipe; nothing was started"]);
        _program.Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(_program.Folder).Order().ShouldBe(before);
    }
}
