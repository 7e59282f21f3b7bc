using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

/// <summary>Least squares by singular values of a factor that is accumulated block by block.</summary>
public class SvdFitTests
{
    private const string Absent = "reference data absent: fitsnap_ta";

    [Theory]
    [InlineData(7, 40)]
    [InlineData(32, 100)]
    [InlineData(61, 500)]
    [InlineData(97, 90)]
    public void The_factor_of_blocks_is_that_of_the_whole_matrix(int columns, int rows)
    {
        var matrix = Random(rows, columns, 5);
        var factor = FactorOf(matrix, [1, 3, 50, 17, 200]);
        var product = matrix.TransposeThisAndMultiply(matrix);
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Enumerable.Range(0, columns).Sum(k => factor[k, i] * factor[k, j]).ShouldBe(product[i, j], 1e-12 * rows, $"{i}, {j}");
            }
        }
    }

    [Fact]
    public void The_solution_is_that_of_the_dense_decomposition_with_and_without_a_ridge()
    {
        const int Columns = 45, Rows = 300;
        var matrix = Random(Rows, Columns, 8);
        var labels = Random(Rows, 1, 9).Column(0);
        var factor = FactorOf(matrix.Append(labels.ToColumnMatrix()), [64]);
        var lengths = matrix.ColumnNorms(2);
        foreach (var ridge in (double[])[0, 1e-3])
        {
            var scaled = matrix.Multiply(Matrix<double>.Build.DenseOfDiagonalVector(1 / lengths));
            var dense = scaled.TransposeThisAndMultiply(scaled).Add(Matrix<double>.Build.DenseIdentity(Columns) * ridge).Solve(scaled.TransposeThisAndMultiply(labels)) / lengths;
            var solution = SvdFit.Solve(factor, ridge, null, Rows, 0);
            solution.Coefficients.ShouldBe(dense, 1e-12);
            solution.Condition.Rank.ShouldBe(Columns);
            if (ridge == 0)
            {
                // What is left of the labels stands in the corner.
                Math.Abs(factor[Columns, Columns]).ShouldBe((matrix * dense - labels).L2Norm(), 1e-11);
            }
        }
    }

    [Fact]
    public void Singular_values_keep_the_digits_that_normal_equations_lose()
    {
        // A polynomial of degree 13 at 200 places between 0 and 1: condition number 1e9 with columns of unit length.
        const int Columns = 14, Rows = 200;
        var matrix = Matrix<double>.Build.Dense(Rows, Columns, (i, j) => Math.Pow((i + 0.5) / Rows, j));
        var known = Vector<double>.Build.Dense(Columns, j => 1 + 0.1 * j);
        var labels = matrix * known;
        var solution = SvdFit.Solve(FactorOf(matrix.Append(labels.ToColumnMatrix()), [33]), 0, null, Rows, 0);
        var lengths = matrix.ColumnNorms(2);
        var scaled = matrix.Multiply(Matrix<double>.Build.DenseOfDiagonalVector(1 / lengths));
        var normal = scaled.TransposeThisAndMultiply(scaled).Solve(scaled.TransposeThisAndMultiply(labels)) / lengths;
        var bySvd = (Vector<double>.Build.Dense(solution.Coefficients) - known).InfinityNorm();
        var byNormal = (normal - known).InfinityNorm();
        solution.Condition.Rank.ShouldBe(Columns);
        Math.Sqrt(solution.Condition.ConditionNumber).ShouldBeInRange(1e8, 1e11);
        bySvd.ShouldBeLessThan(1e-5);
        byNormal.ShouldBeGreaterThan(1e3 * bySvd, $"svd {bySvd:g3}, normal equations {byNormal:g3}");
    }

    [Fact]
    public void Directions_below_the_given_fraction_of_the_largest_singular_value_are_left_out()
    {
        // The third column is the sum of the others, but for 1e-6.
        var matrix = Random(50, 3, 3);
        matrix.SetColumn(2, matrix.Column(0) + matrix.Column(1) + 1e-6 * matrix.Column(2));
        var labels = matrix * Vector<double>.Build.Dense([1.0, 2, 3]);
        var factor = FactorOf(matrix.Append(labels.ToColumnMatrix()), [50]);
        SvdFit.Solve(factor, 0, null, 50, 0).Coefficients.ShouldBe([1, 2, 3], 1e-8);
        var truncated = SvdFit.Solve(factor, 0, 1e-4, 50, 0);
        truncated.Condition.Rank.ShouldBe(2);
        truncated.Condition.Warnings.ShouldContain(w => w.Contains("undetermined", StringComparison.Ordinal));
        (matrix * Vector<double>.Build.Dense(truncated.Coefficients) - labels).InfinityNorm().ShouldBeLessThan(1e-4);
        Math.Abs(truncated.Coefficients[2] - 3).ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Two_kinds_of_atoms_that_move_almost_alike_are_told_apart()
    {
        // Two clusters far from each other, one of A atoms and one of B atoms, displaced alike but for 1e-5 angstrom; energies alone.
        var settings = new SnapTrainingSettings
        {
            TwoJMax = 2,
            CutoffFactor = 4,
            Radii = new Dictionary<string, double> { ["A"] = 0.5, ["B"] = 0.5 },
            Weights = new Dictionary<string, double> { ["A"] = 1, ["B"] = 1 },
            GroupWeights = new Dictionary<string, RowWeights> { ["energies"] = new(1000, 0, 0) },
            Ridge = 0,
        };
        AtomType[] types = [new("A", "Ta", 4, []), new("B", "Ta", 4, [])];
        var empty = settings.CreateModel(types);
        var random = new DeterministicRandom(4);
        var known = empty.WithCoefficients([.. Enumerable.Range(0, 2 * empty.CoefficientCount).Select(k => k % empty.CoefficientCount == 0 ? 0 : random.NextSymmetric(1))]);
        var frames = Enumerable.Range(0, 80).Select(_ => TwoClusters(random, 1e-5)).Select(frame => LabelledBy(known, frame)).ToList();
        var apart = LabelledBy(known, TwoClusters(random, 1));
        double[] errors = [.. new[] { FitSolver.Svd, FitSolver.NormalEquations }.Select(solver =>
        {
            using var trainer = new SnapTrainer(settings with { Solver = solver }, types);
            return Math.Abs(LabelledBy(trainer.Fit(frames).Model, apart).Label!.Energy - apart.Label!.Energy);
        })];
        errors[0].ShouldBeLessThan(1e-5);
        errors[1].ShouldBeGreaterThan(100 * errors[0], string.Join(" ", errors));
    }

    [SkippableFact]
    public void The_tantalum_example_of_FitSNAP_has_its_coefficients()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        using var trainer = new SnapTrainer(example!.Settings with { Solver = FitSolver.Svd }, example.Types);
        var coefficients = trainer.Fit(example.Reduced).Model.Species[0].Coefficients.ToArray();
        var theirs = example.Coefficients();
        for (var k = 0; k < theirs.Length; k++)
        {
            coefficients[k].ShouldBe(theirs[k], 1e-8 * theirs.Max(Math.Abs), $"coefficient {k}");
        }
    }

    [SkippableFact]
    public void The_bits_depend_on_the_order_of_configurations_alone()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        var settings = example!.Settings with { Solver = FitSolver.Svd };
        using var one = new SnapTrainer(settings, example.Types);
        using var three = new SnapTrainer(settings, example.Types) { Threads = 3 };
        three.Fit([.. example.Reduced.Take(101)]);
        Bits(three.Fit(example.Reduced)).ShouldBe(Bits(one.Fit(example.Reduced)));
    }

    [Fact]
    public void Nothing_to_fit_and_a_fraction_above_one_are_refused()
    {
        Should.Throw<MofException>(() => SvdFit.Solve(new TriangularFactor(3), 0, null, 0, 0)).Message.ShouldContain("a fit without rows");
        var settings = new SnapTrainingSettings { SmallestSingularValue = 2 };
        Should.Throw<MofException>(() => settings.CreateModel([new AtomType("Ta", "Ta", 1, [])])).Message.ShouldContain("smallest singular value of the fit is 2");
    }

    private static AtomicConfiguration TwoClusters(DeterministicRandom random, double difference)
    {
        var positions = new double[8 * 3];
        for (var k = 0; k < 12; k++)
        {
            // Corners of a tetrahedron of 2.8 angstrom.
            var (atom, axis) = (k / 3, k % 3);
            positions[k] = (atom == axis || atom == 3 ? 2 : 0) + random.NextSymmetric(0.3);
            positions[12 + k] = positions[k] + (axis == 0 ? 50 : 0) + random.NextSymmetric(0.3 * difference);
        }

        return new AtomicConfiguration([.. Enumerable.Repeat("Ta", 8)], positions, new Cell([100, 0, 0, 0, 100, 0, 0, 0, 100]), periodic: true)
        {
            Types = ["A", "A", "A", "A", "B", "B", "B", "B"],
            Info = new Dictionary<string, string> { [ConfigurationGroups.Key] = "energies" },
        };
    }

    private static AtomicConfiguration LabelledBy(SnapModel model, AtomicConfiguration frame)
    {
        using var potential = new SnapPotential(model);
        using var evaluator = new PotentialEvaluator(potential);
        return frame.With(evaluator.Evaluate(frame));
    }

    private static Matrix<double> Random(int rows, int columns, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) => random.NextSymmetric(1));
    }

    private static TriangularFactor FactorOf(Matrix<double> matrix, int[] heights)
    {
        var factor = new TriangularFactor(matrix.ColumnCount);
        for (int row = 0, turn = 0; row < matrix.RowCount; turn++)
        {
            var height = Math.Min(heights[turn % heights.Length], matrix.RowCount - row);
            var block = new double[height * factor.Stride];
            for (var r = 0; r < height; r++)
            {
                matrix.Row(row + r).ToArray().CopyTo(block, r * factor.Stride);
            }

            factor.Add(block);
            row += height;
        }

        return factor;
    }

    private static long[] Bits(SnapFit fit) => [.. fit.Model.Species[0].Coefficients.ToArray().Select(BitConverter.DoubleToInt64Bits)];
}
