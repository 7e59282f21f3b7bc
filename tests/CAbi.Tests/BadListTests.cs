namespace MofInterop.CAbi.Tests;

/// <summary>Neighbour lists, types, factors and exchanges of a host that are wrong, for every kind of potential.</summary>
[Collection(EveryKindCollection.Name)]
public sealed unsafe class BadListTests(EveryKind kinds)
{
    private const int InvalidArgument = 1;
    private const int NumericalFailure = 4;
    private const int HostStatus = -7;

    // Two threads take shares of eight centers only if they are told to be worth it.
    private static readonly int[] _threads = [2, 1];

    private static readonly (string Name, Spoil Spoil, int Status, string Text)[] _spoiled =
    [
        ("struct size", h => h.Neighbors.StructSize = 1, InvalidArgument, "mof_neighbors.struct_size is 1; expected 96"),
        ("too many centers", h => h.Neighbors.CenterCount = h.Types.Length + 1, InvalidArgument, "center_count is "),
        ("negative centers", h => h.Neighbors.CenterCount = -1, InvalidArgument, "center_count is -1"),
        ("negative atoms", h => h.Neighbors.AtomCount = -1, InvalidArgument, "atom_count is -1"),
        ("absurdly many atoms", h => h.Neighbors.AtomCount = int.MaxValue, InvalidArgument, "atom_count is 2147483647"),
        ("no positions", h => h.Neighbors.Positions = null, InvalidArgument, "positions is NULL"),
        ("no types", h => h.Neighbors.Types = null, InvalidArgument, "types is NULL"),
        ("no counts", h => h.Neighbors.NeighborCounts = null, InvalidArgument, "neighbor_counts is NULL"),
        ("no lists", h => h.Neighbors.Lists = null, InvalidArgument, "neighbors is NULL"),
        ("one list is NULL", h => h.Pointers[1] = 0, InvalidArgument, "and the list NULL; expected a list of that length"),
        ("a neighbour beyond the atoms", h => h.Lists[1][3] = h.Types.Length, InvalidArgument, "a neighbor of atom 1 (counted from 0) is not an atom"),
        ("the last neighbour beyond the atoms", h => h.Lists[7][^1] = h.Types.Length, InvalidArgument, "a neighbor of atom 7 (counted from 0) is not an atom"),
        ("a center beyond the atoms", h => h.Centers[1] = h.Types.Length, InvalidArgument, "centers[1] is "),
        ("a negative center", h => h.Centers[6] = -5, InvalidArgument, "centers[6] is -5"),
        ("a negative count", h => h.Counts[1] = -2, InvalidArgument, "atom 1 (counted from 0) has -2 neighbors"),
        ("a type beyond the species", h => h.Types[2] = 9, InvalidArgument, "the type of atom 2 (counted from 0) is 9"),
        ("a negative type of a ghost", h => h.Types[^1] = -1, InvalidArgument, " (counted from 0) is -1"),
        ("a type beyond the table", h => Map(h, 1, 0), InvalidArgument, "the type of atom 1 (counted from 0) is 1; expected 0 to 0 (type_count is 1)"),
        ("a table that names no species", h => Map(h, 2, 0, 9), InvalidArgument, "species_of_type[1] is 9"),
        ("a table with a wrong mark", h => Map(h, 2, 0, -2), InvalidArgument, "species_of_type[1] is -2"),
        ("a factor that is not a number", h => Scale(h, 1, double.NaN), InvalidArgument, "scale_of_type[1] is NaN; expected a finite number, not larger than 1e100"),
        ("a factor beyond all bounds", h => Scale(h, 1, 1.7e308), InvalidArgument, "scale_of_type[1] is 1.7E+308; expected a finite number, not larger than 1e100"),
        ("factors for no types", h => { Scale(h, 1, 1); h.Neighbors.SpeciesOfType = null; h.Neighbors.TypeCount = 0; }, InvalidArgument, "(type_count is 0)"),
        ("a factor without end", h => Scale(h, double.NegativeInfinity, 1), InvalidArgument, "scale_of_type[0] is -Infinity"),
        ("NaN position", h => h.Positions[4] = double.NaN, InvalidArgument, "atom 1 (counted from 0): a position is not finite"),
        ("infinite ghost", h => h.Positions[3 * h.Lists[0].Max() + 1] = double.PositiveInfinity, InvalidArgument, "a position is not finite"),
        ("two atoms on one spot", h => Meet(h), NumericalFailure, "is on the same spot"),
        ("an atom in its own list", h => h.Lists[4][0] = 4, NumericalFailure, "atom 4 (counted from 0): atom 4 is on the same spot"),
    ];

