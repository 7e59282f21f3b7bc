using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Potentials that want to know of ghosts what was found for their owners: D3.</summary>
public sealed unsafe class GhostExchangeTests : IDisposable
{
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

        var host = new Host(library, handle);
        host.Compute(&Forward).ShouldBe(0, library.LastError);
        host.Calls.ShouldBe(1);
        host.Width.ShouldBe(5);
        host.Energy.ShouldBe(expected.Energy[0], 1e-10);
        host.Forces.ShouldBe(expected.Forces, 1e-12);
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
    public void A_host_without_exchange_is_told_so_if_there_are_ghosts()
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        new Host(library, handle).Compute(null).ShouldBe(1);
        library.LastError.ShouldContain("forward_ghosts is NULL, but there are ghosts");
        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void The_status_of_a_host_that_fails_is_passed_on()
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        foreach (var threads in (int[])[1, 2])
        {
            library.SetThreads(handle, threads).ShouldBe(0);
            new Host(library, handle).Compute(&Fail).ShouldBe(-7);
            library.LastError.ShouldContain("forward_ghosts of the host returned -7");
            new Host(library, handle).Compute(&Misbehave).ShouldBe(1);
            library.LastError.ShouldContain("positive");
        }

        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void A_process_without_centers_takes_part_in_the_exchange()
    {
        var library = NativePotential.Baseline();
        var handle = Load(library);
        var host = new Host(library, handle);
        host.Compute(&Forward, centers: 0).ShouldBe(0, library.LastError);
        host.Calls.ShouldBe(1);
        host.Energy.ShouldBe(0);
        library.Free(handle).ShouldBe(0);
    }

    private nint Load(NativePotential library)
    {
        nint handle = 0;
        var card = DispersionFiles.WriteCard(_folder.FullName, DispersionFiles.Settings, [("Si", 14), ("C", 6)]);
        library.Load(NativePotential.Text(card), &handle).ShouldBe(0, library.LastError);
        return handle;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Forward(void* context, double* values, int width)
    {
        var host = (Host)GCHandle.FromIntPtr((nint)context).Target!;
        host.Calls++;
        host.Width = width;
        for (var i = host.List.LocalCount; i < host.List.AtomCount; i++)
        {
            for (var k = 0; k < width; k++)
            {
                values[(long)i * width + k] = values[(long)host.List.Owners[i] * width + k];
            }
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Fail(void* context, double* values, int width) => -7;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Misbehave(void* context, double* values, int width) => 3;

    /// <summary>A host with a list and ghosts of its own.</summary>
    private sealed class Host(NativePotential library, nint handle)
    {
        public NeighborList List { get; } = new Crystal(3).BuildNeighbors(7);

        public int Calls { get; set; }

        public int Width { get; set; }

        public double Energy { get; private set; }

        public double[] Forces { get; private set; } = [];

        public int Compute(delegate* unmanaged[Cdecl]<void*, double*, int, int> forward, int centers = -1)
        {
            var view = List.View(new Crystal(3).Species);
            Forces = new double[3 * List.AtomCount];
            var energy = 0.0;
            var self = GCHandle.Alloc(this);
            fixed (double* forces = Forces)
            {
                var results = new Results { StructSize = sizeof(Results), AtomCapacity = List.AtomCount, Energy = &energy, Forces = forces };
                var neighbors = new Neighbors
                {
                    StructSize = sizeof(Neighbors),
                    AtomCount = view.AtomCount,
                    CenterCount = centers < 0 ? view.CenterCount : centers,
                    Positions = view.Positions,
                    Types = view.Types,
                    NeighborCounts = view.NeighborCounts,
                    Lists = view.Neighbors,
                    NeighborMask = -1,
                    ForwardGhosts = (delegate* unmanaged<void*, double*, int, int>)forward,
                    HostContext = (void*)GCHandle.ToIntPtr(self),
                };
                var status = library.ComputeNeighbors(handle, &neighbors, &results);
                List.FoldImages(forces, 3);
                Forces = Forces[..(3 * List.LocalCount)];
                Energy = energy;
                self.Free();
                return status;
            }
        }
    }
}
