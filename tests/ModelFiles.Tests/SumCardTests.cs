using System.Security.Cryptography;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Sums;
using MofInterop.Potentials.Zbl;
using MofInterop.TestKit;
using static MofInterop.ModelFiles.Tests.ModelFolder;

namespace MofInterop.ModelFiles.Tests;

public sealed class SumCardTests : IDisposable
{
    private const string Species = """
        species:
          - {label: C3a, atomic_number: 6}
          - {label: Zn4a, atomic_number: 30}
          - {label: H1a, atomic_number: 1}

        """;

    private const string Tail = """
        units:
          energy: eV
          length: angstrom
        reference:
          method: PBE
          dispersion: not included

        """;

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_zbl_card_with_radii_acts_between_all_its_species()
    {
        using var potential = (ZblPotential)PotentialLoader.Load(Card("zbl", "inner: 1.2 angstrom\nouter: 2.4 angstrom\n"));
        potential.Species.Select(s => s.Label).ShouldBe(["C3a", "Zn4a", "H1a"]);
        potential.Model.Pairs.Count.ShouldBe(6);
        potential.Model.Pairs.ShouldAllBe(pair => pair.Inner == 1.2 && pair.Outer == 2.4);
    }

    [Fact]
    public void A_zbl_card_may_choose_pairs_and_give_each_its_radii()
    {
        using var potential = (ZblPotential)PotentialLoader.Load(Card("zbl", """
            outer: 2.4 angstrom
            pairs:
              - species: [Zn4a, C3a]
                inner: 1.0 angstrom
              - species: [H1a, H1a]
                inner: 0.5 angstrom
                outer: 0.7 angstrom

            """));
        potential.Model.Pairs.ShouldBe([new ZblPair(1, 0, 1.0, 2.4), new ZblPair(2, 2, 0.5, 0.7)]);
    }

    [Fact]
    public void A_sum_adds_other_cards_and_parts_that_stand_inside()
    {
        using var sum = (SumPotential)PotentialLoader.Load(WriteSum());
        sum.Species.ShouldBe([new Species("C3a", 6, 12.011), new Species("Zn4a", 30, 65.38), new Species("H1a", 1, 0)]);
        sum.Parts.Select(part => part.Kind).ShouldBe(["snap", "zbl"]);
        sum.Parts[1].Species.Count.ShouldBe(3);
        (sum.PairCutoff(0, 1), sum.PairCutoff(2, 1), sum.PairCutoff(2, 0)).ShouldBe((4, 2.4, 0));
    }

    [Fact]
    public void A_snap_part_may_stand_inside_and_takes_the_species_of_the_sum()
    {
        _folder.WriteCard();
        var files = $"""
            parts:
              - kind: snap
                files:
                  coefficients: {Named("model.snapcoeff")}
                  parameters: {Named("model.snapparam")}
              - kind: zbl
                species:
                  - {"{label: H1a, atomic_number: 1}"}
                inner: 0.5 angstrom
                outer: 0.8 angstrom

            """;
        using var sum = (SumPotential)PotentialLoader.Load(Card("sum", files));
        sum.Parts[0].Species.ShouldBe([new Species("C3a", 6, 0), new Species("Zn4a", 30, 0)]);
        sum.Parts[1].Species.ShouldBe([new Species("H1a", 1, 0)]);
    }

    [Fact]
    public void A_sum_may_be_a_part_and_holds_a_staged_part_such_as_d3()
    {
        var inner = WriteSum();
        var dispersion = DispersionFiles.WriteCard(_folder.PathOf(""), DispersionFiles.Settings, [("C3a", 6), ("H1a", 1), ("Zn4a", 30)]);
        var text = $"parts:\n  - {Reference(inner)}\n  - {Reference(dispersion)}\n";
        using var sum = (SumPotential)PotentialLoader.Load(Card("sum", text, "outer.mof.yaml"));
        sum.ShouldBeAssignableTo<IStagedPotential>();
        sum.Cutoff.ShouldBe(7);
    }

    [Fact]
    public void Written_cards_read_back_as_the_same_cards()
    {
        var path = _folder.PathOf("written.mof.yaml");
        var model = _folder.WriteCard();
        var repulsion = new ZblCard(null, 2.5, [new ZblCardPair("C3a", "No", 1.25), new ZblCardPair("No", "No", 0.1 + 0.2, 1.0 / 3)]);
        var card = new ModelCard
        {
            Kind = "sum",
            Species = [new Species("C3a", 6, 0), new Species("Zn4a", 30, 0), new Species("No", 102, 0)],
            Reference = new ReferenceMethod("PBE", true),
            Sum = new SumCard(
            [
                SumCardPart.Of(ModelCardFile.Describe(path, model)),
                SumCardPart.Of(new CardPart { Kind = "zbl", Species = [], Zbl = repulsion }),
                SumCardPart.Of(new CardPart { Kind = "zbl", Species = [new Species("Zn4a", 30, 65)], Zbl = new ZblCard(1, 2) }),
            ]),
        };
        ModelCardFile.Write(path, card);
        var read = ModelCardFile.Read(path);
        read.Sum!.Parts[0].ShouldBe(card.Sum.Parts[0]);
        read.Sum.Parts[1].Inline!.Zbl!.Outer.ShouldBe(2.5);
        read.Sum.Parts[1].Inline!.Zbl!.Pairs.ShouldBe(repulsion.Pairs);
        read.Sum.Parts[2].Inline!.Species.ShouldBe([new Species("Zn4a", 30, 65)]);
        read.Sum.Parts[2].Inline!.Zbl.ShouldBe(new ZblCard(1, 2));
        var text = File.ReadAllText(path);
        ModelCardFile.Write(path, read);
        File.ReadAllText(path).ShouldBe(text);
        PotentialLoader.Load(path).Dispose();
    }

