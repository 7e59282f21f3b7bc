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

/// <summary>How frames are chosen.</summary>
public enum SelectionMethod
{
    /// <summary>Bins of cell parameters, bonds, angles and dihedrals.</summary>
    Cbad,

    /// <summary>Distance to what was chosen before, in the space of mean and spread of each type's bispectra.</summary>
    FarthestPoint,

    /// <summary>The largest extrapolation grade of an atom.</summary>
    ExtrapolationGrade,

    /// <summary>The largest disagreement of a committee about a force.</summary>
    Committee,

    /// <summary>One of the frames with a stretched bond, at random.</summary>
    StretchedBonds,

    /// <summary>At random: what a method has to beat; in learning curves only.</summary>
    Random,
}

/// <summary>How frames are selected: by cell parameters, bonds, angles and dihedrals (CBAD), or by another measure.</summary>
public sealed record SelectionOptions
{
    /// <summary>Method.</summary>
    [Parameter("What decides whether a frame of a run is new: cbad, farthest-point, extrapolation-grade, committee or stretched-bonds. The distorted copies of generation 0 are always chosen by cbad.")]
    public SelectionMethod Method { get; init; } = SelectionMethod.Cbad;

    /// <summary>Distance.</summary>
    [Parameter("farthest-point: a frame is new beyond this distance, in standard deviations of the training set.", Above = 0)]
    public double Distance { get; init; } = 1;

    /// <summary>Grade.</summary>
    [Parameter("extrapolation-grade: a frame is new when an atom's grade is above this; 1 is the edge of the training set.", Above = 0)]
    public double Grade { get; init; } = 1.5;

    /// <summary>Stop.</summary>
    [Parameter("extrapolation-grade and stretched-bonds: a run ends when an atom's grade is above this, and offers a frame before.", Above = 0)]
    public double StopGrade { get; init; } = 10;

    /// <summary>Disagreement.</summary>
    [Parameter("committee: a frame is new when the standard deviation of a force among the members is above this.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity Disagreement { get; init; } = Quantity.Parse("100 meV/angstrom");

    /// <summary>Members.</summary>
    [Parameter("committee: how many fits, each without another part of the training set.", AtLeast = 2)]
    public int Members { get; init; } = 4;

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

    /// <summary>Stretched bonds.</summary>
    [Parameter("stretched-bonds: a frame may join when a bond is more than so many times as long as at the start; one of them is drawn.", Above = 1)]
    public double Stretched { get; init; } = 1.2;

    /// <summary>The grade at which runs end; null: they are not watched.</summary>
    internal double? WatchedGrade => Method is SelectionMethod.ExtrapolationGrade or SelectionMethod.StretchedBonds ? StopGrade : null;

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
