namespace MofInterop.Hosts.Tests.Kim;

/// <summary>What models leave in memory: nothing else may run then, because the process has one memory.</summary>
[Collection(KimAloneCollection.Name)]
public class MemoryTests(KimModels models)
{
    private const string Model = "MofTest_Memory";

    [SkippableFact]
    public async Task A_thousand_models_leave_the_memory_as_it_was()
    {
        await models.MakeAsync(Model, "Ta06A");
        long Resident(int cycles)
        {
            for (var i = 0; i < cycles; i++)
            {
                using var simulator = new KimSimulator(Model);
                _ = simulator.Compute(VerificationTests.RandomCluster(simulator, 4, i, "Ta"));
            }

            GC.Collect();
            return long.Parse(File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        var warm = Resident(300);
        var grown = Resident(700) - warm;

        // kB; a model that stayed would be 700 times some 100 kB.
        grown.ShouldBeLessThan(8_000);
    }
}
