using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Errors;
using MofInterop.TestKit;
using static MofInterop.ModelFiles.Tests.ModelFolder;

namespace MofInterop.ModelFiles.Tests;

public sealed class DispersionCardTests : IDisposable
{
    private const string Cutoffs = "cutoff: 7 angstrom\ncoordination_cutoff: 5.5 angstrom\n";

    private static readonly (string, int)[] Atoms = [("C3a", 6), ("C3b", 6), ("H1a", 1), ("Zn4a", 30)];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_card_takes_its_damping_from_the_functional()
    {
        using var potential = (DispersionPotential)PotentialLoader.Load(Card(DispersionFiles.Settings));
        potential.Kind.ShouldBe("d3");
        potential.Cutoff.ShouldBe(7);
        potential.Species.Select(s => s.Label).ShouldBe(["C3a", "C3b", "H1a", "Zn4a"]);
        potential.Model.Settings.ShouldBe(new DispersionSettings(new BeckeJohnsonDamping(1, 0.7875, 0.4289, 4.4407), 7, 5.5));
        Settings("damping: zero\nfunctional: b3-lyp\n" + Cutoffs).Damping.ShouldBe(new ZeroDamping(1, 1.703, 1.261));
    }

    [Fact]
    public void A_card_may_give_the_numbers_itself()
    {
        Settings("damping: bj\ns8: 0.7\na1: 0.4\na2: 4.5 bohr\nswitching_width: 1 angstrom\n" + Cutoffs)
            .ShouldBe(new DispersionSettings(new BeckeJohnsonDamping(1, 0.7, 0.4, 4.5), 7, 5.5, 1));
        Settings("damping: zero\ns6: 0.5\ns8: 0.7\nrs6: 1.2\nrs8: 0.9\nalpha: 12\n" + Cutoffs).Damping.ShouldBe(new ZeroDamping(0.5, 0.7, 1.2, 0.9, 12));
    }

    [Theory]
    [InlineData("damping: bj\nfunctional: PBE\n")]
    [InlineData("damping: zero\nfunctional: M06-L\nswitching_width: 0.5 angstrom\n")]
    [InlineData("damping: bj\ns8: 0.7\na1: 0.4\na2: 4.5 bohr\n")]
    [InlineData("damping: zero\ns6: 0.5\ns8: 0.7\nrs6: 1.2\nrs8: 0.9\nalpha: 12\n")]
    public void A_written_card_reads_back_as_the_same_card(string damping)
    {
        var card = ModelCardFile.Read(Card(damping + Cutoffs));
        var path = _folder.PathOf("other.mof.yaml");
        ModelCardFile.Write(path, card);
        ModelCardFile.Read(path).Dispersion.ShouldBe(card.Dispersion);
        PotentialLoader.Load(path).Dispose();
    }

    [Theory]
    [InlineData("damping: bj", "damping: b", "'damping' is 'b'; expected one of zero, bj")]
    [InlineData("functional: PBE", "functional: PBA", "'functional' is 'PBA'; expected one of B1B95, ")]
    [InlineData("functional: PBE", "functional: M06", "'functional' is 'M06'; expected one of B1B95, ")]
    [InlineData("functional: PBE", "functional: PBE\na1: 0.4", "unknown key 'a1'")]
    [InlineData("functional: PBE", "a1: 0.4", "key 's8' is missing")]
    [InlineData("functional: PBE", "s8: 0.7\na1: 0.4\na2: 4.5", "'a2' is '4.5'; expected a number and its unit, bohr")]
    [InlineData("cutoff: 7 angstrom", "cutoff: 7", "'cutoff' is '7'; expected a number and its unit, angstrom")]
    [InlineData("cutoff: 7 angstrom", "cutoff: -7 angstrom", "the dispersion cutoff is -7 angstrom")]
    [InlineData("coordination_cutoff", "coordination_cut", "key 'coordination_cutoff' is missing")]
    [InlineData("    atomic_number: 30\n", "", "species Zn4a has no atomic number")]
    [InlineData("atomic_number: 30", "atomic_number: 31", "species Zn4a has the atomic number 31, which is not in the D3 reference table")]
    public void Mistakes_are_named(string old, string changed, string message)
    {
        var path = Card(DispersionFiles.Settings);
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => PotentialLoader.Load(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain(message);
        error.Message.ShouldStartWith(path);
    }

    [Theory]
    [InlineData("1155 231", "1155 230", "the file tells of 1155 numbers in 230 entries")]
    [InlineData("1155 231", "1150 230", "follows the last entry")]
    [InlineData("1155 231", "1160 232", "the file ends before C6")]
    [InlineData(" 101.0 1.0 ", " 101.5 1.0 ", "an atom is 101.5")]
    [InlineData(" 101.0 1.0 ", " 1.0 1.0 ", "this pair of references is repeated")]
    [InlineData(" 101.0 1.0 ", " 801.0 1.0 ", "element 1, reference 8")]
    [InlineData(" 101.0 1.0 0 0.9", " 101.0 1.0 0 0.8", "the coordination number of a reference is 0.8; expected 0.9, as before")]
    public void A_damaged_table_is_refused(string old, string changed, string message)
    {
        var text = DispersionFiles.TableText();
        text.ShouldContain(old);
        var path = _folder.Write("table.dat", text.Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => DispersionTableFile.Read(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldStartWith(path);
        error.Message.ShouldContain(message);
    }

    [SkippableFact]
    public void The_published_table_is_read()
    {
        Skip.IfNot(File.Exists(DispersionFiles.PublishedTable), "cp2k-data is not installed: no " + DispersionFiles.PublishedTable);
        var table = DispersionTableFile.Read(DispersionFiles.PublishedTable);
        Enumerable.Range(1, 94).ShouldAllBe(z => table.ReferenceCount(z) > 0);
        table.Coefficient(6, 4, 6, 4).ShouldBe(18.2, 0.1);
        table.CoordinationNumber(30, 1).ShouldBe(1.9419);
    }

    private string Card(string settings) => DispersionFiles.WriteCard(_folder.PathOf(""), settings, Atoms);

    private DispersionSettings Settings(string settings)
    {
        using var potential = (DispersionPotential)PotentialLoader.Load(Card(settings));
        return potential.Model.Settings;
    }
}
