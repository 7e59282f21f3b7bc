using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="VibrationsStep"/>.</summary>
public sealed record VibrationsOptions
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the equilibration.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity Temperature { get; init; } = Quantity.Parse("300 K");

    /// <summary>Runs.</summary>
    [Parameter("Independent runs.", AtLeast = 1)]
    public int Runs { get; init; } = 5;

    /// <summary>Equilibration.</summary>
    [Parameter("Length of the NPT equilibration.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Equilibration { get; init; } = Quantity.Parse("5 ps");

    /// <summary>Length.</summary>
    [Parameter("Length of the NVE run that is measured.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Length { get; init; } = Quantity.Parse("50 ps");

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("Time between frames; 2 fs show up to 8300 /cm.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity SampleEvery { get; init; } = Quantity.Parse("2 fs");

    /// <summary>Groups.</summary>
    [Parameter("Partial spectra are those of each element, or of each atom type.")]
    public Grouping Groups { get; init; } = Grouping.Type;

    /// <summary>Spectrum.</summary>
    [Parameter("How the spectrum is taken.")]
    public SpectrumOptions Spectrum { get; init; } = new();

    /// <summary>Starts.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Displacement = Quantity.Parse("0 angstrom"), Strain = Quantity.Parse("0 %") };

    /// <summary>Dynamics.</summary>
    [Parameter("Settings of the molecular dynamics.")]
    public DynamicsOptions Dynamics { get; init; } = new();

    /// <summary>Keeping.</summary>
    [Parameter("Keep the trajectories, which are large, beside the measurements.", AffectsResult = false)]
    public bool KeepTrajectories { get; init; }

    /// <summary>The runs.</summary>
    internal ObservedRunOptions Observed => new()
    {
        Temperatures = [Temperature],
        Count = Runs,
        Equilibration = Equilibration,
        Ensemble = "nve",
        Length = Length,
        TimeStep = TimeStep,
        SampleEvery = SampleEvery,
        Start = Start,
        Dynamics = Dynamics,
        KeepTrajectories = KeepTrajectories,
    };

    /// <summary>What is measured.</summary>
    internal MeasurementOptions Measured => new() { Groups = Groups, Spectrum = Spectrum };
}

/// <summary>Vibrational density of states: NVE runs from NPT-equilibrated starts, total and partial spectra, and a table of peaks.</summary>
/// <param name="services">Starts programs.</param>
public sealed class VibrationsStep(StepServices services) : RecipeStep<VibrationsOptions>
{
    /// <inheritdoc/>
    public override string Kind => "vibrations";

    /// <inheritdoc/>
    public override string Summary => "Vibrational density of states, total and by kind of atom, of NVE runs from NPT-equilibrated starts";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs => CurveOutputs.Outputs;

    /// <inheritdoc/>
    public override void Check(VibrationsOptions options, StepCheck check) => options.Observed.Check(check, string.Empty, options.Measured);

    /// <inheritdoc/>
    public override void WriteDecks(VibrationsOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            ObservedRuns.WriteDecks(options.Observed, options.Measured, structure, decks);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(VibrationsOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var states = await new ObservedRuns(services, context, structure, potential, options.Observed, options.Measured).MeasureAsync(cancellation).ConfigureAwait(false);
        CurveOutputs.Write(new CurveResults(states, []), context);
    }
}
