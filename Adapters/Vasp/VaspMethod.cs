using System.Globalization;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>Dispersion correction of S. Grimme et al., J. Chem. Phys. 2010, 132, 154104.</summary>
public enum VaspDispersion
{
    /// <summary>None.</summary>
    None,

    /// <summary>D3 with zero damping (IVDW = 11).</summary>
    D3Zero,

    /// <summary>D3 with Becke–Johnson damping (IVDW = 12).</summary>
    D3BeckeJohnson,
}

/// <summary>How occupations are smeared.</summary>
public enum VaspSmearing
{
    /// <summary>Gaussian (ISMEAR = 0): for insulators.</summary>
    Gaussian,

    /// <summary>Fermi–Dirac (ISMEAR = -1).</summary>
    Fermi,

    /// <summary>Methfessel–Paxton of first order (ISMEAR = 1): for metals.</summary>
    MethfesselPaxton,
}

/// <summary>PBE as VASP computes it: everything that changes a label.</summary>
public sealed record VaspMethod
{
    /// <summary>Tags that this suite sets itself, or that would make something else than one single point with forces and stress.</summary>
    private static readonly HashSet<string> _reserved = new(StringComparer.Ordinal)
    {
        "SYSTEM", "PREC", "ENCUT", "EDIFF", "ISMEAR", "SIGMA", "GGA", "IVDW", "LREAL", "LASPH", "ISPIN", "NELM", "ALGO", "NSW", "IBRION", "ISIF", "EDIFFG", "POTIM", "LWAVE", "LCHARG", "ISTART", "ICHARG",
        "NWRITE", "ISYM", "KSPACING", "KGAMMA", "AMIX", "BMIX", "TIME", "ML_LMLFF", "METAGGA", "LHFCALC",
    };

    /// <summary>Tags that say how the work is shared and change no label.</summary>
    private static readonly HashSet<string> _parallel = new(StringComparer.Ordinal) { "NCORE", "NPAR", "KPAR", "NSIM", "LPLANE", "LSCALU" };

    /// <summary>Dispersion.</summary>
    public VaspDispersion Dispersion { get; init; }

    /// <summary>Plane-wave cutoff (ENCUT), eV.</summary>
    public double Cutoff { get; init; } = 520;

    /// <summary>Convergence of the electrons (EDIFF), eV.</summary>
    public double ScfConvergence { get; init; } = 1e-6;

    /// <summary>Smearing.</summary>
    public VaspSmearing Smearing { get; init; }

    /// <summary>Its width (SIGMA), eV.</summary>
    public double SmearingWidth { get; init; } = 0.05;

    /// <summary>Γ-centred mesh of k points.</summary>
    public IReadOnlyList<int> KPoints { get; init; } = [1, 1, 1];

    /// <summary>Spin-polarised (ISPIN = 2).</summary>
    public bool SpinPolarized { get; init; }

    /// <summary>Projection in real space (LREAL = Auto): faster for large cells, and less accurate.</summary>
    public bool RealSpaceProjection { get; init; }

    /// <summary>Most electronic steps (NELM).</summary>
    public int MostScfSteps { get; init; } = 100;

    /// <summary>Which energy is the label's.</summary>
    public VaspEnergy Energy { get; init; }

    /// <summary>Further INCAR tags and their values, tags in capitals.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Name for model cards and reports.</summary>
    public string Name => Dispersion switch
    {
        VaspDispersion.D3Zero => "PBE-D3(0)",
        VaspDispersion.D3BeckeJohnson => "PBE-D3(BJ)",
        _ => "PBE",
    };

    /// <summary>Whether its energies hold dispersion already.</summary>
    public bool IncludesDispersion => Dispersion != VaspDispersion.None;

    /// <summary>Everything that changes a label besides the potentials, in one line.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}, ENCUT {Cutoff} eV, EDIFF {ScfConvergence:0.###E+0} eV, {Smearing} smearing {SmearingWidth} eV, k points {string.Join('x', KPoints)}, {(SpinPolarized ? "spin-polarised, " : "")}LREAL {(RealSpaceProjection ? "Auto" : "F")}, energy {Energy}{string.Concat(Tags.Where(tag => !_parallel.Contains(tag.Key)).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $", {tag.Key} {tag.Value}"))}");

    /// <summary>Checks the settings.</summary>
    /// <exception cref="MofException">A mesh that is none, or a tag that is not free.</exception>
    public void Check()
    {
        if (KPoints.Count != 3 || KPoints.Any(count => count < 1))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the mesh of k points is {string.Join(' ', KPoints)}", expected: "three whole numbers from 1");
        }

        foreach (var (tag, value) in Tags)
        {
            if (_reserved.Contains(tag.ToUpperInvariant()))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the INCAR tag {tag} is set by MofInterop", expected: "another tag", remedy: "Most of these have a parameter of their own; labels are single points of PBE with forces and stress.");
            }

            if (tag.Length == 0 || !tag.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_') || value.AsSpan().ContainsAny("\n;=#!"))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"'{tag} = {value}' is no INCAR tag", expected: "a tag in capitals and its value");
            }
        }
    }

    /// <summary>Checks that a configuration can be computed.</summary>
    /// <exception cref="MofException">It is not periodic, or a position is not finite.</exception>
    public static void Check(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.Periodic || configuration.Cell is null)
        {
            throw new MofException(ErrorKind.Unsupported, "VASP needs a configuration that is periodic in all directions", remedy: "Put a molecule into a cell with enough empty space around it.");
        }

        if (!Array.TrueForAll(configuration.Positions, double.IsFinite))
        {
            throw new MofException(ErrorKind.InvalidArgument, "a position is not finite");
        }
    }
}
