using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Structures.Tests;

public class LammpsDumpTests
{
    private static string Frame(int step) =>
        $"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n-3.0 12.0 2.0\n0.5 9.5 -3.0\n1.0 8.0 -1.0\n" +
        "ITEM: ATOMS id type xu yu zu \n2 1 0.25 1.5 -2.5 \n1 2 nan 1e-3 inf \n";

    [Fact]
    public void A_frame_gives_its_step_columns_and_values_that_are_not_finite()
    {
        var frame = Read(Frame(70)).Single();
        frame.Step.ShouldBe(70);
        frame.Column("id").ShouldBe([2.0, 1.0]);
        frame.Columns("xu", "yu", "zu").ShouldBe([0.25, 1.5, -2.5, double.NaN, 1e-3, double.PositiveInfinity]);
        frame.Has("vx").ShouldBeFalse();
    }

    [Fact]
    public void The_bounding_box_is_turned_into_the_cell_and_its_origin()
    {
        var frame = Read(Frame(0)).Single();
        frame.Origin.ShouldBe([0.0, 1.5, 1.0]);
        frame.Rows.ShouldBe([10.0, 0, 0, 2, 8, 0, -3, -1, 7]);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_the_frames_that_are_whole()
    {
        var two = Frame(0) + Frame(10);
        for (var length = two.Length / 2; length < two.Length; length++)
        {
            Read(two[..length]).Count.ShouldBe(length < Frame(0).Length ? 0 : 1, $"{length} characters");
        }

        Read(two).Select(frame => frame.Step).ShouldBe([0L, 10L]);
    }

    [Fact]
    public void Numbers_are_read_to_the_last_bit_however_they_are_written()
    {
        var random = new Random(11);
        for (var k = 0; k < 200_000; k++)
        {
            var number = Math.Pow(10, random.Next(-12, 8)) * (random.NextDouble() - 0.5);
            var text = number.ToString(k % 3 == 0 ? "g12" : k % 3 == 1 ? "f9" : "R", System.Globalization.CultureInfo.InvariantCulture);
            LammpsDump.Number(text).ShouldBe(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), text);
        }

        foreach (var (text, value) in ((string, double)[])[("0", 0), ("-0", -0.0), (".5", 0.5), ("7.", 7), ("9007199254740993", 9007199254740992), ("0.30000000000000004", 0.30000000000000004), ("1e-3", 1e-3), ("+2", 2)])
        {
            BitConverter.DoubleToInt64Bits(LammpsDump.Number(text)).ShouldBe(BitConverter.DoubleToInt64Bits(value), text);
        }

        foreach (var text in (string[])["", "-", ".", "1.2.3", "Zn", "--1"])
        {
            double.IsNaN(LammpsDump.Number(text)).ShouldBeTrue(text);
        }
    }

    [Fact]
    public void Something_else_in_the_file_is_an_error_with_its_line()
    {
        var error = Should.Throw<MofException>(() => Read(Frame(0) + "nonsense\n"));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain(":12: 'nonsense'");
    }

    private static List<LammpsDumpFrame> Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return [.. LammpsDump.Read(path)];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
