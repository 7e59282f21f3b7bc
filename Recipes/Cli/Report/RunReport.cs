using MofInterop.Engine;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>Makes the report of a run folder, finished or not, from what its steps left there.</summary>
internal static class RunReport
{
    /// <summary>Describes the run as a document.</summary>
    public static ReportDocument Describe(RunFolder run)
    {
        List<ReportSection> sections = [.. StepSections.Distinguish([.. run.Steps.Where(step => step.Finished)
            .Select(step => (Step: step, Section: Section(step))).Where(one => one.Section is not null).Select(one => (one.Step, one.Section!))])];
        if (run.Steps.Any(step => step.SetAside.Count > 0))
        {
            sections.Add(SetAsideSection.Of(run));
        }

        if (TimeSection.Of(run) is { } times)
        {
            sections.Add(times);
        }

        sections.Add(ProvenanceSection.Of(run));
        return new ReportDocument($"{run.RecipeName}: report", Banner(run), sections);
    }

    /// <summary>The section of a step's kind; a kind without one is still in the table of steps.</summary>
    private static ReportSection? Section(StepSummary step) => step.Kind switch
    {
        "structure" => StructureSection.Of(step),
        "potential" => PotentialSection.Of(step),
        "active-learning" => LearningSection.Of(step),
        "aimd" => TrajectorySection.OfDynamics(step),
        "trajectory" => TrajectorySection.Of(step),
        "hyperparameters" => HyperparameterSection.Of(step),
        "fit" => FitSection.Of(step),
        "learning-curve" => LearningCurveSection.Of(step),
        "test-ramp" => TestSection.Of(step),
        "stability" => StabilitySection.Of(step),
        "vibrations" or "analysis" => CurvesSection.Of(step),
        "pores" => PoresSection.Of(step),
        "network" => NetworkSection.Of(step),
        "lattice" => LatticeSection.Of(step),
        "relaxation" => RelaxationSection.Of(step),
        "mechanics" => MechanicsSection.Of(step),
        "melt-quench" => MeltQuenchSection.Of(step),
        _ => null,
    };

    private static ReportBanner Banner(RunFolder run)
    {
        var goals = run.Steps.SelectMany(step => step.Goals).ToArray();
        var unfinished = run.Steps.Where(step => !step.Finished).Select(step => step.Name).ToArray();
        var missed = goals.Count(goal => !goal.Met);
        var (outcome, text) = (unfinished.Length, missed) switch
        {
            (> 0, _) => (ReportOutcome.Unfinished, $"Not finished: {string.Join(", ", unfinished)} still to do. The same command goes on where it stopped."),
            (0, > 0) => (ReportOutcome.Missed, $"Finished, but {missed} of {goals.Length} goals were missed: do not use the potential without looking at what follows."),
            _ => (ReportOutcome.Passed, goals.Length == 0 ? "Finished; the recipe states no goals." : $"Finished; all {goals.Length} goals were met."),
        };
        Headline[] headlines = [.. goals.Select(goal => new Headline(Capital(goal.What), $"{Text.Number(goal.Value)} {goal.Unit}", $"limit {Text.Number(goal.Limit)} {goal.Unit}", goal.Met))];
        string[] warnings = [.. run.Steps.SelectMany(step => step.Warnings.Select(warning => $"{step.Name}: {warning}"))];
        return new ReportBanner(outcome, text, headlines, warnings);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
