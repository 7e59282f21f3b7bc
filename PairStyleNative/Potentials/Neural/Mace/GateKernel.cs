using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>The activations of a <see cref="MaceGate"/>, one center at a time, channels side by side. Immutable.</summary>
/// <param name="gate">The gate.</param>
/// <param name="input">How its input is kept.</param>
/// <param name="output">How its output is kept.</param>
internal sealed unsafe class GateKernel<TNumber>(MaceGate gate, ChannelLayout input, ChannelLayout output)
    where TNumber : unmanaged
{
    /// <summary>Fills the output of a center.</summary>
    public void Apply(BatchRows<TNumber> received, BatchRows<TNumber> gated, int center)
    {
        TNumber* scalars = received.Of(input[0]!, center), to = gated.Of(output[0]!, center);
        var count = gate.Output[0].Multiplicity;
        for (var u = 0; u < count; u++)
        {
            var x = Real.From(scalars[u]);
            to[u] = Real.Of<TNumber>(gate.ScalarFactor * x * Sigmoid(x));
        }

        for (var block = 1; block < gate.Output.Count; block++)
        {
            TNumber* from = received.Of(input[block]!, center), target = gated.Of(output[block]!, center);
            for (var u = 0; u < gate.Output[block].Multiplicity; u++, count++)
            {
                var factor = gate.GateFactor * Sigmoid(Real.From(scalars[count]));
                for (var m = 0; m < input[block]!.Dimension; m++)
                {
                    target[m * output[block]!.Width + u] = Real.Of<TNumber>(factor * Real.From(from[m * input[block]!.Width + u]));
                }
            }
        }
    }

    /// <summary>Replaces the input of a center by the derivatives by it.</summary>
    /// <param name="received">The input, replaced.</param>
    /// <param name="byGated">Derivatives by the output.</param>
    /// <param name="center">Of the batch.</param>
    public void Differentiate(BatchRows<TNumber> received, BatchRows<TNumber> byGated, int center)
    {
        TNumber* scalars = received.Of(input[0]!, center), by = byGated.Of(output[0]!, center);
        var count = gate.Output[0].Multiplicity;
        for (var u = 0; u < count; u++)
        {
            double x = Real.From(scalars[u]), share = Sigmoid(x);
            scalars[u] = Real.Of<TNumber>(gate.ScalarFactor * share * (1 + x * (1 - share)) * Real.From(by[u]));
        }

        for (var block = 1; block < gate.Output.Count; block++)
        {
            TNumber* values = received.Of(input[block]!, center), gradient = byGated.Of(output[block]!, center);
            for (var u = 0; u < gate.Output[block].Multiplicity; u++, count++)
            {
                double share = Sigmoid(Real.From(scalars[count])), sum = 0;
                for (var m = 0; m < input[block]!.Dimension; m++)
                {
                    var value = values + m * input[block]!.Width + u;
                    var slope = Real.From(gradient[m * output[block]!.Width + u]);
                    sum += slope * Real.From(*value);
                    *value = Real.Of<TNumber>(gate.GateFactor * share * slope);
                }

                scalars[count] = Real.Of<TNumber>(gate.GateFactor * share * (1 - share) * sum);
            }
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
