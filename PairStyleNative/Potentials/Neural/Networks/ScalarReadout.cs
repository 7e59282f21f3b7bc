namespace MofInterop.Potentials.Neural.Networks;

/// <summary>A small network of one output with its gradient, one atom at a time. One instance serves one thread; no allocation once it is made.</summary>
internal sealed class ScalarReadout
{
    private readonly DenseNetwork _network;
    private readonly double[][] _values;
    private readonly double[][] _slopes;
    private readonly double[][] _gradients;

    /// <summary>Makes work memory.</summary>
    public ScalarReadout(DenseNetwork network)
    {
        _network = network;
        _values = [new double[network.Inputs], .. network.Layers.Select(layer => new double[layer.Outputs])];
        _slopes = [.. network.Layers.Select(layer => new double[layer.Outputs])];
        _gradients = [.. _values.Select(one => new double[one.Length])];
    }

    /// <summary>To be filled before <see cref="Evaluate"/>.</summary>
    public double[] Input => _values[0];

    /// <summary>∂output/∂input, after <see cref="Evaluate"/>.</summary>
    public double[] Gradient => _gradients[0];

    /// <summary>The output.</summary>
    public double Evaluate()
    {
        var layers = _network.Layers;
        for (var k = 0; k < layers.Count; k++)
        {
            var layer = layers[k];
            double[] input = _values[k], output = _values[k + 1];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var sum = layer.Bias is { } bias ? bias[o] : 0;
                for (var i = 0; i < layer.Inputs; i++)
                {
                    sum += layer.Weights[i * layer.Outputs + o] * input[i];
                }

                var (value, slope) = ActivationFunction.At(layer.Activation, sum);
                var step = layer.Timestep is { } timestep ? timestep[o] : 1;
                (output[o], _slopes[k][o]) = (step * value, step * slope);
            }
        }

        _gradients[^1][0] = 1;
        for (var k = layers.Count - 1; k >= 0; k--)
        {
            var layer = layers[k];
            for (var i = 0; i < layer.Inputs; i++)
            {
                var sum = 0.0;
                for (var o = 0; o < layer.Outputs; o++)
                {
                    sum += layer.Weights[i * layer.Outputs + o] * _slopes[k][o] * _gradients[k + 1][o];
                }

                _gradients[k][i] = sum;
            }
        }

        return _values[^1][0];
    }
}
