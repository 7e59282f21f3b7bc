namespace MofInterop.Potentials.Neural.Networks;

/// <summary>A number that depends on one other, such as a distance, with its first two derivatives.</summary>
/// <param name="Value">Itself.</param>
/// <param name="First">Its derivative.</param>
/// <param name="Second">The derivative of that.</param>
internal readonly record struct Jet(double Value, double First, double Second)
{
    public static Jet operator *(Jet a, Jet b) =>
        new(a.Value * b.Value, a.First * b.Value + a.Value * b.First, a.Second * b.Value + 2 * a.First * b.First + a.Value * b.Second);

    /// <summary>tanh.</summary>
    public Jet Tanh() => Through(Activation.Tanh);

    /// <summary>1/√x.</summary>
    public Jet InverseRoot()
    {
        double f = 1 / Math.Sqrt(Value), slope = -0.5 * f / Value;
        return Compose(f, slope, -1.5 * slope / Value);
    }

    /// <summary>What a neuron makes of it.</summary>
    public Jet Through(Activation activation)
    {
        var (value, slope) = ActivationFunction.At(activation, Value);
        return Compose(value, slope, ActivationFunction.CurvatureAt(activation, Value));
    }

    private Jet Compose(double value, double slope, double curvature) => new(value, slope * First, curvature * First * First + slope * Second);
}
