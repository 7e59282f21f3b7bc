using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>MACE through stock LAMMPS, from the file that MACE saved, against what MACE computed: between the layers ghosts get what their owners send.</summary>
public sealed class MaceTests
{
    private static readonly int[] Numbers = [32, 51, 52];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Script)]
    [InlineData(3, "off", Loader.Launcher)]
    public async Task Energies_forces_and_stresses_are_those_of_MACE_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var expected = Reference("own_rattled");
        System(expected).Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, "as trained"), newton), loader, ranks);

        ShouldBe(Evaluation.Read(folder, outcome), expected, 1e-9, 1e-8);
    }

    [SkippableTheory]
    [InlineData(4, "off")]
    public async Task Cells_smaller_than_the_cutoff_and_ranks_without_atoms_are_no_matter(int ranks, string newton)
    {
        using var folder = new HostFolder();
        var expected = Reference("small_cell7");
        System(expected).Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, "double"), newton), ranks: ranks);

        ShouldBe(Evaluation.Read(folder, outcome), expected, 1e-9, 1e-8);
    }

    [SkippableFact]
    public async Task In_single_precision_energy_is_conserved()
    {
        using var folder = new HostFolder();
        System(Reference("own")).Write(folder);

        var outcome = await folder.RunAsync($"""
            units metal
            atom_modify map yes
            box tilt large
            read_data system.data
            {Style(folder, "single")}
            velocity all create 600 4711
            timestep 0.002
            fix 1 all nve
            thermo 10
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run 100

            """, ranks: 2);

        Evaluation.ShouldConserveEnergy(outcome, 0.02);
    }

    private static Dictionary<string, NumpyArray> Reference(string structure)
    {
        var path = ReferenceData.Find($"mace/gst_swa/{structure}.npz");
        Skip.If(path is null, "the reference data are not here");
        return NumpyArray.ReadArchive(path!);
    }

    private static string Style(HostFolder folder, string precision)
    {
        var (card, copy) = (folder.File("gst.mof.yaml"), folder.File("gst.model"));
        File.Copy(ReferenceData.Find("mace/gst_swa/gst_swa.model")!, copy, overwrite: true);
        File.WriteAllText(card, $$"""
            format: 1
            kind: mace
            species: [{label: Te1, atomic_number: 52}, {label: Ge, atomic_number: 32}, {label: Sb, atomic_number: 51}]
            files:
              model: {path: gst.model, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            precision: {{precision}}
            units: {energy: eV, length: angstrom}
            reference: {method: PBE, dispersion: not included}

            """);
        return $"pair_style mof\npair_coeff * * {card} Ge Sb Te1";
    }

    private static HostSystem System(Dictionary<string, NumpyArray> structure) =>
        new(["Ge", "Sb", "Te1"], structure["cell"].Values, structure["positions"].Values, [.. structure["numbers"].Values.Select(number => Array.IndexOf(Numbers, (int)number))]);

    private static void ShouldBe(Evaluation found, Dictionary<string, NumpyArray> expected, double energies, double forces)
    {
        Close(found.AtomEnergies, expected["node_energy"].Values, energies, "energies");
        Close(found.Forces, expected["forces"].Values, forces, "forces");
        double[] virial = [.. Voigt.Lammps.ToArray().Select(place => expected["virials"].Values[place])];
        Close(found.Virial, virial, 1e-6, "virial");
        Close([.. Enumerable.Range(0, 6).Select(k => found.AtomVirials.Where((_, n) => n % 6 == k).Sum())], virial, 1e-6, "sum of atom virials");
    }

    private static void Close(double[] found, double[] expected, double tolerance, string what)
    {
        found.Length.ShouldBe(expected.Length);
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(expected[k], tolerance, $"{what}, number {k}");
        }
    }
}
