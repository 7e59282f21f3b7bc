namespace MofInterop.Potentials.Atoms;

/// <summary>
/// Atoms and their full neighbour lists as a host holds them (LAMMPS's own arrays, no copy), or as
/// <see cref="NeighborList"/> builds them. Nothing here is owned. All arrays but <see cref="Centers"/>
/// are indexed by atom; a list may hold atoms beyond the cutoff, which a potential skips.
/// </summary>
public unsafe struct NeighborView
{
    /// <summary>Atoms closer than this, Å, count as being on one spot (<see cref="EvaluationStatus.AtomsOverlap"/>).</summary>
    public const double MinimumSeparation = 1e-6;

    /// <summary>Local plus ghost atoms.</summary>
    public int AtomCount;

    /// <summary>How many atoms have their energy computed here.</summary>
    public int CenterCount;

    /// <summary><c>double[AtomCount][3]</c>, Å; ghosts are images with positions of their own.</summary>
    public double* Positions;

    /// <summary><c>int[AtomCount]</c>: the host's types.</summary>
    public int* Types;

    /// <summary>Host type → species of the model; −1: the potential does not act on atoms of that type. NULL: types are species.</summary>
    public int* SpeciesOfType;

    /// <summary><c>int[CenterCount]</c>: the atoms whose energies are wanted (LAMMPS: ilist). NULL: 0 … CenterCount−1.</summary>
    public int* Centers;

    /// <summary><c>int[AtomCount]</c>: length of each atom's list (LAMMPS: numneigh); read for centers only.</summary>
    public int* NeighborCounts;

    /// <summary>Each atom's neighbours (LAMMPS: firstneigh), full list; read for centers only.</summary>
    public int** Neighbors;

    /// <summary><c>double[types]</c> by host type: factor of a center's energy and all that follows from it. NULL: 1.</summary>
    public double* ScaleOfType;

    /// <summary>
    /// <c>int[AtomCount]</c>: the atom that each atom is an image of, itself where it is none. NULL: not known here (LAMMPS).
    /// Only staged potentials read it.
    /// </summary>
    public int* Owners;

    /// <summary>Bits of a neighbour index that are the atom (LAMMPS: NEIGHMASK 0x1FFFFFFF); the rest are special-bond flags.</summary>
    public int NeighborMask;

    /// <summary>The species of an atom; −1: the potential does not act on it; −2: it is none of the model's.</summary>
    /// <param name="atom">Index.</param>
    /// <param name="speciesCount">Species of the model.</param>
    public readonly int SpeciesOf(int atom, int speciesCount)
    {
        var type = Types[atom];
        var species = SpeciesOfType is null ? type : SpeciesOfType[type];
        return species >= -1 && species < speciesCount ? species : -2;
    }

    /// <summary>The factor of a center's energy.</summary>
    public readonly double ScaleOf(int atom) => ScaleOfType is null ? 1 : ScaleOfType[Types[atom]];
}
