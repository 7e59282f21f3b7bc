using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Networks;

/// <summary>A bond of the starting structure.</summary>
/// <param name="First">An atom, counted from 0.</param>
/// <param name="Second">The other.</param>
/// <param name="Translation">The cell in which the bonded image of the second is, seen from where the structure has both.</param>
/// <param name="Length">Å.</param>
public readonly record struct StructureBond(int First, int Second, LatticeVector Translation, double Length);

/// <summary>A molecule between metals.</summary>
/// <param name="Atoms">Its atoms, counted from 0.</param>
/// <param name="Bonds">Bonds between them; places in the structure's list.</param>
/// <param name="Donors">Those of its atoms that are bonded to a metal, ordered.</param>
public sealed record Linker(IReadOnlyList<int> Atoms, IReadOnlyList<int> Bonds, IReadOnlyList<int> Donors);

/// <summary>
/// What a structure consists of when its metal–donor bonds are cut: metal atoms, and the linkers between them. Immutable.
/// </summary>
public sealed class Linkers
{
    private Linkers(IReadOnlyList<string> symbols, IReadOnlyList<StructureBond> bonds, int[] metals, Linker[] all)
    {
        Symbols = symbols;
        Bonds = bonds;
        Metals = metals;
        All = all;
        LinkerOf = new int[symbols.Count];
        Array.Fill(LinkerOf, -1);
        for (var k = 0; k < all.Length; k++)
        {
            foreach (var atom in all[k].Atoms)
            {
                LinkerOf[atom] = k;
            }
        }
    }

    /// <summary>Chemical symbols of the atoms.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>All bonds of the structure.</summary>
    public IReadOnlyList<StructureBond> Bonds { get; }

    /// <summary>The metal atoms, ordered.</summary>
    public IReadOnlyList<int> Metals { get; }

    /// <summary>The linkers, by their first atoms.</summary>
    public IReadOnlyList<Linker> All { get; }

    /// <summary>Elements of the atoms that are bonded to metals.</summary>
    public IReadOnlyList<string> DonorElements => [.. All.SelectMany(linker => linker.Donors).Select(atom => Symbols[atom]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The linker of an atom, −1 for metals.</summary>
    internal int[] LinkerOf { get; }

    /// <summary>Takes a structure apart.</summary>
    /// <param name="symbols">Chemical symbols.</param>
    /// <param name="bonds">Every bond once.</param>
    /// <param name="metals">Elements that are nodes.</param>
    /// <exception cref="MofException">No atom is a metal, or no linker is bonded to one.</exception>
    public static Linkers Find(IReadOnlyList<string> symbols, IReadOnlyList<StructureBond> bonds, IReadOnlyCollection<string> metals)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(bonds);
        var isMetal = symbols.Select(metals.Contains).ToArray();
        int[] nodes = [.. Enumerable.Range(0, symbols.Count).Where(i => isMetal[i])];
        if (nodes.Length == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the structure has no {string.Join(", ", metals)}", expected: $"a metal among {string.Join(", ", symbols.Distinct())}");
        }

        var groups = new PeriodicGroups(symbols.Count);
        var isDonor = new bool[symbols.Count];
        foreach (var bond in bonds)
        {
            if (!isMetal[bond.First] && !isMetal[bond.Second])
            {
                groups.Join(bond.First, bond.Second, bond.Translation);
            }
            else if (isMetal[bond.First] != isMetal[bond.Second])
            {
                isDonor[isMetal[bond.First] ? bond.Second : bond.First] = true;
            }
        }

        var linkers = new List<Linker>();
        foreach (var group in Enumerable.Range(0, symbols.Count).Where(i => !isMetal[i]).GroupBy(groups.GroupOf))
        {
            int[] atoms = [.. group];
            var members = atoms.ToHashSet();
            int[] inside = [.. Enumerable.Range(0, bonds.Count).Where(b => members.Contains(bonds[b].First) && members.Contains(bonds[b].Second))];
            int[] donors = [.. atoms.Where(atom => isDonor[atom])];

            linkers.Add(new Linker(atoms, inside, donors));
        }

        return linkers.Any(linker => linker.Donors.Count > 0)
            ? new Linkers(symbols, bonds, nodes, [.. linkers.OrderBy(linker => linker.Atoms[0])])
            : throw new MofException(ErrorKind.InvalidArgument, "no atom is bonded to a metal", expected: "a framework of metals and linkers", remedy: "Another bond tolerance may be needed.");
    }
}
