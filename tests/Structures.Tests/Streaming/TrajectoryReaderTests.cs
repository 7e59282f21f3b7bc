using System.Globalization;
using System.IO.Compression;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures.Tests.Streaming;

/// <summary>Trajectories read for analysis: the same numbers as the readers of whole frames, and what damaged files give.</summary>
public sealed class TrajectoryReaderTests : IDisposable
{
    private const string Head = "ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("xu yu zu vx vy vz")]
    [InlineData("x y z ix iy iz")]
    [InlineData("xs ys zs")]
    [InlineData("xsu ysu zsu")]
    public void A_dump_gives_the_same_bits_as_the_reader_of_whole_frames(string columns)
    {
        var path = Write("t.lammpstrj", Dump(columns, frames: 7, atoms: 30));
        var expected = LammpsTrajectory.Read(path).ToArray();
        var count = 0;
        using var reader = TrajectoryReader.Open(path);
        reader.Atoms.Symbols.ShouldBe(expected[0].Symbols);
        foreach (var frame in reader.Frames())
        {
            var whole = expected[count];
            frame.Cell!.Rows.ToArray().ShouldBe(whole.Cell!.Rows.ToArray());
            if (!columns.Contains("ix", StringComparison.Ordinal))
            {
                frame.Positions.ShouldBe(whole.Positions);
            }

            frame.HasVelocities.ShouldBe(whole.Velocities is not null);
            frame.Velocities.ShouldBe(whole.Velocities ?? new double[90]);

            frame.Step.ShouldBe(10 * count++);
            frame.Continues.ShouldBe(count > 1);
        }

        count.ShouldBe(7);
        reader.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Image_flags_count_whole_cells()
    {
        using var reader = TrajectoryReader.Open(Write("t.dump", $"ITEM: TIMESTEP\n0\n{Head}ITEM: ATOMS id element x y z ix iy iz\n2 O 1 2 3 0 0 0\n1 Zn 1 2 3 1 -2 0\n"), new TrajectoryStreamOptions { Unwrap = true });
        reader.Frames().Single().Positions.ShouldBe([11.0, -18, 3, 1, 2, 3]);
        reader.Reconstructs.ShouldBeFalse();
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-0.000123456789")]
    [InlineData("1e-05")]
    [InlineData("-2.5E+3")]
    [InlineData("0")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("0.1234567890123456789")]
    [InlineData("4.9406564584124654e-324")]
    [InlineData("9007199254740993")]
    [InlineData("7.2057594037927945e+16")]
    public void Numbers_are_those_of_the_general_parser_to_the_last_bit(string word)
    {
        var at = 0;
        ByteNumber.TryRead(Encoding.ASCII.GetBytes($"  {word} 7"), ref at, out var value).ShouldBeTrue();
        value.ShouldBe(double.Parse(word, CultureInfo.InvariantCulture));
        at.ShouldBe(word.Length + 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("Zn")]
    public void What_is_no_number_is_none(string word)
    {
        var at = 0;
        ByteNumber.TryRead(Encoding.ASCII.GetBytes(word), ref at, out _).ShouldBeFalse();
    }

    [Fact]
    public void Random_numbers_of_every_length_survive()
    {
        var random = new Random(1);
        for (var k = 0; k < 20000; k++)
        {
            var number = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 12));
            var word = number.ToString("G" + random.Next(1, 18).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            var at = 0;
            ByteNumber.TryRead(Encoding.ASCII.GetBytes(word), ref at, out var value).ShouldBeTrue(word);
            value.ShouldBe(double.Parse(word, CultureInfo.InvariantCulture), word);
        }
    }

    [Fact]
    public void Extended_xyz_gives_the_same_bits_also_when_packed()
    {
        var frames = Enumerable.Range(0, 5).Select(k => new AtomicConfiguration(["Zn", "O"], [0.1 * k, 0, 0, 1, 2, 3.3], new Cell([9, 0, 0, 1, 8, 0, 0, 2, 7]), true)
        {
            Velocities = [0.01, 0, 1e-5, 0, -0.02, 0.003],
            Types = ["Zn4a", "O2a"],
        }).ToArray();
        var path = _folder.File("t.extxyz");
        ExtendedXyz.Write(path, frames);
        var packed = path + ".gz";
        using (var file = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            file.Write(File.ReadAllBytes(path));
        }

        foreach (var name in (string[])[path, packed])
        {
            using var reader = TrajectoryReader.Open(name);
            reader.Atoms.Labels.ShouldBe(["Zn4a", "O2a"]);
            reader.Atoms.Symbols.ShouldBe(["Zn", "O"]);
            reader.Frames().Select(frame => (frame.Positions[0], frame.Cell!.Volume, frame.Velocities[0])).ToArray()
                .ShouldBe(ExtendedXyz.Read(path).Select(frame => (frame.Positions[0], frame.Cell!.Volume, frame.Velocities![0])).ToArray());
        }
    }

    [Theory]
    [InlineData(1, null, 1, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, null, 2, new[] { 1, 3, 5 })]
    [InlineData(3, 6L, 3, new[] { 2, 5 })]
    public void Wanted_frames_are_chosen_by_their_places(int from, long? to, int every, int[] places)
    {
        using var reader = TrajectoryReader.Open(Write("t.lammpstrj", Dump("xu yu zu", 7, 4)), new TrajectoryStreamOptions { From = from, To = to, Every = every });
        reader.EstimatedFrames.ShouldBeInRange(places.Length - 1, places.Length + 1);
        reader.Frames().Select(frame => (int)frame.Step / 10).ToArray().ShouldBe(places);
    }

    [Fact]
    public void A_trajectory_cut_in_the_middle_gives_its_whole_frames_and_a_note()
    {
        var text = Dump("xu yu zu", 5, 6);
        var ends = new List<int>();
        for (var at = text.IndexOf("ITEM: TIMESTEP", 1, StringComparison.Ordinal); at > 0; at = text.IndexOf("ITEM: TIMESTEP", at + 1, StringComparison.Ordinal))
        {
            ends.Add(at);
        }

        for (var length = ends[0]; length < text.Length; length += 7)
        {
            using var reader = TrajectoryReader.Open(Write("cut.dump", text[..length]));
            reader.Frames().Count().ShouldBe(ends.Count(end => end <= length), $"{length} bytes");
            reader.Notes.Count.ShouldBe(ends.Contains(length) ? 0 : 1);
        }

        Should.Throw<MofException>(() => TrajectoryReader.Open(Write("cut.dump", text[..(ends[0] - 1)]))).Message.ShouldContain("holds no whole frame");
    }

    [Fact]
    public void Frames_that_a_restart_wrote_again_are_left_out_and_correlations_begin_anew()
    {
        var text = string.Concat(((int[])[0, 10, 20, 30, 20, 30, 40, 50, 70, 80]).Select(step => Frame(step, "x y z", 2, new Random(step))));
        using var reader = TrajectoryReader.Open(Write("t.dump", text));
        reader.Frames().Select(frame => (frame.Step, frame.Continues)).ToArray().ShouldBe([(0, false), (10, true), (20, true), (30, true), (40, false), (50, true), (70, false), (80, true)]);
        reader.Notes.Count.ShouldBe(2);
        reader.Notes[0].ShouldContain("2 frames that came again after a restart (first step 20)");
        reader.Notes[1].ShouldContain("the distance of frames, 10 steps, changes 1 times, first behind step 50");
    }

    [Fact]
    public void Paths_through_the_boundary_are_reconstructed_when_steps_are_small()
    {
        // 0.7 Å a frame along each axis of a skewed cell that grows.
        var text = new StringBuilder();
        var expected = new List<double>();
        for (var k = 0; k < 60; k++)
        {
            var length = 10 + 0.01 * k;
            var fraction = 0.3 + 0.07 * k;
            var wrapped = (fraction - Math.Floor(fraction)) * length;
            expected.Add(fraction * length);
            text.Append(CultureInfo.InvariantCulture, $"2\nLattice=\"{length} 0 0 1 9 0 0 1 8\"\nO {wrapped:R} 0 0\nO 1 1 1\n");
        }

        var path = Write("t.xyz", text.ToString());
        using var reader = TrajectoryReader.Open(path, new TrajectoryStreamOptions { Unwrap = true });
        foreach (var (frame, place) in reader.Frames().Zip(expected))
        {
            frame.Positions[0].ShouldBe(place, 1e-9);
        }

        using var coarse = TrajectoryReader.Open(path, new TrajectoryStreamOptions { Unwrap = true, Every = 7 });
        var problem = Should.Throw<MofException>(() => coarse.Frames().Count());
        problem.Message.ShouldContain("atom 1 moves by 0.49 of the cell");
        problem.Message.ShouldContain("ix iy iz");
        using var raw = TrajectoryReader.Open(path, new TrajectoryStreamOptions { Every = 7 });
        raw.Frames().Count().ShouldBe(9);
    }

    [Fact]
    public void Reading_can_be_left_and_is_not_done_twice()
    {
        var path = Write("t.lammpstrj", Dump("xu yu zu", 50, 5));
        using var reader = TrajectoryReader.Open(path);
        reader.Frames().Take(2).Count().ShouldBe(2);
        Should.Throw<MofException>(() => reader.Frames()).Message.ShouldContain("asked for twice");
        File.Delete(path);
    }

    private string Write(string name, string text) => _folder.File(name, text);

    private static string Dump(string columns, int frames, int atoms)
    {
        var random = new Random(4);
        return string.Concat(Enumerable.Range(0, frames).Select(k => Frame(10 * k, columns, atoms, random)));
    }

    private static string Frame(int step, string columns, int atoms, Random random)
    {
        var text = new StringBuilder($"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{atoms}\nITEM: BOX BOUNDS xy xz yz pp pp pp\n-3.0 12.0 2.0\n0.5 9.5 -3.0\n1.0 8.0 -1.0\nITEM: ATOMS id type element {columns}\n");
        int[] ids = [.. Enumerable.Range(1, atoms)];
        random.Shuffle(ids);
        foreach (var id in ids)
        {
            text.Append(CultureInfo.InvariantCulture, $"{id} {1 + id % 2} {(id % 2 == 0 ? "Zn" : "O")}");
            foreach (var column in columns.Split(' '))
            {
                text.Append(' ').Append(column[0] == 'i' ? "0" : (random.NextDouble() * 8).ToString("G12", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
