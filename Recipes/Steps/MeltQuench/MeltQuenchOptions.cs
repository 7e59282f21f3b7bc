using MofInterop.Analysis.Networks;
using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="MeltQuenchStep"/>.</summary>
public sealed record MeltQuenchOptions
{
    /// <summary>Runs.</summary>
    [Parameter("Independent runs, each with velocities of its own.", AtLeast = 1)]
    public int Runs { get; init; } = 3;

    /// <summary>Temperature of crystal and glass.</summary>
    [Parameter("Temperature at which the crystal is equilibrated, and to which the melt is cooled.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity Temperature { get; init; } = Quantity.Parse("300 K");

    /// <summary>Equilibration.</summary>
    [Parameter("How long the crystal is equilibrated before it is heated, and the glass after it was cooled.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Equilibration { get; init; } = Quantity.Parse("50 ps");

    /// <summary>Heating.</summary>
    [Parameter("Rate of heating.", Dimension = Dimension.HeatingRate, Above = "0 K/ps")]
    public Quantity HeatingRate { get; init; } = Quantity.Parse("10 K/ps");

    /// <summary>Melt.</summary>
    [Parameter("Temperature to which the crystal is heated.", Dimension = Dimension.Temperature, Above = "0 K")]
    public required Quantity MeltTemperature { get; init; }

    /// <summary>Hold.</summary>
    [Parameter("How long it stays there.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Hold { get; init; } = Quantity.Parse("100 ps");

    /// <summary>Cooling.</summary>
    [Parameter("Rate of cooling.", Dimension = Dimension.HeatingRate, Above = "0 K/ps")]
    public Quantity CoolingRate { get; init; } = Quantity.Parse("10 K/ps");

    /// <summary>Ensemble.</summary>
    [Parameter("npt: at constant pressure; nvt: in the cell of the structure, as most ab-initio runs of melts are made.", Allowed = ["npt", "nvt"])]
    public string Ensemble { get; init; } = "npt";

    /// <summary>Cell.</summary>
    [Parameter("How the cell may change in npt. A liquid resists no shear: with more than its volume free its cell drifts to any shape.")]
    public CellFreedom Cell { get; init; } = CellFreedom.Isotropic;

    /// <summary>Pressure.</summary>
    [Parameter("Pressure of npt.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("Time between frames that are looked at.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity FramesEvery { get; init; } = Quantity.Parse("100 fs");

    /// <summary>Window.</summary>
    [Parameter("Length of the windows of time over which temperature, density, coordination, linkers and rings are averaged and mobility is measured.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Window { get; init; } = Quantity.Parse("5 ps");

    /// <summary>Part that is measured.</summary>
    [Parameter("The end of crystal, hold and glass that is measured and compared.", Dimension = Dimension.Fraction, Above = 0, AtMost = 1)]
    public Quantity Measured { get; init; } = Quantity.Parse("50 %");

    /// <summary>Frames that are kept.</summary>
    [Parameter("So many frames of the measured part of crystal, liquid and glass of each run go to later steps.", AtLeast = 1)]
    public int FramesKept { get; init; } = 20;

    /// <summary>Criteria.</summary>
    [Parameter("When the substance counts as molten.")]
    public MeltingCriteriaOptions Criteria { get; init; } = new();

    /// <summary>Network.</summary>
    [Parameter("How coordination, linkers and rings are counted; left out in a structure without metals: they are not.")]
    public MeltNetworkOptions? Network { get; init; }

    /// <summary>RDF.</summary>
    [Parameter("Radial distribution functions of crystal, liquid and glass.")]
    public PairOptions Rdf { get; init; } = new() { Bin = Quantity.Parse("0.05 angstrom") };

    /// <summary>Angles.</summary>
    [Parameter("Distributions of angles; left out: donor, metal, donor.")]
    public IReadOnlyList<AngleOptions>? Angles { get; init; }

    /// <summary>Supercell.</summary>
    [Parameter("How often the structure is repeated along a, b and c.", AtLeast = 1, MinimumCount = 3)]
    public IReadOnlyList<int> Supercell { get; init; } = [1, 1, 1];

    /// <summary>Starts.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Displacement = Quantity.Parse("0 angstrom"), Strain = Quantity.Parse("0 %") };

    /// <summary>Thermostat.</summary>
    [Parameter("Relaxation time of the Nosé–Hoover thermostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity ThermostatDamping { get; init; } = Quantity.Parse("100 fs");

    /// <summary>Barostat.</summary>
    [Parameter("Relaxation time of the barostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity BarostatDamping { get; init; } = Quantity.Parse("1000 fs");

    /// <summary>Restart files.</summary>
    [Parameter("Simulated time between restart files: what a kill costs at most.", Dimension = Dimension.Time, Above = "0 fs", AffectsResult = false)]
    public Quantity RestartEvery { get; init; } = Quantity.Parse("5 ps");

    /// <summary>Time limit of one stage.</summary>
    [Parameter("LAMMPS is ended when a stage takes longer on the clock, and goes on from its last restart file, three times at most. Default: none.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity? TimeLimit { get; init; }

    /// <summary>Steps between frames.</summary>
    internal int StepsBetweenFrames => Math.Max(1, (int)Math.Round(FramesEvery.Value / TimeStep.Value));

    /// <summary>Time between frames, fs.</summary>
    internal double Interval => StepsBetweenFrames * TimeStep.Value;

    /// <summary>Steps between restart files.</summary>
    internal int StepsBetweenRestarts => Math.Max(1, (int)Math.Round(RestartEvery.Value / TimeStep.Value));

    /// <summary>Frames of a window, without the one at its beginning.</summary>
    internal int FramesInWindow => Math.Max(1, (int)Math.Round(Window.Value / Interval));

    /// <summary>What a run does, in order.</summary>
    internal IReadOnlyList<MeltStage> Stages
    {
        get
        {
            double cold = Temperature.Value, hot = MeltTemperature.Value;
            return
            [
                Stage(MeltStage.Crystal, cold, cold, Equilibration.Value),
                Stage(MeltStage.Heating, cold, hot, (hot - cold) / HeatingRate.Value),
                Stage(MeltStage.Hold, hot, hot, Hold.Value),
                Stage(MeltStage.Cooling, hot, cold, (hot - cold) / CoolingRate.Value),
                Stage(MeltStage.Glass, cold, cold, Equilibration.Value),
            ];
        }
    }

    private MeltStage Stage(string name, double from, double to, double time) => new(name, from, to, Math.Max(1, (int)Math.Round(time / Interval)));
}

/// <summary>What melting is recognised by.</summary>
public enum MeltingCriterion
{
    /// <summary>Atoms leave their places and diffuse.</summary>
    Mobility,

    /// <summary>Metals lose donors.</summary>
    Coordination,

    /// <summary>The rings of the crystal are gone.</summary>
    Rings,
}

/// <summary>When a substance counts as molten: conditions on windows of time that must hold in several windows in a row.</summary>
public sealed record MeltingCriteriaOptions
{
    /// <summary>Atoms.</summary>
    [Parameter("Elements or atom types whose mobility counts; left out: the metals, all atoms where there are none.")]
    public IReadOnlyList<string>? Atoms { get; init; }

    /// <summary>Lindemann.</summary>
    [Parameter("Mobility, first half: Lindemann's ratio, of displacements over half of a window, is above this.", Above = 0.0)]
    public double Lindemann { get; init; } = 0.15;

    /// <summary>Exponent.</summary>
    [Parameter("Mobility, second half: displacements grow with time to a power above this (0: bound, 1: diffusion).", Above = 0.0, AtMost = 1.0)]
    public double Exponent { get; init; } = 0.5;

    /// <summary>Coordination.</summary>
    [Parameter("Coordination of the metals is below this part of the crystal's.", Dimension = Dimension.Fraction, Above = 0, AtMost = 1)]
    public Quantity? Coordination { get; init; }

    /// <summary>Rings.</summary>
    [Parameter("So many of the crystal's rings are left, at most.", Dimension = Dimension.Fraction, Above = 0, AtMost = 1)]
    public Quantity? Rings { get; init; }

    /// <summary>Decision.</summary>
    [Parameter("A run has melted when all of these are met; left out: all that apply. The others are told all the same.", MinimumCount = 1)]
    public IReadOnlyList<MeltingCriterion>? DecidedBy { get; init; }

    /// <summary>Windows.</summary>
    [Parameter("A criterion is met where it holds in so many windows in a row.", AtLeast = 1)]
    public int Windows { get; init; } = 3;

    /// <summary>Part of the crystal's coordination: 3.70 of 4.</summary>
    internal double CoordinationPart => Coordination?.Value ?? 0.925;

    /// <summary>Part of the crystal's rings.</summary>
    internal double RingsPart => Rings?.Value ?? 1.0 / 3;
}

/// <summary>How the net of metals and linkers is followed.</summary>
public sealed record MeltNetworkOptions
{
    /// <summary>Metals.</summary>
    [Parameter("Elements that are nodes of the net; left out: the metals of the structure.")]
    public IReadOnlyList<string>? Metals { get; init; }

    /// <summary>Bonded.</summary>
    [Parameter("A metal and a donor atom of a linker are bonded when closer than this.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity BondedWithin { get; init; } = Quantity.Parse("2.5 angstrom");

    /// <summary>Apart.</summary>
    [Parameter("Once bonded they are apart when further than this (hysteresis); left out: bonded_within, a sharp cutoff.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? ApartBeyond { get; init; }

    /// <summary>Broken.</summary>
    [Parameter("A bond inside a linker is broken when longer than this times its length in the structure.", Above = 1.0)]
    public double BrokenFactor { get; init; } = 1.4;

    /// <summary>Rings.</summary>
    [Parameter("Size of the largest rings that are counted, in nodes.", AtLeast = 3, AtMost = RingStatistics.LargestSize)]
    public int LargestRing { get; init; } = 12;

    /// <summary>Ring frames.</summary>
    [Parameter("Rings are counted in every so many of the frames.", AtLeast = 1)]
    public int RingsEvery { get; init; } = 10;

    internal NetworkOptions Counted => new() { Metals = Metals, BondedWithin = BondedWithin, ApartBeyond = ApartBeyond, BrokenFactor = BrokenFactor, LargestRing = LargestRing, RingsEvery = RingsEvery };
}

/// <summary>A part of a run at one temperature or along a ramp.</summary>
/// <param name="Name">One of the constants.</param>
/// <param name="From">K.</param>
/// <param name="To">K.</param>
/// <param name="Frames">Frames, without the one at its beginning.</param>
internal sealed record MeltStage(string Name, double From, double To, int Frames)
{
    public const string Crystal = "crystal", Heating = "heating", Hold = "hold", Cooling = "cooling", Glass = "glass";

    /// <summary>Stages whose end is measured as a state, with the names of the states.</summary>
    public static IReadOnlyList<(string Stage, string State)> States { get; } = [(Crystal, "crystal"), (Hold, "liquid"), (Glass, "glass")];

    /// <summary>The state that its end is, or null.</summary>
    public string? State => States.FirstOrDefault(one => one.Stage == Name).State;
}
