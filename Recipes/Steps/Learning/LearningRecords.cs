using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.ModelFiles.Cards;

namespace MofInterop.Steps;

/// <summary>Why a configuration joined the training set.</summary>
/// <param name="Origin">Where it comes from: <c>copy 12</c>, <c>run 3, frame 40</c>.</param>
/// <param name="Run">Index of the copy or run, from 0.</param>
/// <param name="Frame">Index of the frame in its run, from 0; 0 for a copy.</param>
/// <param name="NewBins">How many bins it opened.</param>
/// <param name="Causes">The first of them in words.</param>
public sealed record SelectionRecord(string Origin, int Run, int Frame, int NewBins, IReadOnlyList<string> Causes)
{
    private const int CausesKept = 12;

    /// <summary>What a verdict says of a frame.</summary>
    internal static SelectionRecord Of(string origin, int run, int frame, CbadVerdict verdict) =>
        new(origin, run, frame, verdict.NewBins.Count, [.. verdict.NewBins.Take(CausesKept).Select(bin => bin.ToString())]);

    /// <summary>Writes into the journal that the frame joined, and why.</summary>
    /// <param name="context">The running step.</param>
    /// <param name="facts">What comes before that; null: nothing.</param>
    internal void Journal(StepContext context, JsonObject? facts = null)
    {
        facts ??= [];
        facts["origin"] = Origin;
        facts["new_bins"] = NewBins;
        facts["because"] = Causes.Count > 0 ? Causes[0] : null;
        context.Record("frame-selected", facts);
    }
}

/// <summary>Errors of a model on a set of labelled frames.</summary>
/// <param name="Frames">How many frames.</param>
/// <param name="EnergyRmse">meV/atom.</param>
/// <param name="EnergyMae">meV/atom.</param>
/// <param name="ForceRmse">meV/Å.</param>
/// <param name="ForceMae">meV/Å.</param>
/// <param name="StressRmse">MPa; null where labels have no stress.</param>
/// <param name="StressMae">MPa.</param>
public sealed record ErrorRecord(int Frames, double EnergyRmse, double EnergyMae, double ForceRmse, double ForceMae, double? StressRmse, double? StressMae)
{
    /// <summary>As a model card says it.</summary>
    internal SetErrors OnCard(string set) => new(set, Frames) { EnergyRmse = EnergyRmse, ForceRmse = ForceRmse, StressRmse = StressRmse };

    /// <summary>Holds the errors against a recipe's goals, where it has any.</summary>
    /// <param name="context">The running step.</param>
    /// <param name="set">Name of the set.</param>
    /// <param name="energyGoal">The energy RMSE must not exceed this.</param>
    /// <param name="forceGoal">The force RMSE must not exceed this.</param>
    /// <param name="stressGoal">The stress RMSE must not exceed this; labels without stress do not reach it.</param>
    /// <param name="fewest">With fewer frames no goal is reached.</param>
    internal void Judge(StepContext context, string set, Quantity? energyGoal, Quantity? forceGoal, Quantity? stressGoal = null, int fewest = 0)
    {
        void Goal(string what, double error, Quantity? goal, string unit)
        {
            if (goal?.In(unit) is { } limit)
            {
                context.Goal($"{what} RMSE of the {set} frames", error, limit, unit, Frames >= fewest && error <= limit);
            }
        }

        Goal("energy", EnergyRmse, energyGoal, "meV/atom");
        Goal("force", ForceRmse, forceGoal, "meV/angstrom");
        Goal("stress", StressRmse ?? double.PositiveInfinity, stressGoal, "MPa");
    }
}

