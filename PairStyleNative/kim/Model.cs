using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>A portable model in use: the potential, and the numbers that KIM reads where they are.</summary>
internal sealed unsafe class Model : IDisposable
{
    private readonly double* _cutoff;
    private readonly int* _noNeighborsOfNoncontributing;
    private nint _potential;

    /// <summary>Loads the model's files and tells KIM species, units and cutoff.</summary>
    public Model(nint driver, KimValue length, KimValue energy)
    {
        _cutoff = (double*)NativeMemory.AllocZeroed(1, sizeof(double));
        _noNeighborsOfNoncontributing = (int*)NativeMemory.AllocZeroed(1, sizeof(int));
        try
        {
            Units = UnitFactors.Adopt(driver, length, energy);
            var files = new ParameterFiles(driver);
            _potential = files.LoadPotential();
            PotentialApi.ThrowIfFailed(PotentialApi.Cutoff(_potential, out var cutoff));
            RefuseUnlessLocal(cutoff);
            SetSpecies(driver, files.SpeciesOfLabels());
            *_cutoff = cutoff * Units.Length;
            *_noNeighborsOfNoncontributing = 1;
            KimApi.SetInfluenceDistance(driver, _cutoff);
            KimApi.SetNeighborLists(driver, 1, _cutoff, _noNeighborsOfNoncontributing);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Handle of libmofpotential.so.</summary>
    public nint Potential => _potential;

    public UnitFactors Units { get; }

    public void Dispose()
    {
        if (_potential != 0)
        {
            _ = PotentialApi.Free(_potential);
            _potential = 0;
        }

        NativeMemory.Free(_cutoff);
        NativeMemory.Free(_noNeighborsOfNoncontributing);
    }

    // The code of a species is its index in the potential. Twenty names, user01 to user20, are free for labels that are no
    // elements, such as the atom types of a MOF.
    private void SetSpecies(nint driver, Dictionary<string, string> names)
    {
        foreach (var label in names.Keys)
        {
            PotentialApi.ThrowIfFailed(PotentialApi.SpeciesIndex(_potential, label, out _));
        }

        PotentialApi.ThrowIfFailed(PotentialApi.SpeciesCount(_potential, out var count));
        var used = new HashSet<KimValue>();
        for (var species = 0; species < count; species++)
        {
            var label = Label(species);
            var name = KimApi.SpeciesName(names.GetValueOrDefault(label, label));
            if (KimApi.IsKnownSpecies(name) == 0)
            {
                throw new KimException($"KIM has no species {names.GetValueOrDefault(label, label)}: give the model a *.kim-species file with a line such as \"user01 {label}\"");
            }

            if (!used.Add(name))
            {
                throw new KimException($"two labels of the potential have KIM's species {names.GetValueOrDefault(label, label)}: change one in the *.kim-species file, to one of user01 to user20 for instance");
            }

            if (KimApi.SetSpeciesCode(driver, name, species) != 0)
            {
                throw new KimException($"KIM refuses the species {names.GetValueOrDefault(label, label)}");
            }
        }
    }

    private string Label(int species)
    {
        const int capacity = 512;
        var label = stackalloc byte[capacity];
        PotentialApi.ThrowIfFailed(PotentialApi.Species(_potential, species, label, capacity, null, null));
        return Marshal.PtrToStringUTF8((nint)label)!;
    }

    // KIM gives ghosts no values of the atoms they are images of; a potential that needs them is refused now and not at the
    // first step. A lone atom with a ghost in reach tells.
    private void RefuseUnlessLocal(double cutoff)
    {
        var positions = stackalloc double[6] { 0, 0, 0, 0.9 * cutoff, 0, 0 };
        var types = stackalloc int[2] { 0, 0 };
        var counts = stackalloc int[2] { 1, 0 };
        var neighbor = 1;
        var lists = stackalloc int*[2] { &neighbor, null };
        double energy = 0;
        var atoms = new MofNeighbors
        {
            StructSize = sizeof(MofNeighbors),
            AtomCount = 2,
            CenterCount = 1,
            Positions = positions,
            Types = types,
            NeighborCounts = counts,
            Neighbors = lists,
            NeighborMask = -1,
        };
        var results = new MofResults { StructSize = sizeof(MofResults), Energy = &energy };
        try
        {
            PotentialApi.ThrowIfFailed(PotentialApi.ComputeNeighbors(_potential, &atoms, &results));
        }
        catch (KimException failure)
        {
            throw new KimException($"this potential cannot be computed through KIM: {failure.Message}");
        }
    }
}
