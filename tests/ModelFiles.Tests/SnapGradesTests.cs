using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using static MofInterop.ModelFiles.Tests.ModelFolder;

namespace MofInterop.ModelFiles.Tests;

public sealed class SnapGradesTests : IDisposable
{
    private const int Components = 5;

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grades_survive_writing_to_the_last_bit()
    {
        var model = Graded();
        var path = _folder.PathOf("a.snapgrades");
        SnapGradesFile.Write(path, model, "of a\ntest");
        var read = SnapGradesFile.Read(path, model);
        (read.Knows(0), read.Knows(1)).ShouldBe((true, false));
        read.Factor(0).ToArray().Select(BitConverter.DoubleToInt64Bits).ShouldBe(model.Grades!.Factor(0).ToArray().Select(BitConverter.DoubleToInt64Bits));
        var text = File.ReadAllText(path);
        text.ShouldStartWith("# of a\n# test\nsnapgrades 1\ncomponents 5\n");
        SnapGradesFile.Write(path, With(model, read), "of a\ntest");
        File.ReadAllText(path).ShouldBe(text);
    }

    [Fact]
    public void A_card_that_names_grades_gives_a_potential_that_has_them()
    {
        var path = WriteCard();
        using var potential = PotentialLoader.Load(path);
        potential.HasGrades.ShouldBeTrue();
        PotentialLoader.LoadSnapModel(path).Grades!.Knows(0).ShouldBeTrue();
        File.AppendAllText(_folder.PathOf("model.snapgrades"), "# harmless\n");
        Failure(() => PotentialLoader.Load(path)).Message.ShouldContain("SHA-256");
        using var without = PotentialLoader.Load(_folder.WriteCard());
        without.HasGrades.ShouldBeFalse();
    }

    [Theory]
    [InlineData("snapgrades 1", "snapgrade 1", 1, "'snapgrade 1'; expected 'snapgrades' and a number")]
    [InlineData("snapgrades 1", "snapgrades 2", 1, "the file has format 2; expected format 1")]
    [InlineData("components 5", "components 4", 2, "for 4 components; expected 5")]
    [InlineData("species C3a", "species C4a", 4, "for a species C4a; expected one of C3a, Zn4a")]
    [InlineData("species C3a", "C3a", 4, "'C3a'; expected 'species' and a label")]
    [InlineData("species Zn4a unseen", "species Zn4a lost", 12, "expected 'species' and a label, or these and 'unseen'")]
    [InlineData("species Zn4a unseen", "species C3a unseen", 12, "species C3a is repeated")]
    [InlineData("species Zn4a unseen", "", 0, "the file ends too early; expected species Zn4a")]
    [InlineData("species Zn4a unseen", "species Zn4a\n1\n1 2", 0, "the file ends too early; expected row 3 of 6 of Zn4a")]
    [InlineData("\n\nspecies Zn4a", " 4\n\nspecies Zn4a", 10, "7 words; expected row 6 of 6 of C3a: 6 numbers")]
    [InlineData("0.1 0.2", "0.1 nan", 6, "row 2 of 6 of C3a is 'nan'; expected a finite number")]
    public void Mistakes_are_named_with_their_line(string old, string changed, int line, string message)
    {
        var path = _folder.PathOf("a.snapgrades");
        var model = Graded(first: 0.1);
        SnapGradesFile.Write(path, model);
        var text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => SnapGradesFile.Read(path, model));
        error.Message.ShouldContain(message);
        error.Where.ShouldBe(line == 0 ? path : $"{path}:{line}");
    }

    [Fact]
    public void Models_that_cannot_be_graded_refuse_a_grades_file()
    {
        var path = _folder.PathOf("a.snapgrades");
        SnapGradesFile.Write(path, Graded());
        var parameters = new SnapParameters { CutoffFactor = 4, TwoJMax = 2, Quadratic = true };
        var model = new SnapModel(parameters, [new SnapSpecies("C3a", 0.5, 1, new double[SnapModel.CoefficientCountOf(Components, true)])]);
        Failure(() => SnapGradesFile.Read(path, model)).Kind.ShouldBe(ErrorKind.FileFormat);
    }

    // L of the first species: 0.1, then 0.1 0.2, then thirds.
    private static SnapModel Graded(double first = 1.0 / 7)
    {
        double[] factor = [.. Enumerable.Range(0, SnapGrades.FactorLength(Components)).Select(k => k switch { 0 or 1 => first, 2 => 2 * first, _ => k / 3.0 })];
        SnapSpecies[] species = [.. new[] { "C3a", "Zn4a" }.Select(label => new SnapSpecies(label, 0.5, 1, new double[1 + Components]))];
        return new SnapModel(new SnapParameters { CutoffFactor = 4, TwoJMax = 2 }, species) { Grades = new SnapGrades(Components, [factor, null]) };
    }

    private static SnapModel With(SnapModel model, SnapGrades grades) => new(model.Parameters, model.Species) { Grades = grades };

    private string WriteCard()
    {
        var path = _folder.WriteCard();
        SnapGradesFile.Write(_folder.PathOf("model.snapgrades"), Graded());
        var card = ModelCardFile.Read(path);
        var files = card.Files.Append(new("grades", ModelCardFile.Describe(path, _folder.PathOf("model.snapgrades")))).ToDictionary();
        ModelCardFile.Write(path, card with { Files = files });
        return path;
    }
}
