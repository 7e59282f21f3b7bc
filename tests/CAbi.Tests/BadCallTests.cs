using System.Runtime.InteropServices;

namespace MofInterop.CAbi.Tests;

public sealed unsafe class BadCallTests : IDisposable
{
    private const int InvalidArgument = 1;
    private const int FileFormat = 2;
    private const int Unsupported = 3;
    private const int NumericalFailure = 4;

    private readonly TestModel _model = new();

    public delegate void Spoil(Crystal crystal);

    public static TheoryData<string, Spoil, int, string> SpoiledSystems => new()
    {
        { "size of system", c => c.System.StructSize = 8, InvalidArgument, "mof_system.struct_size is 8; expected 40" },
        { "size of results", c => c.Results.StructSize = 0, InvalidArgument, "mof_results.struct_size is 0; expected 56" },
        { "negative count", c => c.System.AtomCount = -1, InvalidArgument, "atom_count is -1" },
        { "huge count", c => c.System.AtomCount = int.MaxValue, InvalidArgument, "atom_count is 2147483647" },
        { "small buffers", c => c.Results.AtomCapacity = 7, InvalidArgument, "mof_results.atom_capacity is 7; expected at least the 8 atoms" },
        { "no positions", c => c.System.Positions = null, InvalidArgument, "positions is NULL" },
        { "no species", c => c.System.Species = null, InvalidArgument, "species is NULL" },
        { "no cell", c => c.System.Cell = null, InvalidArgument, "cell is NULL" },
        { "NaN position", c => c.Positions[4] = double.NaN, InvalidArgument, "atom 1 (counted from 0): a position is not finite" },
        { "infinite position", c => c.Positions[23] = double.NegativeInfinity, InvalidArgument, "atom 7 (counted from 0): a position is not finite" },
        { "position without digits", c => c.Positions[0] = 1e300, InvalidArgument, "atom 0 (counted from 0): a position is so far from the cell" },
        { "unknown species", c => c.Species[3] = 2, InvalidArgument, "the species of atom 3 (counted from 0) is 2; expected 0 to 1: Si, C" },
        { "negative species", c => c.Species[3] = -1, InvalidArgument, "is -1" },
        { "NaN cell", c => c.Cell[0] = double.NaN, InvalidArgument, "not finite" },
        { "flat cell", c => c.Cell[8] = c.Cell[7] = c.Cell[6] = 0, InvalidArgument, "no volume" },
        { "tiny cell", c => c.Cell[8] = 1e-7, InvalidArgument, "periodic images" },
        { "periodicity of 2", c => c.Periodic[1] = 2, InvalidArgument, "periodic[1] is 2" },
        { "atoms on one spot", c => c.Positions.AsSpan(0, 3).CopyTo(c.Positions.AsSpan(3)), NumericalFailure, "is on the same spot" },
        { "an atom on another's image", c => (c.Positions[3], c.Positions[4], c.Positions[5]) = (c.Positions[0] + c.Cell[0], c.Positions[1], c.Positions[2]), NumericalFailure, "is on the same spot" },
    };

    public void Dispose() => _model.Dispose();

