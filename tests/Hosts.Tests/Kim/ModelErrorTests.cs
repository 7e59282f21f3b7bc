using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>What cannot work is refused when the model is made or created, and said in KIM's log.</summary>
[Collection(KimCollection.Name)]
public class ModelErrorTests(KimModels models)
{
    [SkippableFact]
    public async Task Labels_that_are_no_elements_get_names_of_their_own()
    {
        var made = await models.MakeAsync("MofTest_Species", "zif8", "--species", "user09=C3a", "--species", "Zn=Zn4a");

        made.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["user09 C3a", "Zn Zn4a", "user01 C3b", "user02 C4a", "user03 H1a", "user04 H1b", "user05 N3a"]);
        using var simulator = new KimSimulator("MofTest_Species");
        simulator.Code("user09").ShouldBe(0);
        simulator.Code("Zn").ShouldBe(6);
        simulator.Code("C").ShouldBeNull();
    }

    [SkippableTheory]
    [InlineData("user01=Nonsense", "Nonsense")]
    [InlineData("Unobtainium=Ta", "KIM has no species Unobtainium")]
    public async Task A_wrong_species_is_named_in_the_log(string species, string text)
    {
        // A name of its own: KIM keeps the file of a model that it could not create.
        var name = "MofTest_Wrong_" + species.Split('=')[0];
        (await models.MakeAsync(name, "Ta06A", "--species", species)).ShouldSucceed();

        var log = LogOfCreating(name);

        log.Contains(text, StringComparison.Ordinal).ShouldBeTrue(log);
    }

    [SkippableFact]
    public async Task Files_that_make_no_potential_are_named_in_the_log()
    {
        var coefficients = SnapReference.Potential("Ta06A.snapcoeff");
        (await models.MakeAsync("MofTest_Files", [coefficients])).ShouldSucceed();

        LogOfCreating("MofTest_Files").ShouldContain("expected a *.mof.yaml, or one *.snapcoeff and one *.snapparam");
    }

    [SkippableFact]
    public async Task A_potential_that_needs_values_of_ghosts_is_refused_when_it_is_created()
    {
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, DispersionFiles.Settings, [("C", 6), ("Zn", 30)]);
        (await models.MakeAsync("MofTest_Dispersion", [card, folder.File("d3.dat")])).ShouldSucceed();

        LogOfCreating("MofTest_Dispersion").ShouldContain("this potential cannot be computed through KIM");
    }

    [SkippableFact]
    public async Task Two_atoms_on_one_spot_fail_with_a_message()
    {
        (await models.MakeAsync("MofTest_Overlap", "Ta06A")).ShouldSucceed();
        var status = 0;

        // A model logs where the log went when it was created.
        var log = KimSimulator.LogOf(() =>
        {
            using var simulator = new KimSimulator("MofTest_Overlap");
            var code = simulator.Code("Ta")!.Value;
            status = simulator.Run(KimAtoms.Cluster([1, 1, 1, 1, 1, 1], [code, code]), 0.3, ("partialEnergy", new double[1]));
        });

        status.ShouldBe(1);
        log.ShouldContain("on the same spot");
    }

    [SkippableTheory]
    [InlineData("--name", "Model-1", "letters, digits and _")]
    [InlineData("--nome", "Model", "unknown option --nome")]
    public async Task The_maker_of_models_says_what_is_wrong(string option, string value, string text)
    {
        KimModels.SkipUnlessPresent();
        using var folder = new HostFolder();

        var outcome = await folder.RunProgramAsync([Repository.Artifact("bin", "mofinterop-kim-model"), option, value, "--output", folder.Path, "none.snapcoeff"]);

        outcome.ShouldFailWith(text);
    }

    private static string LogOfCreating(string model) => KimSimulator.LogOf(() => Should.Throw<InvalidOperationException>(() => new KimSimulator(model)));
}
