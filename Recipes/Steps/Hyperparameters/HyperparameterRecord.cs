using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>How a search for hyperparameters went.</summary>
/// <param name="Frames">Labelled frames.</param>
/// <param name="TestFrames">Of these, such that were only tested on; 0 with cross-validation.</param>
/// <param name="Folds">Of the cross-validation; 0 with test frames.</param>
/// <param name="Start">Where it started; null where that could not be fitted.</param>
/// <param name="Best">What it found.</param>
/// <param name="Parameters">What was varied.</param>
/// <param name="Generations">How it went.</param>
/// <param name="Evaluations">Candidates tried, repeated ones included.</param>
/// <param name="Failures">Candidates that could not be fitted, by reason.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Recipe">The values found as a recipe writes them.</param>
public sealed record HyperparameterRecord(
    int Frames,
    int TestFrames,
    int Folds,
    CandidateRecord? Start,
    CandidateRecord Best,
    IReadOnlyList<VariedParameter> Parameters,
    IReadOnlyList<SearchGeneration> Generations,
    int Evaluations,
    IReadOnlyDictionary<string, int> Failures,
    string End,
    string Recipe);

/// <summary>A candidate.</summary>
/// <param name="Objective">What is made small.</param>
/// <param name="Errors">On frames not fitted.</param>
/// <param name="Ridge">With which.</param>
/// <param name="Neighbors">Mean number of neighbours of an atom.</param>
public sealed record CandidateRecord(double Objective, ValidationErrors Errors, double Ridge, double Neighbors);

/// <summary>A parameter that was varied.</summary>
/// <param name="Name">As the recipe names it.</param>
/// <param name="From">Lower limit.</param>
/// <param name="To">Upper limit.</param>
/// <param name="Start">Where the search started.</param>
/// <param name="Best">What it found.</param>
public sealed record VariedParameter(string Name, double From, double To, double Start, double Best);

/// <summary>A generation.</summary>
/// <param name="Generation">0: the first population.</param>
/// <param name="Best">Smallest objective so far.</param>
/// <param name="Median">Of the members.</param>
/// <param name="Spread">Standard deviation of the members' objectives divided by their mean; infinite while one of them could not be fitted.</param>
public sealed record SearchGeneration(int Generation, double Best, double Median, double Spread);
