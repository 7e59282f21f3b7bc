using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>Functions that stand in the place of Bessel functions.</summary>
/// <param name="Count">How many.</param>
public abstract record RadialFunctions(int Count)
{
    internal abstract Jet At(int n, double x);
}

/// <summary>exp(−(x − c_n)²/(2·w²)).</summary>
/// <param name="Centers">c.</param>
/// <param name="Width">w.</param>
public sealed record GaussianFunctions(double[] Centers, double Width) : RadialFunctions(Centers.Length)
{
    internal override Jet At(int n, double x)
    {
        double d = x - Centers[n], inverse = 1 / (Width * Width), value = Math.Exp(-0.5 * d * d * inverse);
        return new Jet(value, -d * inverse * value, (d * d * inverse - 1) * inverse * value);
    }
}
