using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Reference results for one configuration.</summary>
/// <param name="Energy">eV.</param>
/// <param name="Forces"><c>double[3N]</c> row-major [natoms][3], eV/Å, F = −∂E/∂r.</param>
/// <param name="Stress"><c>double[6]</c> xx yy zz yz xz xy, eV/Å³, σ = −W/V (ASE: tension positive); null when the reference gives none.</param>
public sealed record ReferenceLabel(double Energy, double[] Forces, double[]? Stress);

/// <summary>
/// Atoms at one instant: what adapters read and write and what learning and analysis work on.
/// Arrays are [natoms][3] row-major and belong to the configuration; treat them as read-only.
/// </summary>
public sealed class AtomicConfiguration
{
    /// <summary>Creates a configuration and checks the array lengths.</summary>
    /// <exception cref="MofException">Lengths disagree, or a periodic configuration has no cell.</exception>
    public AtomicConfiguration(IReadOnlyList<string> symbols, double[] positions, Cell? cell, bool periodic)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.Length != 3 * symbols.Count)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{symbols.Count} atoms have {positions.Length} coordinates", expected: $"{3 * symbols.Count}");
        }

        if (periodic && cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a periodic configuration needs a cell");
        }

        Symbols = symbols;
        Positions = positions;
        Cell = cell;
        Periodic = periodic;
    }

    /// <summary>Chemical symbol of every atom.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary><c>double[3N]</c>, Å; not necessarily wrapped into the cell.</summary>
    public double[] Positions { get; }

    /// <summary>The cell, or null for a molecule.</summary>
    public Cell? Cell { get; }

    /// <summary>Periodic in all three directions (true) or none.</summary>
    public bool Periodic { get; }

    /// <summary>Atom-type labels (<c>C3a</c>), or null where atoms have not been typed.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary><c>double[3N]</c>, Å/fs, or null.</summary>
    public double[]? Velocities { get; init; }

    /// <summary>Reference results, or null.</summary>
    public ReferenceLabel? Label { get; init; }

    /// <summary>Free text by key (extended XYZ comment-line properties that mean nothing to us).</summary>
    public IReadOnlyDictionary<string, string> Info { get; init; } = new Dictionary<string, string>();

    /// <summary>Number of atoms.</summary>
    public int Count => Symbols.Count;

    /// <summary>The same atoms elsewhere, optionally in another cell; label and velocities are dropped.</summary>
    public AtomicConfiguration With(double[] positions, Cell? cell) => new(Symbols, positions, cell, Periodic) { Types = Types, Info = Info };

    /// <summary>The same configuration with a label.</summary>
    public AtomicConfiguration With(ReferenceLabel? label) => new(Symbols, Positions, Cell, Periodic) { Types = Types, Info = Info, Velocities = Velocities, Label = label };

    /// <summary>The same configuration with atom types.</summary>
    public AtomicConfiguration With(IReadOnlyList<string> types) => new(Symbols, Positions, Cell, Periodic) { Types = types, Info = Info, Velocities = Velocities, Label = Label };
}
