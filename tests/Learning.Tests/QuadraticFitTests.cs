using System.Globalization;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Learning.Tests;

/// <summary>Training of quadratic models, E = β₀ + β·B + ½ Bᵀ·α·B.</summary>
public class QuadraticFitTests
{
    private const string Absent = "reference data absent: snap/Mo_quadratic.json";

    private static readonly SnapTrainingSettings _small = new() { TwoJMax = 2, CutoffFactor = 3.2, Ridge = 1e-12, Quadratic = true };

    private static readonly AtomTypes _types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()));

    [Fact]
    public void Columns_are_those_of_compute_snap_in_LAMMPS()
    {
        // The golden file tells the cell, the atoms and the parameters.
        var settings = new SnapTrainingSettings
        {
            TwoJMax = 2,
            CutoffFactor = 4,
            Quadratic = true,
            Radii = new Dictionary<string, double> { ["A"] = 0.5, ["B"] = 0.6 },
            Weights = new Dictionary<string, double> { ["A"] = 1, ["B"] = 0.8 },
        };
        var frame = new AtomicConfiguration(
            ["Ta", "Ta", "Ta", "Ta"], [0.11, 0.23, 0.05, 2.31, 0.42, 0.37, 1.02, 2.87, 1.95, 3.44, 3.01, 4.12], new Cell([6.1, 0, 0, 0.3, 5.7, 0, -0.2, 0.5, 6.4]), periodic: true)
        {
            Types = ["A", "B", "A", "B"],
        };
        using var design = new SnapDesignMatrix(settings.CreateModel([new AtomType("A", "Ta", 2, []), new AtomType("B", "Ta", 2, [])]));
        design.Compute(frame);
        double[][] theirs = [.. File.ReadLines(Path.Combine(Repository.Root, "tests", "Learning.Tests", "Data", "compute-snap-quadratic.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
        const int Components = 5 + 15;
        theirs.Length.ShouldBe(design.RowCount);
        for (var row = 0; row < theirs.Length; row++)
        {
            // Their virials are those of the whole cell with the sign of a pressure.
            var factor = row > 12 ? -frame.Cell!.Volume : 1;
            var largest = theirs[row].Max(Math.Abs);
            for (var species = 0; species < 2; species++)
            {
                design.Row(row)[species * (1 + Components)].ShouldBe(row == 0 ? 2 : 0);
                for (var k = 0; k < Components; k++)
                {
                    (factor * design.Row(row)[species * (1 + Components) + 1 + k]).ShouldBe(theirs[row][species * Components + k], 1e-11 * largest, $"row {row}, species {species}, component {k}");
                }
            }
        }
    }

    [Fact]
    public void A_row_times_the_coefficients_is_the_prediction_of_the_potential()
    {
        var model = Known(_small);
        var frame = LabelledBy(model, TestStructures.Distorted(TestStructures.Mof5Primitive().With(_types.Labels), 1));
        using var design = new SnapDesignMatrix(model);
        design.Compute(frame);
        design.ColumnCount.ShouldBe(7 * (1 + 5 + 15));
        double[] coefficients = [.. model.Species.SelectMany(s => s.Coefficients.ToArray())];
        double[] expected = [frame.Label!.Energy, .. frame.Label.Forces, .. frame.Label.Stress!];
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

    [Theory]
    [InlineData(FitSolver.NormalEquations)]
    [InlineData(FitSolver.Svd)]
    public void A_fit_finds_a_quadratic_potential_of_seven_types_again_and_a_linear_one_does_not(FitSolver solver)
    {
        var known = Known(_small);
        List<AtomicConfiguration> Frames(int first, int count) =>
            [.. Enumerable.Range(first, count).Select(seed => LabelledBy(known, TestStructures.Distorted(TestStructures.Mof5Primitive().With(_types.Labels), (ulong)seed)))];
        var heldOut = Frames(900, 3);
        ErrorReport ErrorsOf(SnapTrainingSettings settings)
        {
            using var trainer = new SnapTrainer(settings, _types.Types) { Threads = 2 };
            using var potential = new SnapPotential(trainer.Fit(Frames(100, 16)).Model);
            return ErrorReport.Evaluate("held out", potential, heldOut);
        }

        var quadratic = ErrorsOf(_small with { Solver = solver });
        quadratic.Force.Maximum.ShouldBeLessThan(0.1);
        quadratic.Energy.Maximum.ShouldBeLessThan(0.01);
        ErrorsOf(_small with { Quadratic = false }).Force.RootMeanSquare.ShouldBeGreaterThan(100 * quadratic.Force.RootMeanSquare);
    }

    [SkippableFact]
    public void The_published_potential_of_molybdenum_is_found_again_from_its_labels()
    {
        var reference = SnapReferenceCase.Find("Mo_quadratic");
        Skip.If(reference is null, Absent);
        var published = SnapFiles.Read(reference!.CoefficientFile, reference.ParameterFile);
        var p = published.Parameters;
        p.Quadratic.ShouldBeTrue();
        var species = published.Species.Single();
        var settings = new SnapTrainingSettings
        {
            TwoJMax = p.TwoJMax,
            CutoffFactor = p.CutoffFactor,
            AngleFactor = p.AngleFactor,
            MinimumDistance = p.MinimumDistance,
            SubtractIsolatedAtom = p.SubtractIsolatedAtom,
            Quadratic = true,
            Radii = new Dictionary<string, double> { ["Mo"] = species.Radius },
            Weights = new Dictionary<string, double> { ["Mo"] = species.Weight },
            Solver = FitSolver.Svd,
            Ridge = 0,
        };
        var frames = Enumerable.Range(0, 24).Select(k => LabelledBy(published, Rattled(reference, (ulong)k, 0.05 + 0.02 * k))).ToList();
        using var trainer = new SnapTrainer(settings, [new AtomType("Mo", "Mo", 1, [])]);
        var fit = trainer.Fit(frames);
        fit.Condition.Rank.ShouldBe(SnapModel.CoefficientCountOf(published.BispectrumCount, quadratic: true));
        var found = fit.Model.Species[0].Coefficients;
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(species.Coefficients[k], 1e-6 * Math.Max(1e-3, Math.Abs(species.Coefficients[k])), $"coefficient {k}");
        }

        var exact = reference.Frame();
        var predicted = LabelledBy(fit.Model, exact).Label!;
        predicted.Energy.ShouldBe(reference.Energy, 1e-7);
        predicted.Forces.ShouldBe(reference.Forces, 1e-7);
    }

    [Fact]
    public void Many_columns_give_the_same_bits_for_any_number_of_threads()
    {
        var settings = _small with { TwoJMax = 5 };
        var frames = Enumerable.Range(0, 2).Select(seed => LabelledBy(Known(_small), TestStructures.Distorted(TestStructures.Mof5Primitive().With(_types.Labels), (ulong)seed))).ToList();
        var model = settings.CreateModel(_types.Types);
        using var one = new NormalEquations(model, settings);
        using var three = new NormalEquations(model, settings);
        one.Add(frames, threads: 1);
        three.Add(frames, threads: 3);
        one.ColumnCount.ShouldBeGreaterThan(1024);
        for (var i = 0; i < one.ColumnCount; i += 7)
        {
            for (var j = i; j < one.ColumnCount; j++)
            {
                three.Product(i, j).ShouldBe(one.Product(i, j));
            }
        }
    }

    [Fact]
    public void A_fit_beyond_the_memory_is_refused_with_what_it_would_need()
    {
        var settings = _small with { TwoJMax = 8 };
        var model = settings.CreateModel(_types.Types);
        var needed = FitMemory.BytesFor(model, settings);
        needed.ShouldBe(4L * 11172 * 11172 * 8);
        Should.Throw<MofException>(() => FitMemory.Require(model, settings, needed - 1)).Message.ShouldContain("the fit of 7 species with 1596 coefficients each needs 4.0 GB of memory");
        Should.NotThrow(() => FitMemory.Require(model, settings, needed));
    }

    private static SnapModel Known(SnapTrainingSettings settings)
    {
        var empty = settings.CreateModel(_types.Types);
        var random = new DeterministicRandom(99);
        return empty.WithCoefficients([.. Enumerable.Range(0, empty.Species.Count * empty.CoefficientCount)
            .Select(k => k % empty.CoefficientCount == 0 ? -60 + random.NextSymmetric(40) : random.NextSymmetric(0.02))]);
    }

    private static AtomicConfiguration Rattled(SnapReferenceCase reference, ulong seed, double by)
    {
        var random = new DeterministicRandom(seed + 1);
        var frame = reference.Frame();
        var stretch = 1 + random.NextSymmetric(0.06);
        return new AtomicConfiguration(frame.Symbols, [.. frame.Positions.ToArray().Select(x => stretch * x + random.NextSymmetric(by))], new Cell([.. reference.Cell.Select(x => stretch * x)]), periodic: true);
    }

    private static AtomicConfiguration LabelledBy(SnapModel model, AtomicConfiguration frame)
    {
        using var potential = new SnapPotential(model);
        using var evaluator = new PotentialEvaluator(potential);
        return frame.With(evaluator.Evaluate(frame));
    }
}

/// <summary>Reference cases as configurations.</summary>
internal static class ReferenceFrames
{
    /// <summary>The atoms of a case.</summary>
    public static AtomicConfiguration Frame(this SnapReferenceCase reference) => new(reference.Labels, reference.Positions, new Cell(reference.Cell), periodic: true);
}