/// <summary>One generation of active learning as the report shows it.</summary>
/// <param name="Generation">0 for the given frames and random distortions that come first.</param>
/// <param name="Temperature">K; null for generation 0.</param>
/// <param name="Runs">How the runs went; empty for generation 0.</param>
/// <param name="Candidates">Frames that were offered.</param>
/// <param name="Selected">What joined and why.</param>
/// <param name="SetAside">Selected configurations that got no label.</param>
/// <param name="ErrorsBefore">Errors of the potential of the generation before on the new frames; null for generation 0.</param>
/// <param name="ErrorsAfter">Errors on the whole training set after the fit.</param>
/// <param name="OccupiedBins">Bins of the selection after this generation.</param>
/// <param name="Rank">Numerical rank of the fit.</param>
/// <param name="Columns">Coefficients of the fit.</param>
/// <param name="ConditionNumber">Of the fit's normal matrix with the ridge.</param>
/// <param name="LabelSeconds">Wall time spent in the reference program, summed over labels.</param>
public sealed record GenerationRecord(
    int Generation,
    double? Temperature,
    IReadOnlyList<DynamicsRecord> Runs,
    int Candidates,
    IReadOnlyList<SelectionRecord> Selected,
    int SetAside,
    ErrorRecord? ErrorsBefore,
    ErrorRecord ErrorsAfter,
    int OccupiedBins,
    int Rank,
    int Columns,
    double ConditionNumber,
    double LabelSeconds)
{
    /// <summary>What decides whether the loop goes on; null in records of versions that did not look at it.</summary>
    public GenerationProgress? Progress { get; init; }

    /// <summary>How cross-validation chose the ridge of the fit; null where it was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RidgeCurve? RidgeCurve { get; init; }
}

/// <summary>What a generation came to, for deciding whether to go on.</summary>
public sealed record GenerationProgress
{
    /// <summary>Which generation of this temperature, from 1.</summary>
    public int Round { get; init; } = 1;

    /// <summary>Bins opened in this generation divided by all occupied after it.</summary>
    public double? NewBinFraction { get; init; }

    /// <summary>Part of the runs that kept every bond; null without runs.</summary>
    public double? IntactFraction { get; init; }

    /// <summary>Mean lengths of a, b and c over the intact frames, Å; null without frames.</summary>
    public IReadOnlyList<double>? MeanCellLengths { get; init; }

    /// <summary>Largest relative change of these since the generation before; null for the first.</summary>
    public double? CellDrift { get; init; }

    /// <summary>Errors of the new potential on the growing test set; null where there is none.</summary>
    public ErrorRecord? TestErrors { get; init; }

    /// <summary>Chosen configurations whose labels came too late and join the next generation.</summary>
    public int Late { get; init; }

    /// <summary>Why the temperature was to be repeated; empty: it was not.</summary>
    public IReadOnlyList<string> NotYet { get; init; } = [];

    /// <summary>What kept the loop from ending; null where the recipe has no criterion.</summary>
    public IReadOnlyList<string>? StopUnmet { get; init; }

    /// <summary>Why the loop ended with this generation; null where it went on.</summary>
    public string? End { get; init; }
}

/// <summary>How one molecular-dynamics run went.</summary>
/// <param name="Intact">It ran to its end and its bond graph never changed.</param>
/// <param name="Problem">What ended it or which bond broke, and when; null when intact.</param>
/// <param name="IntactFemtoseconds">How long it stayed intact.</param>
/// <param name="PlannedFemtoseconds">How long it was meant to run.</param>
/// <param name="IntactFrames">Frames before the first broken bond.</param>
/// <param name="Trace">Thermodynamic quantities against time.</param>
public sealed record DynamicsRecord(bool Intact, string? Problem, double IntactFemtoseconds, double PlannedFemtoseconds, int IntactFrames, DynamicsTrace Trace)
{
    /// <summary>How long bonds were too long before they came back, fs, where a recipe lets them; null where it does not.</summary>
    public IReadOnlyList<double>? Excursions { get; init; }
}

/// <summary>Thermodynamic quantities against time, thinned for plots.</summary>
/// <param name="Time">fs.</param>
/// <param name="Temperature">K.</param>
/// <param name="Volume">Å³.</param>
/// <param name="Energy">Potential energy, eV.</param>
public sealed record DynamicsTrace(IReadOnlyList<double> Time, IReadOnlyList<double> Temperature, IReadOnlyList<double> Volume, IReadOnlyList<double> Energy);
