using System.Text.Json.Serialization;
using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>What was measured on one run; sums that are averaged with those of other runs.</summary>
public sealed record RunMeasurement
{
    /// <summary>Name of the run or file.</summary>
    public required string Name { get; init; }

    /// <summary>Frames.</summary>
    public required long Frames { get; init; }

    /// <summary>Time between frames, fs; NaN where it is not known.</summary>
    public required double Interval { get; init; }

    /// <summary>Mean volume of the cell, Å³; 0 without a cell.</summary>
    public double Volume { get; init; }

    /// <summary>What was repaired or is to be doubted.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Radial distributions, the total last.</summary>
    public IReadOnlyList<PairCurve> Pairs { get; init; } = [];

    /// <summary>Angles.</summary>
    public IReadOnlyList<AngleCurve> Angles { get; init; } = [];

    /// <summary>Dihedral angles.</summary>
    public IReadOnlyList<AngleCurve> Dihedrals { get; init; } = [];

    /// <summary>Coordination numbers.</summary>
    public IReadOnlyList<CoordinationResult> Coordination { get; init; } = [];

    /// <summary>Displacements of independent segments.</summary>
    public IReadOnlyList<DisplacementCurves> Displacements { get; init; } = [];

    /// <summary>Velocity power.</summary>
    public VelocityPower? Power { get; init; }
}

/// <summary>A radial distribution averaged over runs.</summary>
/// <param name="Curve">The curve.</param>
/// <param name="MeanForce">Potential of mean force, eV; null without a temperature.</param>
/// <param name="MeanForceErrors">Its standard errors, eV.</param>
/// <param name="PeakDistance">Place of the highest peak, Å, with the scatter of runs.</param>
/// <param name="PeakHeight">Its height.</param>
public sealed record PairAverage(PairCurve Curve, double[]? MeanForce, double[]? MeanForceErrors, Estimate? PeakDistance, Estimate? PeakHeight);

/// <summary>A vibrational spectrum averaged over runs.</summary>
/// <param name="Wavenumbers">cm⁻¹.</param>
/// <param name="Total">Its integral is 1 (over the whole range, not only what is written).</param>
/// <param name="Partial">They add up to the total.</param>
/// <param name="Resolution">Full width at half maximum of a sharp line, cm⁻¹.</param>
/// <param name="Peaks">Maxima of the total.</param>
/// <param name="CorrelationTimes">fs.</param>
/// <param name="Correlations">Velocity autocorrelations, 1 at time 0; the total last.</param>
/// <param name="Temperature">Of the velocities, K, by run.</param>
public sealed record SpectrumRecord(
    double[] Wavenumbers, SpectrumCurve Total, IReadOnlyList<SpectrumCurve> Partial, double Resolution, IReadOnlyList<SpectrumPeak> Peaks,
    double[] CorrelationTimes, IReadOnlyList<CorrelationCurve> Correlations, Estimate Temperature)
{
    /// <summary>Vibrations known from elsewhere.</summary>
    public IReadOnlyList<KnownLine> Known { get; init; } = [];
}

/// <summary>A vibration known from elsewhere.</summary>
/// <param name="Wavenumber">cm⁻¹.</param>
/// <param name="Name">What vibrates.</param>
public sealed record KnownLine(double Wavenumber, string Name);

/// <summary>What was measured at one state, averaged over runs.</summary>
public sealed record StateCurves
{
    /// <summary>Name: <c>300K</c>, or of the files.</summary>
    public required string Name { get; init; }

    /// <summary>K; null where it is not known.</summary>
    public double? Temperature { get; init; }

    /// <summary>Independent runs.</summary>
    public required int Runs { get; init; }

    /// <summary>Frames of all runs.</summary>
    public required long Frames { get; init; }

    /// <summary>Time between frames, fs; NaN where it is not known.</summary>
    public required double Interval { get; init; }

    /// <summary>Mean volume of the cell, Å³; 0 without a cell.</summary>
    public Estimate Volume { get; init; }

    /// <summary>What was repaired or is to be doubted.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Radial distributions, the total last.</summary>
    public IReadOnlyList<PairAverage> Pairs { get; init; } = [];

    /// <summary>Angles.</summary>
    public IReadOnlyList<AngleCurve> Angles { get; init; } = [];

    /// <summary>Dihedral angles.</summary>
    public IReadOnlyList<AngleCurve> Dihedrals { get; init; } = [];

    /// <summary>Coordination numbers: means over runs, the series of the first run.</summary>
    public IReadOnlyList<CoordinationResult> Coordination { get; init; } = [];

    /// <summary>Displacements and diffusion.</summary>
    public IReadOnlyList<DisplacementResult> Displacements { get; init; } = [];

    /// <summary>Vibrations.</summary>
    public SpectrumRecord? Spectrum { get; init; }
}

/// <summary>Diffusion against temperature.</summary>
/// <param name="Group">Which atoms.</param>
/// <param name="ActivationEnergy">eV.</param>
/// <param name="Prefactor">D₀, Å²/fs.</param>
/// <param name="Temperatures">K.</param>
/// <param name="Diffusion">Å²/fs at each.</param>
public sealed record DiffusionArrhenius(string Group, Estimate ActivationEnergy, Estimate Prefactor, IReadOnlyList<double> Temperatures, IReadOnlyList<Estimate> Diffusion);

/// <summary>All results of a step that measures trajectories.</summary>
/// <param name="States">In the order of the recipe.</param>
/// <param name="Arrhenius">Where diffusion was measured at two temperatures or more.</param>
public sealed record CurveResults(IReadOnlyList<StateCurves> States, IReadOnlyList<DiffusionArrhenius> Arrhenius)
{
    /// <summary>Name of the file of all results.</summary>
    public const string FileName = "curves.json";

    /// <summary>Units of what the file holds.</summary>
    [JsonPropertyOrder(-1)]
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>
    {
        ["interval"] = "fs", ["temperature"] = "K", ["volume"] = "angstrom^3", ["r"] = "angstrom", ["g"] = "1", ["mean_force"] = "eV", ["peak_distance"] = "angstrom",
        ["angles"] = "degree", ["density of angles"] = "1/degree", ["cutoff, width of coordination"] = "angstrom", ["times"] = "fs", ["displacement"] = "angstrom^2",
        ["diffusion"] = "angstrom^2/fs", ["wavenumbers, resolution, wavenumber, width of a peak"] = "1/cm", ["terahertz"] = "THz", ["density of vibrations"] = "cm", ["correlation_times"] = "fs",
        ["activation_energy"] = "eV", ["prefactor"] = "angstrom^2/fs", ["errors"] = "one standard error",
    };
}
