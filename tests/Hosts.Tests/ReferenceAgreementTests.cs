using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Hosts.Tests;

/// <summary>Energy, forces, virial, per-atom energy and stress through stock LAMMPS against ML-SNAP's.</summary>
public class ReferenceAgreementTests
{
    [SkippableTheory]
    [InlineData("Ta06A_linear_2J6", Loader.Launcher)]
    [InlineData("Ta06A_linear_2J6", Loader.Script)]
    [InlineData("W_2940_linear_2J8", Loader.Launcher)]
    [InlineData("WBe_linear_2J8", Loader.Launcher)]
    [InlineData("ZIF8_published_equilibrium", Loader.Launcher)]
    [InlineData("ZIF8_published_rattled", Loader.Launcher)]
    [InlineData("ZIF8_published_rattled", Loader.Script)]
    [InlineData("Ta06A_zbl_overlay", Loader.Launcher)]
    [InlineData("Ta06A_zbl_overlay", Loader.Script)]
    [InlineData("W_rmin0_noswitch", Loader.Launcher)]
    [InlineData("W_switchinner", Loader.Launcher)]
    [InlineData("Mo_quadratic", Loader.Launcher)]
    [InlineData("InP_chem_2J6", Loader.Launcher)]
    public async Task Everything_agrees_with_ML_SNAP(string name, Loader loader)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Evaluation.Script(reference.StyleLines()), loader);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected, reference.ForceTolerance);
    }

    [SkippableTheory]
    [InlineData("Ta06A_zbl_overlay", 1, "off")]
    [InlineData("Ta06A_zbl_overlay", 2, "on")]
    [InlineData("Ta06A_zbl_overlay", 2, "off")]
    [InlineData("ZIF8_published_rattled", 1, "off")]
    [InlineData("ZIF8_published_rattled", 2, "on")]
    [InlineData("ZIF8_published_rattled", 2, "off")]
    [InlineData("ZIF8_published_rattled", 2, "off on")]
    public async Task Ranks_and_newton_do_not_change_the_numbers(string name, int ranks, string newton)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Evaluation.Script(reference.StyleLines(), newton), ranks: ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableTheory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_subdomain_without_atoms_does_not_change_the_numbers(string newton)
    {
        // With 40 Å of vacuum along x, the middle one of three subdomains has neither atoms nor ghosts.
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"), vacuum: 40);

        var alone = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script(reference.StyleLines(), dump: "alone.dump")), "alone.dump");
        var outcome = await folder.RunAsync(Evaluation.Script(reference.StyleLines(), newton, before: "processors 3 1 1"), ranks: 3);

        outcome.ShouldSucceed().Output.ShouldMatch(@"Nlocal:.* 0 min");
        Evaluation.Read(folder, outcome).ShouldAgreeWith(alone);
    }

    // With chemflag ML-SNAP takes the order of the labels for that of the coefficients; here the file's order holds.
    [SkippableTheory]
    [InlineData("ZIF8_published_rattled", "zif8", "Zn4a H1b C3a N3a C4a H1a C3b")]
    [InlineData("InP_chem_2J6", "InP_JCPA2020", "P In")]
    public async Task The_order_of_atom_types_does_not_change_the_numbers(string name, string potential, string order)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"), order.Split(' '));

        var outcome = await folder.RunAsync(Evaluation.Script(Snap(potential, order)));

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected, reference.ForceTolerance);
    }

    [SkippableFact]
    public async Task Two_threads_give_the_same_numbers()
    {
        var reference = SnapReference.Load("ZIF8_published_rattled");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var lines = Snap("zif8", "C3a C3b C4a H1a H1b N3a Zn4a").Replace("mof/snap", "mof/snap threads 2", StringComparison.Ordinal);

        var outcome = await folder.RunAsync(Evaluation.Script(lines));

        outcome.Output.ShouldContain("2 threads per MPI rank");
        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableFact]
    public async Task Mixed_precision_changes_forces_by_little()
    {
        var reference = SnapReference.Load("ZIF8_published_rattled");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var lines = Snap("zif8", "C3a C3b C4a H1a H1b N3a Zn4a").Replace("mof/snap", "mof/snap precision mixed", StringComparison.Ordinal);

        var outcome = await folder.RunAsync(Evaluation.Script(lines));

        outcome.Output.ShouldContain("mixed precision");
        var mixed = Evaluation.Read(folder, outcome);
        var largest = mixed.Forces.Zip(reference.Expected.Forces, (a, e) => Math.Abs(a - e)).Max();
        largest.ShouldBeInRange(1e-9, 1e-5);
    }

    [SkippableFact]
    public async Task A_model_card_gives_the_numbers_of_its_files()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var card = WriteCard(folder, "WBe_Wood_PRB2019", "W", "Be");

        var outcome = await folder.RunAsync(Evaluation.Script($"pair_style mof\npair_coeff * * {card} W Be"));

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableTheory]
    [InlineData("on", 1)]
    [InlineData("off", 2)]
    public async Task A_sum_card_gives_the_numbers_of_SNAP_overlaid_with_LAMMPS_own_ZBL(string newton, int ranks)
    {
        var reference = SnapReference.Load("Ta06A_zbl_overlay");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var snap = WriteCard(folder, "Ta06A", "Ta");
        var sum = folder.File("sum" + ModelCard.Extension);
        ModelCardFile.Write(sum, new ModelCard
        {
            Kind = SumCard.Kind,
            Species = [new Species("Ta", 73, 180.95)],
            Reference = new ReferenceMethod("PBE", DispersionIncluded: false),
            Sum = new SumCard(
            [
                SumCardPart.Of(ModelCardFile.Describe(sum, snap)),
                SumCardPart.Of(new CardPart { Kind = ZblCard.Kind, Species = [], Zbl = new ZblCard(4.0, 4.8) }),
            ]),
        });

        var outcome = await folder.RunAsync(Evaluation.Script($"pair_style mof\npair_coeff * * {sum} Ta", newton), ranks: ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableFact]
    public async Task ZBL_alone_gives_the_numbers_of_LAMMPS_own_for_chosen_pairs_and_any_order_of_types()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var card = folder.File("zbl" + ModelCard.Extension);
        ModelCardFile.Write(card, new ModelCard
        {
            Kind = ZblCard.Kind,
            Species = [new Species("Be", 4, 9.01), new Species("W", 74, 183.84)],
            Reference = new ReferenceMethod("none", DispersionIncluded: false),
            Zbl = new ZblCard(2.0, 3.4, [new ZblCardPair("W", "Be"), new ZblCardPair("W", "W")]),
        });
        const string Own = """
            pair_style hybrid/overlay zbl 2.0 3.4 zero 3.4
            pair_coeff * * zero
            pair_coeff 1 1 zbl 74 74
            pair_coeff 1 2 zbl 74 4
            """;

        var expected = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script(Own, dump: "own.dump")), "own.dump");
        var outcome = await folder.RunAsync(Evaluation.Script($"pair_style mof\npair_coeff * * {card} W Be"));

        expected.Energy.ShouldBeGreaterThan(10);
        Evaluation.Read(folder, outcome).ShouldAgreeWith(expected);
    }

    [SkippableFact]
    public async Task Types_that_are_NULL_are_left_to_the_other_style()
    {
        // Be carried by zbl alone: what is left is the W sublattice in mof/snap plus a zbl that vanishes (cutoff 0.2 Å).
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        string Lines(string labels) => $"""
            pair_style hybrid/overlay zbl 0.1 0.2 mof/snap
            pair_coeff * * zbl 4 4
            pair_coeff * * mof/snap {Files("WBe_Wood_PRB2019")} {labels}
            """;

        var withoutBe = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script(Lines("W NULL"))));

        for (var i = 0; i < reference.AtomLabels.Count; i++)
        {
            var isTungsten = reference.AtomLabels[i] == "W";
            (Math.Abs(withoutBe.AtomEnergies[i]) > 1e-3).ShouldBe(isTungsten, $"atom {i + 1}");
            (Math.Abs(withoutBe.Forces[3 * i]) > 1e-9).ShouldBe(isTungsten, $"atom {i + 1}");
        }
    }

    internal static string Files(string name) => $"{SnapReference.Potential(name + ".snapcoeff")} {SnapReference.Potential(name + ".snapparam")}";

    internal static string Snap(string name, string labels) => $"pair_style mof/snap\npair_coeff * * {Files(name)} {labels}";

    internal static string WriteCard(HostFolder folder, string name, params string[] labels)
    {
        foreach (var extension in new[] { ".snapcoeff", ".snapparam" })
        {
            File.Copy(SnapReference.Potential(name + extension), folder.File(name + extension));
        }

        var path = folder.File(name + ModelCard.Extension);
        ModelCardFile.Write(path, new ModelCard
        {
            Kind = "snap",
            Species = [.. labels.Select(label => new Species(label, 0, 0))],
            Files = new Dictionary<string, CardFile>
            {
                ["coefficients"] = ModelCardFile.Describe(path, folder.File(name + ".snapcoeff")),
                ["parameters"] = ModelCardFile.Describe(path, folder.File(name + ".snapparam")),
            },
            Reference = new ReferenceMethod("PBE", DispersionIncluded: false),
        });
        return path;
    }
}
