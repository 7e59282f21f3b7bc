using MofInterop.ModelFiles;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi.Tests;

public sealed unsafe class ComputationTests : IDisposable
{
    private readonly TestModel _model = new();

    public static TheoryData<string> Builds => new() { "baseline", "x86-64-v3", "x86-64-v4" };

    public void Dispose() => _model.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Every_build_gives_the_numbers_of_the_managed_code(string target)
    {
        var path = target == "baseline" ? NativePotential.BaselinePath : Path.Combine(NativePotential.Folder, "glibc-hwcaps", target, "libmofpotential.so");
        Skip.IfNot(File.Exists(path), $"{path} is absent: run ./build.sh Build");
        Skip.IfNot(CanRun(target), $"this processor is not {target}");
        var library = NativePotential.At(path);
        library.BuildTarget.ShouldBe(target);
        library.AbiVersion().ShouldBe(2);
        var handle = library.LoadModel(_model);
        var crystal = new Crystal(2);
        crystal.Compute(library, handle).ShouldBe(0, library.LastError);

        var (energy, forces, virial, atomEnergies, atomVirials) = Managed(crystal);
        crystal.Energy[0].ShouldBe(energy, 1e-11);
        crystal.Virial.ShouldBe(virial, 1e-10);
        crystal.Forces.ShouldBe(forces, 1e-11);
        crystal.AtomEnergies.ShouldBe(atomEnergies, 1e-11);
        crystal.AtomVirials.ShouldBe(atomVirials, 1e-10);
        library.Free(handle).ShouldBe(0);
    }

    [SkippableFact]
    public void The_hosts_neighbour_list_gives_the_same_and_is_added_to_what_is_there()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var crystal = new Crystal(2);
        crystal.Compute(library, handle).ShouldBe(0);
        using var list = crystal.BuildNeighbors(6.0);
        var view = list.View(crystal.Species);
        var forces = GC.AllocateArray<double>(3 * view.AtomCount, pinned: true);
        double energy = 1000;
        int[] speciesOfType = [0, 1, -1];
        fixed (int* map = speciesOfType)
        {
            var neighbors = Of(view);
            neighbors.SpeciesOfType = map;
            neighbors.TypeCount = 3;
            var results = new Results { StructSize = sizeof(Results), AtomCapacity = view.AtomCount, Energy = &energy, Forces = Crystal.Pointer(forces) };
            for (var threads = 1; threads <= 3; threads++)
            {
                library.SetThreads(handle, threads).ShouldBe(0);
                library.ComputeNeighbors(handle, &neighbors, &results).ShouldBe(0, library.LastError);
            }
        }

