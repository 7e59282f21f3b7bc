using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class RidgeCrossValidationTests
{
    private const int Folds = 3;

    private static readonly SnapTrainingSettings _small = new() { TwoJMax = 2, CutoffFactor = 3.2 };

    private static readonly AtomTypes _types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()));

    private static readonly double[] _ridges = [1e-12, 1e-9, 1e-6, 1e-3];

    /// <summary>Labels by a potential that is richer than the one that is fitted where nothing else is said, with noise in the forces; in groups when wanted.</summary>
    private static List<AtomicConfiguration> Frames(int count, double noise, Func<int, string?>? groupOf = null, int richness = 4)
    {
        var rich = (_small with { TwoJMax = richness }).CreateModel(_types.Types);
        var random = new DeterministicRandom(7);
        double[] coefficients = [.. Enumerable.Range(0, rich.Species.Count * rich.CoefficientCount).Select(k => k % rich.CoefficientCount == 0 ? -60 + random.NextSymmetric(40) : random.NextSymmetric(0.05))];
        using var potential = new SnapPotential(rich.WithCoefficients(coefficients));
        using var evaluator = new PotentialEvaluator(potential);
        var frames = new List<AtomicConfiguration>();
        for (var k = 0; k < count; k++)
        {
            var frame = TestStructures.Distorted(TestStructures.Mof5Primitive().With(_types.Labels), (ulong)(1000 + k));
            var label = evaluator.Evaluate(frame);
            var noisy = new ReferenceLabel(label.Energy, [.. label.Forces.Select(f => f + random.NextSymmetric(noise))], label.Stress);
            frames.Add(new AtomicConfiguration(frame.Symbols, frame.Positions, frame.Cell, frame.Periodic)
            {
                Types = frame.Types,
                Label = noisy,
                Info = groupOf?.Invoke(k) is { } group ? new Dictionary<string, string> { [ConfigurationGroups.Key] = group } : new Dictionary<string, string>(),
            });
        }

        return frames;
    }

    private static RidgeCurve CurveOf(SnapTrainingSettings settings, IReadOnlyList<AtomicConfiguration> frames, IReadOnlyList<double> ridges, int threads = 1)
    {
        using var equations = new FoldedEquations(settings.CreateModel(_types.Types), settings, Folds);
        equations.Add(frames, FoldAssignment.Of(frames, Folds), threads);
        return RidgeCrossValidation.Curve(equations, ridges, threads);
    }

    [Fact]
    public void Errors_from_sums_are_those_of_fits_that_leave_each_fold_out()
    {
        var frames = Frames(8, noise: 0.05, k => k % 2 == 0 ? "even" : "odd");
        var settings = _small with { GroupWeights = new Dictionary<string, RowWeights> { ["odd"] = new(500, 5, 1500) } };
        var folds = FoldAssignment.Of(frames, Folds);
        var curve = CurveOf(settings, frames, _ridges);
        foreach (var point in curve.Points)
        {
            double energy = 0, force = 0, stress = 0, energyWeights = 0, forceWeights = 0, stressWeights = 0, rows = 0;
            for (var fold = 0; fold < Folds; fold++)
            {
                using var trainer = new SnapTrainer(settings with { Ridge = point.Ridge }, _types.Types);
                using var potential = new SnapPotential(trainer.Fit([.. frames.Where((_, k) => folds[k] != fold)]).Model);
                using var evaluator = new PotentialEvaluator(potential);
                foreach (var frame in frames.Where((_, k) => folds[k] == fold))
                {
                    var (label, found, weights) = (frame.Label!, evaluator.Evaluate(frame), settings.RowWeightsOf(frame));
                    energy += Math.Pow(weights.Energy * (found.Energy - label.Energy) / frame.Count, 2);
                    force += label.Forces.Zip(found.Forces, (r, p) => Math.Pow(weights.Force * (p - r), 2)).Sum();
                    stress += label.Stress!.Zip(found.Stress!, (r, p) => Math.Pow(weights.Stress * (p - r), 2)).Sum();
                    energyWeights += Math.Pow(weights.Energy, 2);
                    forceWeights += label.Forces.Length * Math.Pow(weights.Force, 2);
                    stressWeights += 6 * Math.Pow(weights.Stress, 2);
                    rows += 1 + label.Forces.Length + 6;
                }
            }

            var at = $"ridge {point.Ridge}";
            point.Errors.Energy.ShouldBe(1000 * Math.Sqrt(energy / energyWeights), 1e-6 * point.Errors.Energy, at);
            point.Errors.Force.ShouldBe(1000 * Math.Sqrt(force / forceWeights), 1e-6 * point.Errors.Force, at);
            point.Errors.Stress.ShouldBe(160217.6634 * Math.Sqrt(stress / stressWeights), 1e-6 * point.Errors.Stress, at);
            point.Errors.Weighted.ShouldBe(Math.Sqrt((energy + force + stress) / rows), 1e-6 * point.Errors.Weighted, at);
        }
    }

    [Fact]
    public void Few_ridges_and_many_give_the_same_errors()
    {
        var frames = Frames(6, noise: 0.05);
        var many = CurveOf(_small, frames, new RidgeSearch(Folds, 1e-11, 1e-3, 2).Values);
        foreach (var (ridge, place) in new[] { (1e-11, 0), (1e-9, 4), (1e-3, 16) })
        {
            var one = CurveOf(_small, frames, [ridge]).Points[0].Errors;
            one.Energy.ShouldBe(many.Points[place].Errors.Energy, 1e-5 * one.Energy);
            one.Force.ShouldBe(many.Points[place].Errors.Force, 1e-5 * one.Force);
            one.Stress.ShouldBe(many.Points[place].Errors.Stress, 1e-5 * one.Stress);
        }
    }

    [Fact]
    public void The_ridge_chosen_is_the_largest_of_the_best_on_the_curve_and_the_fit_is_that_with_it_given()
    {
        var frames = Frames(9, noise: 0.3);
        using var trainer = new SnapTrainer(_small with { RidgeSearch = new RidgeSearch(Folds, 1e-12, 1, 2) }, _types.Types);
        var fit = trainer.Fit(frames);
        var curve = fit.RidgeCurve!;
        curve.Points.Count.ShouldBe(25);
        var smallest = curve.Points.Min(point => point.Errors.Weighted);
        curve.Chosen.ShouldBe(curve.Points.Where(point => point.Errors.Weighted <= smallest * 1.001).Max(point => point.Ridge));
        curve.Points[^1].Errors.Weighted.ShouldBeGreaterThan(2 * smallest);
        fit.Condition.Ridge.ShouldBe(curve.Chosen);
        curve.Warning.ShouldBeNull();
        using var given = new SnapTrainer(_small with { Ridge = curve.Chosen }, _types.Types);
        var plain = given.Fit(frames);
        plain.RidgeCurve.ShouldBeNull();
        fit.Condition.Rows.ShouldBe(plain.Condition.Rows);
        using var a = new SnapPotential(fit.Model);
        using var b = new SnapPotential(plain.Model);
        using var ea = new PotentialEvaluator(a);
        using var eb = new PotentialEvaluator(b);
        var (pa, pb) = (ea.Evaluate(frames[0]), eb.Evaluate(frames[0]));
        pa.Energy.ShouldBe(pb.Energy, 1e-6);
        for (var k = 0; k < pa.Forces.Length; k++)
        {
            pa.Forces[k].ShouldBe(pb.Forces[k], 1e-6);
        }
    }

    [Fact]
    public void Noise_in_the_labels_makes_the_ridge_larger()
    {
        var settings = _small with { RidgeSearch = new RidgeSearch(Folds, 1e-12, 1e2, 2) };
        double[] chosen = [.. new[] { 0.0, 1.0 }.Select(noise =>
        {
            using var trainer = new SnapTrainer(settings, _types.Types);
            return trainer.Fit(Frames(6, noise, richness: settings.TwoJMax)).RidgeCurve!.Chosen;
        })];
        chosen[1].ShouldBeGreaterThan(10 * chosen[0]);
    }

    [Fact]
    public void A_ridge_at_the_end_of_its_range_is_told()
    {
        using var trainer = new SnapTrainer(_small with { RidgeSearch = new RidgeSearch(Folds, 1e-3, 1, 2) }, _types.Types);
        trainer.Fit(Frames(6, noise: 0, richness: 2)).RidgeCurve!.Warning!.ShouldContain("cross-validation chose the ridge 0.001, an end of the range");
    }

    [Fact]
    public void Neither_threads_nor_arrival_in_pieces_change_the_bits()
    {
        var frames = Frames(10, noise: 0.1);
        var settings = _small with { RidgeSearch = new RidgeSearch(Folds, 1e-10, 1e-2, 1) };
        using var one = new SnapTrainer(settings, _types.Types);
        using var pieces = new SnapTrainer(settings, _types.Types) { Threads = 3 };
        pieces.Fit(frames[..4]);
        var (whole, grown) = (one.Fit(frames), pieces.Fit(frames));
        grown.RidgeCurve!.Points.ShouldBe(whole.RidgeCurve!.Points);
        Coefficients(grown).ShouldBe(Coefficients(whole));
    }

    [Fact]
    public void Every_fold_gets_its_part_of_every_group()
    {
        var frames = Frames(12, 0, k => k < 6 ? "bulk" : k < 9 ? "surface" : $"single {k}");
        var folds = FoldAssignment.Of(frames, Folds);
        folds.ShouldBe([0, 1, 2, 0, 1, 2, 1, 2, 0, 2, 0, 1]);
        FoldAssignment.Of(frames[..7], Folds).ShouldBe(folds[..7]);
    }

    [Fact]
    public void What_cannot_be_cross_validated_is_refused()
    {
        var frames = Frames(1, 0);
        Should.Throw<MofException>(() => CurveOf(_small, frames, _ridges)).Message.ShouldContain("fewer than two configurations");
        Should.Throw<MofException>(() => (_small with { RidgeSearch = new RidgeSearch(5, 1, 1e-3, 4) }).CreateModel(_types.Types)).Message.ShouldContain("0 < from < to");
        Should.Throw<MofException>(() => new FoldAssignment(1)).Message.ShouldContain("1 folds");
        var dead = _small with { GroupWeights = new Dictionary<string, RowWeights> { ["g"] = new(0, 0, 0) } };
        Should.Throw<MofException>(() => CurveOf(dead, Frames(3, 0, _ => "g"), _ridges)).Message.ShouldContain("no energy, force or stress has a weight");
    }

    private static double[] Coefficients(SnapFit fit) => [.. fit.Model.Species.SelectMany(s => s.Coefficients.ToArray())];
}
