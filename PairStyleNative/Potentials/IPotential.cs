using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials;

/// <summary>
/// What a potential adds to. A NULL pointer: not wanted. Energies, forces and virials are added to what is there,
/// so that parts of a sum share one set of buffers; the caller sets them to zero.
/// </summary>
public unsafe struct EvaluationBuffers
{
    /// <summary><c>double[1]</c>, eV.</summary>
    public double* Energy;

    /// <summary><c>double[natoms][3]</c>, F = −∂E/∂r, eV/Å; ghosts receive their share, which the caller returns to the owners.</summary>
    public double* Forces;

    /// <summary><c>double[9]</c> row-major, W = Σ r⊗F = −∂E/∂ε, eV.</summary>
    public double* Virial;

    /// <summary><c>double[natoms]</c>, eV; only centers receive.</summary>
    public double* AtomEnergies;

    /// <summary>
    /// <c>double[natoms][9]</c> row-major, eV: half of every pair's r_ij ⊗ f_ij to each of its two atoms
    /// (the form of LAMMPS <c>ev_tally_xyz</c>, hence of <c>compute stress/atom</c>); the sum over atoms is the virial.
    /// </summary>
    public double* AtomVirials;

    /// <summary>
    /// <c>double[natoms]</c>, extrapolation grade: 1 is the most unusual environment of the training set; only centers
    /// receive. Left alone by potentials without <see cref="IPotential.HasGrades"/>.
    /// </summary>
    public double* Grades;
}

/// <summary>How a computation ended: no exceptions are thrown per step.</summary>
public enum EvaluationStatus
{
    /// <summary>All results are finite.</summary>
    Success = 0,

    /// <summary>A position is NaN or infinite.</summary>
    PositionNotFinite,

    /// <summary>Two atoms are closer than 1e-6 Å.</summary>
    AtomsOverlap,

    /// <summary>An atom has more neighbours within the cutoff than any matter has.</summary>
    TooManyNeighbors,

    /// <summary>A center's type has no species in the model.</summary>
    UnknownSpecies,

    /// <summary>The positions are finite, the result is not.</summary>
    ResultNotFinite,

    /// <summary>A staged potential met atoms that are not centers, and nobody tells what was found for them.</summary>
    GhostValuesUnknown,

    /// <summary>Giving ghosts the values of their owners failed.</summary>
    ExchangeFailed,
}

/// <summary>The end of a computation, and the atom (an index into the view) and its neighbour that it names.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Atom">The atom at fault, or −1.</param>
/// <param name="Neighbor">Its neighbour at fault, or −1.</param>
public readonly record struct EvaluationOutcome(EvaluationStatus Status, int Atom = -1, int Neighbor = -1)
{
    /// <summary>Nothing went wrong.</summary>
    public static EvaluationOutcome Success => default;
}

/// <summary>
/// A potential-energy function of atoms. Immutable after construction; <see cref="Compute"/> may be called from
/// several threads at once (work memory is pooled inside).
/// </summary>
public unsafe interface IPotential : IDisposable
{
    /// <summary>The kind as model cards name it: <c>snap</c>, <c>zbl</c>, …</summary>
    string Kind { get; }

    /// <summary>The atoms it knows; their places are the species indices.</summary>
    IReadOnlyList<Species> Species { get; }

    /// <summary>The largest distance at which two atoms act on each other, Å.</summary>
    double Cutoff { get; }

    /// <summary>Whether it can tell how far an atom's environment lies outside its training set.</summary>
    bool HasGrades => false;

    /// <summary>
    /// Centers that a computation should have at least when a larger one is shared among threads, where it reads or makes ready so much whatever its size that small shares cost more than threads
    /// wait for each other at the end: then shares are of one size. 0: small shares are as good.
    /// </summary>
    int SmallestShare => 0;

    /// <summary>The distance at which these two species cease to act on each other, Å.</summary>
    double PairCutoff(int first, int second);

    /// <summary>
    /// Adds energy, forces and virials of the centers to the buffers, for atoms only to rows of centers and of atoms in their lists. Never
    /// throws; allocates nothing once warm.
    /// </summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}
