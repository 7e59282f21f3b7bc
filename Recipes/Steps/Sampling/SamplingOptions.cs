using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>How equilibrium properties are sampled: independent runs of molecular dynamics, averaged in blocks. The defaults are the published protocol.</summary>
public record SamplingOptions
{
    /// <summary>Runs.</summary>
    [Parameter("Independent runs, each with velocities of its own.", AtLeast = 1)]
    public int Runs { get; init; } = 5;

    /// <summary>Length.</summary>
    [Parameter("Length of each run.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Length { get; init; } = Quantity.Parse("600 ps");

    /// <summary>Equilibration.</summary>
    [Parameter("The beginning of each run that is dropped.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Equilibration { get; init; } = Quantity.Parse("100 ps");

    /// <summary>Block.</summary>
    [Parameter("Length of the blocks whose means count as independent.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Block { get; init; } = Quantity.Parse("10 ps");

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("1 fs");

    /// <summary>Samples.</summary>
    [Parameter("Time between samples of cell, volume, pressure and energy.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity SampleEvery { get; init; } = Quantity.Parse("50 fs");

    /// <summary>Frames.</summary>
    [Parameter("Time between two looks at the bonds.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity FramesEvery { get; init; } = Quantity.Parse("500 fs");

    /// <summary>Recovery.</summary>
    [Parameter("A bond longer than 1.4 times its length is broken unless it comes back within this time; what follows a broken bond is left out.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Recovery { get; init; } = Quantity.Parse("2 ps");

    /// <summary>Supercell.</summary>
    [Parameter("How often the structure is repeated along a, b and c.", AtLeast = 1, MinimumCount = 3)]
    public IReadOnlyList<int> Supercell { get; init; } = [1, 1, 1];

    /// <summary>Starts.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Displacement = Quantity.Parse("0 angstrom"), Strain = Quantity.Parse("0 %") };

    /// <summary>Thermostat.</summary>
    [Parameter("Relaxation time of the Nosé–Hoover thermostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity ThermostatDamping { get; init; } = Quantity.Parse("100 fs");

    /// <summary>Chain.</summary>
    [Parameter("Thermostats in the Nosé–Hoover chain.", AtLeast = 1)]
    public int ThermostatChain { get; init; } = 5;

    /// <summary>Barostat.</summary>
    [Parameter("Relaxation time of the barostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity BarostatDamping { get; init; } = Quantity.Parse("1000 fs");

    /// <summary>Chain of the barostat.</summary>
    [Parameter("Thermostats in the chain of the barostat.", AtLeast = 1)]
    public int BarostatChain { get; init; } = 5;

    /// <summary>Restart files.</summary>
    [Parameter("Simulated time between restart files: what a kill costs at most.", Dimension = Dimension.Time, Above = "0 fs", AffectsResult = false)]
    public Quantity RestartEvery { get; init; } = Quantity.Parse("5 ps");

    /// <summary>Time limit of one run.</summary>
    [Parameter("LAMMPS is ended when it takes longer on the clock, and goes on from its last restart file, three times at most. Default: none.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity? TimeLimit { get; init; }

    /// <summary>The thermostat as LAMMPS takes it.</summary>
    internal Thermostat Thermostat => new() { Damping = ThermostatDamping.Value, ChainLength = ThermostatChain };

    /// <summary>The barostat as LAMMPS takes it.</summary>
    internal Barostat BarostatAt(double pressure, CellFreedom cell) => new() { Pressure = pressure, Cell = cell, Damping = BarostatDamping.Value, ChainLength = BarostatChain };

    /// <summary>Steps of a run.</summary>
    internal int Steps => (int)Math.Round(Length.Value / TimeStep.Value);

    /// <summary>Steps of a time, at least one.</summary>
    internal int StepsOf(Quantity time) => Math.Max(1, (int)Math.Round(time.Value / TimeStep.Value));

    /// <summary>Reports what cannot be meant.</summary>
    /// <param name="check">Of the step.</param>
    /// <param name="prefix">Of the parameters' names: nothing, or <c>sampling.</c>.</param>
    internal void Check(StepCheck check, string prefix = "")
    {
        if (Supercell.Count != 3)
        {
            check.Problem(prefix + "supercell", $"a supercell of {Supercell.Count} numbers", "three: along a, b and c");
        }

        if (Equilibration.Value >= Length.Value)
        {
            check.Problem(prefix + "equilibration", "nothing of a run is left after its equilibration", "less than length");
        }
        else if (Length.Value - Equilibration.Value < 2 * Block.Value)
        {
            check.Problem(prefix + "block", $"{Length} less {Equilibration} hold fewer than two blocks of {Block}", "a block of at most half of what is averaged");
        }

        if (Block.Value < SampleEvery.Value)
        {
            check.Problem(prefix + "block", "a block is shorter than the time between two samples", "many samples in a block");
        }

        foreach (var (name, time) in new[] { ("sample_every", SampleEvery), ("frames_every", FramesEvery) })
        {
            if (time.Value < TimeStep.Value * (1 - 1e-9))
            {
                check.Problem(prefix + name, $"{time} is less than a time step", $"at least {TimeStep}");
            }
        }
    }
}
