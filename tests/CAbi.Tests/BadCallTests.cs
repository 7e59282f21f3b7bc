using System.Runtime.InteropServices;

namespace MofInterop.CAbi.Tests;

/// <summary>Calls that no host should make, of every kind of potential: a status, a text that says what, where and what was expected, and everything works on.</summary>
[Collection(EveryKindCollection.Name)]
public sealed unsafe class BadCallTests(EveryKind kinds)
{
    private const int InvalidArgument = 1;
    private const int Unsupported = 3;
    private const int NumericalFailure = 4;
    private const int NoMemory = 5;

    private static readonly (string Name, Spoil Spoil, int Status, string Text)[] _spoiled =
    [
        ("size of system", c => c.System.StructSize = 8, InvalidArgument, "mof_system.struct_size is 8; expected 40"),
        ("size of results", c => c.Results.StructSize = 0, InvalidArgument, "mof_results.struct_size is 0; expected 56"),
        ("negative count", c => c.System.AtomCount = -1, InvalidArgument, "atom_count is -1"),
        ("huge count", c => c.System.AtomCount = int.MaxValue, InvalidArgument, "atom_count is 2147483647"),
        ("small buffers", c => c.Results.AtomCapacity = 7, InvalidArgument, "mof_results.atom_capacity is 7; expected at least the 8 atoms"),
        ("no positions", c => c.System.Positions = null, InvalidArgument, "positions is NULL"),
        ("no species", c => c.System.Species = null, InvalidArgument, "species is NULL"),
        ("no cell", c => c.System.Cell = null, InvalidArgument, "cell is NULL"),
        ("NaN position", c => c.Positions[4] = double.NaN, InvalidArgument, "atom 1 (counted from 0): a position is not finite"),
        ("infinite position", c => c.Positions[23] = double.NegativeInfinity, InvalidArgument, "atom 7 (counted from 0): a position is not finite"),
        ("position without digits", c => c.Positions[0] = 1e300, InvalidArgument, "atom 0 (counted from 0): a position is so far from the cell"),
        ("negative species", c => c.Species[3] = -1, InvalidArgument, "the species of atom 3 (counted from 0) is -1"),
        ("huge species", c => c.Species[5] = int.MaxValue, InvalidArgument, "the species of atom 5 (counted from 0) is 2147483647"),
        ("NaN cell", c => c.Cell[0] = double.NaN, InvalidArgument, "not finite"),
        ("infinite cell", c => c.Cell[4] = double.PositiveInfinity, InvalidArgument, "not finite"),
        ("flat cell", c => c.Cell[8] = c.Cell[7] = c.Cell[6] = 0, InvalidArgument, "no volume"),
        ("tiny cell", c => c.Cell[8] = 1e-7, InvalidArgument, "periodic images"),
        ("periodicity of 2", c => c.Periodic[1] = 2, InvalidArgument, "periodic[1] is 2"),
        ("atoms on one spot", c => c.Positions.AsSpan(0, 3).CopyTo(c.Positions.AsSpan(3)), NumericalFailure, "is on the same spot"),
        ("atoms 1e-12 angstrom apart", c => (c.Positions[3], c.Positions[4], c.Positions[5]) = (c.Positions[0], c.Positions[1] + 1e-12, c.Positions[2]), NumericalFailure, "is on the same spot"),
        ("an atom on another's image", c => (c.Positions[3], c.Positions[4], c.Positions[5]) = (c.Positions[0] + c.Cell[0], c.Positions[1], c.Positions[2]), NumericalFailure, "is on the same spot"),
    ];

    public delegate void Spoil(Crystal crystal);

    public static TheoryData<string> Kinds => EveryKind.All;

    public static TheoryData<string, string> SpoiledSystems => EveryKind.Each(_spoiled.Select(one => one.Name));

