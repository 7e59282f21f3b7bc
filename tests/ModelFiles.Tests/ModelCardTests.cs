using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using static MofInterop.ModelFiles.Tests.ModelFolder;

namespace MofInterop.ModelFiles.Tests;

public sealed class ModelCardTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_card_loads_its_weights_and_tells_elements_and_masses()
    {
        using var potential = PotentialLoader.Load(_folder.WriteCard());
        potential.Kind.ShouldBe("snap");
        potential.Species.ShouldBe([new Species("C3a", 6, 12.011), new Species("Zn4a", 30, 65.38)]);
        potential.Cutoff.ShouldBe(4);
    }

    [Fact]
    public void A_plain_coefficient_file_is_accepted_where_a_card_is()
    {
        _folder.WriteCard();
        using var potential = PotentialLoader.Load(_folder.PathOf("model.snapcoeff"));
        potential.Species.ShouldBe([new Species("C3a", 0, 0), new Species("Zn4a", 0, 0)]);
        var stranger = _folder.Write("model.txt", "x");
        File.Delete(_folder.PathOf("model.snapparam"));
        Failure(() => PotentialLoader.Load(stranger)).Message.ShouldContain("expected a model card");
        Failure(() => PotentialLoader.Load(_folder.PathOf("model.snapcoeff"))).Message.ShouldContain("model.snapparam: there is no such");
    }

    [Fact]
    public void A_written_card_reads_back_as_the_same_card()
    {
        _folder.WriteCard();
        var path = _folder.PathOf("other.mof.yaml");
        var card = new ModelCard
        {
            Kind = "snap",
            Species = [new Species("No", 102, 259.1), new Species("C3a", 0, 0)],
            Files = new Dictionary<string, CardFile>
            {
                ["coefficients"] = ModelCardFile.Describe(path, _folder.PathOf("model.snapcoeff")),
                ["parameters"] = ModelCardFile.Describe(path, _folder.PathOf("model.snapparam")),
            },
            Reference = new ReferenceMethod("GFN1-xTB: \"tight\", \\ #1", true, "CP2K 2023.1"),
            Errors =
            [
                new SetErrors("training", 70) { EnergyRmse = 0.1 + 0.2, ForceRmse = 102.4, StressRmse = 47 },
                new SetErrors("held-out\nset", 0),
            ],
            TrainedRange = new TrainedRange { MinimumTemperature = 0, MaximumTemperature = 300, BondResolution = 0.05, AngleResolution = 5, DihedralResolution = 10, CellLengthResolution = 0.05, CellAngleResolution = 0.07, OccupiedBins = 1234, ExtrapolationThreshold = 1e-3 },
            Provenance = new Provenance { Recipe = "mof5", Versions = new Dictionary<string, string> { ["cp2k"] = "2023.1", ["true"] = "null" } },
        };
        ModelCardFile.Write(path, card);
        var read = ModelCardFile.Read(path);
        read.Species.ShouldBe(card.Species);
        read.Files.ShouldBe(card.Files, ignoreOrder: true);
        read.Reference.ShouldBe(card.Reference);
        read.Errors.ShouldBe(card.Errors);
        read.TrainedRange.ShouldBe(card.TrainedRange);
        read.Provenance!.Recipe.ShouldBe("mof5");
        read.Provenance.Versions.ShouldBe(card.Provenance.Versions, ignoreOrder: true);
        var text = File.ReadAllText(path);
        ModelCardFile.Write(path, read);
        File.ReadAllText(path).ShouldBe(text);
        File.Exists(ModelCardFile.VerifiedPath(path, read, "parameters")).ShouldBeTrue();
    }

    [Fact]
    public void A_card_with_only_what_is_required_survives_writing()
    {
        var path = _folder.PathOf("bare.mof.yaml");
        var card = new ModelCard { Kind = "allegro", Species = [new Species("H", 0, 0)], Files = new Dictionary<string, CardFile> { ["model"] = new("h.pth", new string('0', 64)) }, Reference = new ReferenceMethod("none", false), TrainedRange = new TrainedRange(), Provenance = new Provenance() };
        ModelCardFile.Write(path, card);
        ModelCardFile.Read(path).Kind.ShouldBe("allegro");
    }

    [Fact]
    public void Changed_weights_are_refused()
    {
        var card = _folder.WriteCard();
        File.AppendAllText(_folder.PathOf("model.snapcoeff"), "# harmless\n");
        var error = Failure(() => PotentialLoader.Load(card));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Where.ShouldBe(_folder.PathOf("model.snapcoeff"));
        error.What.ShouldContain("SHA-256");
        File.Delete(_folder.PathOf("model.snapparam"));
        File.Delete(_folder.PathOf("model.snapcoeff"));
        Failure(() => PotentialLoader.Load(card)).Message.ShouldContain("model.snapcoeff: there is no such weight file");
    }

    [Theory]
    [InlineData("kind: snap", "kind: spline", 2, 7, "'kind' is 'spline'; expected one of snap, zbl")]
    [InlineData("format: 1", "format: one", 1, 9, "format is 'one'; expected an integer")]
    [InlineData("method: PBE", "metod: PBE", 17, 3, "key 'reference.method' is missing among metod, program, dispersion")]
    [InlineData("program: CP2K", "programme: CP2K", 18, 3, "unknown key 'reference.programme'; expected one of method, dispersion, program")]
    [InlineData("kind: snap\n", "kind: snap\ncolour: red\n", 3, 1, "unknown key 'colour'")]
    [InlineData("energy: eV", "energy: Ha", 14, 11, "'units.energy' is 'Ha'; expected one of eV")]
    [InlineData("not included", "no", 19, 15, "'reference.dispersion' is 'no'; expected one of included, not included")]
    [InlineData("0.5 meV/atom", "0.5 eV", 23, 18, "'errors[0].energy_rmse' is '0.5 eV'; expected a number and its unit, meV/atom")]
    [InlineData("frames: 70", "frames: -1", 22, 13, "'errors[0].frames' is '-1'")]
    [InlineData("atomic_number: 30", "atomic_number: 300", 8, 20, "'species[1].atomic_number' is '300'; expected 1 to 118")]
    [InlineData("mass: 65.38", "mass: heavy", 9, 11, "species[1].mass is 'heavy'")]
    [InlineData("label: Zn4a", "label: C3a", 7, 12, "species C3a is repeated")]
    [InlineData("path: model.snapcoeff", "path: /model.snapcoeff", 11, 24, "expected a path relative to the card")]
    [InlineData("  energy: eV\n", "  energy: [eV]\n", 14, 11, "'units.energy' is a sequence; expected a text")]
    [InlineData("kind: snap\n", "kind: snap\nkind: snap\n", 3, 1, "this is not YAML")]
    [InlineData("kind: snap\n", "kind: [snap\n", 2, 7, "this is not YAML")]
    [InlineData("method: PBE", "method: &a PBE\n  x: *a", 18, 6, "an alias")]
    public void Mistakes_are_named_with_line_and_column(string old, string changed, int line, int column, string message)
    {
        var path = _folder.WriteCard(text => text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, changed, StringComparison.Ordinal) : throw new InvalidOperationException(old));
        var error = Failure(() => PotentialLoader.Load(path));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain(message);
        error.Where.ShouldBe($"{path}:{line}:{column}");
    }

    [Theory]
    [InlineData("format: 1", "format: 2", "the card has format 2")]
    public void Cards_of_later_versions_are_unsupported(string old, string changed, string message)
    {
        var path = _folder.WriteCard(text => text.Replace(old, changed, StringComparison.Ordinal));
        var error = Failure(() => PotentialLoader.Load(path));
        error.Kind.ShouldBe(ErrorKind.Unsupported);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("C3a", "C3b", "the card names the species C3b; expected those of its coefficient file: C3a, Zn4a")]
    [InlineData("  - label: C3a\n    atomic_number: 6\n    mass: 12.011\n", "", "the card does not name the species C3a")]
    public void Species_must_be_those_of_the_weights(string old, string changed, string message)
    {
        var path = _folder.WriteCard(text => text.Replace(old, changed, StringComparison.Ordinal));
        Failure(() => PotentialLoader.Load(path)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    [InlineData("? {a: 1}\n: 2\n")]
    [InlineData("\0\u0001\u0002")]
    public void Something_else_than_a_card_is_refused(string text)
    {
        var path = _folder.Write("odd.mof.yaml", text);
        Failure(() => PotentialLoader.Load(path)).Kind.ShouldBe(ErrorKind.FileFormat);
    }

    [Fact]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack()
    {
        var path = _folder.Write("deep.mof.yaml", "a: " + new string('[', 200_000));
        Failure(() => PotentialLoader.Load(path)).Message.ShouldContain("nested");
    }
}
