using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>Messages are divided by <see cref="Factor"/>·ρ + <see cref="Constant"/>, where ρ = Σ tanh(y²) over the neighbours is a density.</summary>
/// <param name="Network">From the radial functions to y.</param>
/// <param name="Factor">1 in density interactions, β in nonlinear ones.</param>
/// <param name="Constant">1 in density interactions, α in nonlinear ones.</param>
public sealed record MaceDensity(EdgeNetwork Network, double Factor, double Constant);

/// <summary>
/// What nonlinear interactions do to messages between <see cref="MaceLayer.Receiving"/> and A: what the atom itself sends is added, scalars go through silu, and all else is multiplied by the sigmoid of a scalar for
/// each channel (e3nn, <c>nn.Gate</c>), and all is mixed.
/// </summary>
/// <param name="Residual">Of what the atom itself sends: to scalars, followed by a scalar for each channel of all else in their order, and then all else.</param>
/// <param name="ScalarFactor">e3nn's factor of silu.</param>
/// <param name="GateFactor">e3nn's factor of the sigmoid.</param>
/// <param name="Mixing">From what is left to A.</param>
public sealed record MaceGate(IrrepsLinear Residual, double ScalarFactor, double GateFactor, IrrepsLinear Mixing)
{
    /// <summary>What goes into the activations.</summary>
    public Irreps Input => Residual.Output;

    /// <summary>What comes out of them.</summary>
    public Irreps Output => Mixing.Input;

    /// <summary>Whether the two fit.</summary>
    internal bool Fits => Output.Count > 0 && Input.Count == Output.Count && Input[0].Irrep == new Irrep(0, 1) && Output[0].Irrep == new Irrep(0, 1)
        && Input[0].Multiplicity == Output.Sum(block => block.Multiplicity) && Input.Skip(1).SequenceEqual(Output.Skip(1));

    /// <summary>The activations, slow and obvious.</summary>
    internal double[] Activate(double[] x)
    {
        var y = new double[Output.Width];
        for (var u = 0; u < Output[0].Multiplicity; u++)
        {
            y[u] = ScalarFactor * ActivationFunction.At(Activation.Silu, x[u]).Value;
        }

        Visit((gate, i, o) => y[o] = x[i] * GateFactor * ActivationFunction.At(Activation.Sigmoid, x[gate]).Value);
        return y;
    }

    /// <summary>The gradient by their input.</summary>
    internal double[] Differentiate(double[] x, double[] gradient)
    {
        var slopes = new double[Input.Width];
        for (var u = 0; u < Output[0].Multiplicity; u++)
        {
            slopes[u] = gradient[u] * ScalarFactor * ActivationFunction.At(Activation.Silu, x[u]).Slope;
        }

        Visit((gate, i, o) =>
        {
            var (value, slope) = ActivationFunction.At(Activation.Sigmoid, x[gate]);
            slopes[i] += gradient[o] * GateFactor * value;
            slopes[gate] += gradient[o] * GateFactor * slope * x[i];
        });
        return slopes;
    }

    private void Visit(Action<int, int, int> each)
    {
        var gate = Output[0].Multiplicity;
        for (var block = 1; block < Output.Count; block++)
        {
            var dimension = Output[block].Irrep.Dimension;
            for (var n = 0; n < Output[block].Width; n++)
            {
                each(gate + n / dimension, Input.OffsetOf(block) + n, Output.OffsetOf(block) + n);
            }

            gate += Output[block].Multiplicity;
        }
    }
}
