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
    public void Keywords_are_read_in_any_order_with_comments_and_blank_lines()
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

    [Theory]
    [InlineData("quadraticflag", 21)]
    [InlineData("chemflag", 41)]
    [InlineData("bnormflag", 6)]
    [InlineData("wselfallflag", 6)]
    public void Every_flag_is_read_and_decides_how_many_coefficients_there_are(string flag, int coefficients)
    {
        var model = Read(Parameters + flag + " 1\n", Coefficients(coefficients, "C3a", "Zn4a"));
        model.Parameters.ShouldBe(new SnapParameters
        {
            CutoffFactor = 4.0,
            TwoJMax = 2,
            Quadratic = flag == "quadraticflag",
            Chemical = flag == "chemflag",
            Normalized = flag == "bnormflag",
            SelfInAllDensities = flag == "wselfallflag",
        });
        model.CoefficientCount.ShouldBe(coefficients);
        ShouldBeTheSame(WriteAndRead(model), model);
        var error = Failure(() => Read(Parameters + flag + " 1\n", Coefficients(coefficients + 1, "C3a", "Zn4a")));
        error.Expected.ShouldNotBeNull().ShouldStartWith($"{coefficients}, as twojmax is 2");
    }

    [Fact]
    public void Inner_switching_distances_belong_to_the_species_in_the_order_of_the_coefficient_file()
    {
        var model = Read(Parameters + "sinner 1.5 2.5\nswitchinnerflag 1\ndinner 0.25 0.75 # half widths\n", Coefficients("C3a", "Zn4a"));
        model.Parameters.InnerSwitching.ShouldBeTrue();
        model.Species.Select(s => (s.InnerSwitchCenter, s.InnerSwitchHalfWidth)).ShouldBe([(1.5, 0.25), (2.5, 0.75)]);
        ShouldBeTheSame(WriteAndRead(model), model);
    }

    [Fact]
    public void All_keywords_together_survive_writing()
    {
        var parameters = new SnapParameters
        {
            CutoffFactor = 3.7,
            TwoJMax = 1,
            AngleFactor = 0.9,
            MinimumDistance = 0.1,
            Switching = false,
            SubtractIsolatedAtom = false,
            Quadratic = true,
            Chemical = true,
            Normalized = true,
            SelfInAllDensities = true,
            InnerSwitching = true,
        };
        var count = SnapModel.CoefficientCountOf(8 * SnapIndices.ComponentCount(1), quadratic: true);
        var model = new SnapModel(parameters, [.. new[] { "A", "B" }.Select((label, n) => new SnapSpecies(label, 0.5, 1 + n, [.. Enumerable.Range(0, count).Select(k => Math.Sin(k + n))])
        {
            InnerSwitchCenter = 1 + n / 3.0,
            InnerSwitchHalfWidth = 0.1 + n / 7.0,
        })]);
        ShouldBeTheSame(WriteAndRead(model), model);
    }

    [SkippableTheory]
    [InlineData("Ta06A", 1, 6)]
    [InlineData("W_2940_2017_2", 1, 8)]
    [InlineData("WBe_Wood_PRB2019", 2, 8)]
    [InlineData("zif8", 7, 8)]
    [InlineData("Mo_Zuo_JPCA2020.quadratic", 1, 6)]
    [InlineData("InP_JCPA2020", 2, 6)]
    public void Published_potentials_are_read_and_survive_writing_to_the_last_bit(string name, int species, int twoJMax)
    {
        var coefficients = ReferenceData.Find($"snap/potentials/{name}.snapcoeff");
        Skip.If(coefficients is null, "reference data absent");
        var model = SnapFiles.Read(coefficients, SnapFiles.ParameterPathOf(coefficients));
        model.Species.Count.ShouldBe(species);
        model.Parameters.TwoJMax.ShouldBe(twoJMax);
        ShouldBeTheSame(WriteAndRead(model), model);
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
    [InlineData("rcutfac 4\ntwojmax 2\nswitchinnerflag 1\nsinner 1.0\n", 0, "keyword dinner is missing", "a number for every species")]
    [InlineData("rcutfac 4\ntwojmax 2\nswitchinnerflag 1\nsinner\n", 4, "keyword sinner has 0 values", "one value for every species")]
    [InlineData("rcutfac 4\ntwojmax 2\nswitchinnerflag 1\nsinner 1 x\ndinner 1 1\n", 4, "sinner 2 is 'x'", "a finite number")]
    [InlineData("rcutfac 4\ntwojmax 2\nchunksize big\n", 3, "chunksize is 'big'", "an integer")]
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
    [InlineData("1 1", "0.5 0.5", 4, "keyword sinner has 2 values", "3, one for each species in the order of the coefficient file: A, B, C")]
    [InlineData("1 1 1", "0.5", 5, "keyword dinner has 1 values", "3, one for each species")]
    [InlineData("1 1 1", "0.5 0 0.5", 5, "dinner of B is 0", "a positive number")]
    public void Inner_switching_distances_that_do_not_fit_the_species_are_named(string sinner, string dinner, int line, string what, string expected)
    {
        var error = Failure(() => Read($"{Parameters}switchinnerflag 1\nsinner {sinner}\ndinner {dinner}\n", Coefficients("A", "B", "C")));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Where.ShouldBe($"{_folder.PathOf("a.snapparam")}:{line}");
        error.What.ShouldBe(what);
        error.Expected.ShouldNotBeNull().ShouldStartWith(expected);
    }

    [Fact]
    public void A_count_of_species_beyond_all_bounds_is_refused_with_chemflag_too()
    {
        var error = Failure(() => Read(Parameters + "chemflag 1\nquadraticflag 1\n", "2000000000 6\nC 0.5 1\n1\n"));
        error.What.ShouldBe("6 coefficients for each species");
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
