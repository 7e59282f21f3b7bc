using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures.Tests;

/// <summary>Data files and dumps, through LAMMPS itself.</summary>
public sealed class LammpsFilesTests : IDisposable
{
    private const string Script = """
        units metal
        atom_style atomic
        atom_modify map array
        box tilt large
        read_data in.data
        pair_style lj/cut 2.5
        pair_coeff * * 1e-4 1.0
        neighbor 0.3 bin
        dump all all custom 1 out.dump id type xu yu zu fx fy fz
        dump_modify all sort id format float %.17g
        run 0
        write_data out.data
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task What_LAMMPS_dumps_is_what_was_written_also_rotated_and_outside_the_cell()
    {
        var written = Configurations.Rotated(9);
        var types = LammpsType.Of(written);
        var cell = LammpsData.Write(_folder.File("in.data"), written, types);
        await RunLammps();

        var frame = LammpsDump.Read(_folder.File("out.dump")).Single();
        cell.FromLammps(frame.Columns("xu", "yu", "zu")).ShouldBe(written.Positions, 1e-9);
        cell.FromLammps(frame.Columns("fx", "fy", "fz")).ShouldBe(LennardJonesForces(written), 1e-9);
        cell.FromLammps(frame.Cell).Rows.ToArray().ShouldBe(written.Cell!.Rows.ToArray(), 1e-9);
    }

    [SkippableFact]
    public async Task A_data_file_that_LAMMPS_wrote_is_read_back()
    {
        var written = Configurations.Rotated();
        var types = LammpsType.Of(written);
        var cell = LammpsData.Write(_folder.File("in.data"), written, types);
        await RunLammps();

        var read = LammpsData.Read(_folder.File("out.data"), types);
        read.Types.ShouldBe(written.Types);
        cell.FromLammps(read.Positions).ShouldBe(written.Positions, 1e-9);
        cell.FromLammps(read.Velocities!).ShouldBe(written.Velocities!, 1e-12);
        LammpsData.Read(_folder.File("out.data")).Symbols.ShouldBe(written.Symbols);
    }

    [Fact]
    public void An_atom_without_a_type_is_named() =>
        Should.Throw<MofException>(() => LammpsData.Write(_folder.File("a.data"), Configurations.Rotated(), LammpsType.ForElements(["Zn", "O"])))
            .Message.ShouldContain("atom 1 is a Zn4a");

    [Theory]
    [InlineData("title\n1 atoms\nAtoms\n\n1 1 0 0 0\n", "a.data:3", "box")]
    [InlineData("title\n1 atoms\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms # dpd\n\n1 1 0 0 0\n", "a.data:7", "dpd")]
    [InlineData("title\n1 atoms\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms # atomic\n\n7 1 0 0 0\n", "a.data:9", "atom id 7")]
    public void A_broken_data_file_is_named_with_its_line(string content, string where, string what)
    {
        var path = _folder.File("a.data", content);
        var error = Should.Throw<MofException>(() => LammpsData.Read(path));
        error.Message.ShouldContain(where);
        error.Message.ShouldContain(what);
    }

    private async Task RunLammps()
    {
        Skip.If(ProgramFinder.Find("lmp") is null, "LAMMPS is not installed");
        var command = new ToolCommand
        {
            Name = "lammps",
            Program = "lmp",
            Arguments = ["-in", _folder.File("in.lammps", Script), "-log", "none"],
            WorkingDirectory = _folder.Path,
        };
        (await new ToolRunner().RunAsync(command)).ThrowIfFailed();
    }

    /// <summary>Forces of 4ε(r⁻¹² − r⁻⁶), ε = 1e-4 eV, σ = 1 Å, summed over images one by one in the original orientation.</summary>
    private static double[] LennardJonesForces(AtomicConfiguration atoms)
    {
        var forces = new double[3 * atoms.Count];
        for (var i = 0; i < atoms.Count; i++)
        {
            for (var j = 0; j < atoms.Count; j++)
            {
                for (var image = 0; image < 9 * 9 * 9; image++)
                {
                    var (x, y, z) = atoms.Cell!.ToCartesian(image % 9 - 4, image / 9 % 9 - 4, image / 81 - 4);
                    var d = new[] { x, y, z };
                    for (var k = 0; k < 3; k++)
                    {
                        d[k] += atoms.Positions[3 * j + k] - atoms.Positions[3 * i + k];
                    }

                    var square = d.Sum(value => value * value);
                    if (square is > 1e-12 and < 6.25)
                    {
                        var strength = 24e-4 * (2 * Math.Pow(square, -6) - Math.Pow(square, -3)) / square;
                        for (var k = 0; k < 3; k++)
                        {
                            forces[3 * i + k] -= strength * d[k];
                        }
                    }
                }
            }
        }

        return forces;
    }
}
