using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi.Tests;

/// <summary>What <c>forward_ghosts</c> of a host does.</summary>
public enum Exchange
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Copies values of owners.</summary>
    Copy,

    /// <summary>Returns −7.</summary>
    Fail,

    /// <summary>Copies once and returns −7 then.</summary>
    FailLater,

    /// <summary>Returns a positive number, which is not allowed.</summary>
    Misbehave,

    /// <summary>Fills in NaN.</summary>
    Spoil,

    /// <summary>Computes with the same potential, and calls with no potential at all, before it copies.</summary>
    Reenter,
}

/// <summary>A host with a list, ghosts and buffers of its own, all of which a test may spoil.</summary>
public sealed unsafe class ListHost : IDisposable
{
    private readonly Crystal _crystal;
    private readonly NeighborList _list;
    private readonly List<int[]> _keep = [];
    private double[] _factors = [];
    private NativePotential? _library;
    private nint _handle;

    /// <summary>Takes the atoms of a crystal and builds lists that reach so far, Å.</summary>
    public ListHost(Crystal crystal, double reach)
    {
        _crystal = crystal;
        _list = crystal.BuildNeighbors(reach);
        var view = _list.View(crystal.Species);
        Positions = GC.AllocateUninitializedArray<double>(3 * view.AtomCount, pinned: true);
        new Span<double>(view.Positions, Positions.Length).CopyTo(Positions);
        Types = Pin(new ReadOnlySpan<int>(view.Types, view.AtomCount));
        Centers = Pin([.. Enumerable.Range(0, view.CenterCount)]);
        Counts = Pin(new ReadOnlySpan<int>(view.NeighborCounts, view.CenterCount));
        Lists = [.. Enumerable.Range(0, view.CenterCount).Select(i => Pin(new ReadOnlySpan<int>(_list.View(crystal.Species).Neighbors[i], Counts[i])))];
        Pointers = GC.AllocateArray<nint>(view.AtomCount, pinned: true);
        for (var i = 0; i < Lists.Length; i++)
        {
            Pointers[i] = (nint)Crystal.Pointer(Lists[i]);
        }

        Forces = GC.AllocateArray<double>(3 * view.AtomCount, pinned: true);
        AtomVirials = GC.AllocateArray<double>(9 * view.AtomCount, pinned: true);
        AtomEnergies = GC.AllocateArray<double>(view.AtomCount, pinned: true);
        Totals = GC.AllocateArray<double>(10, pinned: true);
        Neighbors = new Neighbors
        {
            StructSize = sizeof(Neighbors),
            AtomCount = view.AtomCount,
            CenterCount = view.CenterCount,
            Positions = Crystal.Pointer(Positions),
            Types = Crystal.Pointer(Types),
            Centers = Crystal.Pointer(Centers),
            NeighborCounts = Crystal.Pointer(Counts),
            Lists = (int**)Crystal.Pointer(Pointers),
            NeighborMask = 0x1FFFFFFF,
        };
    }

    /// <summary>What is passed; the arrays below stand behind its pointers.</summary>
    public Neighbors Neighbors;

    public double[] Positions { get; }

    public int[] Types { get; }

    public int[] Centers { get; }

    public int[] Counts { get; }

    public int[][] Lists { get; }

    public nint[] Pointers { get; }

    /// <summary>The energy and the virial.</summary>
    public double[] Totals { get; }

    public double[] Forces { get; }

    public double[] AtomEnergies { get; }

    public double[] AtomVirials { get; }

    /// <summary>What the exchange does.</summary>
    public Exchange Exchange { get; set; } = Exchange.Copy;

    /// <summary>How often it was called.</summary>
    public int Calls { get; private set; }

    /// <summary>With which width it was called last.</summary>
    public int Width { get; private set; }

    /// <summary>Atoms that are no ghosts.</summary>
    public int LocalCount => _list.LocalCount;

    /// <summary>Pins numbers as long as this host lives.</summary>
    public int[] Pin(ReadOnlySpan<int> values)
    {
        var pinned = GC.AllocateUninitializedArray<int>(values.Length, pinned: true);
        values.CopyTo(pinned);
        _keep.Add(pinned);
        return pinned;
    }

    /// <summary>Pins factors of types as long as this host lives.</summary>
    public double[] PinFactors(double first, double second)
    {
        _factors = GC.AllocateUninitializedArray<double>(2, pinned: true);
        (_factors[0], _factors[1]) = (first, second);
        return _factors;
    }

    /// <summary>Computes into buffers that are zero before.</summary>
    /// <returns>The status; where it is 0, all results are numbers.</returns>
    public int Compute(NativePotential library, nint handle)
    {
        ArgumentNullException.ThrowIfNull(library);
        (_library, _handle, Calls) = (library, handle, 0);
        foreach (var buffer in (double[][])[Totals, Forces, AtomEnergies, AtomVirials])
        {
            Array.Clear(buffer);
        }

        var self = GCHandle.Alloc(this);
        try
        {
            var results = new Results
            {
                StructSize = sizeof(Results),
                AtomCapacity = Types.Length,
                Energy = Crystal.Pointer(Totals),
                Virial = Crystal.Pointer(Totals) + 1,
                Forces = Crystal.Pointer(Forces),
                AtomEnergies = Crystal.Pointer(AtomEnergies),
                AtomVirials = Crystal.Pointer(AtomVirials),
            };
            Neighbors.ForwardGhosts = Exchange == Exchange.None ? null : (delegate* unmanaged<void*, double*, int, int>)(delegate* unmanaged[Cdecl]<void*, double*, int, int>)&Forward;
            Neighbors.HostContext = (void*)GCHandle.ToIntPtr(self);
            fixed (Neighbors* neighbors = &Neighbors)
            {
                var status = library.ComputeNeighbors(handle, neighbors, &results);
                if (status == 0)
                {
                    Array.TrueForAll((double[][])[Totals, Forces, AtomEnergies, AtomVirials], buffer => Array.TrueForAll(buffer, double.IsFinite)).ShouldBeTrue("a result is not a number");
                }

                return status;
            }
        }
        finally
        {
            self.Free();
        }
    }

    /// <summary>Forces of the atoms that are no ghosts, with what ghosts received.</summary>
    public double[] FoldedForces()
    {
        double[] folded = [.. Forces];
        fixed (double* forces = folded)
        {
            _list.FoldImages(forces, 3);
        }

        return folded[..(3 * LocalCount)];
    }

    public void Dispose() => _list.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Forward(void* context, double* values, int width) => ((ListHost)GCHandle.FromIntPtr((nint)context).Target!).Forward(values, width);

    private int Forward(double* values, int width)
    {
        const int HostStatus = -7, NoStatus = 3;
        Calls++;
        Width = width;
        if (Exchange == Exchange.Reenter)
        {
            new Crystal().Compute(_library!, _handle);
            _library!.Free(1);
        }

        for (var i = LocalCount; i < _list.AtomCount; i++)
        {
            for (var k = 0; k < width; k++)
            {
                values[(long)i * width + k] = Exchange == Exchange.Spoil ? double.NaN : values[(long)_list.Owners[i] * width + k];
            }
        }

        return Exchange switch { Exchange.Fail => HostStatus, Exchange.FailLater => Calls > 1 ? HostStatus : 0, Exchange.Misbehave => NoStatus, _ => 0 };
    }
}
