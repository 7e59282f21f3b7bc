using MofInterop.ModelFiles.Cards;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>DeepPot-SE through stock LAMMPS, by its card: models of the tests' own data, which DeePMD-kit has computed.</summary>
public sealed class DeepPotTests
{
    private static readonly string[] Labels = ["H", "O", "Zn"];

    [Theory]
    [InlineData("se_a", 1, "on", Loader.Launcher)]
    [InlineData("se_a", 2, "off", Loader.Script)]
    [InlineData("se_atten_v2", 1, "off", Loader.Launcher)]
    [InlineData("se_atten_v2", 4, "on", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(string model, int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var system = Structure();
        var card = WriteCard(folder, model, "double");
        system.Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(system.Style(card), newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(system.Expected(card), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Single_precision_differs_by_its_rounding(int ranks)
    {
        using var folder = new HostFolder();
        var system = Structure();
        system.Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(system.Style(WriteCard(folder, "dpa1_smooth", "single"))), ranks: ranks);

        var (found, expected) = (Evaluation.Read(folder, outcome), system.Expected(WriteCard(folder, "dpa1_smooth", "double")));
        found.Energy.ShouldBe(expected.Energy, 1e-4);
        found.Forces.Zip(expected.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(1e-10, 1e-5);
    }

    // 96 atoms around the places of a lattice.
    private static HostSystem Structure()
    {
        var random = new Random(7);
        var positions = new List<double>();
        for (var n = 0; n < 96; n++)
        {
            positions.AddRange([2.1 * (n % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 4 % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 16) + 0.5 * random.NextDouble()]);
        }

        return new HostSystem(Labels, [8.4, 0, 0, 0.9, 8.4, 0, -0.7, 0.5, 12.6], [.. positions], [.. Enumerable.Range(0, 96).Select(n => n * 7 % 3)]);
    }

    private static string WriteCard(HostFolder folder, string model, string precision)
    {
        var data = Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "DeepPot");
        var name = File.Exists(Path.Combine(data, model + ".dp")) ? model + ".dp" : model + ".yaml";
        var (card, copy) = (folder.File($"{precision}.mof.yaml"), folder.File(name));
        File.Copy(Path.Combine(data, name), copy, overwrite: true);
        File.WriteAllText(card, $$"""
            format: 1
            kind: deeppot
            species: [{label: Zn, atomic_number: 30}, {label: O, atomic_number: 8}, {label: H, atomic_number: 1}]
            files:
              weights: {path: {{name}}, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            precision: {{precision}}
            units: {energy: eV, length: angstrom}
            reference: {method: none, dispersion: not included}

            """);
        return card;
    }
}
