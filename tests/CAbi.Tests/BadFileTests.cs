using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Files that hosts hand to the library and that are not what they should be; in the process of a host nothing may crash, hang or take all memory.</summary>
public sealed unsafe class BadFileTests : IDisposable
{
    private const int FileFormat = 2;
    private const int Unsupported = 3;
    private const int NumericalFailure = 4;

    private readonly TestModel _model = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-abi-files-");

    public static TheoryData<string> Formats => new(SampleModel.Formats);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public void Unreadable_files_are_named()
    {
        var library = NativePotential.Baseline();
        nint potential = 0;
        foreach (var (name, content, status, text) in ((string, string?, int, string)[])
        [
            ("none.mof.yaml", null, FileFormat, "there is no such model card"),
            (".", null, FileFormat, "the name does not tell what this is"),
            ("empty.mof.yaml", "", FileFormat, "not one mapping"),
            ("later.mof.yaml", "format: 7\n", Unsupported, "format 7"),
            ("odd.snapcoeff", "\0\0\0", FileFormat, "odd.snapparam: there is no such"),
        ])
        {
            if (content is not null)
            {
                File.WriteAllText(_model.PathOf(name), content);
            }

            library.Load(NativePotential.Text(_model.PathOf(name)), &potential).ShouldBe(status, name);
            library.LastError.ShouldContain(text);
            library.LastError.ShouldContain(_model.PathOf("")[..^1]);
        }

        // Not UTF-8.
        var bytes = stackalloc byte[] { (byte)'/', 0xFF, 0xFE, 0 };
        library.Load(bytes, &potential).ShouldBe(FileFormat);
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void A_damaged_weight_file_is_refused_by_its_name_or_gives_numbers(string format)
    {
        var (library, sample) = (NativePotential.Baseline(), Sample(format));
        var original = File.ReadAllBytes(sample.WeightPath!);
        var random = new Random(31);
        var isLarge = original.Length > 1_000_000;
        var refused = 0;
        byte[][] damaged =
        [
            .. DamagedBytes.Truncated(original, isLarge ? 9 : 30, random),
            .. Enumerable.Range(0, isLarge ? 6 : 60).Select(n => DamagedBytes.Flipped(original, random, n % 2 == 0 ? 4096 : 0)),
        ];
        foreach (var bytes in damaged)
        {
            refused += LoadsOrIsRefused(library, sample, bytes) ? 0 : 1;
        }

        refused.ShouldBeGreaterThan(7);
        LoadsOrIsRefused(library, sample, original).ShouldBeTrue(library.LastError);
    }

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void Nothing_a_folder_and_files_of_other_kinds_are_refused(string format)
    {
        var (library, sample) = (NativePotential.Baseline(), Sample(format));
        var original = File.ReadAllBytes(sample.WeightPath!);
        LoadsOrIsRefused(library, sample, []).ShouldBeFalse();
        LoadsOrIsRefused(library, sample, new byte[70_000]).ShouldBeFalse();
        LoadsOrIsRefused(library, sample, "%PDF-1.4 garbage"u8.ToArray()).ShouldBeFalse();
        nint handle = 5;
        File.Delete(sample.WeightPath!);
        library.Load(NativePotential.Text(sample.CardPath), &handle).ShouldBe(FileFormat);
        library.LastError.ShouldContain(Path.GetFileName(sample.WeightPath!));
        Directory.CreateDirectory(sample.WeightPath!);
        library.Load(NativePotential.Text(sample.CardPath), &handle).ShouldBe(FileFormat);
        library.LastError.ShouldContain(Path.GetFileName(sample.WeightPath!));
        handle.ShouldBe(0);
        Directory.Delete(sample.WeightPath!);

        // Changed behind the card's back.
        original[^1] ^= 1;
        File.WriteAllBytes(sample.WeightPath!, original);
        library.Load(NativePotential.Text(sample.CardPath), &handle).ShouldBe(FileFormat);
        library.LastError.ShouldContain("is not the one that");
    }

    [SkippableFact]
    public void Energies_that_cannot_be_added_up_are_a_failure_that_names_the_atom()
    {
        var (library, sample) = (NativePotential.Baseline(), Sample("deeppot"));
        File.WriteAllText(sample.WeightPath!, File.ReadAllText(sample.WeightPath!).Replace("[[[0.25], [0.5]]]", "[[[1e308], [1e308]]]", StringComparison.Ordinal));
        sample.WriteCard();
        nint handle = 0;
        library.Load(NativePotential.Text(sample.CardPath), &handle).ShouldBe(0, library.LastError);
        var crystal = new Crystal();
        crystal.Compute(library, handle).ShouldBe(NumericalFailure);
        library.LastError.ShouldContain("atom 0 (counted from 0): energy or forces are not finite");
        crystal.Energy[0].ShouldBe(0);
        library.Free(handle).ShouldBe(0);
    }

    private SampleModel Sample(string format)
    {
        var sample = SampleModel.Write(format, _folder.FullName);
        Skip.If(sample is null, "the reference data, or python3 with h5py, are not here");
        return sample!;
    }

    private static bool LoadsOrIsRefused(NativePotential library, SampleModel sample, byte[] bytes)
    {
        File.WriteAllBytes(sample.WeightPath!, bytes);
        sample.WriteCard();
        nint handle = 5;
        var status = library.Load(NativePotential.Text(sample.CardPath), &handle);
        if (status != 0)
        {
            status.ShouldBeInRange(FileFormat, Unsupported, library.LastError);
            library.LastError.ShouldContain(Path.GetFileName(sample.WeightPath!));
            handle.ShouldBe(0);
            return false;
        }

        var crystal = new Crystal();
        if (crystal.Compute(library, handle) is 0)
        {
            crystal.ShouldBeFinite();
        }
        else
        {
            library.LastError.ShouldContain("not finite");
        }

        library.Free(handle).ShouldBe(0);
        return true;
    }
}
