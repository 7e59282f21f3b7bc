using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class TrainingGradesTests
{
    private static readonly AtomTypes _types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()));

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 12)]
    public void Training_atoms_have_grades_up_to_exactly_one(int twoJMax, int frames)
    {
        var training = Frames(1, frames, 0.08);
        var model = Graded(twoJMax, training);
        var largest = new double[model.Species.Count];
        foreach (var frame in training)
        {
            foreach (var (species, grade) in GradesOf(model, frame))
            {
                largest[species] = Math.Max(largest[species], grade);
            }
        }

        largest.ShouldAllBe(grade => Math.Abs(grade - 1) < 1e-9);
    }

    [Fact]
    public void Grades_are_the_leverages_that_linear_algebra_tells()
    {
        var training = Frames(20, 8, 0.08);
        var model = Graded(2, training);
        var probe = Frames(90, 2, 0.1);
        for (var species = 0; species < model.Species.Count; species++)
        {
            var rows = RowsOf(model, training, species);
            var inverse = rows.TransposeThisAndMultiply(rows).Inverse();
            double Leverage(Vector<double> v) => v * inverse * v;
            var largest = rows.EnumerateRows().Max(Leverage);
            foreach (var row in RowsOf(model, probe, species).EnumerateRows())
            {
                var grade = model.Grades!.Grade(species, row.SubVector(1, row.Count - 1).ToArray());
                var expected = Leverage(row) / largest;
                grade.ShouldBe(expected, 1e-4 * expected, model.Species[species].Label);
            }
        }
    }

    [Fact]
    public void Environments_outside_the_training_set_have_grades_that_grow_with_the_distance()
    {
        var model = Graded(4, Frames(1, 12, 0.04));
        double Largest(double amplitude) => Frames(200, 1, amplitude).SelectMany(frame => GradesOf(model, frame)).Max(atom => atom.Grade);
        var (near, far, farther) = (Largest(0.04), Largest(0.2), Largest(0.4));
        far.ShouldBeGreaterThan(Math.Max(2, 2 * near));
        farther.ShouldBeGreaterThan(2 * far);
    }

    [Fact]
    public void Grades_do_not_depend_on_the_size_of_components_or_of_the_training_set()
    {
        var random = new Random(4);
        double[][] atoms = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 6).Select(k => Math.Pow(10, k) * (3 + random.NextDouble())).ToArray())];
        double[] scales = [1e-3, 20, 1, 1e5, 0.3, 7];
        var plain = Sum(atoms).Factor()!;
        var scaled = Sum(atoms.Select(atom => atom.Zip(scales, (b, s) => b * s).ToArray())).Factor()!;
        var repeated = Sum(atoms.Concat(atoms).Concat(atoms)).Factor()!;
        foreach (var atom in atoms.Take(5))
        {
            double[] other = [.. atom.Select(b => 1.3 * b)];
            var grade = Grade(plain, other);
            Grade(scaled, [.. other.Zip(scales, (b, s) => b * s)]).ShouldBe(grade, 1e-6 * grade);
            Grade(repeated, other).ShouldBe(grade, 1e-9 * grade);
        }
    }

    [Fact]
    public void Fewer_atoms_than_components_and_components_that_never_vary_still_give_grades()
    {
        double[][] atoms = [[1, 2, 5, 0, 1], [1.1, 2.2, 5, 0, 1], [0.9, 2.1, 5, 0, 1]];
        var factor = Sum(atoms).Factor()!;
        factor.ShouldAllBe(element => double.IsFinite(element));
        var inside = atoms.Max(atom => Grade(factor, atom));
        inside.ShouldBeInRange(1, 3.01);
        Grade(factor, [1, 2.1, 5, 0, 1]).ShouldBeLessThan(inside);
        Grade(factor, [1, 2.1, 5.01, 0, 1]).ShouldBeGreaterThan(100 * inside);
        Grade(factor, [1, 2.1, 5, 0.01, 1]).ShouldBeGreaterThan(100 * inside);
        new LeverageAccumulator(3).Factor().ShouldBeNull();
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var training = Frames(1, 19, 0.08);
        var model = Model(2);
        var one = TrainingGrades.Of(model, training).ShouldNotBeNull();
        var three = TrainingGrades.Of(model, training, threads: 3).ShouldNotBeNull();
        for (var s = 0; s < model.Species.Count; s++)
        {
            three.Factor(s).SequenceEqual(one.Factor(s)).ShouldBeTrue();
        }

        var stranger = training[0].With([.. Enumerable.Repeat("Xx", training[0].Count)]);
        Should.Throw<MofException>(() => TrainingGrades.Of(model, [.. training, stranger], threads: 2)).Message.ShouldContain("Xx");
    }

    [Fact]
    public void Models_beyond_linear_have_no_grades_and_unseen_species_are_told()
    {
        var model = Model(2);
        var quadratic = new SnapModel(
            model.Parameters with { Quadratic = true },
            [.. model.Species.Select(s => new SnapSpecies(s.Label, s.Radius, s.Weight, new double[SnapModel.CoefficientCountOf(model.BispectrumCount, true)]))]);
        TrainingGrades.Of(quadratic, Frames(1, 1, 0.1)).ShouldBeNull();
        var grades = TrainingGrades.Of(model, []).ShouldNotBeNull();
        Enumerable.Range(0, model.Species.Count).ShouldAllBe(s => !grades.Knows(s));
    }

    private static SnapModel Model(int twoJMax) => new SnapTrainingSettings { TwoJMax = twoJMax, CutoffFactor = 3.2 }.CreateModel(_types.Types);

    private static SnapModel Graded(int twoJMax, IReadOnlyList<AtomicConfiguration> training)
    {
        var model = Model(twoJMax);
        return TrainingGrades.Grade(model, training);
    }

    private static List<AtomicConfiguration> Frames(int first, int count, double amplitude)
    {
        var crystal = TestStructures.Mof5Primitive().With(_types.Labels);
        return [.. Enumerable.Range(first, count).Select(seed =>
        {
            var random = new Random(seed);
            return crystal.With([.. crystal.Positions.ToArray().Select(x => x + amplitude * (2 * random.NextDouble() - 1))], crystal.Cell);
        })];
    }

    private static LeverageAccumulator Sum(IEnumerable<double[]> atoms)
    {
        LeverageAccumulator? sum = null;
        foreach (var atom in atoms)
        {
            sum ??= new LeverageAccumulator(atom.Length);
            sum.Add(atom);
        }

        return sum!;
    }

    private static double Grade(double[] factor, double[] bispectrum) => new SnapGrades(bispectrum.Length, [factor]).Grade(0, bispectrum);

    private static Matrix<double> RowsOf(SnapModel model, IReadOnlyList<AtomicConfiguration> frames, int species)
    {
        using var environments = new SnapEnvironments(model);
        var rows = new List<double[]>();
        foreach (var frame in frames)
        {
            environments.Visit(frame, (s, b) =>
            {
                if (s == species)
                {
                    rows.Add([1, .. b]);
                }
            });
        }

        return Matrix<double>.Build.DenseOfRowArrays(rows);
    }

    private static unsafe List<(int Species, double Grade)> GradesOf(SnapModel model, AtomicConfiguration frame)
    {
        int[] species = [.. frame.Types!.Select(model.IndexOf)];
        using var list = new NeighborList();
        list.Build(frame.Positions, frame.Cell, true, true, true, 4);
        var grades = new double[list.AtomCount];
        fixed (double* pointer = grades)
        {
            new SnapReference(model).Compute(list.View(species), new EvaluationBuffers { Grades = pointer }).Status.ShouldBe(EvaluationStatus.Success);
        }

        return [.. species.Select((s, i) => (s, grades[i]))];
    }
}
