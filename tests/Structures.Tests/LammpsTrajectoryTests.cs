using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures.Tests;

/// <summary>The same two atoms in every form of dump that LAMMPS has.</summary>
public sealed class LammpsTrajectoryTests : IDisposable
{
    private const string Head = "ITEM: TIMESTEP\n40\nITEM: NUMBER OF ATOMS\n2\n";
    private const string Box = "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-3.0 12.0 2.0\n0.5 9.5 -3.0\n1.0 8.0 -1.0\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("id type element xu yu zu", "9 1 Zn 1.5 3.5 2.0", "4 2 O 4.0 6.0 5.0")]
    [InlineData("id type element x y z", "9 1 Zn 1.5 3.5 2.0", "4 2 O 4.0 6.0 5.0")]
    [InlineData("element xs id ys zs", "Zn 0.13928571428571429 9 0.26785714285714285 0.14285714285714285", "O 0.44464285714285712 4 0.6339285714285714 0.5714285714285714")]
    [InlineData("id element xsu ysu zsu xs ys zs", "9 Zn 0.13928571428571429 0.26785714285714285 0.14285714285714285 0 0 0", "4 O 0.44464285714285712 0.6339285714285714 0.5714285714285714 0 0 0")]
    public void Every_kind_of_coordinate_gives_the_same_frame(string columns, string zinc, string oxygen)
    {
        var frame = Read($"{Head}{Box}ITEM: ATOMS {columns}\n{zinc}\n{oxygen}\n").Single();

        frame.Symbols.ShouldBe(["O", "Zn"]);
        frame.Cell!.Rows.ToArray().ShouldBe([10.0, 0, 0, 2, 8, 0, -3, -1, 7]);
        double[] expected = [4.0, 4.5, 4.0, 1.5, 2.0, 1.0];
        for (var k = 0; k < 6; k++)
        {
            frame.Positions[k].ShouldBe(expected[k], 1e-12, $"coordinate {k}");
        }

        frame.Types.ShouldBeNull();
        frame.Label.ShouldBeNull();
    }

    [Fact]
    public void A_general_triclinic_box_is_taken_as_it_stands()
    {
        const string box = "ITEM: BOX BOUNDS abc origin pp pp pp\n0 10 0 1\n-8 2 0 2\n-1 -3 7 3\n";
        var frame = Read($"{Head}{box}ITEM: ATOMS id element x y z\n1 Zn 1 2 3\n2 O 2 2 3\n").Single();
        frame.Cell!.Rows.ToArray().ShouldBe([0.0, 10, 0, -8, 2, 0, -1, -3, 7]);
        frame.Positions.ShouldBe([0.0, 0, 0, 1, 0, 0]);
    }

    [Fact]
    public void Types_are_named_in_their_order()
    {
        const string atoms = "ITEM: ATOMS id type xu yu zu vx vy vz\n1 2 1 2 3 1000 0 0\n2 1 2 2 3 0 0 -500\n";
        var frame = Read(Head + Box + atoms, new LammpsTrajectoryOptions { Types = ["O2a", "Zn4a"] }).Single();
        frame.Symbols.ShouldBe(["Zn", "O"]);
        frame.Types.ShouldBe(["Zn4a", "O2a"]);
        frame.Velocities.ShouldBe([1, 0, 0, 0, 0, -0.5]);
        Read("ITEM: UNITS\nreal\n" + Head + Box + atoms, new LammpsTrajectoryOptions { Types = ["O", "Zn"] }).Single().Velocities![0].ShouldBe(1000);
    }

    [Theory]
    [InlineData("ITEM: ATOMS id type x y z\n1 1 0 0 0\n2 1 1 1 1\n", "does not say which elements its types are")]
    [InlineData("ITEM: ATOMS element x y z\nZn 0 0 0\nO 1 1 1\n", "has no column id")]
    [InlineData("ITEM: ATOMS id element vx vy vz\n1 Zn 0 0 0\n2 O 1 1 1\n", "has no positions")]
    [InlineData("ITEM: ATOMS id element x y z\n1 Zn 0 0 0\n1 O 1 1 1\n", "two atoms have the id 1")]
    [InlineData("ITEM: ATOMS id element x y z\n1 Zn 0 nan 0\n2 O 1 1 1\n", "a position is not a finite number")]
    [InlineData("ITEM: ATOMS id element x y z\n1 Qq 0 0 0\n2 O 1 1 1\n", "'Qq' is no element and no atom type")]
    public void What_a_dump_does_not_tell_is_an_error_that_names_the_step(string atoms, string reason)
    {
        var error = Should.Throw<MofException>(() => Read(Head + Box + atoms));
        error.Message.ShouldContain(reason);
        error.Message.ShouldContain("step 40");
    }

    [Fact]
    public void A_box_that_is_partly_periodic_is_refused() =>
        Should.Throw<MofException>(() => Read(Head + Box.Replace("pp pp pp", "pp pp ff", StringComparison.Ordinal) + "ITEM: ATOMS id element x y z\n1 Zn 0 0 0\n2 O 1 1 1\n"))
            .Message.ShouldContain("periodic in some directions only");

    [Fact]
    public void A_dump_that_was_cut_says_so()
    {
        const string atoms = "ITEM: ATOMS id element x y z\n1 Zn 0 0 0\n2 O 1 1 1\n";
        var notes = new List<string>();
        Read(Head + Box + atoms + Head + Box + atoms[..^3], null, notes.Add).Count.ShouldBe(1);
        notes.ShouldHaveSingleItem().ShouldContain("the file ends inside a frame, which is left out");
    }

    [Fact]
    public void Extended_XYZ_that_was_cut_gives_its_whole_frames_and_says_so()
    {
        var frame = Configurations.Rotated();
        ExtendedXyz.Write(_folder.File("whole.xyz"), [frame, frame]);
        var text = File.ReadAllText(_folder.File("whole.xyz"));
        for (var length = 1; length < text.Length; length += 7)
        {
            File.WriteAllText(_folder.File("cut.xyz"), text[..length]);
            var notes = new List<string>();
            AtomicConfiguration[] frames = [.. ExtendedXyz.Read(_folder.File("cut.xyz"), cut: notes.Add)];

            // Where only the last digits are missing, nothing shows it: the frame is taken, and told.
            frames.Length.ShouldBe(length < text.Length / 2 - 1 ? 0 : length < text.Length - 25 ? 1 : frames.Length, $"{length} characters");
            notes.Count.ShouldBe(length == text.Length / 2 ? 0 : 1, $"{length} characters");
            if (notes is [var note] && !note.Contains("the file ends inside a frame", StringComparison.Ordinal))
            {
                note.ShouldContain("the last line has no newline");
            }
        }

        File.WriteAllText(_folder.File("cut.xyz"), text[..^60]);
        Should.Throw<MofException>(() => ExtendedXyz.Read(_folder.File("cut.xyz")).ToList());
    }

    private List<AtomicConfiguration> Read(string text, LammpsTrajectoryOptions? options = null, Action<string>? cut = null)
    {
        File.WriteAllText(_folder.File("run.dump"), text);
        return [.. LammpsTrajectory.Read(_folder.File("run.dump"), options, cut)];
    }
}
