namespace MofInterop.Structures;

/// <summary>What a trajectory does not say by itself, and which of its frames are wanted.</summary>
public sealed record TrajectoryStreamOptions
{
    /// <summary>Element or atom type (<c>C3a</c>) of LAMMPS's types 1, 2, …; null: from the column <c>element</c> or <c>typelabel</c>.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Units of a LAMMPS dump, where the file does not name them.</summary>
    public LammpsUnits Units { get; init; }

    /// <summary>The first frame that is delivered, from 1.</summary>
    public long From { get; init; } = 1;

    /// <summary>The last one; null: all.</summary>
    public long? To { get; init; }

    /// <summary>Every so many frames one is delivered.</summary>
    public int Every { get; init; } = 1;

    /// <summary>
    /// Positions go on through the boundaries of the cell: by <c>xu</c> or image flags where a LAMMPS dump has them; otherwise reconstructed, which needs steps from frame to frame that are small against
    /// the cell, and is refused where they are not. Extended XYZ does not say which it is and is reconstructed, which leaves positions that go on already as they are.
    /// </summary>
    public bool Unwrap { get; init; }

    /// <summary>Positions of extended XYZ are known to go on through boundaries: nothing is reconstructed.</summary>
    public bool KnownUnwrapped { get; init; }
}