    [Theory]
    [InlineData("inner: 1.2 angstrom", "inner: 1.2", 7, 8, "'inner' is '1.2'; expected a number and its unit, angstrom")]
    [InlineData("inner: 1.2 angstrom", "iner: 1.2 angstrom", 1, 1, "a pair has no radius inner; expected inner of the pair, or inner of the card")]
    [InlineData("inner: 1.2 angstrom", "inner: 3 angstrom", 1, 1, "the switching radii of C3a-C3a are 3 and 2.4 angstrom")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\nfiles: {}", 9, 1, "unknown key 'files'")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\npairs: []", 9, 8, "a ZBL repulsion has no pairs")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\npairs:\n  - species: [C3a]", 10, 14, "a pair has 1 species; expected two labels")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\npairs:\n  - species: [C3a, C4a]", 10, 20, "'pairs[0].species[1]' is 'C4a'; expected one of C3a, Zn4a, H1a")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\npairs:\n  - species: [C3a, H1a]\n    color: red", 11, 5, "unknown key 'pairs[0].color'")]
    [InlineData("outer: 2.4 angstrom", "outer: 2.4 angstrom\npairs:\n  - species: [C3a, H1a]\n  - species: [H1a, C3a]", 10, 3, "the pair H1a-C3a is there twice")]
    [InlineData("Zn4a, atomic_number: 30", "Zn4a", 1, 1, "the atomic number of species Zn4a is not told")]
    public void Mistakes_in_a_zbl_card_are_named_with_line_and_column(string old, string changed, int line, int column, string message) =>
        ShouldBeNamed(Card("zbl", "inner: 1.2 angstrom\nouter: 2.4 angstrom\n"), old, changed, line, column, message);

    [Theory]
    [InlineData("parts:", "parts: []\nx:", 7, 8, "the sum has no parts")]
    [InlineData("kind: zbl", "kind: zlb", 10, 11, "'parts[1].kind' is 'zlb'; expected one of snap, zbl")]
    [InlineData("inner: 1.0 angstrom", "inner: 1.0 angstrom\n        colour: red", 14, 9, "unknown key 'parts[1].pairs[0].colour'")]
    [InlineData("[Zn4a, H1a]", "[Zn4a, H2a]", 12, 25, "'parts[1].pairs[0].species[1]' is 'H2a'; expected one of C3a, Zn4a, H1a")]
    [InlineData("card: model.mof.yaml", "card: /model.mof.yaml", 8, 11, "expected a path relative to the card")]
    [InlineData("sha256: ", "sha256: x", 9, 13, "expected 64 hexadecimal digits")]
    [InlineData("  - card: model.mof.yaml\n    sha256", "  - card: model.mof.yaml\n    kind: snap\n    sha256", 9, 5, "unknown key 'parts[0].kind'")]
    public void Mistakes_in_a_sum_card_are_named_with_line_and_column(string old, string changed, int line, int column, string message) =>
        ShouldBeNamed(WriteSum(), old, changed, line, column, message);

    [Theory]
    [InlineData("{label: H1a, atomic_number: 1}", "{label: H1b, atomic_number: 1}", "'H1a'; expected one of C3a, Zn4a, H1b")]
    [InlineData("atomic_number: 6", "atomic_number: 7", "different atomic numbers for the species C3a: 7, 6")]
    [InlineData("  - {label: Zn4a, atomic_number: 30}\n", "", "expected one of C3a, H1a")]
    public void Parts_and_sum_must_know_each_others_species(string old, string changed, string message)
    {
        var path = WriteSum();
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => PotentialLoader.Load(path));
        error.Message.ShouldContain(message);
        error.Message.ShouldStartWith(path);
    }

    [Fact]
    public void A_part_that_changed_or_sums_without_end_are_refused()
    {
        var sum = WriteSum();
        File.AppendAllText(_folder.PathOf("model.mof.yaml"), "# harmless\n");
        Failure(() => PotentialLoader.Load(sum)).Message.ShouldContain("SHA-256");
        var last = WriteSum();
        for (var depth = 0; depth < 8; depth++)
        {
            last = Card("sum", $"parts:\n  - {Reference(last)}\n", $"level{depth}.mof.yaml");
        }

        Failure(() => PotentialLoader.Load(last)).Kind.ShouldBe(ErrorKind.Unsupported);
    }

    /// <summary>A sum of the folder's model card and a repulsion that stands inside.</summary>
    internal static string WriteSum(ModelFolder folder, string name) => Card(folder, "sum", $"""
        parts:
          - card: model.mof.yaml
            sha256: {Checksum(folder.WriteCard())}
          - kind: zbl
            pairs:
              - species: [Zn4a, H1a]
                inner: 1.0 angstrom
                outer: 2.4 angstrom

        """, name);

    private static string Card(ModelFolder folder, string kind, string keys, string name) =>
        folder.Write(name, $"format: 1\nkind: {kind}\n{Species}{keys}{Tail}");

    private static void ShouldBeNamed(string path, string old, string changed, int line, int column, string message)
    {
        var text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => PotentialLoader.Load(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain(message);
        error.Where.ShouldBe($"{path}:{line}:{column}");
    }

    private static string Checksum(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Reference(string path) => $"{{card: {Path.GetFileName(path)}, sha256: {Checksum(path)}}}";

    private string Named(string file) => $"{{path: {file}, sha256: {Checksum(_folder.PathOf(file))}}}";

    private string Card(string kind, string keys, string name = "card.mof.yaml") => Card(_folder, kind, keys, name);

    private string WriteSum() => WriteSum(_folder, "card.mof.yaml");
}
