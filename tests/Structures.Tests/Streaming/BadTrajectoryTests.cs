using System.Globalization;
using System.IO.Compression;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures.Tests.Streaming;

/// <summary>Trajectories that are not as they should be: what is repaired says so, all else is refused with its line. LAMMPS dumps and extended XYZ alike.</summary>
public sealed class BadTrajectoryTests : IDisposable
{
    // Frames of two atoms: eleven lines of a dump, four of extended XYZ.
    private const string Box = "ITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n";
    private const string Columns = "ITEM: ATOMS id element x y z\n";
    private const string Head = "ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\n" + Box + Columns;
    private const string Comment = "Lattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n1\n" + Box + Columns + "1 Zn 1 1 1\n", 20, "the frame of step 10 holds 1 atoms, the first one 2")]
    [InlineData(Head + "1 Zn 1 1 1\n3 O 2 2 2\n", 22, "no atom with the id 3")]
    [InlineData(Head + "1 Zn 1 1 1\n1 O 2 2 2\n", 22, "two atoms have the id 1")]
    [InlineData(Head + "1 Zn 1 1 1\n2 O 2 nan 2\n", 22, "a position of step 10 is not a finite number")]
    [InlineData(Head + "1 Zn 1 -inf 1\n2 O 2 2 2\n", 21, "a position of step 10 is not a finite number")]
    [InlineData(Head + "1 Zn 1 1\n2 O 2 2 2\n", 21, "expected numbers for id element x y z")]
    [InlineData("ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\n" + Box + "ITEM: ATOMS id element xu yu zu\n1 Zn 1 1 1\n2 O 2 2 2\n", 20, "the columns of the first frame")]
    [InlineData("ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\n" + Box + "ITEM: ATOMS element id x y z\nZn 1 1 1 1\nO 2 2 2 2\n", 20, "the columns of the first frame")]
    [InlineData("ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n5 5\n0 10\n" + Columns + "1 Zn 1 1 1\n2 O 2 2 2\n", 19, "volume")]
    [InlineData("ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 nan\n0 10\n" + Columns, 18, "2 finite numbers")]
    [InlineData("something else\n", 12, "ITEM: TIMESTEP")]
    public void A_frame_of_a_dump_that_does_not_go_with_the_first_is_refused_with_its_line(string second, int line, string says) =>
        Refused("t.dump", "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\n" + Box + Columns + "1 Zn 1 1 1\n2 O 2 2 2\n" + second, line, says);

    [Fact]
    public void An_atom_that_changes_its_type_or_has_no_finite_velocity_is_refused_with_its_line()
    {
        static string Frame(int step, string rows) => $"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\n{Box}ITEM: ATOMS id type element x y z vx vy vz\n{rows}";
        var first = Frame(0, "1 1 Zn 1 1 1 0 0 0\n2 2 O 2 2 2 0 0 0\n");
        Refused("t.dump", first + Frame(1, "1 2 Zn 1 1 1 0 0 0\n2 2 O 2 2 2 0 0 0\n"), 21, "atom 1 is of type 2, in the first frame of type 1");
        Refused("t.dump", first + Frame(1, "2 2 O 2 2 2 0 0 0\n1 1 Zn 1 1 1 0 nan 0\n"), 22, "a velocity of step 1 is not a finite number");
    }

    [Theory]
    [InlineData("1\n" + Comment + "Zn 0 0 0\n", 6, "frame 2 holds 1 atoms, the first one 2")]
    [InlineData("2\n" + Comment + "O 1 1 1\nZn 0 0 0\n", 7, "atom 1 is O, in the first frame Zn")]
    [InlineData("2\n" + Comment + "Zn 0 0 0\nO 1 nan 1\n", 8, "with finite numbers")]
    [InlineData("2\n" + Comment + "Zn 0 0\nO 1 1 1\n", 7, "4 columns")]
    [InlineData("2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=pos:R:3:species:S:1\n0 0 0 Zn\n1 1 1 O\n", 6, "the columns of the first frame, species:S:1:pos:R:3")]
    [InlineData("2\nLattice=\"9 0 0 9 0 0 0 0 9\" Properties=species:S:1:pos:R:3\nZn 0 0 0\nO 1 1 1\n", 6, "volume")]
    [InlineData("2\nLattice=\"9 0 0 0 9 0 0 0\" Properties=species:S:1:pos:R:3\nZn 0 0 0\nO 1 1 1\n", 6, "nine numbers")]
    [InlineData("Zn 0 0 0\n", 5, "the number of atoms")]
    public void A_frame_of_extended_xyz_that_does_not_go_with_the_first_is_refused_with_its_line(string second, int line, string says) =>
        Refused("t.xyz", "2\n" + Comment + "Zn 0 0 0\nO 1 1 1\n" + second, line, says);

    [Theory]
    [InlineData("t.lammpstrj")]
    [InlineData("t.xyz")]
    [InlineData("t.xyz.gz")]
    public void An_empty_file_holds_no_frame(string name)
    {
        var path = _folder.File(name, string.Empty);
        var problem = Should.Throw<MofException>(() => TrajectoryReader.Open(path));
        problem.Message.ShouldContain("the file holds no whole frame");
        problem.Message.ShouldContain(path);
    }

    [Theory]
    [InlineData("t.lammpstrj")]
    [InlineData("t.xyz")]
    public void A_file_that_was_cut_gives_its_whole_frames_and_a_note(string name)
    {
        // Longer than what is unpacked at once, so that the frames before the cut are there.
        var frames = Frames(name, 400);
        var text = string.Concat(frames);
        for (var part = 1; part < 10; part++)
        {
            var length = part * text.Length / 10 + 3;
            var whole = 0;
            for (var end = 0; whole < frames.Length && (end += frames[whole].Length) <= length; whole++)
            {
            }

            using var reader = TrajectoryReader.Open(_folder.File(name, text[..length]));
            reader.Frames().Count().ShouldBe(whole);
            reader.Notes.Single().ShouldContain("ends inside");
        }
    }

    [Theory]
    [InlineData("t.lammpstrj.gz")]
    [InlineData("t.xyz.gz")]
    public void A_packed_file_that_was_cut_gives_its_whole_frames_and_a_note(string name)
    {
        var packed = Pack(string.Concat(Frames(name, 3000)));
        foreach (var part in (double[])[0.3, 0.6, 0.95])
        {
            var path = _folder.File(name);
            File.WriteAllBytes(path, packed[..(int)(part * packed.Length)]);
            using var reader = TrajectoryReader.Open(path);
            ((double)reader.Frames().Count()).ShouldBe(part * 3000, 60);
            reader.Notes.Single().ShouldContain("ends inside");
        }
    }

    [Theory]
    [InlineData("t.lammpstrj.gz")]
    [InlineData("t.xyz.gz")]
    public void A_packed_file_that_is_damaged_is_refused(string name)
    {
        var packed = Pack(string.Concat(Frames(name, 20000)));
        Array.Fill(packed, (byte)0xff, packed.Length / 2, 2000);
        var path = _folder.File(name);
        File.WriteAllBytes(path, packed);
        using var reader = TrajectoryReader.Open(path);
        var problem = Should.Throw<MofException>(() => reader.Frames().Count());
        problem.Where!.ShouldStartWith(path + ":");
    }

    [Theory]
    [InlineData("t.dump")]
    [InlineData("t.xyz")]
    public void Frames_that_a_restart_wrote_again_are_left_out_and_correlations_begin_anew(string name)
    {
        var text = string.Concat(((int[])[0, 10, 20, 30, 20, 30, 40, 50, 70, 80]).Select(step => Frame(name, step, 0.01 * step)));
        using var reader = TrajectoryReader.Open(_folder.File(name, text));
        reader.Frames().Select(frame => (frame.Step, frame.Continues)).ToArray().ShouldBe([(0, false), (10, true), (20, true), (30, true), (40, false), (50, true), (70, false), (80, true)]);
        reader.Notes.Count.ShouldBe(2);
        reader.Notes[0].ShouldContain("2 frames that came again after a restart (first step 20)");
        reader.Notes[1].ShouldContain("the distance of frames, 10 steps, changes 1 times, first behind step 50");
    }

    [Theory]
    [InlineData("t.dump")]
    [InlineData("t.xyz")]
    public void Wrapped_paths_are_reconstructed_from_small_steps_and_refused_where_steps_are_large(string name)
    {
        // 0.9 of 10 Å a frame.
        var text = string.Concat(Enumerable.Range(0, 60).Select(k => Frame(name, 10 * k, (1 + 0.9 * k) % 10)));
        using var reader = TrajectoryReader.Open(_folder.File(name, text), new TrajectoryStreamOptions { Unwrap = true });
        reader.Reconstructs.ShouldBeTrue();
        reader.Frames().Select(frame => frame.Positions[0]).ToArray().ShouldBe([.. Enumerable.Range(0, 60).Select(k => 1 + 0.9 * k)], 1e-9);

        // Every fifth frame: 4.5 Å, so that the image on the other side is nearly as near.
        using var coarse = TrajectoryReader.Open(_folder.File(name), new TrajectoryStreamOptions { Unwrap = true, Every = 5 });
        var problem = Should.Throw<MofException>(() => coarse.Frames().Count());
        problem.Message.ShouldContain("atom 1 moves by 0.45 of the cell");
        problem.Where.ShouldBe($"{_folder.File(name)}, step 50");
    }

    private void Refused(string name, string text, int line, string says)
    {
        var path = _folder.File(name, text);
        using var reader = TrajectoryReader.Open(path);
        var problem = Should.Throw<MofException>(() => reader.Frames().Count());
        problem.Message.ShouldContain(says);
        problem.Where.ShouldBe($"{path}:{line}");
    }

    // Digits that do not pack well.
    private static string[] Frames(string name, int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(k => Frame(name, 10 * k, 10 * random.NextDouble()))];
    }

    private static string Frame(string name, int step, double x) => name.Contains("xyz", StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"2\nLattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:pos:R:3 step={step}\nZn {x:g12} 0 0\nO 1 1 1\n")
        : string.Create(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\n{Box}{Columns}1 Zn {x:g12} 0 0\n2 O 1 1 1\n");

    private static byte[] Pack(string text)
    {
        var bytes = new MemoryStream();
        using (var packing = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            packing.Write(Encoding.ASCII.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