    [SkippableTheory]
    [MemberData(nameof(SpoiledSystems))]
    public void A_spoiled_system_gets_a_status_and_a_text_and_results_stay(string kind, string name)
    {
        var potential = kinds[kind];
        var (_, spoil, status, text) = _spoiled.Single(one => one.Name == name);
        var crystal = new Crystal();
        potential.Compute(crystal).ShouldBe(0, potential.Library.LastError);
        double[] before = [.. crystal.Energy, .. crystal.Forces, .. crystal.Virial, .. crystal.AtomEnergies, .. crystal.AtomVirials];
        spoil(crystal);
        foreach (var threads in (int[])[2, 1])
        {
            potential.Library.SetThreads(potential.Handle, threads).ShouldBe(0);
            potential.Compute(crystal).ShouldBe(status, potential.Library.LastError);
            potential.Library.LastError.ShouldContain(text);
            ((double[])[.. crystal.Energy, .. crystal.Forces, .. crystal.Virial, .. crystal.AtomEnergies, .. crystal.AtomVirials]).ShouldBe(before);
        }

        var again = new Crystal();
        potential.Compute(again).ShouldBe(0, "the potential works on");
        ((double[])[.. again.Energy, .. again.Forces, .. again.Virial, .. again.AtomEnergies, .. again.AtomVirials]).ShouldBe(before);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_species_that_the_potential_lacks_is_named_with_those_it_has(string kind)
    {
        var potential = kinds[kind];
        var count = potential.Labels.Length;
        var crystal = new Crystal();
        crystal.Species[3] = count;
        potential.Compute(crystal).ShouldBe(InvalidArgument);
        potential.Library.LastError.ShouldContain($"the species of atom 3 (counted from 0) is {count}; expected 0 to {count - 1}: {string.Join(", ", potential.Labels)}");
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Atoms_that_nearly_touch_give_numbers_or_are_named(string kind)
    {
        var potential = kinds[kind];
        var random = new Random(17);
        foreach (var distance in (double[])[1.01e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.5])
        {
            foreach (var (first, second) in ((int, int)[])[(0, 1), (0, 2), (3, 5)])
            {
                var crystal = new Crystal();
                double[] direction = [random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5];
                var length = Math.Sqrt(direction.Sum(one => one * one));
                for (var k = 0; k < 3; k++)
                {
                    crystal.Positions[3 * second + k] = crystal.Positions[3 * first + k] + distance * direction[k] / length;
                }

                var status = potential.Compute(crystal);
                if (status != 0)
                {
                    status.ShouldBe(NumericalFailure, potential.Library.LastError);
                    potential.Library.LastError.ShouldContain("atom ");
                    continue;
                }

                var scale = crystal.Forces.Max(Math.Abs);
                for (var k = 0; k < 3; k++)
                {
                    // In single precision such forces are far beyond its digits.
                    Math.Abs(Enumerable.Range(0, crystal.Count).Sum(i => crystal.Forces[3 * i + k])).ShouldBeLessThan(1e-4 * (1 + scale), $"{distance} angstrom");
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void NULL_everywhere_is_refused(string kind)
    {
        var (library, handle) = (kinds[kind].Library, kinds[kind].Handle);
        nint potential = 5;
        int number;
        double real;
        var path = NativePotential.Text("somewhere.mof.yaml");
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
        library.HasGrades(handle, null).ShouldBe(InvalidArgument);
        library.ComputeCell(handle, null, null).ShouldBe(InvalidArgument);
        library.ComputeNeighbors(handle, null, null).ShouldBe(InvalidArgument);
        library.Cutoff(0, &real).ShouldBe(InvalidArgument);
        library.LastError.ShouldContain("the potential is NULL");
        library.Free(0).ShouldBe(0);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Species_are_told_and_wrong_questions_refused(string kind)
    {
        var (_, library, handle, labels) = kinds[kind];
        int number = -1, index = -1;
        double mass = -1, cutoff = 0, reach = 0;
        var label = stackalloc byte[8];
        library.SpeciesCount(handle, &number).ShouldBe(0);
        number.ShouldBe(labels.Length);
        for (var s = 0; s < labels.Length; s++)
        {
            library.Species(handle, s, label, 3, &number, &mass).ShouldBe(0);
            Marshal.PtrToStringUTF8((nint)label).ShouldBe(labels[s]);
            library.Species(handle, s, label, (nuint)labels[s].Length, null, null).ShouldBe(InvalidArgument);
            library.LastError.ShouldBe($"the capacity for the label is {labels[s].Length}; expected at least {labels[s].Length + 1} bytes");
            library.SpeciesIndex(handle, NativePotential.Text(labels[s]), &index).ShouldBe(0);
            index.ShouldBe(s);
        }

        library.Species(handle, 1, null, 0, null, null).ShouldBe(0);
        library.Species(handle, labels.Length, label, 8, null, null).ShouldBe(InvalidArgument);
        library.SpeciesIndex(handle, NativePotential.Text("Xx"), &index).ShouldBe(InvalidArgument);
        library.LastError.ShouldBe($"the potential has no species 'Xx'; expected one of {string.Join(", ", labels)}");
        library.Cutoff(handle, &reach).ShouldBe(0);
        library.PairCutoff(handle, 0, 1, &cutoff).ShouldBe(0);
        cutoff.ShouldBeInRange(1, reach);
        library.PairCutoff(handle, 0, -1, &cutoff).ShouldBe(InvalidArgument);
        library.SetThreads(handle, 0).ShouldBe(InvalidArgument);
        library.SetThreads(handle, 1 << 20).ShouldBe(InvalidArgument);
        library.SetPrecision(handle, 7).ShouldBe(InvalidArgument);
        library.LastError.ShouldBe("precision is 7; expected 0 (double) or 1 (mixed)");
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void What_a_kind_does_not_have_is_refused_and_not_filled_with_zeros(string kind)
    {
        var (_, library, handle, _) = kinds[kind];
        int has = 7;
        library.HasGrades(handle, &has).ShouldBe(0);
        has.ShouldBe(0);
        var crystal = new Crystal();
        crystal.Results.Grades = Crystal.Pointer(crystal.AtomEnergies);
        crystal.Compute(library, handle).ShouldBe(Unsupported);
        library.LastError.ShouldContain("extrapolation grades are wanted, but the model has none");
        if (kind != "snap")
        {
            library.SetPrecision(handle, 1).ShouldBe(Unsupported);
            library.LastError.ShouldContain("; expected precision double");
        }

        library.SetPrecision(handle, 0).ShouldBe(0);
    }

    [SkippableFact]
    public void Freed_and_made_up_handles_are_recognised()
    {
        using var model = new TestModel();
        var library = NativePotential.Baseline();
        var handle = library.LoadModel(model);
        library.Free(handle).ShouldBe(0);
        double cutoff;
        library.Free(handle).ShouldBe(InvalidArgument);
        library.Cutoff(handle, &cutoff).ShouldBe(InvalidArgument);
        library.LastError.ShouldContain("it has been freed");
        new Crystal().Compute(library, handle).ShouldBe(InvalidArgument);
        var reused = library.LoadModel(model);
        reused.ShouldNotBe(handle);
        library.Cutoff(handle, &cutoff).ShouldBe(InvalidArgument);
        foreach (var invented in (nint[])[1, -1, 2, nint.MinValue, handle + 1, (nint)(&cutoff), nint.MaxValue])
        {
            library.Cutoff(invented, &cutoff).ShouldBe(InvalidArgument);
        }

        library.Cutoff(reused, &cutoff).ShouldBe(0);
        library.Free(reused).ShouldBe(0);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Random_arguments_never_crash(string kind)
    {
        var potential = kinds[kind];
        var random = new Random(3);
        double[] odd = [0, -0.0, 1e-300, 1e300, double.NaN, double.PositiveInfinity, -1, 4.36, 1e-8, 1e15, 0.02];
        var succeeded = 0;
        var attempts = kind.Contains("nequip", StringComparison.Ordinal) || kind == "mace" ? 400 : 2000;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var crystal = new Crystal();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                SpoilAtRandom(crystal, odd, random);
            }

            var status = potential.Compute(crystal);
            if (status == NoMemory)
            {
                // A cell as thin as a hundredth of an angstrom has more images than there is memory for what they would keep.
                potential.Library.LastError.ShouldContain("there is no memory for ");
                continue;
            }

            status.ShouldBeInRange(0, NumericalFailure, potential.Library.LastError);
            succeeded += status == 0 ? 1 : 0;
        }

        succeeded.ShouldBeGreaterThan(attempts / 10);
        potential.Compute(new Crystal()).ShouldBe(0, "the potential works on");
    }

    private static void SpoilAtRandom(Crystal crystal, double[] odd, Random random)
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
}
