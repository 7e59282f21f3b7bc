namespace MofInterop.Learning.Tests;

/// <summary>Constants of the species and what compositions leave open about them.</summary>
public class EnergyRowsTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void Compositions_determine_as_many_constants_as_are_independent(int compositions, int open)
    {
        // The third is the sum of the first two.
        double[][] counts = [[32, 48, 8], [16, 0, 4], [48, 48, 12], [1, 1, 5]];
        var rows = new EnergyRows([0, 2, 4]);
        rows.UndeterminedConstants().ShouldBe(3);
        rows.Add(Enumerable.Range(0, 20_000).Select(k =>
        {
            var composition = counts[k % compositions];
            return new EnergyRow([composition[0], 0.1 * k, composition[1], 1, composition[2], 2], -100, 1);
        }));
        rows.UndeterminedConstants().ShouldBe(open);
    }
}
