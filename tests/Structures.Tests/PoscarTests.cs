using MofInterop.Potentials.Errors;

namespace MofInterop.Structures.Tests;

public sealed class PoscarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writing_and_reading_keeps_order_and_positions()
    {
        var written = Configurations.Rotated();
        Poscar.Write(_folder.File("POSCAR"), written);
        var read = Poscar.Read(_folder.File("POSCAR"));
        read.Symbols.ShouldBe(written.Symbols);
        read.Positions.ShouldBe(written.Positions, 1e-12);
        read.Cell!.Rows.ToArray().ShouldBe(written.Cell!.Rows.ToArray());
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("-64")]
    public void Scaling_and_selective_dynamics_are_understood(string scale)
    {
        var path = _folder.File("POSCAR", $"title\n{scale}\n2 0 0\n0 2 0\n0 0 2\nZn_GW O\n1 2\nSelective dynamics\nCartesian\n0 0 0 T T T\n0.5 0 0 F F F\n0 0 0.75 T T T\n");
        var read = Poscar.Read(path);
        read.Symbols.ShouldBe(["Zn", "O", "O"]);
        read.Positions.ShouldBe([0, 0, 0, 1, 0, 0, 0, 0, 1.5], 1e-12);
        read.Cell!.Volume.ShouldBe(64, 1e-10);
    }

    [Theory]
    [InlineData("t\n1\n2 0 0\n0 2 0\n0 0 2\n1 2\nDirect\n", ":6", "does not name its elements")]
    [InlineData("t\n1\n2 0 0\n0 2\n0 0 2\nO\n1\nDirect\n0 0 0\n", ":4", "lattice vector 2 has 2 numbers")]
    [InlineData("t\n1\n2 0 0\n0 2 0\n0 0 2\nO\n2\nDirect\n0 0 0\n", ":9", "file ends")]
    public void A_broken_file_is_named_with_its_line(string content, string line, string what)
    {
        var error = Should.Throw<MofException>(() => Poscar.Read(_folder.File("POSCAR", content)));
        error.Message.ShouldContain("POSCAR" + line);
        error.Message.ShouldContain(what);
    }
}
