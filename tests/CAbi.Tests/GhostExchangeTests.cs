using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Potentials that want to know of ghosts what was found for their owners: D3. How exchanges fail: <see cref="BadListTests"/>.</summary>
public sealed unsafe class GhostExchangeTests : IDisposable
{
    // Å.
    private const double Reach = 7;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-abi-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_host_that_exchanges_gets_what_the_librarys_own_list_gives(int threads)
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        library.SetThreads(handle, threads).ShouldBe(0);
        var expected = new Crystal(3);
        expected.Compute(library, handle).ShouldBe(0, library.LastError);
        expected.Energy[0].ShouldBeLessThan(-1);

        using var host = new ListHost(new Crystal(3), Reach);
        host.Compute(library, handle).ShouldBe(0, library.LastError);
        host.Calls.ShouldBe(1);
        host.Width.ShouldBe(5);
        host.Totals[0].ShouldBe(expected.Energy[0], 1e-10);
        host.FoldedForces().ShouldBe(expected.Forces, 1e-12);
        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void Threads_change_nothing_but_rounding()
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        var single = new Crystal(3);
        single.Compute(library, handle).ShouldBe(0);
        foreach (var threads in (int[])[2, 3, 13])
        {
            library.SetThreads(handle, threads).ShouldBe(0);
            var crystal = new Crystal(3);
            for (var n = 0; n < 20; n++)
            {
                crystal.Compute(library, handle).ShouldBe(0);
                crystal.Energy[0].ShouldBe(single.Energy[0], 1e-10);
                crystal.Forces.ShouldBe(single.Forces, 1e-12);
                crystal.Virial.ShouldBe(single.Virial, 1e-10);
                crystal.AtomVirials.ShouldBe(single.AtomVirials, 1e-12);
            }
        }

        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void A_process_without_centers_takes_part_in_the_exchange()
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        using var host = new ListHost(new Crystal(3), Reach);
        host.Neighbors.CenterCount = 0;
        host.Compute(library, handle).ShouldBe(0, library.LastError);
        host.Calls.ShouldBe(1);
        host.Totals[0].ShouldBe(0);
        library.Free(handle).ShouldBe(0);
    }

    private nint Load(NativePotential library)
    {
        nint handle = 0;
        var card = DispersionFiles.WriteCard(_folder.FullName, DispersionFiles.Settings, [("Si", 14), ("C", 6)]);
        library.Load(NativePotential.Text(card), &handle).ShouldBe(0, library.LastError);
        return handle;
    }
}
