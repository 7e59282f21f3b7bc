using System.Globalization;
using MofInterop.TestKit;
using Xunit.Abstractions;

namespace MofInterop.CAbi.Tests;

/// <summary>
/// Long runs against the library as hosts load it, by hand (<c>./build.sh TestSlow</c>): a crash would end the test run, and
/// whatever succeeds is looked at.
/// </summary>
[Trait("Category", "Slow")]
public sealed unsafe class EnduranceTests(ITestOutputHelper report) : IDisposable
{
    private const int LastKnownStatus = 4;

    private readonly TestModel _model = new();

    public void Dispose() => _model.Dispose();

    [SkippableFact]
    public void A_hundred_thousand_damaged_model_files_load_soundly_or_are_refused()
    {
        var library = NativePotential.Baseline();
        var crystal = new Crystal();
        var random = new Random(1);
        byte* coefficients = NativePotential.Text(_model.CoefficientPath), parameters = NativePotential.Text(_model.ParameterPath);
        string[] originals = [File.ReadAllText(_model.CoefficientPath), File.ReadAllText(_model.ParameterPath)];
        string[] paths = [_model.CoefficientPath, _model.ParameterPath];
        int loaded = 0, refused = 0;
        for (var attempt = 0; attempt < 100_000; attempt++)
        {
            var which = random.Next(2);
            var text = DamagedText.Of(originals[which], random);
            File.WriteAllText(paths[which], text);
            nint handle = 0;
            var status = library.LoadSnap(coefficients, parameters, &handle);
            if (status == 0)
            {
                loaded++;
                LooksSound(library, handle, crystal, text);
                library.Free(handle).ShouldBe(0);
            }
            else
            {
                refused++;
                status.ShouldBeInRange(1, LastKnownStatus, text);
                handle.ShouldBe(0);
                library.LastError.ShouldNotBeNullOrWhiteSpace();
            }

            File.WriteAllText(paths[which], originals[which]);
        }

        report.WriteLine($"{refused} refused, {loaded} loaded and sound");
        refused.ShouldBeGreaterThan(30_000);
        loaded.ShouldBeGreaterThan(1000);
    }

    [SkippableFact]
    public void A_hundred_thousand_calls_with_odd_arguments_never_succeed_wrongly()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var random = new Random(2);
        int succeeded = 0, refused = 0;
        for (var attempt = 0; attempt < 100_000; attempt++)
        {
            var crystal = new Crystal();
            var spoiled = Spoil(crystal, random);
            var status = crystal.Compute(library, spoiled is "handle" ? handle + 1 + random.Next() : handle);
            status.ShouldBeInRange(0, LastKnownStatus, spoiled);
            if (status == 0)
            {
                spoiled.ShouldBe("nothing", "a call that cannot be right succeeded");
                crystal.Forces.ShouldAllBe(f => double.IsFinite(f));
                succeeded++;
            }
            else
            {
                refused++;
                spoiled.ShouldNotBe("nothing", library.LastError);
            }
        }

        report.WriteLine($"{refused} refused, {succeeded} right");
        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void Ten_thousand_cycles_of_load_compute_and_free_keep_the_memory_flat()
    {
        Skip.IfNot(File.Exists(NativePotential.BaselinePath), $"{NativePotential.BaselinePath} is absent: run ./build.sh Build");
        var program = _model.PathOf("cycles");
        NativeProgram.Compile(
            "gcc", "-std=c99", "-pedantic", $"-I{Path.Combine(Repository.Root, "PairStyleNative", "include")}", Path.Combine(AppContext.BaseDirectory, "cycles.c"),
            "-o", program, $"-L{NativePotential.Folder}", "-lmofpotential", $"-Wl,-rpath,{NativePotential.Folder}");
        var (status, output, error) = NativeProgram.Run(program, _model.CoefficientPath, _model.ParameterPath, "15");
        status.ShouldBe(0, error);
        var kilobytes = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        report.WriteLine($"resident memory after 5,000 cycles {kilobytes[4]} kB, after 15,000 {kilobytes[^1]} kB");
        // A tenth of a kilobyte for each cycle.
        (kilobytes[^1] - kilobytes[4]).ShouldBeLessThan(1000);
    }

    // A model that loads must compute finite numbers whose forces add up to zero, or say why not.
    private static void LooksSound(NativePotential library, nint handle, Crystal crystal, string text)
    {
        var status = crystal.Compute(library, handle);
        status.ShouldBeInRange(0, LastKnownStatus, text);
        if (status == 0)
        {
            var scale = crystal.Forces.Max(Math.Abs);
            double.IsFinite(crystal.Energy[0] + scale).ShouldBeTrue(text);
            for (var k = 0; k < 3; k++)
            {
                Math.Abs(Enumerable.Range(0, crystal.Count).Sum(i => crystal.Forces[3 * i + k])).ShouldBeLessThan(1e-5 * (1 + scale), text);
            }
        }
    }

    // What was done, each of which alone makes the call wrong.
    private static string Spoil(Crystal crystal, Random random)
    {
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300];
        switch (random.Next(12))
        {
            case 0:
                crystal.Positions[random.Next(24)] = odd[random.Next(odd.Length)];
                return "position";
            case 1:
                crystal.Cell[random.Next(9)] = odd[random.Next(3)];
                return "cell";
            case 2:
                crystal.Species[random.Next(8)] = random.Next(2) == 0 ? random.Next(2, int.MaxValue) : random.Next(int.MinValue, 0);
                return "species";
            case 3:
                crystal.Periodic[random.Next(3)] = random.Next(2) == 0 ? random.Next(2, 1000) : -random.Next(1, 1000);
                return "periodicity";
            case 4:
                crystal.System.AtomCount = -random.Next(1, int.MaxValue);
                return "count";
            case 5:
                crystal.Results.AtomCapacity = random.Next(-5, 8);
                return "capacity";
            case 6:
                crystal.System.Positions = null;
                return "positions NULL";
            case 7:
                crystal.Results.StructSize = random.Next(0, 1000) is var size && size == sizeof(Results) ? 1 : size;
                return "size of results";
            case 8:
                crystal.System.StructSize = -random.Next();
                return "size of system";
            case 9:
                var (from, to) = (random.Next(4), 4 + random.Next(4));
                crystal.Positions.AsSpan(3 * from, 3).CopyTo(crystal.Positions.AsSpan(3 * to));
                return "atoms on one spot";
            case 10:
                return "handle";
            default:
                return "nothing";
        }
    }
}
