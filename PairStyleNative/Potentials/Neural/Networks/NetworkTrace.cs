namespace MofInterop.Potentials.Neural.Networks;

/// <summary>
/// A pass through a <see cref="DenseNetwork"/> that remembers the slopes of its activations, and the way back: for networks with many inputs, whose whole Jacobian
/// (<see cref="DenseNetwork.Evaluate"/>) is not wanted. Slow and obvious.
/// </summary>
internal sealed class NetworkTrace
{
    private readonly DenseNetwork _network;
    private readonly List<double[]> _slopes = [];

    /// <summary>Passes forward.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input"><c>double[Inputs]</c>.</param>
    public NetworkTrace(DenseNetwork network, double[] input)
    {
        _network = network;
        var value = input;
        foreach (var layer in network.Layers)
        {
            var next = new double[layer.Outputs];
            var slopes = new double[layer.Outputs];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var sum = layer.Bias is { } bias ? bias[o] : 0;
                for (var i = 0; i < layer.Inputs; i++)
                {
                    sum += layer.Weights[i * layer.Outputs + o] * value[i];
                }

                var step = layer.Timestep is { } timestep ? timestep[o] : 1;
                var (activated, slope) = ActivationFunction.At(layer.Activation, sum);
                next[o] = step * activated + (layer.Copies > 0 ? value[o % layer.Inputs] : 0);
                slopes[o] = step * slope;
            }

            _slopes.Add(slopes);
            value = next;
        }

        Output = value;
    }

    /// <summary><c>double[Outputs]</c>.</summary>
    public double[] Output { get; }

    /// <summary>∂(Σ weight·output)/∂input.</summary>
    public double[] Backward(double[] weights)
    {
        for (var k = _network.Layers.Count - 1; k >= 0; k--)
        {
            var layer = _network.Layers[k];
            var gradient = new double[layer.Inputs];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var weight = weights[o] * _slopes[k][o];
                for (var i = 0; i < layer.Inputs; i++)
                {
                    gradient[i] += layer.Weights[i * layer.Outputs + o] * weight;
                }

                if (layer.Copies > 0)
                {
                    gradient[o % layer.Inputs] += weights[o];
                }
            }

            weights = gradient;
        }

        return weights;
    }
}
