namespace MofInterop.Analysis.Tests.Mechanics;

/// <summary>Normally distributed numbers, always the same ones.</summary>
internal sealed class NormalNumbers(int seed)
{
    private readonly Random _random = new(seed);

    public double Next() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
