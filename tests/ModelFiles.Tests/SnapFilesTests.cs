using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.TestKit;
using static MofInterop.ModelFiles.Tests.ModelFolder;

namespace MofInterop.ModelFiles.Tests;

public sealed class SnapFilesTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Defaults_are_those_of_LAMMPS()
    {
        var model = Read(Parameters, Coefficients("C3a"));
        model.Parameters.ShouldBe(new SnapParameters
        {
            CutoffFactor = 4.0,
            TwoJMax = 2,
            AngleFactor = 0.99363,
            MinimumDistance = 0,
            Switching = true,
            SubtractIsolatedAtom = true,
        });
    }

    [Fact]
    public void Every_linear_keyword_is_read_in_any_order_with_comments_and_blank_lines()
    {
        var model = Read(
            "# head\n\nbnormflag 0 # off\nswitchflag 0\nrmin0 0.25\n  twojmax\t2 \r\nchemflag 0\nbzeroflag 0\nwselfallflag 0\n"
            + "rfac0 0.95\nquadraticflag 0\nswitchinnerflag 0\nchunksize 1000\nparallelthresh 5\n'rcutfac' \"3.5\"",
            Coefficients("C3a", "Zn4a"));
        model.Parameters.ShouldBe(new SnapParameters
        {
            CutoffFactor = 3.5,
            TwoJMax = 2,
            AngleFactor = 0.95,
            MinimumDistance = 0.25,
            Switching = false,
            SubtractIsolatedAtom = false,
        });
        model.Species.Select(s => s.Label).ShouldBe(["C3a", "Zn4a"]);
        model.Species[1].Weight.ShouldBe(2);
        model.Species[1].Coefficients.ToArray().ShouldBe([-1.5, 0.1, 0.2, 0.03, 4, -5]);
    }

    [SkippableTheory]
    [InlineData("Ta06A", 1, 6)]
    [InlineData("W_2940_2017_2", 1, 8)]
    [InlineData("WBe_Wood_PRB2019", 2, 8)]
    [InlineData("zif8", 7, 8)]
    public void Published_potentials_are_read_and_survive_writing_to_the_last_bit(string name, int species, int twoJMax)
    {
        var coefficients = ReferenceData.Find($"snap/potentials/{name}.snapcoeff");
        Skip.If(coefficients is null, "reference data absent");
        var model = SnapFiles.Read(coefficients, SnapFiles.ParameterPathOf(coefficients));
        model.Species.Count.ShouldBe(species);
        model.Parameters.TwoJMax.ShouldBe(twoJMax);
        ShouldBeTheSame(WriteAndRead(model), model);
    }

    [SkippableTheory]
    [InlineData("Mo_Zuo_JPCA2020.quadratic", "quadraticflag")]
    [InlineData("InP_JCPA2020", "chemflag")]
    public void Keywords_beyond_linear_SNAP_are_unsupported_and_named_with_their_line(string name, string keyword)
    {
        var coefficients = ReferenceData.Find($"snap/potentials/{name}.snapcoeff");
        Skip.If(coefficients is null, "reference data absent");
        var parameters = Path.ChangeExtension(coefficients, null) + ".snapparam";
        var error = Failure(() => SnapFiles.Read(coefficients, parameters));
        error.Kind.ShouldBe(ErrorKind.Unsupported);
        error.Message.ShouldContain($"keyword {keyword} is 1");
        var line = Array.FindIndex(File.ReadAllLines(parameters), text => text.StartsWith(keyword, StringComparison.Ordinal)) + 1;
        error.Where.ShouldBe($"{parameters}:{line}");
    }

    [Fact]
    public void Any_double_survives_writing_to_the_last_bit()
    {
        var random = new Random(5);
        double Any()
        {
            double value;
            do
            {
                value = BitConverter.Int64BitsToDouble(random.NextInt64());
            }
            while (!double.IsFinite(value));
            return value;
        }

        double[] corners = [-0.0, double.Epsilon, double.MaxValue, -double.MaxValue, 0.1, 1.0 / 3];
        SnapSpecies[] species =
        [
            .. Enumerable.Range(0, 20).Select(n => new SnapSpecies($"X{n}a", 0.5 + n / 7.0, Any(), [Any(), Any(), Any(), Any(), Any(), Any()])),
            new SnapSpecies("corner", Math.PI, 1e-300, corners),
        ];
        var parameters = new SnapParameters { CutoffFactor = 10.0 / 3, TwoJMax = 2, AngleFactor = 0.9539387603447764, MinimumDistance = 1e-17, Switching = false };
        var model = new SnapModel(parameters, species);
        ShouldBeTheSame(WriteAndRead(model, "two\nlines of comment"), model);
    }

    [Theory]
    [InlineData("rcutfac 4\ntwojmax 2\nrcutfacc 1\n", 3, "unknown keyword 'rcutfacc'", "one of rcutfac")]
    [InlineData("rcutfac 4\ntwojmax 2\nrcutfac 4\n", 3, "keyword rcutfac is repeated", "it once")]
    [InlineData("rcutfac 4\n\ntwojmax 2.5\n", 3, "twojmax is '2.5'", "an integer")]
    [InlineData("rcutfac 4\ntwojmax 2\nrmin0 zero\n", 3, "rmin0 is 'zero'", "a finite number")]
    [InlineData("rcutfac nan\ntwojmax 2\n", 1, "rcutfac is 'nan'", "a finite number")]
    [InlineData("rcutfac 1e999\ntwojmax 2\n", 1, "rcutfac is '1e999'", "a finite number")]
    [InlineData("rcutfac -4\ntwojmax 2\n", 1, "rcutfac is -4", "a positive number")]
    [InlineData("rcutfac 4\ntwojmax 2\nswitchflag 2\n", 3, "switchflag is 2", "0 or 1")]
    [InlineData("rcutfac 4 5\ntwojmax 2\n", 1, "keyword rcutfac has 2 values", "one value")]
    [InlineData("rcutfac\ntwojmax 2\n", 1, "keyword rcutfac has 0 values", "one value")]
    [InlineData("rcutfac 4\ntwojmax 99\n", 2, "twojmax is 99", "0 to 20")]
    [InlineData("rcutfac 4\ntwojmax 2\nsinner 1.0\n", 3, "sinner is given without switchinnerflag", "no inner switching")]
    [InlineData("rcutfac 4\n", 0, "keyword twojmax is missing", "the required keywords")]
    [InlineData("", 0, "keyword rcutfac is missing", "the required keywords")]
    public void Mistakes_in_a_parameter_file_are_named(string text, int line, string what, string expected)
    {
        var path = _folder.Write("bad.snapparam", text);
        var error = Failure(() => SnapParameterFile.Read(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Where.ShouldBe(line == 0 ? path : $"{path}:{line}");
        error.What.ShouldContain(what);
        error.Expected.ShouldNotBeNull().ShouldContain(expected);
    }

    [Theory]
    [InlineData("switchinnerflag 1\nsinner 1\ndinner 1", "switchinnerflag")]
    [InlineData("bnormflag 1", "bnormflag")]
    [InlineData("wselfallflag 1", "wselfallflag")]
    [InlineData("quadraticflag 1", "quadraticflag")]
    [InlineData("chemflag 1", "chemflag")]
    public void Keywords_of_other_kinds_of_SNAP_are_unsupported(string line, string keyword)
    {
        var path = _folder.Write("other.snapparam", Parameters + line);
        var error = Failure(() => SnapParameterFile.Read(path));
        error.Kind.ShouldBe(ErrorKind.Unsupported);
        error.Message.ShouldBe($"{path}:3: keyword {keyword} is 1; expected 0. This version computes linear SNAP only.");
    }

    [Theory]
    [InlineData("1\n", 1, "'1' is 1 words", "the number of species and of coefficients")]
    [InlineData("one 6\n", 1, "the number of species is 'one'", "an integer")]
    [InlineData("0 6\n", 1, "the number of species is 0", "1 or more")]
    [InlineData("1 7\n", 1, "7 coefficients for each species", "6, as twojmax is 2")]
    [InlineData("1 2000000000\n", 1, "2000000000 coefficients", "6, as twojmax is 2")]
    [InlineData("2000000000 6\nC 0.5 1\n1\n1\n1\n1\n1\n1\n", 0, "the file ends too early", "label, radius and weight")]
    [InlineData("1 6\nC 0.5\n", 2, "'C 0.5' is 2 words", "label, radius and weight")]
    [InlineData("1 6\nC half 1\n", 2, "the radius of C is 'half'", "a finite number")]
    [InlineData("1 6\nC 0 1\n", 2, "the radius of C is 0", "a cutoff")]
    [InlineData("1 6\nC 0.5 1\n1\n2\n3 # B\n", 0, "the file ends too early", "coefficient 4 of 6 of C")]
    [InlineData("1 6\nC 0.5 1\n1\n2\nthree\n", 5, "coefficient 3 of 6 of C is 'three'", "a finite number")]
    [InlineData("2 6\nC 0.5 1\n1\n2\n3\n4\n5\nN 0.5 1\n", 8, "'N 0.5 1' is 3 words", "coefficient 6 of 6 of C (1 word)")]
    [InlineData("2 6\nC 0.5 1\n1\n2\n3\n4\n5\n6\nC 0.5 1\n", 9, "species C is repeated", "every label once")]
    [InlineData("1 6\nC 0.5 1\n1\n2\n3\n4\n5\n6\n7\n", 9, "'7' follows the last coefficient", "nothing more after the 1 species")]
    [InlineData("# nothing\n\n", 0, "the file ends too early", "the number of species")]
    public void Mistakes_in_a_coefficient_file_are_named(string text, int line, string what, string expected)
    {
        var path = _folder.Write("bad.snapcoeff", text);
        var error = Failure(() => SnapCoefficientFile.Read(path, new SnapParameters { CutoffFactor = 4, TwoJMax = 2 }));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Where.ShouldBe(line == 0 ? path : $"{path}:{line}");
        error.What.ShouldContain(what);
        error.Expected.ShouldNotBeNull().ShouldContain(expected);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        var missing = _folder.PathOf("none.snapparam");
        Failure(() => SnapParameterFile.Read(missing)).Message.ShouldBe($"{missing}: there is no such SNAP parameter file. Check the path.");
        Failure(() => SnapParameterFile.Read(_folder.PathOf("."))).What.ShouldBe("this is a folder");
    }

    [Fact]
    public void A_label_that_would_not_be_read_back_is_not_written()
    {
        var model = new SnapModel(new SnapParameters { CutoffFactor = 4, TwoJMax = 0 }, [new SnapSpecies("C 3a", 0.5, 1, [0, 1])]);
        Failure(() => WriteAndRead(model)).Message.ShouldContain("'C 3a'");
    }

    private SnapModel Read(string parameters, string coefficients) =>
        SnapFiles.Read(_folder.Write("a.snapcoeff", coefficients), _folder.Write("a.snapparam", parameters));

    private SnapModel WriteAndRead(SnapModel model, string? comment = null)
    {
        SnapFiles.Write(model, _folder.PathOf("w.snapcoeff"), _folder.PathOf("w.snapparam"), comment);
        return SnapFiles.Read(_folder.PathOf("w.snapcoeff"), _folder.PathOf("w.snapparam"));
    }
}
