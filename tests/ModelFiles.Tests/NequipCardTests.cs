using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class NequipCardTests : IDisposable
{
    private const double KilocaloriePerMole = 0.0433641;

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_card_names_the_file_its_species_the_unit_of_energy_and_the_precision()
    {
        using var potential = (NequipPotential)PotentialLoader.Load(Card("{label: C, atomic_number: 6, mass: 13}, {label: H, atomic_number: 1}", "energy_unit: kcal/mol\n"));
        (potential.Kind, potential.Cutoff, potential.IsSingle).ShouldBe(("nequip", 6.0, false));
        potential.Species.Select(one => (one.Label, one.Mass)).ShouldBe([("H", 0.0), ("C", 13.0)]);
        potential.Model.Shifts[0].ShouldBe(-11319.596 * KilocaloriePerMole, 1e-2);

        using var single = (NequipPotential)PotentialLoader.Load(Card("{label: C}, {label: H}", "precision: single\n"));
        single.IsSingle.ShouldBeTrue();
        single.Model.Shifts[0].ShouldBe(-11319.596, 1e-2);
    }

    [SkippableFact]
    public void A_card_that_says_something_else_is_refused()
    {
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}"))).Message.ShouldContain("the card does not name the species H");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}, {label: H}, {label: Zn}"))).Message.ShouldContain("the card names the species Zn");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}, {label: H}", "energy_unit: cal\n"))).Message.ShouldContain("'energy_unit' is 'cal'");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}, {label: H}", "precision: half\n"))).Message.ShouldContain("'precision' is 'half'");
    }

    [SkippableFact]
    public void A_card_comes_back_as_it_was_written()
    {
        var card = ModelCardFile.Read(Card("{label: C}, {label: H}", "energy_unit: kcal/mol\nprecision: double\n"));
        card.Nequip.ShouldBe(new NequipCard("kcal/mol", NetworkPrecision.Double));
        var path = _folder.PathOf("again.mof.yaml");
        ModelCardFile.Write(path, card);
        ModelCardFile.Read(path).Nequip.ShouldBe(card.Nequip);
    }

    [SkippableFact]
    public void Damaged_files_load_or_end_in_an_error_of_ours()
    {
        var original = File.ReadAllBytes(Model());
        var path = _folder.PathOf("damaged.pth");
        var random = new Random(7);
        var refused = 0;
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var bytes = attempt % 3 == 0 ? original[..random.Next(original.Length)] : (byte[])original.Clone();
            for (var n = 0; n < 1 + attempt % 4; n++)
            {
                if (bytes.Length > 0)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                NequipFile.Read(path);
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("damaged.pth");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(30);
    }

    private static string Model()
    {
        var model = ReferenceData.Find("nequip/toluene.nequip.pth");
        Skip.If(model is null, "the reference data are not here");
        return model!;
    }

    private string Card(string species, string more = "")
    {
        var copy = _folder.PathOf("toluene.pth");
        var model = Model();
        if (!File.Exists(copy))
        {
            File.Copy(model, copy);
        }

        return _folder.Write("toluene.mof.yaml", $$"""
            format: 1
            kind: nequip
            species: [{{species}}]
            files:
              model: {path: toluene.pth, sha256: "{{ModelFolder.Checksum(copy)}}"}
            {{more}}units: {energy: eV, length: angstrom}
            reference: {method: CCSD(T), dispersion: included}

            """);
    }
}
