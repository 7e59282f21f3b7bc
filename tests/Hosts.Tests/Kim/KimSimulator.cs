using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>What a model computes for contributing atoms, images folded back; units of the simulator.</summary>
/// <param name="Virial">KIM's: dE/d(strain), xx yy zz yz xz xy.</param>
internal sealed record KimResult(double Energy, double[] Forces, double[] AtomEnergies, double[] Virial, double[] AtomVirials);

/// <summary>A simulator that speaks KIM in this process: one model, one set of compute arguments.</summary>
internal sealed unsafe class KimSimulator : IDisposable
{
    private static readonly Lock LogLock = new();
    private static readonly List<string> LogLines = [];

    private readonly double _cutoff;
    private nint _model;
    private nint _arguments;
    private int[][] _neighbors = [];
    private GCHandle[] _pinned = [];

    /// <summary>Creates a model of the test's models.</summary>
    public KimSimulator(string model, string length = "A", string energy = "eV")
    {
        var failed = KimLibrary.Create(
            KimLibrary.Numbering("zeroBased"), KimLibrary.LengthUnit(length), KimLibrary.EnergyUnit(energy),
            KimLibrary.ChargeUnit("e"), KimLibrary.TemperatureUnit("K"), KimLibrary.TimeUnit("ps"), model, out var accepted, out _model);
        if (failed != 0)
        {
            throw new InvalidOperationException($"KIM_Model_Create({model}) failed");
        }

        UnitsAccepted = accepted == 1;
        KimLibrary.GetInfluenceDistance(_model, out var influence);
        InfluenceDistance = influence;
        KimLibrary.GetNeighborLists(_model, out var lists, out var cutoffs, out var hint);
        lists.ShouldBe(1);
        _cutoff = cutoffs[0];
        AsksOnlyForNeighborsOfContributing = hint[0] == 1;
        KimLibrary.CreateArguments(_model, out _arguments).ShouldBe(0);
    }

    public bool UnitsAccepted { get; }

    public double InfluenceDistance { get; }

    public bool AsksOnlyForNeighborsOfContributing { get; }

    /// <summary>Runs an action and returns what KIM logged meanwhile.</summary>
    public static string LogOf(Action action)
    {
        lock (LogLock)
        {
            LogLines.Clear();
            KimLibrary.PushLog(KimLibrary.LanguageName("c"), (delegate* unmanaged<byte*, int>)&Print);
            try
            {
                action();
            }
            finally
            {
                KimLibrary.PopLog();
            }

            return string.Concat(LogLines);
        }
    }

    /// <summary>The code of a species of KIM, or null.</summary>
    public int? Code(string species)
    {
        var failed = KimLibrary.GetSpecies(_model, KimLibrary.SpeciesName(species), out var supported, out var code);
        return failed == 0 && supported == 1 ? code : null;
    }

    /// <summary>Computes everything.</summary>
    /// <param name="atoms">Positions in the simulator's unit.</param>
    /// <param name="skin">Neighbour lists reach this much further than the model asks for.</param>
    public KimResult Compute(KimAtoms atoms, double skin = 0.3)
    {
        var count = atoms.Count;
        var (energy, forces, atomEnergies, virial, atomVirials) = (new double[1], new double[3 * count], new double[count], new double[6], new double[6 * count]);
        // What the driver must overwrite.
        foreach (var result in new[] { energy, forces, atomEnergies, virial, atomVirials })
        {
            Array.Fill(result, 1e30);
        }

        Run(atoms, skin, ("partialEnergy", energy), ("partialForces", forces), ("partialParticleEnergy", atomEnergies), ("partialVirial", virial), ("partialParticleVirial", atomVirials)).ShouldBe(0);
        return new KimResult(energy[0], atoms.Fold(forces, 3), atoms.Fold(atomEnergies, 1), virial, atoms.Fold(atomVirials, 6));
    }

    /// <summary>Computes the energy alone.</summary>
    public double Energy(KimAtoms atoms)
    {
        var energy = new double[1];
        Run(atoms, 0.3, ("partialEnergy", energy)).ShouldBe(0);
        return energy[0];
    }

    /// <summary>Runs with these results and returns KIM's status.</summary>
    public int Run(KimAtoms atoms, double skin, params (string Name, double[] Values)[] results)
    {
        _neighbors = atoms.Neighbors(_cutoff + skin);
        int[] count = [atoms.Count];
        object[] buffers = [count, atoms.Codes, atoms.Contributing, atoms.Positions, .. results.Select(result => result.Values), .. _neighbors];
        _pinned = [.. buffers.Select(buffer => GCHandle.Alloc(buffer, GCHandleType.Pinned))];
        var self = GCHandle.Alloc(this);
        try
        {
            KimLibrary.SetIntegers(_arguments, KimLibrary.ArgumentName("numberOfParticles"), (int*)_pinned[0].AddrOfPinnedObject()).ShouldBe(0);
            KimLibrary.SetIntegers(_arguments, KimLibrary.ArgumentName("particleSpeciesCodes"), (int*)_pinned[1].AddrOfPinnedObject()).ShouldBe(0);
            KimLibrary.SetIntegers(_arguments, KimLibrary.ArgumentName("particleContributing"), (int*)_pinned[2].AddrOfPinnedObject()).ShouldBe(0);
            KimLibrary.SetDoubles(_arguments, KimLibrary.ArgumentName("coordinates"), (double*)_pinned[3].AddrOfPinnedObject()).ShouldBe(0);
            foreach (var name in new[] { "partialEnergy", "partialForces", "partialParticleEnergy", "partialVirial", "partialParticleVirial" })
            {
                var index = Array.FindIndex(results, result => result.Name == name);
                KimLibrary.SetDoubles(_arguments, KimLibrary.ArgumentName(name), index < 0 ? null : (double*)_pinned[4 + index].AddrOfPinnedObject()).ShouldBe(0);
            }

            KimLibrary.SetCallback(_arguments, KimLibrary.CallbackName("GetNeighborList"), KimLibrary.LanguageName("c"), (delegate* unmanaged<nint, int, double*, int, int, int*, int**, int>)&GetNeighbors, GCHandle.ToIntPtr(self)).ShouldBe(0);
            return KimLibrary.Compute(_model, _arguments);
        }
        finally
        {
            self.Free();
            Array.ForEach(_pinned, handle => handle.Free());
        }
    }

    public void Dispose()
    {
        if (_arguments != 0)
        {
            KimLibrary.DestroyArguments(_model, ref _arguments).ShouldBe(0);
        }

        if (_model != 0)
        {
            KimLibrary.Destroy(ref _model);
        }
    }

    [UnmanagedCallersOnly]
    private static int GetNeighbors(nint data, int lists, double* cutoffs, int list, int particle, int* count, int** neighbors)
    {
        var simulator = Unsafe.As<KimSimulator>(GCHandle.FromIntPtr(data).Target!);
        if (lists != 1 || list != 0 || (uint)particle >= (uint)simulator._neighbors.Length)
        {
            return 1;
        }

        *count = simulator._neighbors[particle].Length;
        *neighbors = (int*)simulator._pinned[^(simulator._neighbors.Length - particle)].AddrOfPinnedObject();
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Print(byte* entry)
    {
        LogLines.Add(Marshal.PtrToStringUTF8((nint)entry) ?? "");
        return 0;
    }
}
