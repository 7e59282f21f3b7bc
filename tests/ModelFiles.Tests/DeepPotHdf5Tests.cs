using MofInterop.ModelFiles.DeepPot;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

/// <summary>Files of DeePMD-kit's own format, written by h5py as DeePMD-kit does (save_dp_model in deepmd/dpmodel/utils/serialization.py).</summary>
public sealed class DeepPotHdf5Tests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_is_the_same_from_both_of_its_files(bool oneSided)
    {
        var yaml = _folder.Write("model.yaml", DeepPotText.Of(oneSided));
        ShouldBeTheSame(DeepPotFile.Read(WriteHdf5(yaml, "{}")), DeepPotFile.Read(yaml));
    }

    [SkippableFact]
    public void The_model_of_the_reference_is_the_same_from_both_of_its_files()
    {
        var yaml = ReferenceData.Find("deeppot/deeppot_sea.yaml");
        Skip.If(yaml is null, "the reference data are not here");
        ShouldBeTheSame(DeepPotFile.Read(WriteHdf5(yaml!, "{}")), DeepPotFile.Read(yaml!));
    }

    [SkippableFact]
    public void Numbers_of_single_precision_are_read_as_they_are()
    {
        var yaml = _folder.Write("model.yaml", DeepPotText.Of());
        DeepPotFile.Read(WriteHdf5(yaml, """{"dtype": "float32"}""")).Embedding[0][0].Layers[0].Weights[0].ShouldBe((float)(Math.Sin(1) * 0.5));
    }

    [SkippableTheory]
    [InlineData("""{"dataset": {"compression": "gzip", "chunks": true}}""", "")]
    [InlineData("""{"file": {"libver": "latest"}}""", "superblock of another version")]
    public void A_layout_that_is_lacking_is_refused_by_its_name(string options, string message)
    {
        // Scalars cannot be compressed: DeepPotText has none.
        var yaml = _folder.Write("model.yaml", DeepPotText.Of());
        var problem = ModelFolder.Failure(() => DeepPotFile.Read(WriteHdf5(yaml, options)));
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldContain("model.dp");
        problem.Remedy.ShouldNotBeNull().ShouldContain("YAML");
    }

    [SkippableFact]
    public void What_the_text_says_wrong_is_told_with_the_file()
    {
        var yaml = _folder.Write("model.yaml", DeepPotText.Of().Replace("type: se_e2_a", "type: se_e3"));
        var problem = ModelFolder.Failure(() => DeepPotFile.Read(WriteHdf5(yaml, "{}")));
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.Where.ShouldNotBeNull().ShouldContain("model.dp, attribute json:");
    }

    [SkippableFact]
    public void Damaged_files_load_or_end_in_an_error_of_ours()
    {
        var path = WriteHdf5(_folder.Write("model.yaml", DeepPotText.Of()), "{}");
        var original = File.ReadAllBytes(path);
        var random = new Random(5);
        var refused = 0;
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var bytes = attempt % 4 == 0 ? original[..random.Next(original.Length)] : (byte[])original.Clone();
            for (var k = 0; k < 1 + attempt % 5 && bytes.Length > 0; k++)
            {
                // Addresses and lengths stand in the first few thousand bytes and are full of zeros and ones.
                bytes[random.Next(Math.Min(bytes.Length, attempt % 3 == 0 ? 2048 : bytes.Length))] = attempt % 2 == 0 ? (byte)random.Next(256) : (byte)0xFF;
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                DeepPotFile.Read(path);
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("mofinterop-model-");
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"attempt {attempt} ended in {e.GetType().Name}: {e.Message}", e);
            }
        }

        refused.ShouldBeGreaterThan(1000);
    }

    private string WriteHdf5(string yaml, string options)
    {
        var path = DeepPotText.WriteHdf5(yaml, _folder.PathOf("model.dp"), options);
        Skip.If(path is null, "there is no python3 with h5py and yaml: apt-get install python3-h5py python3-yaml");
        return path!;
    }

    private static void ShouldBeTheSame(DeepPotModel found, DeepPotModel expected)
    {
        found.Species.ShouldBe(expected.Species);
        found.Places.ShouldBe(expected.Places);
        found.Bias.ShouldBe(expected.Bias);
        (found.Cutoff, found.SmoothFrom, found.AxisWidth).ShouldBe((expected.Cutoff, expected.SmoothFrom, expected.AxisWidth));
        foreach (var (one, other) in found.Embedding.Zip(expected.Embedding).SelectMany(pair => pair.First.Zip(pair.Second)).Concat(found.Fitting.Zip(expected.Fitting)))
        {
            foreach (var (layer, like) in one.Layers.Zip(other.Layers))
            {
                layer.Weights.ShouldBe(like.Weights);
                layer.Bias.ShouldBe(like.Bias);
                layer.Timestep.ShouldBe(like.Timestep);
                layer.Activation.ShouldBe(like.Activation);
            }
        }

        found.Scaling.SelectMany(row => row).ShouldBe(expected.Scaling.SelectMany(row => row));
    }
}
