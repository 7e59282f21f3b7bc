using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Which frame of a run joins when several are new.</summary>
public enum FramePick
{
    /// <summary>The first frame that opens a bin, as published.</summary>
    First,

    /// <summary>The frame that opens the most bins; the earliest of equals.</summary>
    MostNew,
}

/// <summary>Selection by cell parameters, bonds, angles and dihedrals (CBAD).</summary>
public sealed record SelectionOptions
{
    /// <summary>Bond bins.</summary>
    [Parameter("Width of a bin of bond lengths.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity Bond { get; init; } = Quantity.Parse("0.05 angstrom");

    /// <summary>Angle bins.</summary>
    [Parameter("Width of a bin of bond angles.", Dimension = Dimension.Angle, Above = "0 degree")]
    public Quantity Angle { get; init; } = Quantity.Parse("5 degree");

    /// <summary>Dihedral bins.</summary>
    [Parameter("Width of a bin of dihedral angles.", Dimension = Dimension.Angle, Above = "0 degree")]
    public Quantity Dihedral { get; init; } = Quantity.Parse("10 degree");

    /// <summary>Cell length bins.</summary>
    [Parameter("Width of a bin of cell lengths.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity CellLength { get; init; } = Quantity.Parse("0.05 angstrom");

    /// <summary>Cell angle bins.</summary>
    [Parameter("Width of a bin of cell angles.", Dimension = Dimension.Angle, Above = "0 degree")]
    public Quantity CellAngle { get; init; } = Quantity.Parse("0.07 rad");

    /// <summary>Choice within a run.</summary>
    [Parameter("Which frame of a run joins when several are new: the first (as published) or the one that opens the most bins.")]
    public FramePick Pick { get; init; } = FramePick.First;

    /// <summary>The resolutions as the selection takes them.</summary>
    internal CbadResolutions Resolutions => new()
    {
        Bond = Bond.Value,
        Angle = Angle.In("degree"),
        Dihedral = Dihedral.In("degree"),
        CellLength = CellLength.Value,
        CellAngle = CellAngle.Value,
    };
}
