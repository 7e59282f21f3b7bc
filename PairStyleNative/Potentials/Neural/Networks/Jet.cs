namespace MofInterop.Potentials.Neural.Networks;

/// <summary>A number that depends on one other, such as a distance, with its first two derivatives.</summary>
/// <param name="Value">Itself.</param>
/// <param name="First">Its derivative.</param>
/// <param name="Second">The derivative of that.</param>
internal readonly record struct Jet(double Value, double First, double Second)
{
    public static Jet operator *(Jet a, Jet b) =>
        new(a.Value * b.Value, a.First * b.Value + a.Value * b.First, a.Second * b.Value + 2 * a.First * b.First + a.Value * b.Second);
}
