using System.Globalization;

namespace MofInterop.CAbi.Tests;

public sealed class ConcurrencyTests : IDisposable
{
    private readonly TestModel _model = new();

    public void Dispose() => _model.Dispose();

    [SkippableFact]
    public unsafe void One_handle_serves_many_threads_with_the_same_bits()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        // Two threads for each: sums are grouped by their number, whoever comes to help.
        library.SetThreads(handle, 2).ShouldBe(0);
        var single = new Crystal(2);
        single.Compute(library, handle).ShouldBe(0);
        InThreads(4, thread =>
        {
            for (var n = 0; n < 20; n++)
            {
                var own = new Crystal(2);
                own.Compute(library, handle).ShouldBe(0);
                own.Energy[0].ShouldBe(single.Energy[0]);
                own.Forces.ShouldBe(single.Forces);
            }
        });
        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public unsafe void The_number_of_threads_changes_nothing_but_rounding()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var single = new Crystal(3);
        single.Compute(library, handle).ShouldBe(0);
        foreach (var threads in (int[])[2, 3, 7, 64])
        {
            library.SetThreads(handle, threads).ShouldBe(0);
            var crystal = new Crystal(3);
            crystal.Compute(library, handle).ShouldBe(0);
            crystal.Energy[0].ShouldBe(single.Energy[0], 1e-11);
            crystal.Forces.ShouldBe(single.Forces, 1e-12);
            crystal.AtomVirials.ShouldBe(single.AtomVirials, 1e-12);
        }
    }

    [SkippableFact]
    public void Errors_belong_to_their_thread()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        InThreads(4, thread =>
        {
            for (var n = 0; n < 200; n++)
            {
                library.LastError.ShouldBe(n == 0 ? "" : Text(thread));
                var crystal = new Crystal();
                crystal.Species[thread] = 5;
                crystal.Compute(library, handle).ShouldBe(1);
                library.LastError.ShouldBe(Text(thread));
            }
        });

        static string Text(int thread) => string.Create(CultureInfo.InvariantCulture, $"the species of atom {thread} (counted from 0) is 5; expected 0 to 1: Si, C");
    }

    [SkippableFact]
    public unsafe void Freeing_while_others_compute_lets_them_finish()
    {
        var library = NativePotential.Baseline();
        for (var round = 0; round < 10; round++)
        {
            var handle = library.LoadModel(_model);
            library.SetThreads(handle, 2).ShouldBe(0);
            var expected = new Crystal(2);
            expected.Compute(library, handle).ShouldBe(0);
            InThreads(3, thread =>
            {
                var crystal = new Crystal(2);
                for (var n = 0; n < 10; n++)
                {
                    var status = crystal.Compute(library, handle);
                    status.ShouldBeInRange(0, 1);
                    if (status != 0)
                    {
                        library.LastError.ShouldContain("it has been freed");
                        return;
                    }

                    crystal.Energy[0].ShouldBe(expected.Energy[0], 1e-11);
                    if (thread == 0 && n == 3)
                    {
                        library.Free(handle).ShouldBe(0);
                    }
                }
            });
        }
    }

    [SkippableFact]
    public unsafe void Loading_computing_and_freeing_again_and_again_keeps_the_memory()
    {
        var library = NativePotential.Baseline();
        var crystal = new Crystal(2);
        Cycle(1000);
        // The tests beside this one live in the same process and take memory too, each once; a leak of 8 kB a cycle shows in every round.
        var growth = Enumerable.Range(0, 6).Select(_ => GrowthOf(() => Cycle(500))).ToList();
        growth.Min().ShouldBeLessThan(4, "memory grew in every round: " + string.Join(", ", growth.Select(megabytes => megabytes.ToString("F1", CultureInfo.InvariantCulture))));

        static double GrowthOf(Action action)
        {
            var before = ResidentMegabytes();
            action();
            return ResidentMegabytes() - before;
        }

        void Cycle(int count)
        {
            var path = NativePotential.Text(_model.CoefficientPath);
            for (var n = 0; n < count; n++)
            {
                nint handle = 0;
                library.Load(path, &handle).ShouldBe(0);
                if (n % 10 == 0)
                {
                    crystal.Compute(library, handle).ShouldBe(0);
                    library.SpeciesCount(handle + 1, null).ShouldBe(1);
                }

                library.Free(handle).ShouldBe(0);
            }
        }
    }

    private static double ResidentMegabytes() =>
        File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024).First();

    private static void InThreads(int count, Action<int> body)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                body(number);
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failures.ShouldBeEmpty();
    }
}
