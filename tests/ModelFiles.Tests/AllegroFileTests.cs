using System.IO.Compression;
using System.Text;
using MofInterop.ModelFiles.Allegro;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Units;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class AllegroFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string PathOf(string model) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Allegro", model + ".pth");

    [Fact]
    public void A_deployed_file_tells_everything_about_its_model()
    {
        var model = AllegroFile.Read(PathOf("full"));
        model.Species.Select(one => (one.Label, one.AtomicNumber)).ShouldBe([("H", 1), ("C", 6), ("N", 7), ("Zn", 30)]);
        (model.Cutoff, ((OneHotInput)model.Input).Basis.Power, model.Degree, model.Channels, model.LatentWidth).ShouldBe((4.5, 6.0, 2, 3, 10));
        model.SinglePrecision.ShouldBeFalse();
        model.Layers.Select(layer => (layer.Product.First, layer.Product.Result, layer.Product.Scalars)).ShouldBe([(9, 35, 3), (9, 3, 3)]);
        model.Layers[0].Mixing!.Blocks.Select(block => (block.Inputs, block.Dimension)).ShouldBe([(3, 1), (4, 3), (4, 5)]);
        // Times the scale of all energies, 1.3.
        model.Shifts.ShouldBe([-1.95, 2.925, 0.65, -5.2], 1e-12);
        model.Scales.ShouldBe([1.43, 1.17, 1.69, 0.91], 1e-12);
        model.Repulsion.ShouldBeNull();
        AllegroFile.Read(PathOf("zbl")).Repulsion!.Coulomb.ShouldBe(0.5 * 14.399645, 1e-12);
        AllegroFile.Read(PathOf("zbl")).Repulsion!.Charges.ShouldBe([1, 6, 7]);
        var other = AllegroFile.Read(PathOf("so3"));
        other.Layers.Select(layer => layer.Latent.Cutoff).ShouldBe([4.0, 3.0]);
        (other.FinalLatent.Cutoff, other.FinalLatent.Replaces, other.Layers[0].EnvironmentMixing is not null).ShouldBe((2.5, true, true));
        AllegroFile.Read(PathOf("single")).SinglePrecision.ShouldBeTrue();
        AllegroFile.Read(PathOf("full"), energyUnit: 2).Scales[0].ShouldBe(2.86, 1e-12);
    }

    [Theory]
    [InlineData("cutoff_type", "cutoff_typo", "another version of Allegro: it has no 'cutoff_type'")]
    [InlineData("polynomial", "polygonial", "the cutoff function 'polygonial'")]
    [InlineData("functional.silu(", "functional.relu(", "a network uses 'torch.nn.functional.relu'")]
    [InlineData("_big_w3j", "_wig_w3j", "sparse_mode")]
    [InlineData("EdgewiseEnergySum", "EdgewiseEnergyMax", "a part 'EdgewiseEnergyMax'")]
    [InlineData("BesselBasis\n", "KesselBasis\n", "'KesselBasis'")]
    [InlineData("RescaleOutput", "RescaleInputs", "wrapped in 'RescaleInputs'")]
    [InlineData("component", "componant", "harmonics")]
    public void A_feature_that_is_lacking_is_refused_by_its_name(string from, string to, string message)
    {
        var problem = ModelFolder.Failure(() => AllegroFile.Read(Changed("full", from, to)));
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldContain("changed.pth");
    }

    [Fact]
    public void Other_files_of_torch_are_not_taken_for_models()
    {
        ModelFolder.Failure(() => AllegroFile.Read(_folder.Write("empty.pth", ""))).Kind.ShouldBe(ErrorKind.FileFormat);
        ModelFolder.Failure(() => AllegroFile.Read(Changed("full", "Allegro_Module", "Allegro_Nodule"))).Kind.ShouldBe(ErrorKind.Unsupported);
    }

    [Fact]
    public void A_card_names_the_file_and_its_species()
    {
        File.Copy(PathOf("plain"), _folder.PathOf("plain.pth"));
        string Card(string species) => _folder.Write("model.mof.yaml", $$"""
            format: 1
            kind: allegro
            species: [{{species}}]
            files:
              model: {path: plain.pth, sha256: "{{ModelFolder.Checksum(_folder.PathOf("plain.pth"))}}"}
            energy_unit: kcal/mol
            precision: single
            units: {energy: eV, length: angstrom}
            reference: {method: PBE, dispersion: not included}

            """);
        using (var potential = PotentialLoader.Load(Card("{label: C, atomic_number: 6, mass: 13}, {label: H, atomic_number: 1}")))
        {
            (potential.Kind, potential.Cutoff).ShouldBe(("allegro", 4.0));
            var allegro = potential.ShouldBeOfType<AllegroPotential>();
            allegro.IsSingle.ShouldBeTrue();
            allegro.Model.Shifts[0].ShouldBe(-1.95 * PhysicalConstants.KilocaloriePerMole, 1e-12);
            potential.Species.Select(one => (one.Label, one.Mass)).ShouldBe([("H", 0.0), ("C", 13.0)]);
        }

        var written = _folder.PathOf("written.mof.yaml");
        ModelCardFile.Write(written, ModelCardFile.Read(_folder.PathOf("model.mof.yaml")));
        ModelCardFile.Read(written).Allegro.ShouldBe(new AllegroCard("kcal/mol", NetworkPrecision.Single));
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}"))).Message.ShouldContain("the card does not name the species H");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}, {label: H}, {label: O}"))).Message.ShouldContain("the card names the species O");
    }

    [Fact]
    public void Damaged_files_load_or_end_in_an_error_of_ours()
    {
        var original = Pickle("full");
        var random = new Random(5);
        var refused = 0;
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var pickle = (byte[])original.Clone();
            for (var k = random.Next(1, 4); k > 0; k--)
            {
                pickle[random.Next(pickle.Length)] = (byte)random.Next(256);
            }

            var path = WithPickle("full", pickle);
            try
            {
                AllegroFile.Read(path);
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"attempt {attempt} ended in {e.GetType().Name}", e);
            }
        }

        refused.ShouldBeGreaterThan(100);
    }

    private static byte[] Pickle(string model)
    {
        using var archive = ZipFile.OpenRead(PathOf(model));
        using var source = archive.GetEntry(model + "/data.pkl")!.Open();
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private string WithPickle(string model, byte[] pickle)
    {
        var path = _folder.PathOf("changed.pth");
        File.Copy(PathOf(model), path, overwrite: true);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        archive.GetEntry(model + "/data.pkl")!.Delete();
        using var target = archive.CreateEntry(model + "/data.pkl").Open();
        target.Write(pickle);
        return path;
    }

    // Texts of one length, so that the pickle stays one.
    private string Changed(string model, string from, string to)
    {
        var text = Encoding.Latin1.GetString(Pickle(model));
        text.ShouldContain(from);
        to.Length.ShouldBe(from.Length);
        return WithPickle(model, Encoding.Latin1.GetBytes(text.Replace(from, to)));
    }
}
