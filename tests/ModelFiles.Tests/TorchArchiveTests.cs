using System.IO.Compression;
using System.Text;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class TorchArchiveTests
{
    [SkippableTheory]
    [InlineData("mace/gst_swa/gst_swa.model", "mace/gst_swa/weights.npz")]
    [InlineData("mace/run123/run123.model", "mace/run123/weights.npz")]
    [InlineData("nequip/nequip_l2r6stress0.pth", "nequip/zif4/weights.npz")]
    [InlineData("nequip/toluene.nequip.pth", "nequip/toluene/weights.npz")]
    public void Every_tensor_of_a_real_model_comes_out_bit_for_bit(string model, string weights)
    {
        var path = ReferenceData.Find(model);
        Skip.If(path is null, "the reference data are not here");
        var root = TorchModule.Of(TorchArchive.Read(path), path);
        var tensors = root.Tensors().ToDictionary(one => one.Name, one => one.Tensor);
        var expected = NumpyArray.ReadArchive(ReferenceData.Find(weights)!);
        var compared = 0;
        foreach (var (name, array) in expected)
        {
            // NequIP's names go without their first parts, and w3j, the same in all layers, are there once.
            var keys = tensors.Keys.Where(key => key == name || key == "model." + name || key.EndsWith("model.func." + name, StringComparison.Ordinal) || (name.StartsWith("w3j_", StringComparison.Ordinal) && key.EndsWith("._" + name, StringComparison.Ordinal))).ToList();
            if (name.StartsWith("w3j_", StringComparison.Ordinal))
            {
                keys.Count.ShouldBeGreaterThan(0, name);
            }
            else
            {
                keys.Count.ShouldBe(1, name);
            }

            foreach (var key in keys)
            {
                tensors[key].ToDoubles().Select(BitConverter.DoubleToInt64Bits).ShouldBe(array.Values.Select(BitConverter.DoubleToInt64Bits), key);
                tensors[key].Shape.ShouldBe(array.Shape, key);
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(35);
    }

    [SkippableFact]
    public void Attributes_of_modules_are_found_by_their_names()
    {
        var path = ReferenceData.Find("mace/gst_swa/gst_swa.model");
        Skip.If(path is null, "the reference data are not here");
        var model = TorchModule.Of(TorchArchive.Read(path), path);
        model.Object.ClassName.ShouldBe("mace.modules.models.ScaleShiftMACE");
        model.Number("r_max").ShouldBe(5);
        model.Module("interactions.1").Object.ShortName.ShouldBe("RealAgnosticResidualInteractionBlock");
        model.Number("interactions.0.conv_tp_weights.layer0.act.cst").ShouldBe(1.6791767923989418);
        ((PickledName)model.Find("interactions.0.conv_tp_weights.layer0.act.f")!).Name.ShouldBe("torch.nn.functional.silu");
        model.Tensor("interactions.1.conv_tp._compiled_main_left_right._w3j_1_2_1").Shape.ShouldBe([3, 5, 3]);
        model.Find("interactions.2").ShouldBeNull();
        model.Module("products.0").Children().Select(child => child.Name).ShouldBe(["products.0.symmetric_contractions", "products.0.linear"]);
        ModelFolder.Failure(() => model.Tensor("interactions.0.linear.bias", 5)).Message.ShouldContain("interactions.0.linear.bias");
    }

    [SkippableFact]
    public void TorchScript_attributes_texts_and_constants_are_read()
    {
        var path = ReferenceData.Find("nequip/toluene.nequip.pth");
        Skip.If(path is null, "the reference data are not here");
        var archive = TorchArchive.Read(path);
        archive.Text("extra/type_names").ShouldBe("H C");
        archive.Text("extra/nothing").ShouldBeNull();
        archive.Constants().Select(one => ((TorchTensor)one!).ToScalar()).ShouldBe([1.6791767923989418, 1.5937334472592695], ignoreOrder: true);
        var model = TorchModule.Of(archive, path);
        model.Tensors().Count.ShouldBeGreaterThan(50);

        // Stored column by column: what is read goes by the strides.
        var couplings = model.Tensors().First(one => one.Name.EndsWith("_w3j_2_1_2", StringComparison.Ordinal)).Tensor;
        couplings.Strides.ShouldBe([1, 25, 5]);
        couplings.Shape.ShouldBe([5, 3, 5]);
    }

    [Theory]
    [InlineData("\u0080\u0002ctorch\nhack\n(X\u0005\u0000\u0000\u0000rm -ft.", "left over")]
    [InlineData("\u0080\u0002K\u0001", "truncated")]
    [InlineData("\u0080\u0002K\u0001K\u0002.", "left over")]
    [InlineData("\u0080\u0002t.", "closes more than it opens")]
    [InlineData("\u0080\u0002h\u0007.", "value 7")]
    [InlineData("\u0080\u0002X\u00ff\u00ff\u00ff\u007f.", "truncated")]
    [InlineData("\u0080\u0002K\u0001(a.", "takes more values")]
    [InlineData("\u0080\u0002]K\u0001R.", "called")]
    [InlineData("\u0080\u0002K\u0001K\u0002K\u0003s.", "no dictionary")]
    [InlineData("\u0080\u0002S'x'\n.", "operation 0x53")]
    [InlineData("\u0080\u0002K\u0001Q.", "no storage")]
    public void A_pickle_that_is_wrong_is_refused_with_its_place(string pickle, string message)
    {
        var problem = ModelFolder.Failure(() => TorchArchive.Parse(Archive(("a/data.pkl", Encoding.Latin1.GetBytes(pickle))), "model.pth"));
        problem.Where.ShouldNotBeNull().ShouldStartWith("model.pth, data.pkl, byte ");
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void What_a_pickle_calls_is_not_called()
    {
        // os.system("exit 1"), as a hostile file has it.
        var pickle = Encoding.Latin1.GetBytes("\u0080\u0002cos\nsystem\nX\u0006\u0000\u0000\u0000exit 1\u0085R.");
        var value = TorchArchive.Parse(Archive(("a/data.pkl", pickle)), "model.pth").Root.ShouldBeOfType<PickledObject>();
        value.ClassName.ShouldBe("os.system");
        value.Arguments.ShouldBe(["exit 1"]);
    }

    [Theory]
    [InlineData(0, 3, 2, 2, 1, false)]
    [InlineData(0, 3, 2, 2, 2, true)]
    [InlineData(1, 3, 2, 2, 1, true)]
    [InlineData(0, 2, 3, 1, 2, false)]
    [InlineData(-1, 2, 3, 1, 2, true)]
    [InlineData(0, -2, 3, 1, 2, true)]
    [InlineData(0, 2147483647, 2147483647, 0, 0, true)]
    [InlineData(0, 100000, 0, 2147483647, 2147483647, false)]
    public void No_tensor_reaches_beyond_its_storage(int offset, int rows, int columns, int rowStride, int columnStride, bool refused)
    {
        static string Number(int value) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));
        var pickle = "\u0080\u0002" + "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\u0000\u0000\u0000storagectorch\nDoubleStorage\nX\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0006tQ"
            + Number(offset) + Number(rows) + Number(columns) + "\u0086" + Number(rowStride) + Number(columnStride) + "\u0086\u0089}tR.";
        var archive = Archive(("a/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("a/data/0", [.. Enumerable.Range(0, 6).SelectMany(n => BitConverter.GetBytes((double)n))]));
        if (refused)
        {
            ModelFolder.Failure(() => TorchArchive.Parse(archive, "model.pth")).Message.ShouldContain("tensor");
            return;
        }

        var tensor = TorchArchive.Parse(archive, "model.pth").Root.ShouldBeOfType<TorchTensor>();
        tensor.ToDoubles().ShouldBe([.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select (double)(offset + row * rowStride + column * columnStride)]);
    }

    [Fact]
    public void A_record_that_does_not_match_its_checksum_is_refused()
    {
        var archive = Archive(("a/data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002X\u0005\u0000\u0000\u0000aaaaa.")));
        var place = archive.AsSpan().IndexOf("aaaaa"u8);
        archive[place] = (byte)'b';
        ModelFolder.Failure(() => TorchArchive.Parse(archive, "model.pth")).Message.ShouldContain("CRC-32");
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        ModelFolder.Failure(() => TorchArchive.Parse(Encoding.Latin1.GetBytes("\u0080\u0002}."), "old.pt")).Message.ShouldContain("no archive of PyTorch");
        ModelFolder.Failure(() => TorchArchive.Parse(Archive(("readme", [1])), "x.zip")).Message.ShouldContain("data.pkl");
        ModelFolder.Failure(() => TorchModule.Of(TorchArchive.Parse(Archive(("data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002}."))), "x.pt"), "x.pt")).Message.ShouldContain("state_dict");
    }

    [SkippableTheory]
    [InlineData("mace/run123/run123.model", 150)]
    [InlineData("nequip/nequip_l2r6stress0.pth", 150)]
    public void Damaged_archives_are_read_or_refused(string model, int attempts)
    {
        var path = ReferenceData.Find(model);
        Skip.If(path is null, "the reference data are not here");
        var original = File.ReadAllBytes(path);
        var random = new Random(attempts + model.Length);
        Survive(attempts, original, random, (bytes, where) => TorchModule.Of(TorchArchive.Parse(bytes, where), where).Tensors()).ShouldBeGreaterThan(attempts / 2);
    }

    [SkippableTheory]
    [InlineData("mace/run123/run123.model", "archive/", 100)]
    [InlineData("nequip/nequip_l2r6stress0.pth", "l2r6stress0/", 100)]
    public void Damaged_pickles_behind_right_checksums_are_read_or_refused(string model, string folder, int attempts)
    {
        var path = ReferenceData.Find(model);
        Skip.If(path is null, "the reference data are not here");
        using var zip = ZipFile.OpenRead(path);
        (string Name, byte[] Bytes)[] records = [.. zip.Entries.Where(entry => entry.FullName.StartsWith(folder + "data", StringComparison.Ordinal)).Select(entry => (entry.FullName, Bytes(entry)))];
        var random = new Random(attempts);
        var pickle = records.Single(record => record.Name == folder + "data.pkl").Bytes;
        Survive(attempts, pickle, random, (bytes, where) =>
        {
            var archive = Archive([.. records.Select(record => record.Bytes == pickle ? (record.Name, bytes) : record)]);
            var read = TorchArchive.Parse(archive, where);
            _ = read.Root is PickledObject ? TorchModule.Of(read, where).Tensors() : [];
        }).ShouldBeGreaterThan(attempts / 4);
    }

    private static int Survive(int attempts, byte[] original, Random random, Action<byte[], string> read)
    {
        var refused = 0;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var bytes = (byte[])original.Clone();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                bytes[random.Next(4) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 80000))] ^= (byte)(1 << random.Next(8));
            }

            if (attempt % 4 == 0)
            {
                Array.Resize(ref bytes, random.Next(bytes.Length));
            }

            try
            {
                read(bytes, "model");
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("model");
                refused++;
            }
        }

        return refused;
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private static byte[] Archive(params (string Name, byte[] Bytes)[] records)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in records)
            {
                using var target = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                target.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
