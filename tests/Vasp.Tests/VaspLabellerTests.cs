using MofInterop.Potentials.Errors;
using MofInterop.StandInVasp;
using MofInterop.Structures;

namespace MofInterop.Vasp.Tests;

/// <summary>Labels by a stand-in that reads VASP's inputs and writes its outputs.</summary>
public sealed class VaspLabellerTests : IDisposable
{
    private readonly VaspFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Labels_are_in_the_order_of_the_configuration()
    {
        await using var labeller = _folder.Labeller();
        var label = (await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"])).Label.ShouldNotBeNull();
        var expected = PairWells.Label(VaspFolder.Mixed);
        label.Energy.ShouldBe(expected.Energy, 1e-7);
        label.Forces.ShouldBe(expected.Forces, 1e-6);
        label.Stress!.ShouldBe(expected.Stress!, 1e-8);
        File.Exists(_folder["label/vasprun.xml"]).ShouldBeTrue();
        File.Exists(_folder["label/POTCAR"]).ShouldBeFalse("it is licensed and the same for every label");
    }

    [Fact]
    public async Task The_decks_say_what_the_method_says()
    {
        var method = new VaspMethod { Dispersion = VaspDispersion.D3BeckeJohnson, Cutoff = 480, KPoints = [2, 1, 1], RealSpaceProjection = true, Tags = new Dictionary<string, string> { ["NCORE"] = "4" } };
        await using var labeller = _folder.Labeller(method: method);
        (await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"])).Failure.ShouldBeNull();
        var incar = File.ReadAllLines(_folder["label/INCAR"]);
        incar.ShouldBeUnique();
        foreach (var line in (string[])["ENCUT = 480", "EDIFF = 1.00E-006", "GGA = PE", "IVDW = 12", "LREAL = Auto", "ISIF = 2", "NSW = 0", "ISMEAR = 0", "SIGMA = 0.05", "NCORE = 4"])
        {
            incar.ShouldContain(line);
        }

        File.ReadAllLines(_folder["label/KPOINTS"])[3].ShouldBe("2 1 1");
        var poscar = File.ReadAllLines(_folder["label/POSCAR"]);
        poscar[5].ShouldBe("O Zn H C");
        poscar[6].ShouldBe("2 2 1 1");
        labeller.Description.ShouldStartWith("VASP PBE-D3(BJ), ENCUT 480 eV, EDIFF 1E-6 eV,");
        labeller.Description.ShouldContain("PAW_PBE H_s 01Jan2000 ");
        labeller.Description.ShouldNotContain("NCORE");
        method.IncludesDispersion.ShouldBeTrue();
    }

    [Theory]
    [InlineData("unconverged", "the electrons did not converge within NELM steps")]
    [InlineData("davidson", "Error EDDDAV: Call to ZHEGV failed")]
    public async Task A_remedy_saves_a_label_and_is_recorded(string fault, string reason)
    {
        await using var labeller = _folder.Labeller(fault);
        var outcome = await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"]);
        outcome.Label.ShouldNotBeNull().Energy.ShouldBe(PairWells.Label(VaspFolder.Mixed).Energy, 1e-7);
        outcome.Attempts.Select(attempt => attempt.Settings).ShouldBe(["as set", "ALGO = All, twice the steps"]);
        outcome.Attempts[0].Problem.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Electrons_that_nothing_converges_are_a_failure_with_every_attempt()
    {
        await using var labeller = _folder.Labeller("never");
        var outcome = await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"]);
        outcome.Label.ShouldBeNull();
        outcome.Attempts.Count.ShouldBe(4);
        outcome.Failure.ShouldNotBeNull().ShouldMatch("ALGO = Damped, four times the steps: .*vasprun.xml: the electrons did not converge");

        // What VASP warned of on its output is told.
        outcome.Failure.ShouldContain("The number of bands is not sufficient for what is asked; the result may be wrong.");
    }

    [Theory]
    [InlineData("cut", "VASP did not finish")]
    [InlineData("moves", "it moved atom")]
    [InlineData("nan", "is not a finite number")]
    public async Task An_answer_that_is_none_is_not_taken(string fault, string reason)
    {
        await using var labeller = _folder.Labeller(fault);
        var outcome = await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"]);
        outcome.Label.ShouldBeNull();
        outcome.Attempts.ShouldAllBe(attempt => attempt.Problem!.Contains(reason));
    }

    [Fact]
    public async Task A_signal_from_outside_is_answered_with_the_same_settings_once_more()
    {
        await using var labeller = _folder.Labeller("signal-once");
        var outcome = await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"]);
        outcome.Label.ShouldNotBeNull();
        outcome.Attempts.Select(attempt => attempt.Settings).ShouldBe(["as set", "as set, again after a signal"]);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_twice_and_given_up()
    {
        await using var labeller = _folder.Labeller("hang", limit: TimeSpan.FromSeconds(1));
        var outcome = await labeller.LabelAsync(VaspFolder.Mixed, _folder["label"]);
        outcome.Attempts.Count.ShouldBe(2);
        outcome.Failure.ShouldNotBeNull().ShouldContain("no answer within 1 s");
    }

    [Fact]
    public void Missing_potentials_are_refused_with_what_there_is()
    {
        Directory.CreateDirectory(_folder["paw/Fe_pv"]);
        File.WriteAllText(_folder["paw/Fe_pv/POTCAR"], "   VRHFIN =Fe: stand-in\n");
        var iron = Should.Throw<MofException>(() => _folder.Potentials.Assemble(["Fe"]));
        iron.Message.ShouldContain("there is no PAW potential 'Fe' for Fe");
        iron.Message.ShouldContain("Fe_pv");
        iron.Message.ShouldContain("potential_names: { Fe: Fe_pv }");
        Should.Throw<MofException>(() => new VaspPotentials(_folder["paw"], new Dictionary<string, string> { ["O"] = "Zn" }).Assemble(["O"]))
            .Message.ShouldContain("the potential is one of Zn, not of O");
        Should.Throw<MofException>(() => VaspPotentials.Find(_folder["nowhere"])).Message.ShouldContain("the folder of VASP's potentials does not exist");
    }

    [Theory]
    [InlineData("NSW", "10", "the INCAR tag NSW is set by MofInterop")]
    [InlineData("ncore", "4", "is no INCAR tag")]
    [InlineData("NCORE", "4; NSW = 3", "is no INCAR tag")]
    public void Tags_that_would_change_what_is_computed_are_refused(string tag, string value, string reason) =>
        Should.Throw<MofException>(new VaspMethod { Tags = new Dictionary<string, string> { [tag] = value } }.Check).Message.ShouldContain(reason);

    [Fact]
    public void A_label_of_the_energy_without_entropy_is_another_label() =>
        new VaspMethod { Energy = VaspEnergy.WithoutEntropy }.Description.ShouldNotBe(new VaspMethod().Description);

    [Fact]
    public void Banners_are_no_messages() => VaspMessages.Of(
    [
        " -----", "|   W    W    AA    RRRRR   N    N  II  N    N   GGGG   !!!   |", "|   W WW W  AAAAAA  RRRRR   N  N N  II  N  N N  G  GGG   !    |", "|  EEEEEEE  RRRRRR   OOOOOOO   ###     ###  |",
        "|  POTIM is too large.  |", "|  Reduce it.  |", " -----", "|  ADVICE: use NCORE  |", "LDA part: xc-table for Pade appr. of Perdew",
    ]).ShouldBe(["POTIM is too large. Reduce it.", "ADVICE: use NCORE"]);
}
