using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>The forms of D3's damping.</summary>
public enum DampingChoice
{
    /// <summary>Becke–Johnson.</summary>
    BeckeJohnson,

    /// <summary>The original.</summary>
    Zero,
}

/// <summary>
/// Grimme's D3 dispersion that becomes part of the potential: it is subtracted from labels that contain it, SNAP is fitted to the rest,
/// and the model card is their sum.
/// </summary>
public sealed record DispersionOptions
{
    /// <summary>Functional.</summary>
    [Parameter("The functional whose published damping is taken, as in the labels: PBE.")]
    public required string Functional { get; init; }

    /// <summary>Damping.</summary>
    [Parameter("The damping of the labels: becke-johnson or zero.")]
    public DampingChoice Damping { get; init; }

    /// <summary>Cutoff.</summary>
    [Parameter("Dispersion reaches so far.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity Cutoff { get; init; } = Quantity.Parse("12 angstrom");

    /// <summary>Coordination cutoff.</summary>
    [Parameter("Coordination numbers count neighbours within this.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity CoordinationCutoff { get; init; } = Quantity.Parse("10 angstrom");

    /// <summary>Switching.</summary>
    [Parameter("Both go smoothly to zero over this last part of their cutoffs; 0: they end with a step.", Dimension = Dimension.Length, AtLeast = "0 angstrom")]
    public Quantity SwitchingWidth { get; init; } = Quantity.Parse("1 angstrom");

    /// <summary>Table.</summary>
    [Parameter("D3's table of reference coefficients, dftd3.dat as CP2K ships it; left out: where Debian's cp2k-data puts it.")]
    public InputFile? Table { get; init; }

    /// <summary>The table.</summary>
    internal string TablePath => Table?.Path ?? "/usr/share/cp2k/dftd3.dat";

    /// <summary>The part of the model card.</summary>
    /// <exception cref="MofException">No such functional.</exception>
    internal DispersionCard Card => DispersionCard.For(Functional, Damping == DampingChoice.Zero, Cutoff.Value, CoordinationCutoff.Value, SwitchingWidth.Value);

    /// <summary>What takes the dispersion from labels before a fit.</summary>
    /// <exception cref="MofException">No such functional, a table that cannot be read, or an element that is not in it.</exception>
    internal LabelBaseline BaselineFor(IReadOnlyList<Species> species) =>
        new(new DispersionPotential(new DispersionModel(species, DispersionTableFile.Read(TablePath), Card.Settings)));

    /// <summary>Reports what is wrong with these options for these kinds of atoms.</summary>
    internal void Check(string parameter, StepCheck check, IReadOnlyList<Species> species)
    {
        try
        {
            BaselineFor(species).Dispose();
        }
        catch (MofException error)
        {
            check.Problem(parameter, error);
        }
    }
}
