using MofInterop.Potentials.Snap;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Learning.Tests;

/// <summary>MIL-53(Al) at finite temperature, PBE-D3(BJ) energies, forces and stresses in a flexible cell.</summary>
public class DftTrainingTests
{
    /// <summary>The frames are hot: Al–O bonds stretch beyond the tolerance for crystal structures.</summary>
    private static readonly BondSettings _hot = new() { Tolerance = 0.5 };

    private static readonly SnapTrainingSettings _settings = new()
    {
        TwoJMax = 6,
        Radii = new Dictionary<string, double> { ["C"] = 0.5, ["O"] = 0.5, ["Al"] = 0.5, ["H"] = 0.4 },
        Ridge = 1e-6,
    };

    [SkippableFact]
    public void Few_frames_of_real_dft_give_sensible_errors_on_held_out_frames()
    {
        var training = ReferenceData.Find("dft/Al_mil53_train.xyz");
        var validation = ReferenceData.Find("dft/Al_mil53_valid.xyz");
        Skip.If(training is null || validation is null, "reference data absent");
        var frames = ExtendedXyz.Read(training!).Take(8).ToList();
        var types = AtomTyping.Assign(BondGraph.Build(frames[0], _hot));
        types.Types.Select(t => t.Label).ShouldBe(["Al6a", "C3a", "C3b", "C3c", "H1a", "H1b", "O2a", "O3a"]);
        types.Types.Select(t => t.Count).ShouldBe([16, 32, 32, 64, 16, 64, 64, 16]);

        using var trainer = new SnapTrainer(_settings, types.Types);
        var fit = trainer.Fit([.. frames.Select(f => f.With(types.Labels))]);
        using var potential = new SnapPotential(fit.Model);
        var heldOut = ErrorReport.Evaluate("held out", potential, [.. ExtendedXyz.Read(validation!).Take(3).Select(f => f.With(types.Labels))]);
        heldOut.Force.Determination.ShouldBeGreaterThan(0.95);
        heldOut.Energy.RootMeanSquare.ShouldBeLessThan(6);
        heldOut.Stress.Count.ShouldBe(3 * 6);
        heldOut.Stress.RootMeanSquare.ShouldBeLessThan(300);
        fit.Condition.ExpectedDeficiency.ShouldBe(7);
        fit.Condition.Rank.ShouldBe(fit.Condition.Columns - 7);
    }
}
