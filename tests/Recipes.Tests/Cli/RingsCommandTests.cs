using System.Text.Json.Nodes;
using MofInterop.Cli;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Cli;

/// <summary><c>mofinterop rings</c>.</summary>
public sealed class RingsCommandTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task The_zinc_atoms_of_ZIF8_have_four_nitrogens_and_are_in_rings_of_four_and_six()
    {
        var cif = Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif");
        (await _program.Run($"rings {cif} --primitive --largest-ring 10")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("6 atoms of Zn, 12 linkers with N as donors");
        _program.Output.ShouldContain("coordination of a metal              4.0000\n");
        _program.Output.ShouldContain("linkers intact, fraction             1.0000\n");
        _program.Output.ShouldContain("Zn with 4 donors, fraction           1.0000\n");

        // Sodalite: six squares and eight hexagons for twelve nodes, each node in both.
        _program.Output.ShouldContain("      4          0.5000                1.0000\n");
        _program.Output.ShouldContain("      6          0.6667                1.0000\n");
    }

    [Fact]
    public async Task A_trajectory_is_followed_by_the_bonds_of_a_structure_and_printed_as_JSON()
    {
        ExtendedXyz.Write(_program["crystal.extxyz"], [Chain(2.1)]);
        ExtendedXyz.Write(_program["run.extxyz"], [Chain(2.1), Chain(2.6), Chain(2.1), Chain(2.6)]);
        (await _program.Run($"rings {_program["run.extxyz"]} --structure {_program["crystal.extxyz"]} --bonded-within 2.3 --interval 500 --from 2 --format json")).ShouldBe(ExitCode.Success, _program.Error);
        var found = JsonNode.Parse(_program.Output)!;
        found["frames"]!.AsArray().Select(frame => frame!["coordination"]!.GetValue<double>()).ShouldBe([1.0, 2.0, 1.0]);
        found["frames"]!.AsArray().Select(frame => frame!["picoseconds"]!.GetValue<double>()).ShouldBe([0.5, 1.0, 1.5]);
        found["coordination"]!.AsArray().Select(one => one!["fraction"]!.GetValue<double>()).ShouldBe([2.0 / 3, 1.0 / 3], 1e-12);

        // With hysteresis nothing breaks; and the same from a dump of LAMMPS whose first frame is the structure.
        File.WriteAllText(_program["run.lammpstrj"], Dump(2.1) + Dump(2.6));
        (await _program.Run($"rings {_program["run.lammpstrj"]} --types Zn,N --bonded-within 2.3 --apart-beyond 2.8")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("2 frames: means");
        _program.Output.ShouldContain("linkers intact, fraction             1.0000");
        _program.Output.ShouldContain("no primitive rings of up to 16 nodes");
    }

    [Theory]
    [InlineData("none.cif", "there is no such structure file")]
    [InlineData("none.extxyz", "does not exist")]
    [InlineData("crystal.extxyz --metal Cu", "Cu")]
    [InlineData("argon.extxyz", "the structure of Ar has no metal")]
    [InlineData("argon.extxyz --structure {0}/crystal.extxyz", "the atoms of a frame are not those of the structure")]
    [InlineData("molecule.extxyz", "not periodic")]
    [InlineData("crystal.extxyz --bonded-within 0", "--bonded-within is '0'")]
    [InlineData("crystal.extxyz --bonded-within 2.6 --apart-beyond 2.5", "apart beyond 2.5")]
    [InlineData("crystal.extxyz --largest-ring 99", "rings of up to 99 nodes")]
    [InlineData("crystal.extxyz --from 2", "no frame is in the asked range")]
    [InlineData("crystal.extxyz --primitive", "--primitive reduces a structure")]
    [InlineData("crystal.txt", "does not tell the format")]
    public async Task What_cannot_be_counted_is_told(string arguments, string says)
    {
        ExtendedXyz.Write(_program["crystal.extxyz"], [Chain(2.1)]);
        File.WriteAllText(_program["crystal.txt"], "");
        ExtendedXyz.Write(_program["argon.extxyz"], [new AtomicConfiguration(["Ar"], [0, 0, 0], new Cell([4, 0, 0, 0, 4, 0, 0, 0, 4]), periodic: true)]);
        ExtendedXyz.Write(_program["molecule.extxyz"], [new AtomicConfiguration(["Zn", "N"], [0, 0, 0, 2, 0, 0], null, periodic: false)]);
        (await _program.Run($"rings {_program.Folder}/{arguments.Replace("{0}", _program.Folder)}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(says);
    }

    /// <summary>Zinc and N–N linkers in turn along x; one contact is of a given length.</summary>
    private static AtomicConfiguration Chain(double contact) =>
        new(["Zn", "N", "N"], [0, 0, 0, contact, 0, 0, contact + 1.2, 0, 0], new Cell([5.4 + contact - 2.1, 0, 0, 0, 9, 0, 0, 0, 9]), periodic: true);

    private static string Dump(double contact) => FormattableString.Invariant($"""
        ITEM: TIMESTEP
        {(contact > 2.5 ? 100 : 0)}
        ITEM: NUMBER OF ATOMS
        3
        ITEM: BOX BOUNDS pp pp pp
        0 {5.4 + contact - 2.1}
        0 9
        0 9
        ITEM: ATOMS id type x y z
        1 1 0 0 0
        2 2 {contact} 0 0
        3 2 {contact + 1.2} 0 0

        """);
}