        list.FoldImages(Crystal.Pointer(forces), 3);
        energy.ShouldBe(1000 + 3 * crystal.Energy[0], 1e-9);
        forces.Take(3 * crystal.Count).ShouldBe(crystal.Forces.Select(f => 3 * f), 1e-10);
    }

    [SkippableFact]
    public void Types_without_a_species_take_no_part()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var crystal = new Crystal();
        using var list = crystal.BuildNeighbors(4.4);
        var view = list.View(crystal.Species);
        int[] centers = [.. Enumerable.Range(0, crystal.Count).Where(i => crystal.Species[i] == 0)];
        int[] speciesOfType = [0, -1];
        double only = 0, alone = 0;
        fixed (int* map = speciesOfType, list0 = centers)
        {
            var neighbors = Of(view);
            neighbors.SpeciesOfType = map;
            neighbors.TypeCount = 2;
            neighbors.Centers = list0;
            neighbors.CenterCount = centers.Length;
            var results = new Results { StructSize = sizeof(Results), Energy = &only };
            library.ComputeNeighbors(handle, &neighbors, &results).ShouldBe(0, library.LastError);
        }

        var silicon = new Crystal();
        for (var n = 0; n < centers.Length; n++)
        {
            silicon.Species[n] = 0;
            crystal.Positions.AsSpan(3 * centers[n], 3).CopyTo(silicon.Positions.AsSpan(3 * n));
        }

        silicon.System.AtomCount = centers.Length;
        silicon.Compute(library, handle).ShouldBe(0, library.LastError);
        alone = silicon.Energy[0];
        only.ShouldBe(alone, 1e-12);
    }

    [SkippableTheory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0, 1)]
    public void Directions_that_are_not_periodic_need_no_cell_vector(int a, int b, int c)
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var open = new Crystal();
        int[] periodic = [a, b, c];
        periodic.CopyTo(open.Periodic, 0);
        var padded = new Crystal();
        for (var k = 0; k < 9; k++)
        {
            padded.Cell[k] = periodic[k / 3] == 1 ? open.Cell[k] : k % 4 == 0 ? 50 : 0;
            open.Cell[k] = periodic[k / 3] == 1 ? open.Cell[k] : k == 1 ? double.NaN : 0;
        }

        if (a + b + c == 0)
        {
            open.System.Cell = null;
            open.System.Periodic = null;
        }

        open.Compute(library, handle).ShouldBe(0, library.LastError);
        padded.Compute(library, handle).ShouldBe(0, library.LastError);
        open.Energy[0].ShouldBe(padded.Energy[0], 1e-11);
        open.Forces.ShouldBe(padded.Forces, 1e-11);
        open.Virial.ShouldBe(padded.Virial, 1e-10);
    }

    [SkippableFact]
    public void Nothing_is_an_allowed_number_of_atoms_and_of_wishes()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var crystal = new Crystal();
        crystal.Energy[0] = 5;
        crystal.System.AtomCount = 0;
        crystal.System.Positions = null;
        crystal.System.Species = null;
        crystal.Compute(library, handle).ShouldBe(0, library.LastError);
        crystal.Energy[0].ShouldBe(0);
        var nothing = new Results { StructSize = sizeof(Results) };
        var other = new Crystal();
        fixed (AtomSystem* system = &other.System)
        {
            library.ComputeCell(handle, system, &nothing).ShouldBe(0, library.LastError);
        }

        var none = new Neighbors { StructSize = sizeof(Neighbors), NeighborMask = -1 };
        library.ComputeNeighbors(handle, &none, &nothing).ShouldBe(0, library.LastError);
    }

    private static Neighbors Of(in NeighborView view) => new()
    {
        StructSize = sizeof(Neighbors),
        AtomCount = view.AtomCount,
        CenterCount = view.CenterCount,
        Positions = view.Positions,
        Types = view.Types,
        NeighborCounts = view.NeighborCounts,
        Lists = view.Neighbors,
        NeighborMask = view.NeighborMask,
    };

    private (double Energy, double[] Forces, double[] Virial, double[] AtomEnergies, double[] AtomVirials) Managed(Crystal crystal)
    {
        using var potential = PotentialLoader.Load(_model.CoefficientPath);
        using var list = crystal.BuildNeighbors(potential.Cutoff);
        var view = list.View(crystal.Species);
        double energy = 0;
        double[] forces = new double[3 * view.AtomCount], virial = new double[9], atomEnergies = new double[view.AtomCount], atomVirials = new double[9 * view.AtomCount];
        fixed (double* f = forces, v = virial, e = atomEnergies, w = atomVirials)
        {
            potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = f, Virial = v, AtomEnergies = e, AtomVirials = w }).Status.ShouldBe(EvaluationStatus.Success);
            list.FoldImages(f, 3);
            list.FoldImages(w, 9);
        }

        return (energy, forces[..(3 * crystal.Count)], virial, atomEnergies[..crystal.Count], atomVirials[..(9 * crystal.Count)]);
    }

    private static bool CanRun(string target)
    {
        var flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        string[] needed = target switch
        {
            "x86-64-v4" => ["avx2", "fma", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
            "x86-64-v3" => ["avx2", "fma", "bmi1", "bmi2", "f16c", "movbe", "abm"],
            _ => [],
        };
        return needed.All(flags.Contains);
    }
}
