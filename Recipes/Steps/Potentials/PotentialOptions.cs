using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="PotentialStep"/>: one of card, snap and lammps.</summary>
public sealed record PotentialOptions
{
    /// <summary>Name.</summary>
    [Parameter("File name of the potential, without ending.")]
    public string PotentialName { get; init; } = "potential";

    /// <summary>Card.</summary>
    [Parameter("A model card (*.mof.yaml) with its files where it says.")]
    public InputFile? Card { get; init; }

    /// <summary>SNAP.</summary>
    [Parameter("LAMMPS's two files of a SNAP potential.")]
    public SnapFileOptions? Snap { get; init; }

    /// <summary>Pair style.</summary>
    [Parameter("Any pair style of LAMMPS, as commands.")]
    public PairStyleOptions? Lammps { get; init; }

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is added to card or snap.")]
    public ZblOptions? Zbl { get; init; }

    /// <summary>Dispersion.</summary>
    [Parameter("D3 dispersion that is added to card or snap; for potentials of a method without it.")]
    public DispersionOptions? D3 { get; init; }
}

/// <summary>A SNAP potential of any origin.</summary>
public sealed record SnapFileOptions
{
    /// <summary>Coefficients.</summary>
    [Parameter("The snapcoeff file.")]
    public required InputFile Coefficients { get; init; }

    /// <summary>Parameters.</summary>
    [Parameter("The snapparam file.")]
    public required InputFile Parameters { get; init; }

    /// <summary>Grades.</summary>
    [Parameter("The snapgrades file, which tells extrapolation; left out: no grades.")]
    public InputFile? Grades { get; init; }

    /// <summary>Elements.</summary>
    [Parameter("Chemical symbols by label, where a label does not begin with its symbol (C3a, Zn4a).")]
    public IReadOnlyDictionary<string, string> Elements { get; init; } = new Dictionary<string, string>();

    /// <summary>Method.</summary>
    [Parameter("The method that it was fitted to, for the model card.")]
    public string Method { get; init; } = "unknown";

    /// <summary>Dispersion.</summary>
    [Parameter("Whether that method holds dispersion already, for the model card.")]
    public bool DispersionIncluded { get; init; }
}

/// <summary>A pair style of LAMMPS as text.</summary>
public sealed record PairStyleOptions
{
    /// <summary>Labels.</summary>
    [Parameter("An element or atom type for each LAMMPS type that the commands speak of, in order.", MinimumCount = 1)]
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Commands.</summary>
    [Parameter("pair_style, pair_coeff and what belongs to them, in units metal; {name} stands for a file.", MinimumCount = 1)]
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Files.</summary>
    [Parameter("Files that the commands name, by the name in braces.")]
    public IReadOnlyDictionary<string, InputFile> Files { get; init; } = new Dictionary<string, InputFile>();
}
