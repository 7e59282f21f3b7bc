using MofInterop.Potentials.Errors;
using MofInterop.TestKit;

namespace MofInterop.Structures.Tests;

public sealed class ExtendedXyzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writing_and_reading_gives_the_same_bits()
    {
        var written = Configurations.Rotated();
        ExtendedXyz.Write(_folder.File("a.xyz"), [written, written.With([.. written.Positions.Select(x => x / 3)], written.Cell)]);
        var frames = ExtendedXyz.Read(_folder.File("a.xyz")).ToList();

        frames.Count.ShouldBe(2);
        var read = frames[0];
        read.Symbols.ShouldBe(written.Symbols);
        read.Types.ShouldBe(written.Types);
        read.Positions.ShouldBe(written.Positions);
        read.Cell!.Rows.ToArray().ShouldBe(written.Cell!.Rows.ToArray());
        read.Periodic.ShouldBeTrue();
        read.Label!.Energy.ShouldBe(written.Label!.Energy);
        read.Label.Forces.ShouldBe(written.Label.Forces);
        read.Label.Stress.ShouldBe(written.Label.Stress);
        read.Velocities!.ShouldBeClose(written.Velocities!, 1e-17);
        read.Info.ShouldBe(written.Info);
        frames[1].Label.ShouldBeNull();
    }

    [Fact]
    public void Names_of_the_results_can_have_a_prefix()
    {
        var keys = ExtendedXyzKeys.WithPrefix("REF_");
        ExtendedXyz.Write(_folder.File("a.xyz"), Configurations.Rotated(), keys);
        File.ReadAllText(_folder.File("a.xyz")).ShouldContain("REF_energy=-1234.567890123456");
        ExtendedXyz.Read(_folder.File("a.xyz")).Single().Label.ShouldBeNull();
        ExtendedXyz.Read(_folder.File("a.xyz"), keys).Single().Label!.Forces.ShouldBe(Configurations.Rotated().Label!.Forces);
    }

    [Theory]
    [InlineData("Lattice=\"5 0 0 0 6 0 0 0 7\" Properties=species:S:1:pos:R:3:forces:R:3:tag:I:1 energy=-1 stress=\"1 2 3 4 5 6\"")]
    [InlineData("pbc=\"T T T\" Lattice=[[5,0,0],[0,6,0],[0,0,7]] Properties=species:S:1:pos:R:3:forces:R:3:tag:I:1 energy=-1.0 stress={1 6 5 6 2 4 5 4 3} note='two words' flag")]
    [InlineData("Lattice=\"5 0 0 0 6 0 0 0 7\" Properties=species:S:1:pos:R:3:forces:R:3:tag:I:1 energy=-1 virial=\"-210 -1260 -1050 -1260 -420 -840 -1050 -840 -630\"")]
    public void Every_dialect_of_the_comment_line_means_the_same(string comment)
    {
        var path = _folder.File("a.xyz", $"1\n{comment}\nO 0.5 1 2 -3 4e-1 5 7\n\n");
        var frame = ExtendedXyz.Read(path).Single();
        frame.Cell!.Parameters().ShouldBe([5, 6, 7, 90, 90, 90], 1e-12);
        frame.Positions.ShouldBe([0.5, 1, 2]);
        frame.Label!.Forces.ShouldBe([-3, 0.4, 5]);
        frame.Label.Stress!.ShouldBe([1, 2, 3, 4, 5, 6], 1e-12);
    }

    [Fact]
    public void Missing_forces_are_no_forces_rather_than_zero()
    {
        var path = _folder.File("a.xyz", "1\nProperties=species:S:1:pos:R:3 energy=-1\nO 0 0 0\n");
        var frame = ExtendedXyz.Read(path).Single();
        frame.Label.ShouldBeNull();
        frame.Info["energy"].ShouldBe("-1");
        Should.Throw<MofException>(() => ExtendedXyz.Read(path, requireLabels: true).ToList()).Message.ShouldContain("a.xyz:2");
    }

    [Theory]
    [InlineData("2\nProperties=species:S:1:pos:R:3\nO 0 0 0\n", ":3", "file ends")]
    [InlineData("1\nProperties=species:S:1:pos:R:3\nO 0 0 zero\n", ":3", "'zero' is not a number")]
    [InlineData("1\nProperties=species:S:1:pos:R:3\nO 0 nan 0\n", ":3", "finite")]
    [InlineData("1\nProperties=species:S:1:pos:R:3:forces:R:3\nO 0 0 0\n", ":3", "4 columns")]
    [InlineData("1\nProperties=species:S:1:pos:R:3\nQq 0 0 0\n", ":3", "Qq is not a chemical element")]
    [InlineData("1\nLattice=\"1 2 3\" Properties=species:S:1:pos:R:3\nO 0 0 0\n", ":2", "Lattice has 3 numbers")]
    [InlineData("1\nLattice=\"1 0 0 2 0 0 0 0 1\"\nO 0 0 0\n", ":2", "no volume")]
    [InlineData("1\nLattice=\"9 0 0 0 9 0 0 0 9\" pbc=\"T T F\"\nO 0 0 0\n", ":2", "some directions")]
    [InlineData("one\n\nO 0 0 0\n", ":1", "not a whole number")]
    public void A_broken_file_is_named_with_its_line(string content, string line, string what)
    {
        var path = _folder.File("broken.xyz", content);
        var error = Should.Throw<MofException>(() => ExtendedXyz.Read(path).ToList());
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain("broken.xyz" + line);
        error.Message.ShouldContain(what);
    }

    [Fact]
    public void A_missing_file_is_an_error_with_its_name() =>
        Should.Throw<MofException>(() => ExtendedXyz.Read(_folder.File("none.xyz")).ToList()).Message.ShouldContain("none.xyz: the file does not exist");

    [SkippableFact]
    public void Published_training_sets_are_read_whole()
    {
        var mil53 = ReferenceData.Find("dft/Al_mil53_train.xyz");
        var zif8 = ReferenceData.Find("dft/zif8_pbe_d3_displacements.extxyz.gz");
        Skip.If(mil53 is null || zif8 is null, "reference data absent");

        var frames = ExtendedXyz.Read(mil53!, requireLabels: true).ToList();
        frames.Count.ShouldBe(50);
        frames.ShouldAllBe(frame => frame.Count == 304 && frame.Label!.Stress != null);
        frames[0].Label!.Stress!.ShouldBe([-0.009121239235411516, -0.015226457511481372, -0.0010024524094840667, 0.0026234919776704805, -0.0009081358655910803, -0.0005923527734708286]);
        ExtendedXyz.Read(zif8!, requireLabels: true).Count().ShouldBe(828);
    }
}
