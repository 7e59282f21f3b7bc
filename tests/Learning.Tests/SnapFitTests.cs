using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class SnapFitTests
{
    /// <summary>Small enough for the dense algebra of the tests: 2J = 2 has 5 components.</summary>
    private static readonly SnapTrainingSettings _small = new() { TwoJMax = 2, CutoffFactor = 3.2, Ridge = 1e-12 };

    private static readonly AtomTypes _types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()));

    private static AtomicConfiguration Typed() => TestStructures.Mof5Primitive().With(_types.Labels);

    /// <summary>A potential of known coefficients, small numbers in no order; constants as large as real ones.</summary>
    private static SnapModel Known(SnapTrainingSettings settings)
    {
        var empty = settings.CreateModel(_types.Types);
        var random = new DeterministicRandom(99);
        var coefficients = new double[empty.Species.Count * empty.CoefficientCount];
        for (var k = 0; k < coefficients.Length; k++)
        {
            coefficients[k] = k % empty.CoefficientCount == 0 ? -60 + random.NextSymmetric(40) : random.NextSymmetric(0.05);
        }

        return empty.WithCoefficients(coefficients);
    }

    private static List<AtomicConfiguration> LabelledBy(SnapModel model, int first, int count)
    {
        using var potential = new SnapPotential(model);
        using var evaluator = new PotentialEvaluator(potential);
        var frames = new List<AtomicConfiguration>();
        for (var k = 0; k < count; k++)
        {
            var frame = TestStructures.Distorted(Typed(), (ulong)(first + k));
            frames.Add(frame.With(evaluator.Evaluate(frame)));
        }

        return frames;
    }

    [Fact]
    public void A_row_times_the_coefficients_is_the_prediction()
    {
        var model = Known(_small);
        var frame = LabelledBy(model, 1, 1)[0];
        using var design = new SnapDesignMatrix(model);
        design.Compute(frame);
        double[] coefficients = [.. model.Species.SelectMany(s => s.Coefficients.ToArray())];
        double[] expected = [frame.Label!.Energy, .. frame.Label.Forces, .. frame.Label.Stress!];
        design.RowCount.ShouldBe(expected.Length);
        for (var row = 0; row < expected.Length; row++)
        {
            var sum = 0.0;
            for (var k = 0; k < coefficients.Length; k++)
            {
                sum += design.Row(row)[k] * coefficients[k];
            }

            sum.ShouldBe(expected[row], 1e-9 * Math.Max(1, Math.Abs(expected[row])), $"row {row}");
        }
    }

    [Fact]
    public void Normal_equations_equal_those_of_the_explicit_design_matrix()
    {
        var frames = LabelledBy(Known(_small), 20, 3);
        var model = _small.CreateModel(_types.Types);
        using var equations = new NormalEquations(model, _small);
        using var design = new SnapDesignMatrix(model);
        var columns = design.ColumnCount;
        var product = new double[columns * columns];
        var right = new double[columns];
        var constants = Enumerable.Range(0, model.Species.Count).Select(s => -50.0 - s).ToArray();
        foreach (var frame in frames)
        {
            equations.Add(frame);
            design.Compute(frame);
            var offset = _types.Types.Select((t, s) => t.Count * constants[s]).Sum();
            double[] targets = [frame.Label!.Energy - offset, .. frame.Label.Forces, .. frame.Label.Stress!];
            for (var row = 0; row < targets.Length; row++)
            {
                var weight = row == 0 ? _small.EnergyWeight / frame.Count : row <= 3 * frame.Count ? _small.ForceWeight : _small.StressWeight;
                for (var i = 0; i < columns; i++)
                {
                    right[i] += weight * weight * design.Row(row)[i] * targets[row];
                    for (var j = 0; j < columns; j++)
                    {
                        product[i * columns + j] += weight * weight * design.Row(row)[i] * design.Row(row)[j];
                    }
                }
            }
        }

        equations.RowCount.ShouldBe(3 * (1 + 318 + 6));
        var found = equations.RightHandSide(constants);
        for (var i = 0; i < columns; i++)
        {
            found[i].ShouldBe(right[i], 1e-10 * Math.Sqrt(product[i * columns + i]) * 1e4);
            for (var j = 0; j < columns; j++)
            {
                equations.Product(i, j).ShouldBe(product[i * columns + j], 1e-12 * Math.Sqrt(product[i * columns + i] * product[j * columns + j]) + 1e-12);
            }
        }
    }

    [Fact]
    public void The_fit_reproduces_labels_that_the_model_can_make()
    {
        var known = Known(_small);
        using var trainer = new SnapTrainer(_small, _types.Types);
        var fit = trainer.Fit(LabelledBy(known, 100, 12));
        using var potential = new SnapPotential(fit.Model);
        var errors = ErrorReport.Evaluate("held out", potential, LabelledBy(known, 500, 4));
        errors.Energy.Maximum.ShouldBeLessThan(1e-3);
        errors.Force.Maximum.ShouldBeLessThan(1e-2);
        errors.Stress.Maximum.ShouldBeLessThan(1e-2);
        errors.Energy.Determination.ShouldBe(1, 1e-8);
        fit.Condition.ExpectedDeficiency.ShouldBe(6);
        fit.Condition.Columns.ShouldBe(7 * 6);
    }

    [Fact]
    public void A_refit_with_more_configurations_has_the_bits_of_a_fit_from_nothing()
    {
        var frames = LabelledBy(Known(_small), 200, 6);
        using var growing = new SnapTrainer(_small, _types.Types);
        growing.Fit(frames[..3]);
        var grown = growing.Fit(frames);
        using var fresh = new SnapTrainer(_small, _types.Types);
        var whole = fresh.Fit(frames);
        Bits(grown).ShouldBe(Bits(whole));
        // A list that does not start with what was added is fitted from nothing.
        using var other = new SnapTrainer(_small, _types.Types);
        Bits(growing.Fit(frames[1..])).ShouldBe(Bits(other.Fit(frames[1..])));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var frames = LabelledBy(Known(_small), 250, 19);
        using var one = new SnapTrainer(_small, _types.Types);
        using var three = new SnapTrainer(_small, _types.Types) { Threads = 3 };
        three.Fit(frames[..5]);
        Bits(three.Fit(frames)).ShouldBe(Bits(one.Fit(frames)));
    }

    [Fact]
    public void A_fit_goes_on_after_a_configuration_that_was_refused()
    {
        var frames = LabelledBy(Known(_small), 260, 10);
        var unlabelled = frames.Select((frame, k) => k == 7 ? frame.With((ReferenceLabel?)null) : frame).ToList();
        using var trainer = new SnapTrainer(_small, _types.Types) { Threads = 2 };
        Should.Throw<MofException>(() => trainer.Fit(unlabelled)).Message.ShouldContain("without reference results");
        using var fresh = new SnapTrainer(_small, _types.Types);
        Bits(trainer.Fit(frames)).ShouldBe(Bits(fresh.Fit(frames)));
    }

    [Fact]
    public void The_order_of_configurations_changes_rounding_only()
    {
        var frames = LabelledBy(Known(_small), 300, 6);
        using var forward = new SnapTrainer(_small with { Ridge = 1e-8 }, _types.Types);
        using var backward = new SnapTrainer(_small with { Ridge = 1e-8 }, _types.Types);
        var first = forward.Fit(frames).Model;
        var second = backward.Fit([.. frames.AsEnumerable().Reverse()]).Model;
        using var a = new SnapPotential(first);
        using var b = new SnapPotential(second);
        using var ea = new PotentialEvaluator(a);
        using var eb = new PotentialEvaluator(b);
        var (pa, pb) = (ea.Evaluate(frames[0]), eb.Evaluate(frames[0]));
        pb.Energy.ShouldBe(pa.Energy, 1e-6);
        for (var k = 0; k < pa.Forces.Length; k++)
        {
            pb.Forces[k].ShouldBe(pa.Forces[k], 1e-6);
        }
    }

    [Fact]
    public void Too_few_data_are_reported()
    {
        var settings = _small with { TwoJMax = 8, Ridge = 1e-10 };
        var frame = LabelledBy(Known(_small), 1, 1);
        using var trainer = new SnapTrainer(settings, _types.Types);
        var condition = trainer.Fit(frame).Condition;
        condition.Columns.ShouldBe(392);
        condition.Rows.ShouldBe(325);
        condition.Rank.ShouldBeLessThanOrEqualTo(325);
        condition.Warnings.ShouldContain(w => w.Contains("fewer equations (325) than coefficients (392)", StringComparison.Ordinal));
        condition.Warnings.ShouldContain(w => w.Contains("undetermined", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vanishing_ridge_on_degenerate_data_is_reported_and_a_ridge_cures_it()
    {
        var frames = LabelledBy(Known(_small), 400, 2);
        var settings = _small with { TwoJMax = 8 };
        using var weak = new SnapTrainer(settings with { Ridge = 1e-15 }, _types.Types);
        using var strong = new SnapTrainer(settings with { Ridge = 1e-6 }, _types.Types);
        weak.Fit(frames).Condition.Warnings.ShouldContain(w => w.Contains("ill-conditioned", StringComparison.Ordinal));
        strong.Fit(frames).Condition.Warnings.ShouldNotContain(w => w.Contains("ill-conditioned", StringComparison.Ordinal));
    }

    [Fact]
    public void A_force_that_was_not_computed_is_left_out()
    {
        var frames = LabelledBy(Known(_small), 600, 2);
        var forces = (double[])frames[1].Label!.Forces.Clone();
        forces[5] = double.NaN;
        var holed = frames[1].With(new ReferenceLabel(frames[1].Label!.Energy, forces, frames[1].Label!.Stress));
        using var equations = new NormalEquations(_small.CreateModel(_types.Types), _small);
        equations.Add(frames[0]);
        equations.Add(holed);
        equations.RowCount.ShouldBe(2 * 325 - 1);
        equations.RightHandSide(new double[7]).ShouldAllBe(v => double.IsFinite(v));
    }

    [Fact]
    public void A_group_with_weights_counts_by_their_squares_and_one_without_does_not_count()
    {
        var frames = LabelledBy(Known(_small), 610, 3);
        var grouped = frames.Select((frame, k) => new AtomicConfiguration(frame.Symbols, frame.Positions, frame.Cell, frame.Periodic)
        {
            Types = frame.Types,
            Label = frame.Label,
            Info = new Dictionary<string, string> { [ConfigurationGroups.Key] = k == 1 ? "Left out" : "Twice" },
        }).ToList();
        var weighted = _small with
        {
            GroupWeights = new Dictionary<string, RowWeights>
            {
                ["Twice"] = new(2 * _small.EnergyWeight, 2 * _small.ForceWeight, 2 * _small.StressWeight),
                ["Left out"] = new(0, 0, 0),
            },
        };
        using var plain = new NormalEquations(_small.CreateModel(_types.Types), _small);
        using var byGroup = new NormalEquations(_small.CreateModel(_types.Types), weighted);
        plain.Add([frames[0], frames[2]], threads: 1);
        byGroup.Add(grouped, threads: 1);
        byGroup.RowCount.ShouldBe(plain.RowCount);
        byGroup.ConfigurationCount.ShouldBe(3);
        for (var k = 0; k < plain.ColumnCount; k++)
        {
            byGroup.Product(k, k).ShouldBe(4 * plain.Product(k, k), 1e-12 * 4 * plain.Product(k, k));
        }

        Should.Throw<MofException>(() => (_small with { GroupWeights = new Dictionary<string, RowWeights> { ["Bad"] = new(1, -1, 1) } }).CreateModel(_types.Types)).Message.ShouldContain("the group 'Bad' has the weights 1, -1 and 1");
    }

    [Fact]
    public void Missing_and_damaged_labels_are_refused()
    {
        var frame = LabelledBy(Known(_small), 1, 1)[0];
        using var equations = new NormalEquations(_small.CreateModel(_types.Types), _small);
        Should.Throw<MofException>(() => equations.Add(frame.With((ReferenceLabel?)null))).Message.ShouldContain("without reference results");
        var damaged = frame.With(new ReferenceLabel(double.NaN, frame.Label!.Forces, frame.Label.Stress));
        Should.Throw<MofException>(() => equations.Add(damaged)).Message.ShouldContain("not finite");
        Should.Throw<MofException>(() => RidgeFit.Solve(equations, 1e-8)).Message.ShouldContain("without configurations");
    }

    [Fact]
    public void A_radius_for_a_type_that_no_atom_has_is_refused()
    {
        var settings = _small with { Radii = new Dictionary<string, double> { ["N3a"] = 0.5 } };
        Should.Throw<MofException>(() => settings.CreateModel(_types.Types)).Message.ShouldContain("radius for 'N3a', which no atom is");
    }

    [Fact]
    public void Settings_by_type_go_before_settings_by_element()
    {
        var settings = _small with { Radii = new Dictionary<string, double> { ["C"] = 0.41, ["C3b"] = 0.43 } };
        var model = settings.CreateModel(_types.Types);
        model.Species.Single(s => s.Label == "C3a").Radius.ShouldBe(0.41);
        model.Species.Single(s => s.Label == "C3b").Radius.ShouldBe(0.43);
        model.Species.Single(s => s.Label == "Zn4a").Radius.ShouldBe(SnapTrainingSettings.DefaultRadius("Zn"));
        model.Species.Single(s => s.Label == "Zn4a").AtomicNumber.ShouldBe(30);
    }

    private static long[] Bits(SnapFit fit) =>
        [.. fit.Model.Species.SelectMany(s => s.Coefficients.ToArray()).Select(BitConverter.DoubleToInt64Bits)];
}
