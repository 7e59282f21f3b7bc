using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Structures.Tests;

public sealed class FitSnapJsonTests : IDisposable
{
    private const string Salt = """
        # a comment
        {"Dataset": {"Data": [{"NumAtoms": 2, "AtomTypes": ["Na", "Cl"],
          "Lattice": [[4, 0, 0], [0, 5, 0], [0.5, 0, 6]], "Positions": [[0, 0, 0], [2, 2.5, 3.25]],
          "Energy": -7.5, "Forces": [[1, 2, 3], [-1, -2, -3]],
          "Stress": [[10, 4, 5], [4, 20, 6], [5, 6, 30]]}],
          "EnergyStyle": "electronvolt", "StressStyle": "bar"}}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_configuration_is_read_with_its_group_in_the_units_and_signs_of_the_suite()
    {
        Directory.CreateDirectory(_folder.File("Salt"));
        var frame = FitSnapJson.Read(_folder.File("Salt/a.json", Salt)).Single();
        frame.Symbols.ShouldBe(["Na", "Cl"]);
        frame.Periodic.ShouldBeTrue();
        frame.Cell!.Rows.ToArray().ShouldBe([4, 0, 0, 0, 5, 0, 0.5, 0, 6]);
        frame.Positions.ShouldBe([0, 0, 0, 2, 2.5, 3.25]);
        frame.Label!.Energy.ShouldBe(-7.5);
        frame.Label.Forces.ShouldBe([1, 2, 3, -1, -2, -3]);
        // xx yy zz yz xz xy, tension positive; the file's pressure is positive under compression.
        frame.Label.Stress!.Select(s => -s * PhysicalConstants.LammpsMetalPressure).ShouldBe([10, 20, 30, 6, 5, 4], 1e-12);
        ConfigurationGroups.Of(frame).ShouldBe("Salt");
        frame.Info["source"].ShouldBe("Salt/a.json");
    }

    [Fact]
    public void A_folder_is_read_group_by_group_in_the_order_of_names()
    {
        foreach (var name in (string[])["Warm/b.json", "Warm/a.json", "Cold/c.json", "Cold/notes.txt", "Empty/notes.txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            _folder.File(name, Salt);
        }

        LabelledFrames.Read(_folder.Path).Select(frame => frame.Info["source"]).ShouldBe(["Cold/c.json", "Warm/a.json", "Warm/b.json"]);
        LabelledFrames.Read(_folder.File("Warm")).Select(frame => ConfigurationGroups.Of(frame)).ShouldBe(["Warm", "Warm"]);
    }

    [Fact]
    public void A_configuration_without_forces_has_no_label_and_one_without_stress_has_none()
    {
        var path = _folder.File("a.json", Salt.Replace("\"Forces\"", "\"forces\"", StringComparison.Ordinal));
        FitSnapJson.Read(path).Single().Label.ShouldBeNull();
        Should.Throw<MofException>(() => FitSnapJson.Read(path, requireLabels: true)).Message.ShouldBe($"{path}: 'Forces' of Data[0] is missing; expected 2 rows of three finite numbers");
        FitSnapJson.Read(_folder.File("b.json", Salt.Replace("\"Stress\"", "\"stress\"", StringComparison.Ordinal))).Single().Label!.Stress.ShouldBeNull();
    }

    [Theory]
    [InlineData("\"Energy\": -7.5,", "\"Energy\": -7.5;", "a.json:4:17: the file is not JSON; expected FitSNAP's form")]
    [InlineData("Dataset", "Data set", "a.json: the file has no object 'Dataset'; expected {\"Dataset\"")]
    [InlineData("\"Data\"", "\"Frames\"", "a.json: 'Dataset' has no list 'Data' with configurations")]
    [InlineData("electronvolt", "hartree", "a.json: 'EnergyStyle' is \"hartree\"; expected \"electronvolt\"")]
    [InlineData("\"Cl\"", "\"Xx\"", "'AtomTypes' of Data[0] has \"Xx\" for atom 1 (counted from 0); expected a chemical symbol")]
    [InlineData("\"NumAtoms\": 2", "\"NumAtoms\": 3", "'NumAtoms' of Data[0] is 3, but 'AtomTypes' has 2")]
    [InlineData("[2, 2.5, 3.25]", "[2, 2.5]", "'Positions' of Data[0] has [2, 2.5] as row 1 (counted from 0); expected 2 rows of three finite numbers")]
    [InlineData("[0.5, 0, 6]", "[0, 5, 0]", "'Lattice' of Data[0] is no cell: the cell vectors span no volume")]
    [InlineData(", [-1, -2, -3]", "", "'Forces' of Data[0] has 1 rows; expected 2 rows")]
    [InlineData("-7.5", "\"low\"", "'Energy' of Data[0] is string; expected the energy of all atoms, eV")]
    public void What_is_wrong_is_told_with_the_place_and_what_was_expected(string right, string wrong, string message)
    {
        var path = _folder.File("a.json", Salt.Replace(right, wrong, StringComparison.Ordinal));
        Should.Throw<MofException>(() => FitSnapJson.Read(path)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_damaged_file_is_a_message_or_still_a_configuration()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var path = _folder.File("a.json", TestKit.DamagedText.Of(Salt, new Random(seed)));
            try
            {
                FitSnapJson.Read(path);
            }
            catch (MofException error)
            {
                error.Message.ShouldContain(path);
            }
        }
    }

    [Fact]
    public void Labelled_frames_are_recognised_by_their_path()
    {
        ExtendedXyz.Write(_folder.File("a.extxyz"), Configurations.Rotated());
        LabelledFrames.Read(_folder.File("a.extxyz")).Count().ShouldBe(1);
        LabelledFrames.Read(_folder.File("a.json", Salt)).Count().ShouldBe(1);
        Should.Throw<MofException>(() => LabelledFrames.Read(_folder.File("a.cif"))).Message.ShouldContain("does not tell the format of labelled frames; expected an extended XYZ file");
        Should.Throw<MofException>(() => LabelledFrames.Read(Directory.CreateDirectory(_folder.File("none")).FullName)).Message.ShouldContain("the folder holds no JSON files");
    }
}
