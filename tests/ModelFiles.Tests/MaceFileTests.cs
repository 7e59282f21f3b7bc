using MofInterop.ModelFiles.Mace;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class MaceFileTests : IDisposable
{
    private static readonly string? _folder = ReferenceData.Find("mace");
    private readonly ModelFolder _files = new();

    public void Dispose() => _files.Dispose();

    [SkippableFact]
    public void A_pickled_model_says_what_it_is()
    {
        var model = MaceFile.Read(Reference("gst_swa/gst_swa.model"));
        model.Species.Select(one => one.Label).ShouldBe(["Ge", "Sb", "Te"]);
        (model.Cutoff, model.Degree, model.Layers.Count, model.SinglePrecision).ShouldBe((5.0, 3, 2, false));
        model.Layers[0].Making.Output.ToString().ShouldBe("64x0e+64x1o");
        (model.Layers[0].Itself.Count, model.Layers[0].Mixing.Count, model.Layers[1].Itself.Count, model.Layers[1].Mixing.Count).ShouldBe((0, 3, 3, 0));
        MaceFile.Read(Reference("run123/run123.model")).Species.Select(one => one.AtomicNumber).ShouldBe([1, 6, 7, 8, 9, 15, 16, 17, 35, 53]);
    }

    [SkippableTheory]
    [InlineData("\"model_class\": \"ScaleShiftMACE\"", "\"model_class\": \"AtomicDipolesMACE\"", "AtomicDipolesMACE")]
    [InlineData("\"radial_type\": \"BesselBasis\"", "\"radial_type\": \"ChebychevBasis\"", "ChebychevBasis")]
    [InlineData("\"gate\": \"silu\"", "\"gate\": \"relu\"", "the activation relu")]
    [InlineData("\"heads\": null", "\"heads\": null, \"unknown\": [\"joint_embedding\"]", "joint_embedding")]
    [InlineData("\"1x0e+1x1o+1x2e+1x3o\"", "\"1x0e+1x1o+1x2e+1x3o+1x4e\"", "max_ell")]
    public void A_feature_that_is_lacking_is_refused_by_its_name(string from, string to, string message)
    {
        var problem = ModelFolder.Failure(() => MaceFile.Read(Converted("run123", text =>
        {
            text.ShouldContain(from);
            return text.Replace(from, to);
        })));
        problem.Kind.ShouldBe(ErrorKind.Unsupported, problem.Message);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldContain("model.safetensors");
    }

    [SkippableTheory]
    [InlineData("interactions.0.linear.weight")]
    [InlineData("interactions.1.conv_tp_weights.layer3.weight")]
    [InlineData("products.0.symmetric_contractions.contractions.0.U_matrix_2")]
    [InlineData("products.1.symmetric_contractions.contractions.0.weights_max")]
    [InlineData("atomic_energies_fn.atomic_energies")]
    [InlineData("scale_shift.scale")]
    public void Numbers_that_are_missing_or_too_few_are_refused_by_their_name(string name)
    {
        ModelFolder.Failure(() => MaceFile.Read(Converted("run123", text => text, arrays => arrays.Remove(name)))).Kind.ShouldBe(ErrorKind.FileFormat);
        var problem = ModelFolder.Failure(() => MaceFile.Read(Converted("run123", text => text, arrays => arrays[name] = arrays["readouts.1.linear_2.weight"])));
        problem.Kind.ShouldBe(ErrorKind.FileFormat);
        problem.Message.ShouldContain("model.safetensors");
    }

    [SkippableFact]
    public void A_card_names_the_file_and_elements_by_labels_of_its_own()
    {
        var model = Reference("run123/run123.model");
        File.Copy(model, _files.PathOf("run123.model"));
        File.SetAttributes(_files.PathOf("run123.model"), FileAttributes.Normal);
        string Card(string species, string rest = "") => _files.Write("model.mof.yaml", $$"""
            format: 1
            kind: mace
            species: [{{species}}]
            files:
              model: {path: run123.model, sha256: "{{ModelFolder.Checksum(model)}}"}
            units: {energy: eV, length: angstrom}
            reference: {method: wB97M, dispersion: included}
            {{rest}}

            """);
        using (var potential = PotentialLoader.Load(Card("{label: C3a, atomic_number: 6}, {label: H, atomic_number: 1}, {label: C2, atomic_number: 6}")))
        {
            (potential.Kind, potential.Cutoff).ShouldBe(("mace", 4.5));
            potential.Species.Select(one => one.Label).ShouldBe(["C3a", "H", "C2"]);
            ((MacePotential)potential).IsSingle.ShouldBeFalse();
        }

        using (var potential = PotentialLoader.Load(Card("{label: H, atomic_number: 1}", "precision: single")))
        {
            ((MacePotential)potential).IsSingle.ShouldBeTrue();
        }

        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: C}"))).Message.ShouldContain("species C has no atomic number");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: Zn, atomic_number: 30}"))).Message.ShouldContain("does not know Zn");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: H, atomic_number: 1}", "precision: half"))).Message.ShouldContain("model.mof.yaml:");
    }

    [SkippableFact]
    public void A_damaged_file_is_read_or_refused()
    {
        var original = File.ReadAllBytes(Converted("run123", text => text));
        var random = new Random(5);
        var refused = 0;
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var bytes = (byte[])original.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                bytes[random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(20000)] ^= (byte)(1 << random.Next(8));
            }

            Array.Resize(ref bytes, attempt % 3 == 0 ? random.Next(bytes.Length) : bytes.Length);
            File.WriteAllBytes(_files.PathOf("damaged.safetensors"), bytes);
            try
            {
                MaceFile.Read(_files.PathOf("damaged.safetensors"));
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("damaged.safetensors");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(20);
    }

    [SkippableFact]
    public void A_file_of_something_else_is_refused()
    {
        ModelFolder.Failure(() => MaceFile.Read(ReferenceData.Find("nequip/toluene.nequip.pth") ?? throw new SkipException("the reference data are not here"))).Message.ShouldContain("a model of MACE");
        ModelFolder.Failure(() => MaceFile.Read(_files.Write("x.safetensors", "12345678{}"))).Message.ShouldContain("no safetensors file");
        ModelFolder.Failure(() => MaceFile.Read(_files.Write("x.safetensors", "\u0002\0\0\0\0\0\0\0{}"))).Message.ShouldContain("what model its numbers make");
    }

    private static string Reference(string path)
    {
        Skip.If(_folder is null, "the reference data are not here");
        return Path.Combine(_folder!, path);
    }

    private string Converted(string name, Func<string, string> change, Action<Dictionary<string, NumpyArray>>? edit = null)
    {
        var arrays = NumpyArray.ReadArchive(Reference($"{name}/weights.npz"));
        edit?.Invoke(arrays);
        SafeTensorsText.Write(_files.PathOf("model.safetensors"), new Dictionary<string, string> { ["mace"] = change(File.ReadAllText(Reference($"{name}/hyper.json"))) }, arrays);
        return _files.PathOf("model.safetensors");
    }
}
