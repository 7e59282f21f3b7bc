using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>The kinds of steps that recipes can use.</summary>
public static class StepLibrary
{
    /// <summary>All steps.</summary>
    public static StepCatalog Create(StepServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var catalog = Steps(services);
        return services.Executor is { } executor ? catalog.ExecuteWith(executor) : catalog;
    }

    private static StepCatalog Steps(StepServices services) => new StepCatalog()
        .Add(new StructureStep(services))
        .Add(new PotentialStep(services))
        .Add(new AimdStep(services))
        .Add(new TrajectoryStep(services))
        .Add(new ActiveLearningStep(services))
        .Add(new HyperparameterStep())
        .Add(new FitStep())
        .Add(new LearningCurveStep())
        .Add(new TestRampStep(services))
        .Add(new StabilityStep(services))
        .Add(new VibrationsStep(services))
        .Add(new AnalysisStep(services))
        .Add(new PoresStep(services))
        .Add(new NetworkStep())
        .Add(new RelaxationStep(services))
        .Add(new LatticeStep(services))
        .Add(new MechanicsStep(services))
        .Add(new MeltQuenchStep(services));
}
