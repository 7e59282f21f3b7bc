using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>MACE through stock LAMMPS, from the file that MACE saved, against what MACE computed: between the layers ghosts get what their owners send.</summary>
public sealed class MaceTests
{
    private static readonly int[] Numbers = [32, 51, 52];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Launcher)]
    [InlineData(1, "off", Loader.Script)]
    [InlineData(2, "on", Loader.Launcher)]
    [InlineData(3, "off", Loader.Launcher)]
    [InlineData(4, "on", Loader.Launcher)]
    public async Task Energies_forces_and_stresses_are_those_of_MACE_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var expected = Reference("own_rattled");
        WriteData(folder, expected);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, "as trained"), newton), loader, ranks);

        ShouldBe(Evaluation.Read(folder, outcome), expected, 1e-9, 1e-8);
    }

    [SkippableTheory]
    [InlineData(1, "on")]
    [InlineData(4, "off")]
    public async Task Cells_smaller_than_the_cutoff_and_ranks_without_atoms_are_no_matter(int ranks, string newton)
    {
        using var folder = new HostFolder();
        var expected = Reference("small_cell7");
        WriteData(folder, expected);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, "double"), newton), ranks: ranks);

        ShouldBe(Evaluation.Read(folder, outcome), expected, 1e-9, 1e-8);
    }

    [SkippableFact]
    public async Task In_single_precision_energy_is_conserved()
    {
        using var folder = new HostFolder();
        WriteData(folder, Reference("own"));

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

        var rows = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => !line.StartsWith("Step ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal))
            .Select(Evaluation.Numbers).ToArray();
        var (total, kinetic) = (rows.Select(row => row[1]).ToArray(), rows.Select(row => row[2]).ToArray());
        (total.Max() - total.Min()).ShouldBeLessThan(0.02 * (kinetic.Max() - kinetic.Min()));
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

    private static void WriteData(HostFolder folder, Dictionary<string, NumpyArray> structure)
    {
        var (cell, positions, numbers) = (structure["cell"].Values, structure["positions"].Values, structure["numbers"].Values);
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{numbers.Length} atoms\n3 atom types\n0 {cell[0]:R} xlo xhi\n0 {cell[4]:R} ylo yhi\n0 {cell[8]:R} zlo zhi\n{cell[3]:R} {cell[6]:R} {cell[7]:R} xy xz yz\n\nMasses\n\n1 72.63\n2 121.76\n3 127.6\n\nAtoms # atomic\n\n");
        for (var i = 0; i < numbers.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {Array.IndexOf(Numbers, (int)numbers[i]) + 1} {positions[3 * i]:R} {positions[3 * i + 1]:R} {positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
    }

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
