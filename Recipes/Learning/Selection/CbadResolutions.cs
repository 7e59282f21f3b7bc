using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>
/// Bin widths of CBAD selection. Smaller ones select more configurations. The defaults are those that the authors
/// used for MOF-5 (github asharma-ms/MOF_MLP_2024; their paper gives none). Immutable.
/// </summary>
public sealed record CbadResolutions
{
    /// <summary>Lengths of bonds, Å.</summary>
    public double Bond { get; init; } = 0.05;

    /// <summary>Angles between bonds, degrees.</summary>
    public double Angle { get; init; } = 5;

    /// <summary>Dihedrals, degrees; where this does not divide 360 the last bin before 180° is narrower.</summary>
    public double Dihedral { get; init; } = 10;

    /// <summary>Cell lengths, Å.</summary>
    public double CellLength { get; init; } = 0.05;

    /// <summary>Cell angles, radians.</summary>
    public double CellAngle { get; init; } = 0.07;

    /// <summary>All widths times a factor: the knob of the published learning curve.</summary>
    public CbadResolutions Times(double factor) => new()
    {
        Bond = factor * Bond,
        Angle = factor * Angle,
        Dihedral = factor * Dihedral,
        CellLength = factor * CellLength,
        CellAngle = factor * CellAngle,
    };

    /// <exception cref="MofException">A width is not a positive number.</exception>
    internal void Require()
    {
        (string Name, double Value)[] widths = [("bond", Bond), ("angle", Angle), ("dihedral", Dihedral), ("cell length", CellLength), ("cell angle", CellAngle)];
        foreach (var (name, value) in widths)
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the CBAD resolution of the {name} is {value}", expected: "a positive number");
            }
        }
    }
}
