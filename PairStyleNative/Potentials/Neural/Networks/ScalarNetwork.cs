namespace MofInterop.Potentials.Neural.Networks;

/// <summary>Networks that depend on one number, with their first two derivatives: what tables are made from.</summary>
internal static class ScalarNetwork
{
    /// <summary>Value, first and second derivative of every output, <c>double[Outputs]</c> each.</summary>
    public static (double[] Value, double[] First, double[] Second) Expand(DenseNetwork network, double input) => Expand(network, [input], [1], [0]);

    /// <summary>The same of networks of several inputs that all depend on one number, from their values and derivatives.</summary>
    public static (double[] Value, double[] First, double[] Second) Expand(DenseNetwork network, double[] value, double[] first, double[] second)
    {
        foreach (var layer in network.Layers)
        {
            double[] nextValue = new double[layer.Outputs], nextFirst = new double[layer.Outputs], nextSecond = new double[layer.Outputs];
            for (var o = 0; o < layer.Outputs; o++)
            {
                double sum = layer.Bias is { } bias ? bias[o] : 0, slope = 0, curvature = 0;
                for (var i = 0; i < layer.Inputs; i++)
                {
                    var weight = layer.Weights[i * layer.Outputs + o];
                    sum += weight * value[i];
                    slope += weight * first[i];
                    curvature += weight * second[i];
                }

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
}
