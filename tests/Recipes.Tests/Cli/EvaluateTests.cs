using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Cli;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Cli;

public sealed class EvaluateTests : IDisposable
{
    private readonly ProgramUnderTest _program = new();

    public void Dispose() => _program.Dispose();

    /// <summary>Writes the structure of a reference case (with or without atom types) and returns the case.</summary>
    private JsonNode Reference(string name, string model, bool types)
    {
        var path = ReferenceData.Find($"snap/{name}.json");
        Skip.If(path is null, "reference data absent");
        var reference = JsonNode.Parse(File.ReadAllText(path!))!;
        File.Copy(ReferenceData.Find($"snap/potentials/{model}.snapcoeff")!, _program["m.snapcoeff"]);
        File.Copy(ReferenceData.Find($"snap/potentials/{model}.snapparam")!, _program["m.snapparam"]);
        var cell = string.Join(' ', reference["cell"]!.AsArray().SelectMany(row => row!.AsArray()).Select(Number));
        var atoms = reference["type"]!.AsArray().Zip(reference["positions"]!.AsArray(), (type, position) =>
        {
            var label = type!.GetValue<string>();
            var symbol = new string([.. label.TakeWhile(char.IsAsciiLetter)]);
            return $"{symbol} {string.Join(' ', position!.AsArray().Select(Number))}{(types ? " " + label : string.Empty)}";
        }).ToArray();
        _program.Write("s.extxyz", $"{atoms.Length}\nLattice=\"{cell}\" Properties=species:S:1:pos:R:3{(types ? ":types:S:1" : string.Empty)} pbc=\"T T T\"\n{string.Join('\n', atoms)}\n");
        return reference;
    }

    private static string Number(JsonNode? node) => node!.GetValue<double>().ToString("R", CultureInfo.InvariantCulture);

    [SkippableFact]
    public async Task Energy_and_forces_agree_with_LAMMPS_for_Ta06A()
    {
        var reference = Reference("Ta06A_linear_2J6", "Ta06A", types: false);
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["s.extxyz"]} --format json")).ShouldBe(ExitCode.Success);
        var result = JsonNode.Parse(_program.Output)!;
        var energy = reference["energy"]!.GetValue<double>();
        result["energy"]!.GetValue<double>().ShouldBe(energy, 1e-9 * Math.Abs(energy));
        result["forces"]![3]![1]!.GetValue<double>().ShouldBe(reference["forces"]![3]![1]!.GetValue<double>(), 1e-9);
    }

    [SkippableFact]
    public async Task Atoms_of_the_published_ZIF_8_model_are_typed_by_their_bonds()
    {
        var reference = Reference("ZIF8_published_equilibrium", "zif8", types: false);
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["s.extxyz"]} --output {_program["result.extxyz"]} --format extxyz")).ShouldBe(ExitCode.Success);
        var result = ExtendedXyz.Read(_program["result.extxyz"]).Single();
        var energy = reference["energy"]!.GetValue<double>();
        result.Label!.Energy.ShouldBe(energy, 1e-9 * Math.Abs(energy));
        result.Label.Stress.ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task A_CIF_is_evaluated_as_it_is_or_reduced_to_its_primitive_cell()
    {
        Reference("Ta06A_linear_2J6", "Ta06A", types: false);
        _program.Write("ta.cif", """
            data_Ta
            _cell_length_a 3.316
            _cell_length_b 3.316
            _cell_length_c 3.316
            _cell_angle_alpha 90
            _cell_angle_beta 90
            _cell_angle_gamma 90
            _symmetry_space_group_name_H-M 'I m -3 m'
            _symmetry_Int_Tables_number 229
            loop_
            _atom_site_label
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            Ta 0 0 0
            """);
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["ta.cif"]} --format json --output {_program["two.json"]}")).ShouldBe(ExitCode.Success, _program.Error);
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["ta.cif"]} --format json --output {_program["one.json"]} --primitive")).ShouldBe(ExitCode.Success, _program.Error);
        var two = JsonNode.Parse(File.ReadAllText(_program["two.json"]))!;
        var one = JsonNode.Parse(File.ReadAllText(_program["one.json"]))!;
        two["forces"]!.AsArray().Count.ShouldBe(2);
        one["forces"]!.AsArray().Count.ShouldBe(1);
        two["energy"]!.GetValue<double>().ShouldBe(2 * one["energy"]!.GetValue<double>(), 1e-9);
    }

    [SkippableFact]
    public async Task The_table_shows_energy_stress_and_a_force_for_every_atom()
    {
        Reference("ZIF8_published_equilibrium", "zif8", types: true);
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["s.extxyz"]}")).ShouldBe(ExitCode.Success);
        _program.Output.Split('\n').Length.ShouldBe(138 + 5);
        _program.Output.ShouldContain("eV/atom)");
    }

    [SkippableFact]
    public async Task An_element_that_the_potential_lacks_is_named()
    {
        Reference("Ta06A_linear_2J6", "Ta06A", types: false);
        _program.Write("s.extxyz", "2\nProperties=species:S:1:pos:R:3\nTa 0 0 0\nW 3 0 0\n");
        (await _program.Run($"evaluate {_program["m.snapcoeff"]} {_program["s.extxyz"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("the structure has an atom 'W', which the potential lacks; expected Ta");
    }

    [SkippableFact]
    public async Task Types_prints_counts_and_on_request_every_atom()
    {
        Reference("ZIF8_published_equilibrium", "zif8", types: false);
        (await _program.Run($"types {_program["s.extxyz"]} --atoms")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain("C3b       24  N3a C3b H1a");
        _program.Output.ShouldContain("138 atoms, 7 types");
        _program.Output.ShouldContain("   138 ");
    }
}
