using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>A reference method as CP2K runs it: everything that changes a label.</summary>
public abstract record Cp2kMethod
{
    /// <summary>Name for model cards and reports.</summary>
    public abstract string Name { get; }

    /// <summary>Everything that changes a label, in one line.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}{Details}, charge {Charge}, multiplicity {Multiplicity}, EPS_SCF {Scf.Convergence:0.###E+0}, {Scf.Solver}{(Scf.Solver == ScfSolver.BroydenDiagonalization ? $" at {Scf.ElectronicTemperature} K" : "")}");

    /// <summary>Whether its energies hold dispersion already; if so, none may be added to a model trained on them.</summary>
    public abstract bool IncludesDispersion { get; }

    /// <summary>Total charge, e.</summary>
    public int Charge { get; init; }

    /// <summary>2S+1; above 1 the calculation is spin-polarised.</summary>
    public int Multiplicity { get; init; } = 1;

    /// <summary>Convergence of the self-consistent field.</summary>
    public ScfSettings Scf { get; init; } = new();

    /// <summary>Checks that this method can treat a configuration.</summary>
    /// <exception cref="MofException">An element it has no parameters for, a number of electrons that does not fit the multiplicity, or no periodic cell.</exception>
    public void Check(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Check(configuration.Symbols);
        if (!configuration.Periodic || configuration.Cell is null)
        {
            throw new MofException(ErrorKind.Unsupported, $"{Name} needs a configuration that is periodic in all directions", remedy: "Put a molecule into a cell with enough empty space around it.");
        }

        foreach (var value in configuration.Positions)
        {
            if (!double.IsFinite(value))
            {
                throw new MofException(ErrorKind.InvalidArgument, "a position is not finite");
            }
        }
    }

    /// <summary>Checks that this method knows all elements and that the number of electrons fits.</summary>
    /// <exception cref="MofException">As for a configuration.</exception>
    public void Check(IEnumerable<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);

        // Cores are closed shells, so the parity of all electrons is that of the valence electrons.
        var electrons = -Charge;
        var atoms = 0;
        var present = new List<string>();
        foreach (var symbol in symbols)
        {
            var element = Elements.BySymbol(symbol);
            if (Unavailable(element) is { } reason)
            {
                throw new MofException(ErrorKind.Unsupported, $"{Name} cannot treat {symbol} (atom {atoms}): {reason}", remedy: "Choose a reference method that has this element.");
            }

            if (!present.Contains(symbol))
            {
                present.Add(symbol);
            }

            electrons += element.AtomicNumber;
            atoms++;
        }

        if (Incompatible(present) is { } conflict)
        {
            throw new MofException(ErrorKind.Unsupported, $"{Name} cannot treat these atoms: {conflict}", remedy: "Choose a reference method that has these elements together.");
        }

        if (atoms == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "there are no atoms to compute");
        }

        if ((electrons + Multiplicity) % 2 == 0)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"an {(electrons % 2 == 0 ? "even" : "odd")} number of electrons (charge {Charge}) cannot have multiplicity {Multiplicity}",
                expected: electrons % 2 == 0 ? "an odd multiplicity" : "an even multiplicity",
                remedy: "Set charge and multiplicity, or look for a missing or doubled atom.");
        }
    }

    /// <summary>The settings of this method alone, beginning with a comma; empty where there are none.</summary>
    protected abstract string Details { get; }

    /// <summary>Why an element cannot be treated, or null when it can.</summary>
    protected abstract string? Unavailable(Element element);

    /// <summary>Why elements that are there one by one cannot be treated together, or null when they can.</summary>
    protected virtual string? Incompatible(IReadOnlyList<string> elements) => null;
}

/// <summary>
/// GFN1-xTB (S. Grimme, C. Bannwarth, P. Shushkov, J. Chem. Theory Comput. 2017, 13, 1989) at the Γ point with periodic
/// electrostatics. It includes D3(BJ) dispersion.
/// </summary>
public sealed record XtbMethod : Cp2kMethod
{
    /// <inheritdoc/>
    public override string Name => "GFN1-xTB";

    /// <inheritdoc/>
    protected override string Details => "";

    /// <inheritdoc/>
    public override bool IncludesDispersion => true;

    /// <inheritdoc/>
    protected override string? Unavailable(Element element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.AtomicNumber <= 86 ? null : "it has parameters from H to Rn only";
    }
}

/// <summary>Size of the MOLOPT basis sets.</summary>
public enum MoloptBasis
{
    /// <summary>DZVP-MOLOPT-SR-GTH.</summary>
    DoubleZeta,

    /// <summary>TZVP-MOLOPT-GTH for H, C, N, O, F, Si, P, S, Cl, Br; TZVP-MOLOPT-SR-GTH for the others.</summary>
    TripleZeta,
}

/// <summary>
/// PBE in the Gaussian and plane waves method at the Γ point, with MOLOPT basis sets (J. VandeVondele, J. Hutter, J. Chem. Phys. 2007,
/// 127, 114105) and GTH pseudopotentials. The defaults are those of the published MOF-5 and ZIF-8 potentials.
/// </summary>
public sealed record PbeMethod : Cp2kMethod
{
    /// <summary>PBE with an SCF converged to 1e-7.</summary>
    public PbeMethod() => Scf = new ScfSettings { Convergence = 1e-7 };

    /// <summary>Basis set of every element.</summary>
    public MoloptBasis Basis { get; init; } = MoloptBasis.DoubleZeta;

    /// <summary>Plane-wave cutoff of the finest grid, rydberg.</summary>
    public double Cutoff { get; init; } = 1000;

    /// <summary>Cutoff of the grid that a Gaussian with exponent 1 is mapped to, rydberg.</summary>
    public double RelativeCutoff { get; init; } = 60;

    /// <summary>Adds D3(BJ) dispersion with the PBE parameters.</summary>
    public bool Dispersion { get; init; }

    /// <summary>Range of the dispersion, Å.</summary>
    public double DispersionCutoff { get; init; } = 20;

    /// <inheritdoc/>
    public override string Name => Dispersion ? "PBE-D3(BJ)" : "PBE";

    /// <inheritdoc/>
    protected override string Details => string.Create(
        CultureInfo.InvariantCulture,
        $", {Basis} MOLOPT basis, GTH potentials, cutoff {Cutoff} Ry, relative cutoff {RelativeCutoff} Ry{(Dispersion ? $", dispersion cutoff {DispersionCutoff} Å" : "")}");

    /// <inheritdoc/>
    public override bool IncludesDispersion => Dispersion;

    /// <inheritdoc/>
    protected override string? Unavailable(Element element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return PbeElements.Find(element.Symbol, Basis) is null ? $"CP2K's data have no {Basis} MOLOPT basis set with a GTH-PBE potential for it" : null;
    }
}
