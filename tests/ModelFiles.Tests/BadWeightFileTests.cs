using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

/// <summary>Weight files of every format that are not what they should be: an error that names the file, or a potential that gives numbers.</summary>
public sealed class BadWeightFileTests : IDisposable
{
    private const long MostBytes = 1L << 29;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-model-");

    public static TheoryData<string> Formats => new(SampleModel.Formats);

    public static TheoryData<string> Archives => new("nequip", "mace", "allegro");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void The_beginning_of_a_file_is_refused(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        foreach (var bytes in DamagedBytes.Truncated(original, IsLarge(format) ? 25 : 60, new Random(1)))
        {
            // Text may end with keys that need not be there.
            if (format == "deeppot" && bytes.Length > original.Length - 100)
            {
                continue;
            }

            ShouldBeRefused(sample, bytes, $"the first {bytes.Length} bytes");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void A_file_with_one_wrong_byte_is_refused_or_read(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        var random = new Random(2);
        var refused = 0;
        var attempts = IsLarge(format) ? 80 : 400;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            File.WriteAllBytes(sample.WeightPath!, DamagedBytes.Flipped(original, random, attempt % 2 == 0 ? 4096 : 0));
            refused += Describe(sample) is { } error && IsClear(error, sample, $"attempt {attempt}") ? 1 : 0;
        }

        // A weight of another size is a weight: texts and what has no checksum is often read.
        refused.ShouldBeGreaterThan(attempts / 20);
    }

    [SkippableTheory]
    [MemberData(nameof(Archives))]
    public void A_record_that_lies_about_its_size_is_refused(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        foreach (var (place, local, isPickle) in Records(original))
        {
            foreach (var claim in (uint[])[0, 1, 0x7FFF_FFFF, 0xFFFF_FFFE])
            {
                // Compressed and unpacked size in the list of records and before the record itself.
                foreach (var places in (int[][])[[place + 20], [place + 24], [place + 20, place + 24], [place + 20, place + 24, local + 18, local + 22]])
                {
                    var bytes = (byte[])original.Clone();
                    places.ToList().ForEach(one => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(one), claim));
                    var what = $"{claim} bytes claimed at {string.Join(", ", places)}";
                    if (isPickle && places.Contains(place + 24))
                    {
                        ShouldBeRefused(sample, bytes, what);
                        continue;
                    }

                    // Nobody needs the other size of what is not compressed, and some tensors are not read: what is read has the right checksum.
                    File.WriteAllBytes(sample.WeightPath!, bytes);
                    _ = Describe(sample) is not { } error || IsClear(error, sample, what);
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Archives))]
    public void NaN_or_too_few_numbers_in_a_tensor_are_refused_unless_nobody_reads_it(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        var expected = Energy(sample);
        int refused = 0, unread = 0;
        foreach (var name in Tensors(original, IsLarge(format) ? 8 : 40))
        {
            foreach (var change in (Func<byte[], byte[]>[])[Spoiled, bytes => bytes[..(bytes.Length / 2)]])
            {
                File.WriteAllBytes(sample.WeightPath!, Changed(original, name, change));
                if (Describe(sample) is { } error && IsClear(error, sample, name))
                {
                    refused++;
                }
                else
                {
                    Energy(sample).ShouldBe(expected, $"{name} is read");
                    unread++;
                }
            }
        }

        refused.ShouldBeGreaterThan(4, $"{unread} unread");
    }

    [SkippableTheory]
    [MemberData(nameof(Archives))]
    public void A_matrix_turned_on_its_side_is_refused_unless_nobody_reads_it(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        var pickle = Pickle(original);
        var bytes = Record(original, pickle);
        var expected = Energy(sample);
        int refused = 0, matrices = 0;
        foreach (var (place, stride) in Matrices(bytes).Take(12))
        {
            // Sizes (a, b) with strides (b, 1) become (b, a) with (1, b): the same numbers, turned.
            var turned = (byte[])bytes.Clone();
            (turned[place + 1], turned[place + 3], turned[stride + 1], turned[stride + 3]) = (bytes[place + 3], bytes[place + 1], 1, bytes[place + 3]);
            File.WriteAllBytes(sample.WeightPath!, Changed(original, pickle, _ => turned));
            matrices++;
            if (Describe(sample) is { } error && IsClear(error, sample, $"byte {place}"))
            {
                refused++;
            }
            else
            {
                Energy(sample).ShouldBe(expected, $"the matrix [{bytes[place + 1]}, {bytes[place + 3]}] at byte {place} of the pickle is read as it lies");
            }
        }

        matrices.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    [SkippableTheory]
    [InlineData("deeppot.dp")]
    [InlineData("mace.safetensors")]
    public void NaN_in_place_of_any_number_is_refused_unless_nobody_reads_it(string format)
    {
        var sample = Sample(format);
        var original = File.ReadAllBytes(sample.WeightPath!);
        var expected = Energy(sample);
        var random = new Random(4);
        var refused = 0;
        for (var attempt = 0; attempt < (IsLarge(format) ? 40 : 400); attempt++)
        {
            // Numbers are aligned in both formats, but for the length of the header.
            var start = format == "mace.safetensors" ? 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(original) : 0;
            var place = start + 8 * random.Next((original.Length - start) / 8);
            if (!IsWeight(BinaryPrimitives.ReadDoubleLittleEndian(original.AsSpan(place))))
            {
                continue;
            }

            var bytes = (byte[])original.Clone();
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(place), double.NaN);
            File.WriteAllBytes(sample.WeightPath!, bytes);
            if (Describe(sample) is { } error && IsClear(error, sample, $"byte {place}"))
            {
                refused++;
            }
            else
            {
                Energy(sample).ShouldBe(expected, $"byte {place} is read");
            }
        }

        refused.ShouldBeGreaterThan(5);
    }

    [SkippableFact]
    public void Tensors_that_claim_more_than_the_file_has_take_no_memory()
    {
        foreach (var header in (string[])[
            """{"a":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,16]}}""",
            """{"a":{"dtype":"F64","shape":[268435456],"data_offsets":[0,2147483648]}}""",
            """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,9223372036854775807]}}""",
            """{"a":{"dtype":"F64","shape":[-1,-2],"data_offsets":[0,16]}}""",
            """{"a":{"dtype":"F64","shape":[4294967296],"data_offsets":[0,16]}}""",
            """{"a":{"dtype":"F64","shape":[1],"data_offsets":[16,8]}}""",
            """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""",
            """{"a":{"dtype":"F64","shape":2,"data_offsets":[0,16]}}""",
            """{"a":[],"__metadata__":{"mace":1}}""",
            """[1]""",
        ])
        {
            var path = Path.Combine(_folder.FullName, "huge.safetensors");
            File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[16]]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = ModelFolder.Failure(() => Describe(path));
            error.Message.ShouldContain("huge.safetensors");
            error.Kind.ShouldBe(ErrorKind.FileFormat);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 24, header);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void Nothing_and_a_folder_and_another_kind_of_file_are_refused(string format)
    {
        var sample = Sample(format);
        ShouldBeRefused(sample, [], "an empty file");
        ShouldBeRefused(sample, Encoding.UTF8.GetBytes("garbage"), "garbage");
        ShouldBeRefused(sample, new byte[100_000], "zeros");
        File.Delete(sample.WeightPath!);
        IsClear(ModelFolder.Failure(() => Describe(sample.WeightPath!)), sample, "no file");
        Directory.CreateDirectory(sample.WeightPath!);
        IsClear(ModelFolder.Failure(() => Describe(sample.WeightPath!)), sample, "a folder");
        ModelFolder.Failure(() => PotentialLoader.Load(sample.CardPath)).Message.ShouldContain(Path.GetFileName(sample.WeightPath!));
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void A_card_that_calls_a_file_by_another_kind_is_refused(string format)
    {
        var sample = Sample(format);
        foreach (var kind in SampleModel.NeuralKinds.Where(kind => kind != sample.Kind))
        {
            var role = kind == "deeppot" ? "weights" : "model";
            sample.WriteCard(kind);
            File.WriteAllText(sample.CardPath, File.ReadAllText(sample.CardPath).Replace($"  {sample.Role}:", $"  {role}:"));
            if (kind is "mace" or "deeppot")
            {
                File.WriteAllText(sample.CardPath, File.ReadAllText(sample.CardPath).Replace("energy_unit: kcal/mol\n", ""));
            }

            var error = ModelFolder.Failure(() => PotentialLoader.Load(sample.CardPath));
            error.Kind.ShouldBeOneOf([ErrorKind.FileFormat, ErrorKind.Unsupported], error.Message);
            error.Message.ShouldContain(Path.GetFileName(sample.WeightPath!), customMessage: kind);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void A_species_that_the_model_has_never_seen_is_named(string format)
    {
        var sample = Sample(format);
        File.WriteAllText(sample.CardPath, File.ReadAllText(sample.CardPath).Replace("species: [", "species: [{label: Xe, atomic_number: 54}, "));
        var error = ModelFolder.Failure(() => PotentialLoader.Load(sample.CardPath));
        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain("Xe");
    }

    private SampleModel Sample(string format)
    {
        var sample = SampleModel.Write(format, _folder.FullName);
        Skip.If(sample is null, "the reference data, or python3 with h5py, are not here");
        return sample!;
    }

    private static void ShouldBeRefused(SampleModel sample, byte[] bytes, string what)
    {
        File.WriteAllBytes(sample.WeightPath!, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        IsClear(Describe(sample).ShouldNotBeNull(what), sample, what);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, what);
    }

    // What the command card does, which reads all of a file.
    private static void Describe(string path) =>
        WeightFile.Describe(path, Path.ChangeExtension(path, ".mof.yaml"), new ReferenceMethod("none", false), NequipCard.EnergyUnits.Keys.First(unit => unit == "eV"), NetworkPrecision.AsTrained);

    // The error that a file ends in by both ways to read it, or null.
    private static MofException? Describe(SampleModel sample)
    {
        try
        {
            Describe(sample.WeightPath!);
            return null;
        }
        catch (MofException e)
        {
            return e;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"reading ended in {e.GetType().Name}: {e.Message}", e);
        }
    }

    private static bool IsClear(MofException error, SampleModel sample, string what)
    {
        error.Kind.ShouldBeOneOf([ErrorKind.FileFormat, ErrorKind.Unsupported], $"{what}: {error.Message}");
        error.Message.ShouldContain(Path.GetFileName(sample.WeightPath!), customMessage: what);
        return true;
    }

    // Of a few atoms with the model as it is now.
    private static unsafe double Energy(SampleModel sample)
    {
        sample.WriteCard();
        using var potential = PotentialLoader.Load(sample.CardPath);
        using var list = new NeighborList();
        list.Build([0, 0, 0, 1.1, 0.3, 0.2, -0.4, 1.2, 0.5, 0.6, 0.8, -1.3], new Cell([20, 0, 0, 0, 20, 0, 0, 0, 20]), false, false, false, potential.Cutoff);
        double energy = 0;
        var forces = new double[3 * list.AtomCount];
        fixed (double* f = forces)
        {
            potential.Compute(list.View([0, 1, 0, 1]), new EvaluationBuffers { Energy = &energy, Forces = f }).Status.ShouldBe(EvaluationStatus.Success);
        }

        forces.ShouldAllBe(force => double.IsFinite(force));
        return energy;
    }

    // Megabytes, of which tables are made.
    private static bool IsLarge(string format) => format is "nequip" or "mace" or "mace.safetensors";

    private static bool IsWeight(double value) => Math.Abs(value) is > 1e-8 and < 1e8;

    // Where a record stands in the list at the end of a zip archive, and where its own header is.
    private static IEnumerable<(int Entry, int Local, bool IsPickle)> Records(byte[] zip)
    {
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var place = (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(end + 16));
        var seen = 0;
        while (place < end && zip.AsSpan(place, 4).SequenceEqual("PK\u0001\u0002"u8))
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(place + 28)), extra = BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(place + 30)), comment = BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(place + 32));
            var text = Encoding.UTF8.GetString(zip, place + 46, name);
            if (text.EndsWith("/data.pkl", StringComparison.Ordinal) || (text.Contains("/data/", StringComparison.Ordinal) && seen++ < 3))
            {
                yield return (place, (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(place + 42)), text.EndsWith("/data.pkl", StringComparison.Ordinal));
            }

            place += 46 + name + extra + comment;
        }
    }

    private static string Pickle(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).MinBy(name => name.Length)!;
    }

    // Some of the tensors, those of the model's beginning and end and between.
    private static string[] Tensors(byte[] zip, int count)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        string[] names = [.. archive.Entries.Where(entry => entry.FullName.Contains("/data/", StringComparison.Ordinal) && entry.Length >= 8).Select(entry => entry.FullName)];
        return [.. names.Where((_, n) => n % Math.Max(1, names.Length / count) == 0)];
    }

    private static byte[] Record(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var source = archive.GetEntry(name)!.Open();
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    // The archive with another content of one record, whose checksum is right.
    private static byte[] Changed(byte[] zip, string name, Func<byte[], byte[]> change)
    {
        using var stream = new MemoryStream();
        using (var target = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var source = new ZipArchive(new MemoryStream(zip));
            foreach (var entry in source.Entries)
            {
                using var content = entry.Open();
                using var written = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                if (entry.FullName == name)
                {
                    written.Write(change(Record(zip, name)));
                }
                else
                {
                    content.CopyTo(written);
                }
            }
        }

        return stream.ToArray();
    }

    // NaN in both precisions: all bits of the first eight bytes.
    private static byte[] Spoiled(byte[] tensor)
    {
        tensor.AsSpan(0, 8).Fill(0xFF);
        return tensor;
    }

    // Sizes and strides of matrices: BININT1 a, BININT1 b, TUPLE2 or TUPLE, then within a few bytes (BINPUT, MARK) BININT1 b, BININT1 1 and the same end.
    private static IEnumerable<(int Sizes, int Strides)> Matrices(byte[] pickle)
    {
        const byte Small = (byte)'K', Pair = 0x86, Mark = (byte)'(', Tuple = (byte)'t';
        bool IsPair(int at) => at > 0 && at + 4 < pickle.Length && pickle[at] == Small && pickle[at + 2] == Small && (pickle[at + 4] == Pair || (pickle[at + 4] == Tuple && pickle[at - 1] == Mark));
        for (var k = 0; k < pickle.Length - 16; k++)
        {
            if (!IsPair(k) || pickle[k + 1] == pickle[k + 3] || pickle[k + 1] < 2 || pickle[k + 3] < 2)
            {
                continue;
            }

            for (var gap = 5; gap < 11; gap++)
            {
                if (IsPair(k + gap) && pickle[k + gap + 1] == pickle[k + 3] && pickle[k + gap + 3] == 1)
                {
                    yield return (k, k + gap);
                    break;
                }
            }
        }
    }
}
