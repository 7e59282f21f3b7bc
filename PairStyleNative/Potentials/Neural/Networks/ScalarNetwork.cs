using System.Numerics;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>Networks of one input, with their first two derivatives: what tables are made from.</summary>
internal static class ScalarNetwork
{
    /// <summary>Value, first and second derivative of every output, <c>double[Outputs]</c> each.</summary>
    public static (double[] Value, double[] First, double[] Second) Expand(DenseNetwork network, double input) => Expand(network, [input], [1], [0]);

    /// <summary>The same for inputs that depend on one number, such as a basis of functions of the distance.</summary>
    public static Jet[] Expand(DenseNetwork network, Jet[] input)
    {
        var (value, first, second) = Expand(network, [.. input.Select(one => one.Value)], [.. input.Select(one => one.First)], [.. input.Select(one => one.Second)]);
        return [.. value.Select((one, k) => new Jet(one, first[k], second[k]))];
    }

    private static (double[] Value, double[] First, double[] Second) Expand(DenseNetwork network, double[] value, double[] first, double[] second)
    {
        foreach (var layer in network.Layers)
        {
            double[] nextValue = new double[layer.Outputs], nextFirst = new double[layer.Outputs], nextSecond = new double[layer.Outputs];
            layer.Bias?.CopyTo(nextValue, 0);
            for (var i = 0; i < layer.Inputs; i++)
            {
                var weights = layer.Weights.AsSpan(i * layer.Outputs, layer.Outputs);
                Add(weights, value[i], nextValue);
                Add(weights, first[i], nextFirst);
                Add(weights, second[i], nextSecond);
            }

            for (var o = 0; o < layer.Outputs; o++)
            {
                double sum = nextValue[o], slope = nextFirst[o], curvature = nextSecond[o];
                var (activated, activatedSlope) = ActivationFunction.At(layer.Activation, sum);
                var step = layer.Timestep is { } timestep ? timestep[o] : 1;
                nextValue[o] = step * activated;
                nextFirst[o] = step * activatedSlope * slope;
                nextSecond[o] = step * (ActivationFunction.CurvatureAt(layer.Activation, sum) * slope * slope + activatedSlope * curvature);
                if (layer.Copies > 0)
                {
                    nextValue[o] += value[o % layer.Inputs];
                    nextFirst[o] += first[o % layer.Inputs];
                    nextSecond[o] += second[o % layer.Inputs];
                }
            }

            (value, first, second) = (nextValue, nextFirst, nextSecond);
        }

        return (value, first, second);
    }

    /// <summary>target += factor·weights.</summary>
    internal static void Add(ReadOnlySpan<double> weights, double factor, double[] target)
    {
        var k = 0;
        for (; k + Vector<double>.Count <= target.Length; k += Vector<double>.Count)
        {
            (new Vector<double>(target, k) + factor * new Vector<double>(weights[k..])).CopyTo(target, k);
        }

        for (; k < target.Length; k++)
        {
            target[k] += factor * weights[k];
        }
    }
}
