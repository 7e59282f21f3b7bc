using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>One layer: y = skip(x) + timestep ∘ activation(x·W + b). Immutable once in a network.</summary>
/// <param name="Inputs">Numbers that go in.</param>
/// <param name="Outputs">Numbers that come out.</param>
/// <param name="Weights">W, <c>double[Inputs][Outputs]</c>.</param>
/// <param name="Bias">b, <c>double[Outputs]</c>, or null.</param>
/// <param name="Timestep"><c>double[Outputs]</c>, or null: 1.</param>
/// <param name="Activation">Of x·W + b.</param>
/// <param name="Skips">
/// Whether the input is added where the sizes allow: x where there are as many outputs as inputs, (x, x) where there are twice as
/// many, nothing otherwise (DeePMD-kit, deepmd/dpmodel/utils/network.py).
/// </param>
public sealed record DenseLayer(int Inputs, int Outputs, double[] Weights, double[]? Bias, double[]? Timestep, Activation Activation, bool Skips)
{
    /// <summary>How many times the input is added to the output, one after the other: 0, 1 or 2.</summary>
    public int Copies => !Skips ? 0 : Outputs == Inputs ? 1 : Outputs == 2 * Inputs ? 2 : 0;

    internal void Check(string where)
    {
        if (Inputs < 1 || Outputs < 1 || Weights.Length != Inputs * Outputs)
        {
            throw Wrong($"the weights of a layer of {Inputs} inputs and {Outputs} outputs are {Weights.Length} numbers", where);
        }

        if ((Bias is not null && Bias.Length != Outputs) || (Timestep is not null && Timestep.Length != Outputs))
        {
            throw Wrong($"bias and timestep of a layer of {Outputs} outputs are {Bias?.Length} and {Timestep?.Length} numbers", where);
        }

        foreach (var values in (double[]?[])[Weights, Bias, Timestep])
        {
            if (values is not null && !Array.TrueForAll(values, double.IsFinite))
            {
                throw Wrong("a weight is not a finite number", where);
            }
        }
    }

    private static MofException Wrong(string what, string where) => new(ErrorKind.InvalidArgument, what, where, "as many finite numbers as the layer's size says");
}

/// <summary>Layers one after the other. Immutable; a slow, obvious implementation of value and gradient stands here, the fast one in <see cref="NetworkKernel{T, TNumber, TActivation}"/>.</summary>
public sealed class DenseNetwork
{
    private readonly DenseLayer[] _layers;

    /// <summary>Creates and checks a network.</summary>
    /// <param name="layers">The first takes the input.</param>
    /// <param name="where">For messages: the network's name.</param>
    /// <exception cref="MofException">No layer, sizes that do not fit each other or their weights, weights that are not finite (InvalidArgument).</exception>
    public DenseNetwork(IReadOnlyList<DenseLayer> layers, string where)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = [.. layers];
        if (_layers.Length == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a network has no layers", where);
        }

        for (var k = 0; k < _layers.Length; k++)
        {
            _layers[k].Check($"{where}, layer {k + 1}");
            if (k > 0 && _layers[k].Inputs != _layers[k - 1].Outputs)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"layer {k + 1} takes {_layers[k].Inputs} numbers and layer {k} gives {_layers[k - 1].Outputs}", where);
            }
        }
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<DenseLayer> Layers => _layers;

    /// <summary>Numbers that go in.</summary>
    public int Inputs => _layers[0].Inputs;

    /// <summary>Numbers that come out.</summary>
    public int Outputs => _layers[^1].Outputs;

    /// <summary>The output for an input, and its derivatives.</summary>
    /// <param name="input"><c>double[Inputs]</c>.</param>
    /// <returns>Output <c>double[Outputs]</c>, and ∂output/∂input, <c>double[Outputs][Inputs]</c>.</returns>
    public (double[] Output, double[][] Jacobian) Evaluate(double[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var value = input;
        var jacobian = Enumerable.Range(0, input.Length).Select(i => Enumerable.Range(0, input.Length).Select(j => i == j ? 1.0 : 0.0).ToArray()).ToArray();
        foreach (var layer in _layers)
        {
            var next = new double[layer.Outputs];
            var nextJacobian = new double[layer.Outputs][];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var sum = layer.Bias is { } bias ? bias[o] : 0;
                var slopes = new double[input.Length];
                for (var i = 0; i < layer.Inputs; i++)
                {
                    var weight = layer.Weights[i * layer.Outputs + o];
                    sum += weight * value[i];
                    Add(slopes, weight, jacobian[i]);
                }

                var (activated, slope) = ActivationFunction.At(layer.Activation, sum);
                var step = layer.Timestep is { } timestep ? timestep[o] : 1;
                next[o] = step * activated;
                nextJacobian[o] = [.. slopes.Select(one => step * slope * one)];
                if (layer.Copies > 0)
                {
                    next[o] += value[o % layer.Inputs];
                    Add(nextJacobian[o], 1, jacobian[o % layer.Inputs]);
                }
            }

            (value, jacobian) = (next, nextJacobian);
        }

        return (value, jacobian);
    }

    /// <summary>The output for an input, without derivatives.</summary>
    public double[] Value(double[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var value = input;
        foreach (var layer in _layers)
        {
            var next = new double[layer.Outputs];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var sum = layer.Bias is { } bias ? bias[o] : 0;
                for (var i = 0; i < layer.Inputs; i++)
                {
                    sum += layer.Weights[i * layer.Outputs + o] * value[i];
                }

                next[o] = (layer.Timestep is { } step ? step[o] : 1) * ActivationFunction.At(layer.Activation, sum).Value + (layer.Copies > 0 ? value[o % layer.Inputs] : 0);
            }

            value = next;
        }

        return value;
    }

    private static void Add(double[] target, double factor, double[] source)
    {
        for (var k = 0; k < target.Length; k++)
        {
            target[k] += factor * source[k];
        }
    }
}