    public delegate void Spoil(ListHost host);

    public static TheoryData<string> Kinds => EveryKind.All;

    public static TheoryData<string> StagedKinds => EveryKind.Staged;

    public static TheoryData<string, string> SpoiledLists => EveryKind.Each(_spoiled.Select(one => one.Name));

    [SkippableTheory]
    [MemberData(nameof(SpoiledLists))]
    public void Impossible_entries_are_refused_and_told_by_atom(string kind, string name)
    {
        var potential = kinds[kind];
        var (_, spoil, status, text) = _spoiled.Single(one => one.Name == name);
        foreach (var threads in _threads)
        {
            potential.Library.SetThreads(potential.Handle, threads).ShouldBe(0);
            using var host = Host(potential);
            spoil(host);
            host.Compute(potential.Library, potential.Handle).ShouldBe(status, potential.Library.LastError);
            potential.Library.LastError.ShouldContain(text);
        }

        using var good = Host(potential);
        good.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_hosts_list_gives_what_the_librarys_own_gives(string kind)
    {
        var potential = kinds[kind];
        var expected = new Crystal();
        potential.Compute(expected).ShouldBe(0, potential.Library.LastError);
        using var host = Host(potential);

        // Flags of bonds in the upper bits are not part of an index.
        host.Lists[1][0] |= 3 << 30;
        host.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);

        host.Totals[0].ShouldBe(expected.Energy[0], 1e-9 * (1 + Math.Abs(expected.Energy[0])));
        var scale = 1 + expected.Forces.Max(Math.Abs);
        host.FoldedForces().Zip(expected.Forces, (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(1e-9 * scale);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void The_atoms_at_fault_are_told_as_the_host_counts_them(string kind)
    {
        var potential = kinds[kind];
        using (var host = Host(potential))
        {
            var (first, second) = Meet(host);
            host.Compute(potential.Library, potential.Handle).ShouldBe(NumericalFailure);
            potential.Library.ErrorAtoms.ShouldBeOneOf((first, second), (second, first));
        }

        var crystal = new Crystal();
        crystal.Positions[13] = double.NaN;
        potential.Compute(crystal).ShouldBe(InvalidArgument);
        crystal.Positions[13] = crystal.Positions[16];
        crystal.Positions[12] = crystal.Positions[15];
        crystal.Positions[14] = crystal.Positions[17];
        potential.Compute(crystal).ShouldBe(NumericalFailure);
        potential.Library.ErrorAtoms.ShouldBeOneOf((4, 5), (5, 4));
        potential.Library.SetThreads(potential.Handle, 0).ShouldBe(InvalidArgument);
        potential.Library.ErrorAtoms.ShouldBe((-1, -1));
        potential.Library.LastErrorAtoms(null, null);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Results_that_could_not_be_added_up_are_a_failure_and_not_infinity(string kind)
    {
        var potential = kinds[kind];
        foreach (var factor in (double[])[1e60, -1e99, 1e100])
        {
            foreach (var threads in _threads)
            {
                potential.Library.SetThreads(potential.Handle, threads).ShouldBe(0);
                using var host = Host(potential);
                Scale(host, factor, factor);
                if (host.Compute(potential.Library, potential.Handle) is not 0 and var status)
                {
                    status.ShouldBe(NumericalFailure, potential.Library.LastError);
                    potential.Library.LastError.ShouldContain("energy or forces are not finite");
                    potential.Library.LastError.ShouldContain("atom ");
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(StagedKinds))]
    public void Without_an_exchange_ghosts_are_told_of(string kind)
    {
        var potential = kinds[kind];
        using var host = Host(potential);
        host.Exchange = Exchange.None;
        host.Compute(potential.Library, potential.Handle).ShouldBe(InvalidArgument);
        potential.Library.LastError.ShouldContain("forward_ghosts is NULL, but there are ghosts");

        // Centers that come twice do not stand for those that are missing.
        host.Neighbors.AtomCount = host.LocalCount;
        for (var i = 0; i < host.LocalCount; i++)
        {
            host.Lists[i].AsSpan().Fill((i + 1) % host.LocalCount);
            host.Counts[i] = 1;
        }

        host.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);
        host.Centers[1] = 0;
        host.Compute(potential.Library, potential.Handle).ShouldBe(InvalidArgument);
        potential.Library.LastError.ShouldContain("forward_ghosts is NULL");
    }

    [SkippableTheory]
    [MemberData(nameof(StagedKinds))]
    public void An_exchange_that_fails_ends_the_computation_with_its_status(string kind)
    {
        var potential = kinds[kind];
        foreach (var threads in _threads)
        {
            potential.Library.SetThreads(potential.Handle, threads).ShouldBe(0);
            using var host = Host(potential);
            host.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);
            var calls = host.Calls;
            calls.ShouldBeGreaterThan(0);

            host.Exchange = Exchange.Fail;
            host.Compute(potential.Library, potential.Handle).ShouldBe(HostStatus);
            potential.Library.LastError.ShouldContain("forward_ghosts of the host returned -7");
            host.Calls.ShouldBe(1);

            host.Exchange = Exchange.FailLater;
            host.Compute(potential.Library, potential.Handle).ShouldBe(calls > 1 ? HostStatus : 0);

            host.Exchange = Exchange.Misbehave;
            host.Compute(potential.Library, potential.Handle).ShouldBe(InvalidArgument);
            potential.Library.LastError.ShouldContain("forward_ghosts of the host returned a positive number");

            host.Exchange = Exchange.Spoil;
            host.Compute(potential.Library, potential.Handle).ShouldBe(NumericalFailure);
            potential.Library.LastError.ShouldContain("not finite");
            potential.Library.LastError.ShouldContain("atom ");

            host.Exchange = Exchange.Copy;
            host.Compute(potential.Library, potential.Handle).ShouldBe(0, "the potential works on");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(StagedKinds))]
    public void An_exchange_that_computes_with_the_same_potential_disturbs_nothing(string kind)
    {
        var potential = kinds[kind];
        foreach (var threads in _threads)
        {
            potential.Library.SetThreads(potential.Handle, threads).ShouldBe(0);
            using var host = Host(potential);
            host.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);
            double[] expected = [.. host.Totals, .. host.Forces];
            host.Exchange = Exchange.Reenter;
            host.Compute(potential.Library, potential.Handle).ShouldBe(0, potential.Library.LastError);
            ((double[])[.. host.Totals, .. host.Forces]).ShouldBe(expected);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Random_lists_never_crash_nor_give_what_is_no_number(string kind)
    {
        var potential = kinds[kind];
        var random = new Random(29);
        var attempts = kind.Contains("nequip", StringComparison.Ordinal) || kind == "mace" ? 300 : 1500;
        int succeeded = 0, refused = 0;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            using var host = Host(potential);
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                SpoilAtRandom(host, random);
            }

            potential.Library.SetThreads(potential.Handle, random.Next(1, 4)).ShouldBe(0);
            var status = host.Compute(potential.Library, potential.Handle);
            (status is HostStatus or (>= 0 and <= NumericalFailure)).ShouldBeTrue($"{status}: {potential.Library.LastError}");
            succeeded += status == 0 ? 1 : 0;
            refused += status == 0 ? 0 : 1;
        }

        succeeded.ShouldBeGreaterThan(attempts / 10);
        refused.ShouldBeGreaterThan(attempts / 10);
        using var good = Host(potential);
        good.Compute(potential.Library, potential.Handle).ShouldBe(0, "the potential works on");
    }

    private static void SpoilAtRandom(ListHost host, Random random)
    {
        double[] odd = [0, double.NaN, double.PositiveInfinity, 1e300, -1e-300, 1e-7, 0.05, 1e15];
        int[] wild = [-1, int.MinValue, int.MaxValue, host.Types.Length, 0, 1, 2, 0x1FFFFFFF];
        var atom = random.Next(host.LocalCount);
        switch (random.Next(14))
        {
            case 0:
                host.Positions[random.Next(host.Positions.Length)] = odd[random.Next(odd.Length)];
                break;
            case 1:
                host.Lists[atom][random.Next(host.Lists[atom].Length)] = wild[random.Next(wild.Length)];
                break;
            case 2:
                host.Lists[atom][random.Next(host.Lists[atom].Length)] = random.Next(host.Types.Length);
                break;
            case 3:
                host.Counts[atom] = random.Next(-1, host.Lists[atom].Length + 1);
                break;
            case 4:
                host.Centers[atom] = random.Next(2) == 0 ? wild[random.Next(wild.Length)] : random.Next(host.LocalCount);
                break;
            case 5:
                host.Types[random.Next(host.Types.Length)] = random.Next(4) == 0 ? wild[random.Next(wild.Length)] : random.Next(2);
                break;
            case 6:
                Map(host, 2, random.Next(-2, 3), random.Next(-2, 3));
                break;
            case 7:
                Scale(host, odd[random.Next(odd.Length)], odd[random.Next(odd.Length)]);
                break;
            case 8:
                host.Neighbors.CenterCount = random.Next(-1, host.LocalCount + 1);
                break;
            case 9:
                host.Neighbors.AtomCount = random.Next(-1, host.Types.Length + 1);
                break;
            case 10:
                host.Neighbors.NeighborMask = (int[])[-1, 0, 0xFF, 1] is var masks ? masks[random.Next(masks.Length)] : 0;
                break;
            case 11:
                host.Exchange = (Exchange)random.Next(7);
                break;
            case 12:
                host.Positions.AsSpan(3 * random.Next(host.Types.Length), 3).CopyTo(host.Positions.AsSpan(3 * random.Next(host.Types.Length), 3));
                break;
            default:
                host.Pointers[atom] = host.Pointers[random.Next(host.LocalCount)];
                host.Counts[atom] = Math.Min(host.Counts[atom], host.Counts.Min());
                break;
        }
    }

    // Puts a neighbour of an atom, which is no ghost, on its place.
    private static (int Atom, int Neighbor) Meet(ListHost host)
    {
        var atom = Array.FindIndex(host.Lists, list => Array.Exists(list, other => other < host.LocalCount));
        var neighbor = Array.Find(host.Lists[atom], other => other < host.LocalCount);
        host.Positions.AsSpan(3 * atom, 3).CopyTo(host.Positions.AsSpan(3 * neighbor));
        return (atom, neighbor);
    }

    // Lists beyond every cutoff of the samples.
    private static ListHost Host(LoadedKind potential)
    {
        double cutoff;
        potential.Library.Cutoff(potential.Handle, &cutoff).ShouldBe(0);
        return new ListHost(new Crystal(), cutoff + 0.3);
    }

    private static void Map(ListHost host, int count, params int[] species)
    {
        host.Neighbors.SpeciesOfType = Crystal.Pointer(host.Pin(species));
        host.Neighbors.TypeCount = count;
    }

    private static void Scale(ListHost host, double first, double second)
    {
        Map(host, 2, 0, 1);
        host.Neighbors.ScaleOfType = Crystal.Pointer(host.PinFactors(first, second));
    }
}
