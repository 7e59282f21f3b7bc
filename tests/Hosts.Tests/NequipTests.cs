using MofInterop.ModelFiles.Cards;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>The paper's own NequIP model through stock LAMMPS, as it was trained and in double precision; what all kinds have to pass is in <see cref="NeuralTests"/>.</summary>
public sealed class NequipTests
{
    private static readonly string[] Labels = ["H", "C", "N", "Zn"];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Script)]
    [InlineData(3, "off", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, "double");
        var structure = Crystal();
        structure.Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(structure.Style(card), newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(structure.Expected(card), 1e-8);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task In_single_precision_ranks_differ_by_its_rounding(int ranks)
    {
        using var folder = new HostFolder();
        var structure = Crystal();
        structure.Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(structure.Style(WriteCard(folder, "as trained"))), ranks: ranks);

        var (found, expected) = (Evaluation.Read(folder, outcome), structure.Expected(WriteCard(folder, "double")));
        found.Energy.ShouldBe(expected.Energy, 1e-3);
        found.Forces.Zip(expected.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(1e-9, 5e-4);
    }

    [SkippableFact]
    public async Task Energy_is_conserved()
    {
        using var folder = new HostFolder();
        var (card, structure) = (WriteCard(folder, "as trained"), Crystal());
        structure.Write(folder);

        var outcome = await folder.RunAsync($"""
            units metal
            atom_modify map yes
            read_data system.data
            {structure.Style(card)}
            velocity all create 300 4711
            timestep 0.0005
            fix 1 all nve
            thermo 4
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run 24

            """, ranks: 2);

        Evaluation.ShouldConserveEnergy(outcome, 0.02);
    }

    private static string WriteCard(HostFolder folder, string precision)
    {
        var model = ReferenceData.Find("nequip/nequip_l2r6stress0.pth");
        Skip.If(model is null, "the reference data are not here");
        var (card, copy) = (folder.File($"zif4 {precision}.mof.yaml".Replace(' ', '-')), folder.File("zif4.pth"));
        if (!File.Exists(copy))
        {
            File.Copy(model!, copy);
        }

        File.WriteAllText(card, $$"""
            format: 1
            kind: nequip
            species: [{label: Zn, atomic_number: 30}, {label: N, atomic_number: 7}, {label: C, atomic_number: 6}, {label: H, atomic_number: 1}]
            files:
              model: {path: zif4.pth, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            precision: {{precision}}
            units: {energy: eV, length: angstrom}
            reference: {method: PBE-D3, dispersion: included}

            """);
        return card;
    }

    // The paper's crystal of ZIF-4, displaced a little.
    private static HostSystem Crystal()
    {
        var data = NumpyArray.ReadArchive(ReferenceData.Find("nequip/zif4/own_rattled.npz")!);
        return new HostSystem(Labels, data["cell"].Values, data["positions"].Values, [.. data["types"].Values.Select(type => (int)type)]);
    }
}