    [SkippableTheory]
    [MemberData(nameof(SpoiledSystems))]
    public void A_spoiled_system_gets_a_status_and_a_text_and_results_stay(string name, Spoil spoil, int status, string text)
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var crystal = new Crystal();
        crystal.Compute(library, handle).ShouldBe(0, library.LastError);
        var energy = crystal.Energy[0];
        var forces = crystal.Forces.ToArray();
        spoil(crystal);
        crystal.Compute(library, handle).ShouldBe(status, name);
        library.LastError.ShouldContain(text);
        crystal.Energy[0].ShouldBe(energy);
        crystal.Forces.ShouldBe(forces);
        new Crystal().Compute(library, handle).ShouldBe(0, "the potential works on");
    }

    [SkippableFact]
    public void NULL_everywhere_is_refused()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        nint potential = 5;
        int number;
        double real;
        var path = NativePotential.Text(_model.CoefficientPath);
        library.Load(null, &potential).ShouldBe(InvalidArgument);
        library.LastError.ShouldContain("card_path is NULL");
        potential.ShouldBe(0);
        library.Load(path, null).ShouldBe(InvalidArgument);
        library.LoadSnap(path, null, &potential).ShouldBe(InvalidArgument);
        library.LoadSnap(null, path, &potential).ShouldBe(InvalidArgument);
        library.Cutoff(handle, null).ShouldBe(InvalidArgument);
        library.PairCutoff(handle, 0, 0, null).ShouldBe(InvalidArgument);
        library.SpeciesCount(handle, null).ShouldBe(InvalidArgument);
        library.SpeciesIndex(handle, null, &number).ShouldBe(InvalidArgument);
        library.SpeciesIndex(handle, path, null).ShouldBe(InvalidArgument);
        library.ComputeCell(handle, null, null).ShouldBe(InvalidArgument);
        library.ComputeNeighbors(handle, null, null).ShouldBe(InvalidArgument);
        library.Cutoff(0, &real).ShouldBe(InvalidArgument);
        library.LastError.ShouldContain("the potential is NULL");
        library.Free(0).ShouldBe(0);
    }

    [SkippableFact]
    public void Species_are_told_and_wrong_questions_refused()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        int number = -1, index = -1;
        double mass = -1, cutoff = 0;
        var label = stackalloc byte[8];
        library.SpeciesCount(handle, &number).ShouldBe(0);
        number.ShouldBe(2);
        library.Species(handle, 0, label, 3, &number, &mass).ShouldBe(0);
        Marshal.PtrToStringUTF8((nint)label).ShouldBe("Si");
        (number, mass).ShouldBe((0, 0.0));
        library.Species(handle, 1, null, 0, null, null).ShouldBe(0);
        library.Species(handle, 0, label, 2, null, null).ShouldBe(InvalidArgument);
        library.LastError.ShouldBe("the capacity for the label is 2; expected at least 3 bytes");
        library.Species(handle, 2, label, 8, null, null).ShouldBe(InvalidArgument);
        library.SpeciesIndex(handle, NativePotential.Text("C"), &index).ShouldBe(0);
        index.ShouldBe(1);
        library.SpeciesIndex(handle, NativePotential.Text("Zn"), &index).ShouldBe(InvalidArgument);
        library.LastError.ShouldBe("the potential has no species 'Zn'; expected one of Si, C");
        library.PairCutoff(handle, 0, 1, &cutoff).ShouldBe(0);
        cutoff.ShouldBe(4.0, 1e-14);
        library.PairCutoff(handle, 0, -1, &cutoff).ShouldBe(InvalidArgument);
        library.SetThreads(handle, 0).ShouldBe(InvalidArgument);
        library.SetThreads(handle, 1 << 20).ShouldBe(InvalidArgument);
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

    [SkippableFact]
    public void Freed_and_made_up_handles_are_recognised()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        library.Free(handle).ShouldBe(0);
        double cutoff;
        library.Free(handle).ShouldBe(InvalidArgument);
        library.Cutoff(handle, &cutoff).ShouldBe(InvalidArgument);
        library.LastError.ShouldContain("it has been freed");
        new Crystal().Compute(library, handle).ShouldBe(InvalidArgument);
        var reused = library.LoadModel(_model);
        reused.ShouldNotBe(handle);
        library.Cutoff(handle, &cutoff).ShouldBe(InvalidArgument);
        foreach (var invented in (nint[])[1, -1, 2, nint.MinValue, handle + 1, (nint)(&cutoff), nint.MaxValue])
        {
            library.Cutoff(invented, &cutoff).ShouldBe(InvalidArgument);
        }

        library.Cutoff(reused, &cutoff).ShouldBe(0);
        library.Free(reused).ShouldBe(0);
    }

    [SkippableFact]
    public void Lists_with_impossible_entries_are_refused()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var positions = stackalloc double[] { 0, 0, 0, 2, 0, 0, 0, 2, 0 };
        var types = stackalloc int[] { 0, 1, 0 };
        var map = stackalloc int[] { 0, 1 };
        var centers = stackalloc int[] { 0, 1 };
        var counts = stackalloc int[] { 2, 2, 0 };
        var first = stackalloc int[] { 1, 2 };
        var second = stackalloc int[] { 0, 2 };
        var lists = stackalloc int*[] { first, second, null };
        var good = new Neighbors { StructSize = sizeof(Neighbors), AtomCount = 3, CenterCount = 2, TypeCount = 2, Positions = positions, Types = types, SpeciesOfType = map, Centers = centers, NeighborCounts = counts, Lists = lists, NeighborMask = 0x1FFFFFFF };
        Status(good).ShouldBe(0, library.LastError);

        Refused(good with { StructSize = 1 }, "mof_neighbors.struct_size is 1; expected 96");
        Refused(good with { CenterCount = 4 }, "center_count is 4");
        Refused(good with { CenterCount = -1 }, "center_count is -1");
        Refused(good with { TypeCount = 1 }, "the type of atom 1 (counted from 0) is 1");
        Refused(good with { Positions = null }, "positions is NULL");
        Refused(good with { Types = null }, "types is NULL");
        Refused(good with { NeighborCounts = null }, "neighbor_counts is NULL");
        Refused(good with { Lists = null }, "neighbors is NULL");
        Spoiled(&second[1], 3, "a neighbor of atom 1 (counted from 0) is not an atom");
        Spoiled(&second[1], -1, "a neighbor of atom 1");
        Spoiled(&centers[1], 3, "centers[1] is 3");
        Spoiled(&counts[1], -2, "has -2 neighbors");
        Spoiled(&map[1], 2, "species_of_type[1] is 2");
        Spoiled(&map[1], -2, "species_of_type[1] is -2");
        Spoiled(&types[2], -1, "the type of atom 2 (counted from 0) is -1");
        lists[1] = null;
        Refused(good, "the list NULL");
        lists[1] = second;
        positions[3] = double.NaN;
        Refused(good, "a position is not finite");
        positions[3] = 0;
        Status(good).ShouldBe(NumericalFailure);
        library.LastError.ShouldContain("is on the same spot");
        // Special-bond flags of LAMMPS in the upper bits are not part of the index.
        positions[3] = 2;
        second[1] = 2 | (3 << 30);
        Status(good).ShouldBe(0, library.LastError);

        void Refused(Neighbors bad, string text)
        {
            Status(bad).ShouldBe(InvalidArgument, text);
            library.LastError.ShouldContain(text);
        }

        int Status(Neighbors neighbors)
        {
            double energy = 0;
            var results = new Results { StructSize = sizeof(Results), Energy = &energy };
            return library.ComputeNeighbors(handle, &neighbors, &results);
        }

        void Spoiled(int* place, int value, string text)
        {
            var kept = *place;
            *place = value;
            Refused(good, text);
            *place = kept;
        }
    }

    [SkippableFact]
    public void Random_arguments_never_crash()
    {
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(_model);
        var random = new Random(3);
        double[] odd = [0, -0.0, 1e-300, 1e300, double.NaN, double.PositiveInfinity, -1, 4.36, 1e-8];
        var succeeded = 0;
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var crystal = new Crystal();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                switch (random.Next(7))
                {
                    case 0:
                        crystal.Positions[random.Next(24)] = odd[random.Next(odd.Length)];
                        break;
                    case 1:
                        crystal.Cell[random.Next(9)] = odd[random.Next(odd.Length)];
                        break;
                    case 2:
                        crystal.Species[random.Next(8)] = random.Next(-2, 4);
                        break;
                    case 3:
                        crystal.Periodic[random.Next(3)] = random.Next(-1, 3);
                        break;
                    case 4:
                        crystal.System.AtomCount = random.Next(-1, 9);
                        break;
                    case 5:
                        crystal.Results.AtomCapacity = random.Next(-1, 9);
                        break;
                    default:
                        crystal.Results.Forces = null;
                        break;
                }
            }

            var status = crystal.Compute(library, random.Next(50) == 0 ? random.Next() : handle);
            status.ShouldBeInRange(0, NumericalFailure, library.LastError);
            succeeded += status == 0 ? 1 : 0;
            if (status == 0 && crystal.System.AtomCount > 0)
            {
                double.IsFinite(crystal.Energy[0]).ShouldBeTrue();
            }
        }

        succeeded.ShouldBeGreaterThan(300);
        library.Free(handle).ShouldBe(0);
    }
}
