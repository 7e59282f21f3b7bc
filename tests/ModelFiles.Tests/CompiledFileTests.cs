using System.IO.Compression;
using System.Text;
using MofInterop.ModelFiles.Allegro;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Networks;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

/// <summary>What <c>nequip-compile --mode torchscript</c> writes, and what else NequIP 0.7 and later keep models in.</summary>
public sealed class CompiledFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string PathOf(string folder, string model) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", folder, model + ".nequip.pth");

    [Fact]
    public void A_compiled_file_tells_everything_about_a_NequIP_model()
    {
        var model = NequipFile.Read(PathOf("NequIP", "latest"));
        model.Species.Select(one => (one.Label, one.AtomicNumber)).ShouldBe([("H", 1), ("C", 6), ("N", 7)]);
        (model.Basis.Cutoff, model.Basis.Power, model.Layers.Count, model.SinglePrecision).ShouldBe((4.0, 6.0, 3, false));
        (model.Cutoffs!.Of(0, 0), model.Cutoffs.Of(0, 1), model.Cutoffs.IsSymmetric).ShouldBe((2.5, 4.0, true));
        model.Layers[1].SentScales.ShouldBe([1 / Math.Sqrt(4.0), 1 / Math.Sqrt(9.0), 1 / Math.Sqrt(6.5)], 1e-7);
        model.Layers.Select(layer => layer.Itself.Count).ShouldBe([0, 3, 3]);
        model.Embedding[0].Length.ShouldBe(5);
        model.ReadoutNetwork!.Layers.Select(layer => layer.Activation).ShouldBe([Activation.Silu, Activation.Linear]);
        (model.Scales[1], model.Shifts[1]).ShouldBe((30.0, 2.25));
        model.Repulsion!.Coulomb.ShouldBe(0.5 * 14.399645, 1e-12);
        NequipFile.Read(PathOf("NequIP", "latest"), energyUnit: 2).Repulsion!.Coulomb.ShouldBe(14.399645, 1e-12);
        NequipFile.Read(PathOf("NequIP", "single")).SinglePrecision.ShouldBeTrue();
        // All atoms have the same number of neighbours: that is a divisor.
        (NequipFile.Read(PathOf("NequIP", "first")) is { Cutoffs: null, ReadoutNetwork: null } first ? first.Layers[0].Divisor : 0).ShouldBe(Math.Sqrt(7.5), 1e-12);
    }

    [Fact]
    public void A_compiled_file_tells_everything_about_an_Allegro_model()
    {
        var model = AllegroFile.Read(PathOf("AllegroCompiled", "pairs"));
        (model.Cutoff, model.Degree, model.Channels, model.Layers.Count, model.SinglePrecision).ShouldBe((4.5, 2, 3, 3, false));
        var input = model.Input.ShouldBeOfType<ProductInput>();
        (input.Width, input.Basis.Power, input.Basis.Frequencies.Count, input.Cutoffs!.Of(1, 0), input.Cutoffs.Of(0, 1)).ShouldBe((6, 5.0, 4, 2.75, 2.5));
        // Scalars of two bodies and three layers, own weights, those of three environments.
        model.LatentWidth.ShouldBe(4 * 4 + 4 * 9);
        model.Layers.Select(layer => (layer.Product.First, layer.Product.Scalars)).ShouldBe([(9, 3), (17, 3), (9, 3)]);
        model.EdgeScales[2][3].ShouldBe(1 / Math.Sqrt(15), 1e-12);
        model.Scales.ShouldAllBe(one => one == 20);
        AllegroFile.Read(PathOf("AllegroCompiled", "spline")).Input.ShouldBeOfType<SplineInput>().Starts.Length.ShouldBe(6);
        AllegroFile.Read(PathOf("AllegroCompiled", "single")).SinglePrecision.ShouldBeTrue();
    }

    [Theory]
    [InlineData("NequIP", "latest", "ConvNetLayer", "ConvNetLoser", "a part 'ConvNetLoser'")]
    [InlineData("NequIP", "latest", "_potential\nZBL\n", "_potential\nABL\n", "a part 'ABL'")]
    [InlineData("NequIP", "latest", "activation\nSiLU\n", "activation\nMish\n", "a network uses 'Mish'")]
    [InlineData("NequIP", "latest", "PolynomialCutoff\n", "PolynomialCatoff\n", "'PolynomialCatoff'")]
    [InlineData("NequIP", "latest", "ForceStressOutput", "ForceStrossOutput", "wrapped in 'ForceStrossOutput'")]
    [InlineData("AllegroCompiled", "pairs", "EdgewiseReduce", "EdgewiseRaduce", "a part 'EdgewiseRaduce'")]
    [InlineData("AllegroCompiled", "pairs", "ProductTypeEmbedding", "ProductTypeEmbodding", "a part 'ProductTypeEmbodding'")]
    [InlineData("AllegroCompiled", "pairs", "weight_individual_irreps", "weight_individual_errors", "weight_individual_irreps: false")]
    public void A_feature_that_is_lacking_is_refused_by_its_name(string folder, string model, string from, string to, string message)
    {
        var changed = Changed(folder, model, from, to);
        var problem = ModelFolder.Failure(() => { _ = folder == "NequIP" ? (object)NequipFile.Read(changed) : AllegroFile.Read(changed); });
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldContain("changed.pth");
    }

    [Fact]
    public void Couplings_are_found_by_their_shape_where_their_names_are_not_those_of_e3nn()
    {
        static double[] Of(string path) => [.. NequipFile.Read(path).Layers[1].Product.Paths.SelectMany(one => one.Coupling.Entries).Select(entry => entry.Value)];
        var expected = Of(PathOf("NequIP", "latest"));
        Of(Changed("NequIP", "latest", "_w3j_1_1_2", "_constant7")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("NequIP", "latest", "nequip")]
    [InlineData("AllegroCompiled", "pairs", "allegro")]
    public void A_card_is_made_of_a_compiled_file(string folder, string model, string kind)
    {
        var copy = _folder.PathOf("model.nequip.pth");
        File.Copy(PathOf(folder, model), copy);
        var card = _folder.PathOf("model.mof.yaml");
        var described = WeightFile.Describe(copy, card, new ReferenceMethod("PBE", true), "kcal/mol");
        described.Card.Kind.ShouldBe(kind);
        ModelCardFile.Write(card, described.Card);
        using var potential = PotentialLoader.Load(card);
        (potential.Kind, potential.Cutoff).ShouldBe((kind, described.Cutoff));
    }

    [Fact]
    public void Packages_checkpoints_and_machine_code_are_refused_with_what_to_do()
    {
        Refused(Archive("zif.nequip.zip", "zif/.data/version", "zif/model/eager_model.pkl"), "as nequip-package writes");
        Refused(Archive("zif.nequip.pt2", "zif/data/aotinductor/model/code.so", "zif/version"), "as nequip-compile --mode aotinductor writes");
        Archive("other.zip", "other/readme");
        ModelFolder.Failure(() => NequipFile.Read(_folder.PathOf("other.zip"))).Kind.ShouldBe(ErrorKind.FileFormat);

        // A dictionary with one entry, as pickle protocol 2 has it.
        var checkpoint = Encoding.Latin1.GetBytes("\u0080\u0002}X\u0019\0\0\0pytorch-lightning_versionX\u0003\0\0\02.6s.");
        Refused(Archive("last.ckpt", ("last/data.pkl", checkpoint)), "a checkpoint of a training run");

        void Refused(string path, string message)
        {
            var problem = ModelFolder.Failure(() => WeightFile.Describe(path, _folder.PathOf("model.mof.yaml"), new ReferenceMethod("PBE", true), "eV"));
            (problem.Kind, problem.Remedy!.Contains("nequip-compile --mode torchscript", StringComparison.Ordinal)).ShouldBe((ErrorKind.Unsupported, true));
            problem.Message.ShouldContain(message);
        }
    }

    [Theory]
    [InlineData("NequIP", "latest")]
    [InlineData("AllegroCompiled", "pairs")]
    public void Damaged_files_load_or_end_in_an_error_of_ours(string folder, string model)
    {
        var original = Pickle(folder, model);
        var random = new Random(11);
        var refused = 0;
        for (var attempt = 0; attempt < 150; attempt++)
        {
            var pickle = (byte[])original.Clone();
            for (var k = random.Next(1, 4); k > 0; k--)
            {
                pickle[random.Next(pickle.Length)] = (byte)random.Next(256);
            }

            var path = WithPickle(folder, model, pickle);
            try
            {
                _ = folder == "NequIP" ? (object)NequipFile.Read(path) : AllegroFile.Read(path);
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

        refused.ShouldBeGreaterThan(15);
    }

    private string Archive(string name, params string[] records) => Archive(name, [.. records.Select(record => (record, new byte[] { 1 }))]);

    private string Archive(string name, params (string Name, byte[] Bytes)[] records)
    {
        using var archive = ZipFile.Open(_folder.PathOf(name), ZipArchiveMode.Create);
        foreach (var (record, bytes) in records)
        {
            using var stream = archive.CreateEntry(record).Open();
            stream.Write(bytes);
        }

        return _folder.PathOf(name);
    }

    private static byte[] Pickle(string folder, string model)
    {
        using var archive = ZipFile.OpenRead(PathOf(folder, model));
        using var source = archive.GetEntry(model + "/data.pkl")!.Open();
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private string WithPickle(string folder, string model, byte[] pickle)
    {
        var path = _folder.PathOf("changed.pth");
        File.Copy(PathOf(folder, model), path, overwrite: true);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        archive.GetEntry(model + "/data.pkl")!.Delete();
        using var target = archive.CreateEntry(model + "/data.pkl").Open();
        target.Write(pickle);
        return path;
    }

    // Texts of one length, so that the pickle stays one.
    private string Changed(string folder, string model, string from, string to)
    {
        var text = Encoding.Latin1.GetString(Pickle(folder, model));
        text.ShouldContain(from);
        to.Length.ShouldBe(from.Length);
        return WithPickle(folder, model, Encoding.Latin1.GetBytes(text.Replace(from, to)));
    }
}
