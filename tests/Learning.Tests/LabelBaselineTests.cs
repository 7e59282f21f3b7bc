using MofInterop.Potentials.Snap;
using MofInterop.Potentials.Sums;
using MofInterop.Potentials.Zbl;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class LabelBaselineTests
{
    private static readonly SnapTrainingSettings _settings = new() { TwoJMax = 2, CutoffFactor = 3.2, Ridge = 1e-12 };

    private static readonly AtomTypes _types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()));

    [Fact]
    public void A_fit_to_what_a_repulsion_leaves_gives_with_it_the_labels()
    {
        var model = _settings.CreateModel(_types.Types);
        var random = new DeterministicRandom(3);
        var coefficients = Enumerable.Range(0, model.Species.Count * model.CoefficientCount).Select(_ => random.NextSymmetric(0.05)).ToArray();
        using var truth = SumPotential.Of([new SnapPotential(model.WithCoefficients(coefficients)), Repulsion(model)]);
        var frames = Labelled(truth, 12);

        using var baseline = new LabelBaseline(Repulsion(model));
        using var trainer = new SnapTrainer(_settings, _types.Types);
        var rest = baseline.Subtract(frames);
        (frames[0].Label!.Energy - rest[0].Label!.Energy).ShouldBeGreaterThan(1);
        using var fitted = SumPotential.Of([new SnapPotential(trainer.Fit(rest).Model), Repulsion(model)]);

        ErrorReport.Evaluate("training", fitted, frames).Force.RootMeanSquare.ShouldBeLessThan(0.1);
        ErrorReport.Evaluate("training", fitted, frames).Energy.RootMeanSquare.ShouldBeLessThan(0.01);
    }

    [Fact]
    public void The_same_configuration_gives_the_same_object_again()
    {
        var model = _settings.CreateModel(_types.Types);
        using var baseline = new LabelBaseline(Repulsion(model));
        var frames = Labelled(new SnapPotential(model), 2);
        var first = baseline.Subtract(frames[..1]);
        ReferenceEquals(baseline.Subtract(frames)[0], first[0]).ShouldBeTrue();
    }

    private static ZblPotential Repulsion(SnapModel model) =>
        new(ZblModel.BetweenAll([.. model.Species.Select(s => new Potentials.Atoms.Species(s.Label, s.AtomicNumber, s.Mass))], 0.9, 1.5));

    private static List<AtomicConfiguration> Labelled(Potentials.IPotential truth, int count)
    {
        using var evaluator = new PotentialEvaluator(truth);
        var typed = TestStructures.Mof5Primitive().With(_types.Labels);
        return [.. Enumerable.Range(1, count).Select(seed =>
        {
            var frame = TestStructures.Distorted(typed, (ulong)seed);
            return frame.With(evaluator.Evaluate(frame));
        })];
    }
}
