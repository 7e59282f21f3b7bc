using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Hyperparameters that an earlier step found.</summary>
internal static class TunedHyperparameters
{
    /// <summary>The input through which steps take them.</summary>
    public static StepInput Input { get; } = new("hyperparameters", "hyperparameters", "Hyperparameters that an earlier step found, in place of `snap`") { Optional = true };

    /// <summary>The options of the fit: those found, or those given. Cross-validation of the ridge and the solver stay as given.</summary>
    public static SnapOptions Of(StepContext context, SnapOptions given) => context.HasInput(Input.Name)
        ? StepJson.Read<SnapValues>(context.Input(Input.Name).FilePath).ToOptions() with { CrossValidation = given.CrossValidation, Solver = given.Solver, SmallestSingularValue = given.SmallestSingularValue }
        : given;

    /// <summary>Whether hyperparameters are taken from an earlier step; reports it when the recipe also gives some.</summary>
    public static bool Check(StepCheck check, SnapOptions given)
    {
        if (!check.HasInput(Input.Name))
        {
            return false;
        }

        if (!given.IsDefault)
        {
            check.Problem("snap", "hyperparameters are given and taken from an earlier step at once", "snap, or uses: { hyperparameters: step.hyperparameters }, beside which snap may have cross_validation alone");
        }

        return true;
    }
}
