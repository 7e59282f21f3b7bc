namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Comparison of arrays of numbers.</summary>
internal static class Agreement
{
    /// <summary>|got − expected| ≤ relative·max(|expected|, largest of the row's scale) with an absolute floor.</summary>
    public static void ShouldAgree(this IReadOnlyList<double> got, IReadOnlyList<double> expected, double relative, double floor, string what)
    {
        got.Count.ShouldBe(expected.Count, what);
        for (var k = 0; k < got.Count; k++)
        {
            var error = Math.Abs(got[k] - expected[k]);
            (error <= floor + relative * Math.Abs(expected[k])).ShouldBeTrue($"{what}[{k}]: got {got[k]:r}, expected {expected[k]:r}, off by {error:e2}");
        }
    }
}
