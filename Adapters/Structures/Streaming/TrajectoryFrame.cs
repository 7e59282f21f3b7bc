using MofInterop.Potentials.Atoms;

namespace MofInterop.Structures;

/// <summary>The atoms of a trajectory, the same in every frame.</summary>
/// <param name="Symbols">Chemical symbol of every atom.</param>
/// <param name="Labels">Atom type (<c>C3a</c>) of every atom, its element where the file has no types.</param>
public sealed record TrajectoryAtoms(IReadOnlyList<string> Symbols, IReadOnlyList<string> Labels)
{
    /// <summary>Number of atoms.</summary>
    public int Count => Symbols.Count;

    /// <summary>Standard mass of every atom, atomic mass units.</summary>
    public double[] Masses() => [.. Symbols.Select(symbol => Elements.BySymbol(symbol).Mass)];
}

/// <summary>
/// A frame whose arrays are used again: valid until the next one is asked for. Arrays are [natoms][3] row-major, atoms in the order of their ids, in the axes of the file, positions relative to
/// the lower corner of the cell.
/// </summary>
public sealed class TrajectoryFrame
{
    internal TrajectoryFrame(int atoms)
    {
        Positions = new double[3 * atoms];
        Velocities = new double[3 * atoms];
    }

    /// <summary>A frame of one's own making, for functions that take frames.</summary>
    public TrajectoryFrame(double[] positions, Cell? cell, double[]? velocities = null)
    {
        ArgumentNullException.ThrowIfNull(positions);
        Positions = positions;
        Velocities = velocities ?? [];
        HasVelocities = velocities is not null;
        Cell = cell;
    }

    /// <summary>Place among the frames that are delivered, from 0.</summary>
    public long Index { get; set; }

    /// <summary>Time step of the run where the file says one, else the place of the frame in the file.</summary>
    public long Step { get; set; }

    /// <summary>Time, fs; NaN where the file does not say it.</summary>
    public double Time { get; set; } = double.NaN;

    /// <summary>
    /// False where the frame does not follow the one before at the distance of all others (the first; behind a restart or a gap): time correlations begin anew there.
    /// </summary>
    public bool Continues { get; set; }

    /// <summary>The periodic cell; null for a molecule.</summary>
    public Cell? Cell { get; internal set; }

    /// <summary><c>double[3N]</c>, Å; unwrapped where that was asked for, otherwise as the file has them.</summary>
    public double[] Positions { get; }

    /// <summary>Whether <see cref="Velocities"/> are those of this frame.</summary>
    public bool HasVelocities { get; internal set; }

    /// <summary><c>double[3N]</c>, Å/fs; without meaning where <see cref="HasVelocities"/> is false.</summary>
    public double[] Velocities { get; }
}
