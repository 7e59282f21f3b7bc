using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>When active learning ends before its last generation.</summary>
public sealed record StopOptions
{
    /// <summary>Criteria.</summary>
    [Parameter("All of these have to hold.")]
    public required CriteriaOptions When { get; init; }

    /// <summary>Generations in a row.</summary>
    [Parameter("For so many generations in a row.", AtLeast = 1)]
    public int Generations { get; init; } = 2;
}

/// <summary>How long a temperature is repeated.</summary>
public sealed record RepeatOptions
{
    /// <summary>Criteria.</summary>
    [Parameter("All of these have to hold before the next temperature.")]
    public required CriteriaOptions Until { get; init; }

    /// <summary>Most rounds.</summary>
    [Parameter("A temperature has at most so many generations; then the next one comes, with a warning.", AtLeast = 2)]
    public int AtMost { get; init; } = 3;
}

/// <summary>What a generation has to reach; what is left out does not count.</summary>
public sealed record CriteriaOptions
{
    /// <summary>Energy.</summary>
    [Parameter("The energy RMSE is at most this: of the growing test set where there is one (test_fraction), else of the new frames before they join the fit.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public Quantity? EnergyError { get; init; }

    /// <summary>Force.</summary>
    [Parameter("The force RMSE of the same frames is at most this.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity? ForceError { get; init; }

    /// <summary>Stress.</summary>
    [Parameter("The stress RMSE of the same frames is at most this.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity? StressError { get; init; }

    /// <summary>New bins.</summary>
    [Parameter("The generation opened at most this part of all bins that are occupied after it.", Dimension = Dimension.Fraction, AtLeast = 0)]
    public Quantity? NewBins { get; init; }

    /// <summary>Intact runs.</summary>
    [Parameter("At least this part of the generation's runs kept every bond.", Dimension = Dimension.Fraction, AtLeast = 0, AtMost = "100 %")]
    public Quantity? IntactRuns { get; init; }

    /// <summary>Drift.</summary>
    [Parameter("The mean cell lengths of the generation's runs differ from those of the generation before by at most this part.", Dimension = Dimension.Fraction, Above = 0)]
    public Quantity? CellDrift { get; init; }

    /// <summary>Whether anything is asked for.</summary>
    internal bool IsEmpty => EnergyError is null && ForceError is null && StressError is null && NewBins is null && IntactRuns is null && CellDrift is null;
}
