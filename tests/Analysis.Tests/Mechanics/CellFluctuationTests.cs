using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis.Tests.Mechanics;

/// <summary>Cells drawn from the distribution that a harmonic crystal has.</summary>
public sealed class CellFluctuationTests
{
    private const double Temperature = 300, Thermal = PhysicalConstants.Boltzmann * Temperature;

    [Fact]
    public void The_bulk_modulus_comes_back_from_volumes_with_an_error_that_holds()
    {
        const double modulus = 0.1, volume = 5000;
        var width = Math.Sqrt(Thermal * volume / modulus);
        var random = new NormalNumbers(11);
        var results = Enumerable.Range(0, 200).Select(_ => CellFluctuations.BulkModulus([.. Enumerable.Range(0, 1000).Select(_ => volume + width * random.Next())], Temperature, 50)).ToArray();
        var mean = results.Average(result => result.Value);
        var scatter = Math.Sqrt(results.Average(result => Math.Pow(result.Value - mean, 2)));
        mean.ShouldBe(modulus, 4 * scatter / Math.Sqrt(200) + 0.003 * modulus);
        results.Average(result => result.Error).ShouldBe(scatter, 0.15 * scatter);
    }

    [Fact]
    public void Correlated_volumes_have_the_larger_error_that_their_blocks_tell()
    {
        var random = new NormalNumbers(12);
        var results = Enumerable.Range(0, 150).Select(_ =>
        {
            // Each value remembers 0.9 of the one before: 19 samples count as one in the mean, 9.5 in the variance.
            var x = random.Next();
            return CellFluctuations.BulkModulus([.. Enumerable.Range(0, 4000).Select(_ => 5000 + 20 * (x = 0.9 * x + Math.Sqrt(0.19) * random.Next()))], Temperature, 200);
        }).ToArray();
        var mean = results.Average(result => result.Value);
        var scatter = Math.Sqrt(results.Average(result => Math.Pow(result.Value - mean, 2)));
        results.Average(result => result.Error).ShouldBe(scatter, 0.2 * scatter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_elastic_tensor_comes_back_from_cells_in_the_frame_of_reference_that_is_asked_for(bool turned)
    {
        // A triclinic cell, in LAMMPS's orientation or in another.
        var cell = Cell.FromParameters(17, 19, 21, 80, 95, 103);
        const double angle = 0.7;
        double[] rotation = turned
            ? [Math.Cos(angle), 0, Math.Sin(angle), 0, 1, 0, -Math.Sin(angle), 0, Math.Cos(angle)]
            : [1, 0, 0, 0, 1, 0, 0, 0, 1];
        var frame = new Cell(Product(cell.Rows.ToArray(), rotation));
        var random = new NormalNumbers(13);
        var half = Matrix<double>.Build.Dense(6, 6, (_, _) => random.Next());
        var stiffness = (half * half.Transpose() + Matrix<double>.Build.DenseIdentity(6) * 3) * 0.01;

        // Strains with the covariance kT/V·C⁻¹, made of independent numbers by Cholesky's factor.
        var factor = (stiffness.Inverse() * (Thermal / frame.Volume)).Cholesky().Factor;
        var cells = Enumerable.Range(0, 20000).Select(_ =>
        {
            var strain = factor * Vector<double>.Build.Dense(6, _ => random.Next());

            // Programs tell lengths and angles alone.
            var p = StrainMinimizer.Strained(frame, strain.ToArray()).Parameters();
            return Cell.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);
        }).ToArray();
        var found = CellFluctuations.OfTensor(cells, frame, Temperature, 500, tensor => tensor.Values);
        for (var k = 0; k < 36; k++)
        {
            found[k].Value.ShouldBe(stiffness[k / 6, k % 6], 5 * found[k].Error + 0.02 * Math.Abs(stiffness[k / 6, k % 6]), $"component {k / 6 + 1}{k % 6 + 1}");
            found[k].Error.ShouldBeLessThan(0.05 * stiffness.Enumerate().Max());
        }

        CellFluctuations.Tensor(cells, frame, Temperature).Values.ShouldBe([.. found.Select(value => value.Value)], 1e-9);
    }

    [Fact]
    public void A_cell_that_keeps_its_angles_has_no_whole_tensor()
    {
        var random = new NormalNumbers(14);
        var cells = Enumerable.Range(0, 200).Select(_ => Cell.FromParameters(10 + 0.1 * random.Next(), 10 + 0.1 * random.Next(), 10 + 0.1 * random.Next(), 90, 90, 90)).ToArray();
        Should.Throw<MofException>(() => CellFluctuations.Tensor(cells, cells[0], Temperature)).Message.ShouldContain("all six ways");
        Should.Throw<MofException>(() => CellFluctuations.BulkModulus([1, 2, 3], Temperature, 2)).Message.ShouldContain("at least two blocks");
    }

    private static double[] Product(double[] a, double[] b) => [.. Enumerable.Range(0, 9).Select(k => Enumerable.Range(0, 3).Sum(m => a[k / 3 * 3 + m] * b[3 * m + k % 3]))];
}
