using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Vasp;

namespace MofInterop.Steps;

/// <summary>How VASP computes labels.</summary>
public sealed record VaspOptions
{
    private static readonly VaspMethod _defaults = new();

    /// <summary>Command line.</summary>
    [Parameter("The command line of VASP, with mpirun where it runs in parallel: [mpirun, -np, '8', vasp_std].", MinimumCount = 1, AffectsResult = false)]
    public IReadOnlyList<string> Command { get; init; } = [VaspSettings.Program];

    /// <summary>Potentials.</summary>
    [Parameter("Folder of PAW potentials (potpaw_PBE), one folder for each; default: potpaw_PBE below the variable VASP_PP_PATH. They are licensed with VASP and not part of MofInterop.", AffectsResult = false)]
    public InputData? Potentials { get; init; }

    /// <summary>Names of potentials.</summary>
    [Parameter("The potential of an element where it is not called as the element: { Zn: Zn_pv }.")]
    public IReadOnlyDictionary<string, string> PotentialNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Dispersion.</summary>
    [Parameter("Damping of D3 with method: pbe-d3: becke-johnson (IVDW = 12) or zero (IVDW = 11).")]
    public DispersionDampingChoice D3Damping { get; init; }

    /// <summary>Cutoff.</summary>
    [Parameter("Plane-wave cutoff (ENCUT).", Dimension = Dimension.Energy, Above = "0 eV")]
    public Quantity Cutoff { get; init; } = Quantity.Parse("520 eV");

    /// <summary>Convergence.</summary>
    [Parameter("Convergence of the electrons (EDIFF).", Dimension = Dimension.Energy, Above = "0 eV")]
    public Quantity ScfConvergence { get; init; } = Quantity.Parse("1e-6 eV");

    /// <summary>Smearing.</summary>
    [Parameter("Smearing of occupations: gaussian (ISMEAR = 0), fermi (-1), methfessel-paxton (1).")]
    public VaspSmearing Smearing { get; init; }

    /// <summary>Width.</summary>
    [Parameter("Width of the smearing (SIGMA).", Dimension = Dimension.Energy, Above = "0 eV")]
    public Quantity SmearingWidth { get; init; } = Quantity.Parse("0.05 eV");

    /// <summary>k points.</summary>
    [Parameter("Gamma-centred mesh of k points along a, b, c.", MinimumCount = 3, AtLeast = 1)]
    public IReadOnlyList<int> KPoints { get; init; } = _defaults.KPoints;

    /// <summary>Spin.</summary>
    [Parameter("Spin-polarised (ISPIN = 2); give MAGMOM under incar where it matters.")]
    public bool SpinPolarized { get; init; }

    /// <summary>Projection.</summary>
    [Parameter("Projection in real space (LREAL = Auto): faster for large cells, less accurate.")]
    public bool RealSpaceProjection { get; init; }

    /// <summary>SCF steps.</summary>
    [Parameter("Most electronic steps of the first attempt (NELM).", AtLeast = 5)]
    public int MostScfSteps { get; init; } = _defaults.MostScfSteps;

    /// <summary>Energy.</summary>
    [Parameter("Which energy is the label's: free (forces are its derivatives), without-entropy, extrapolated (sigma to 0).")]
    public VaspEnergy Energy { get; init; }

    /// <summary>Further tags.</summary>
    [Parameter("Further INCAR tags in capitals: { NCORE: '4' }.")]
    public IReadOnlyDictionary<string, string> Incar { get; init; } = new Dictionary<string, string>();

    /// <summary>The method as VASP takes it.</summary>
    /// <exception cref="MofException">The method is none that VASP has.</exception>
    internal VaspMethod Method(ElectronicMethod method) => new()
    {
        Dispersion = method switch
        {
            ElectronicMethod.Pbe => VaspDispersion.None,
            ElectronicMethod.PbeD3 => D3Damping == DispersionDampingChoice.Zero ? VaspDispersion.D3Zero : VaspDispersion.D3BeckeJohnson,
            _ => throw new MofException(ErrorKind.Unsupported, "VASP has PBE and PBE-D3 only", expected: "method: pbe or method: pbe-d3"),
        },
        Cutoff = Cutoff.Value,
        ScfConvergence = ScfConvergence.Value,
        Smearing = Smearing,
        SmearingWidth = SmearingWidth.Value,
        KPoints = KPoints,
        SpinPolarized = SpinPolarized,
        RealSpaceProjection = RealSpaceProjection,
        MostScfSteps = MostScfSteps,
        Energy = Energy,
        Tags = Incar,
    };

    /// <summary>The library of potentials.</summary>
    /// <exception cref="MofException">It is not known or not there.</exception>
    internal VaspPotentials Library() => new(VaspPotentials.Find(Potentials?.Path), PotentialNames);
}

/// <summary>Damping of D3.</summary>
public enum DispersionDampingChoice
{
    /// <summary>Becke–Johnson.</summary>
    BeckeJohnson,

    /// <summary>Zero.</summary>
    Zero,
}
