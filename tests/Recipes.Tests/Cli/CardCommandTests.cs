using MofInterop.Cli;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Cli;

/// <summary><c>mofinterop card</c>.</summary>
public sealed class CardCommandTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_deployed_model_becomes_a_card_that_hosts_take()
    {
        var model = Copy(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Allegro", "full.pth"), "zif.pth");
        (await _program.Run($"card {model} --method PBE --dispersion --precision double")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("zif.mof.yaml: allegro, cutoff ");
        _program.Output.ShouldContain("pair_style mof");
        var card = ModelCardFile.Read(_program["zif.mof.yaml"]);
        (card.Kind, card.Reference.Method, card.Reference.DispersionIncluded, card.Allegro!.EnergyUnit).ShouldBe(("allegro", "PBE", true, "eV"));
        using var potential = PotentialLoader.Load(_program["zif.mof.yaml"]);
        potential.Species.Select(one => one.Label).ShouldBe(card.Species.Select(one => one.Label));
    }

    [Fact]
    public async Task Of_a_model_with_several_heads_one_is_chosen_and_elements_may_be()
    {
        var model = Copy(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Mace", "nonlinear.model"), "mh.model");
        (await _program.Run($"card {model}")).ShouldBe(ExitCode.Error);
        (_program.Error + _program.Output).ShouldContain("one of omat_pbe, matpes_r2scan");
        (await _program.Run($"card {model} --head omat_pbe --species Zn,C,H --method PBE")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("mh.mof.yaml: mace, cutoff 4 angstrom, species Zn C H");
        ModelCardFile.Read(_program["mh.mof.yaml"]).Mace!.Choice.Head.ShouldBe("omat_pbe");
        (await _program.Run($"card {model} --head omat_pbe --total-charge 1")).ShouldBe(ExitCode.Error);
        (_program.Error + _program.Output).ShouldContain("takes no input 'total_charge'");
    }

    [Theory]
    [InlineData("NequIP", "latest", "nequip", "H C N")]
    [InlineData("AllegroCompiled", "pairs", "allegro", "H C N Zn")]
    public async Task So_does_a_model_that_was_compiled(string folder, string name, string kind, string species)
    {
        var model = Copy(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", folder, name + ".nequip.pth"), "model.nequip.pth");
        (await _program.Run($"card {model} --energy-unit kcal/mol")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain($"model.nequip.mof.yaml: {kind}, cutoff ");
        _program.Output.ShouldContain($"species {species}");
        using var potential = PotentialLoader.Load(_program["model.nequip.mof.yaml"]);
        potential.Kind.ShouldBe(kind);
    }

    [SkippableTheory]
    [InlineData("nequip/toluene.nequip.pth", "--energy-unit kcal/mol", "nequip")]
    [InlineData("mace/run123/run123.model", "", "mace")]
    [InlineData("deeppot/deeppot_sea.yaml", "--precision single", "deeppot")]
    public async Task Models_of_every_kind_are_told_by_what_is_in_them(string reference, string options, string kind)
    {
        var found = ReferenceData.Find(reference);
        Skip.If(found is null, "the reference data are not here");
        var model = Copy(found!, Path.GetFileName(reference));
        (await _program.Run($"card {model} {options} -o {_program["found.mof.yaml"]}")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain($"found.mof.yaml: {kind}, cutoff ");
        using var potential = PotentialLoader.Load(_program["found.mof.yaml"]);
        (potential.Kind, (potential as DeepPotPotential)?.IsSingle ?? true).ShouldBe((kind, true));
    }

    [Theory]
    [InlineData("model.pth", "garbage", "", "this is no archive of PyTorch")]
    [InlineData("model.pth", "garbage", "-o model.yaml", "a name that ends in .mof.yaml")]
    [InlineData("model.yaml", "model: 1\n", "", "model.yaml:1:8")]
    [InlineData("model.pth", "garbage", "--energy-unit cal", "'cal'")]
    public async Task What_cannot_be_read_leaves_no_card(string name, string text, string options, string says)
    {
        File.WriteAllText(_program[name], text);
        (await _program.Run($"card {_program[name]} {options}")).ShouldBe(ExitCode.Error);
        (_program.Error + _program.Output).ShouldContain(says);
        File.Exists(_program["model.mof.yaml"]).ShouldBeFalse();
    }

    private string Copy(string from, string name)
    {
        File.WriteAllBytes(_program[name], File.ReadAllBytes(from));
        return _program[name];
    }
}
