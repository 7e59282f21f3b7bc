using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>A network from the radial functions of an edge to numbers that belong to it. Immutable.</summary>
public abstract class EdgeNetwork
{
    /// <summary>Radial functions.</summary>
    public abstract int Inputs { get; }

    /// <summary>Numbers.</summary>
    public abstract int Outputs { get; }

    /// <summary>Whether they depend on the elements of the two atoms, and on which of them receives.</summary>
    public virtual bool IsDirected => false;

    /// <summary>The numbers of an edge, with two derivatives.</summary>
    /// <param name="functions">The radial functions.</param>
    /// <param name="center">Species of the atom that receives.</param>
    /// <param name="neighbor">Species of the other.</param>
    internal abstract Jet[] Expand(Jet[] functions, int center, int neighbor);
}

/// <summary>Layers without more (e3nn, <c>FullyConnectedNet</c>).</summary>
/// <param name="network">The layers.</param>
public sealed class PlainEdgeNetwork(DenseNetwork network) : EdgeNetwork
{
    /// <inheritdoc/>
    public override int Inputs => network.Inputs;

    /// <inheritdoc/>
    public override int Outputs => network.Outputs;

    internal override Jet[] Expand(Jet[] functions, int center, int neighbor) => ScalarNetwork.Expand(network, functions);
}

/// <summary>A layer that is followed by the normalization of its outputs (J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv:1607.06450) and silu; the last layer of a network has neither.</summary>
/// <param name="Inputs">Numbers that go in.</param>
/// <param name="Outputs">Numbers that come out.</param>
/// <param name="Weights"><c>double[Inputs][Outputs]</c>.</param>
/// <param name="Bias"><c>double[Outputs]</c>.</param>
/// <param name="Gain">Factors after the normalization, <c>double[Outputs]</c>; null: the last layer.</param>
/// <param name="Offset">Added after that, <c>double[Outputs]</c>; null: the last layer.</param>
public sealed record NormedLayer(int Inputs, int Outputs, double[] Weights, double[] Bias, double[]? Gain, double[]? Offset);

/// <summary>
/// Layers with normalization, the first of which takes a vector for the element of the receiver and one for that of the sender beside the radial functions (MACE, <c>RadialMLP</c> in nonlinear interactions). What
/// the first layer makes of the two vectors is part of its bias here.
/// </summary>
public sealed class NormedEdgeNetwork : EdgeNetwork
{
    /// <summary>Added to variances, so that nothing is divided by zero: PyTorch's.</summary>
    private const double Smallest = 1e-5;

    private readonly NormedLayer[] _layers;
    private readonly double[][] _ofCenter;
    private readonly double[][] _ofNeighbor;

    /// <summary>Creates and checks a network.</summary>
    /// <param name="layers">The first takes the radial functions.</param>
    /// <param name="ofCenter">Added in the first layer, by species of the receiver, <c>double[species][Outputs]</c>.</param>
    /// <param name="ofNeighbor">The same by species of the sender.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">Sizes that do not fit, numbers that are not finite (InvalidArgument).</exception>
    public NormedEdgeNetwork(IReadOnlyList<NormedLayer> layers, double[][] ofCenter, double[][] ofNeighbor, string where)
    {
        (_layers, _ofCenter, _ofNeighbor) = ([.. layers], ofCenter, ofNeighbor);
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var fits = layer.Weights.Length == layer.Inputs * layer.Outputs && layer.Bias.Length == layer.Outputs && (k == 0 || layer.Inputs == _layers[k - 1].Outputs)
                && (layer.Gain is null) == (k == _layers.Length - 1) && (layer.Gain?.Length ?? layer.Outputs) == layer.Outputs && (layer.Offset?.Length ?? layer.Outputs) == layer.Outputs;
            if (!fits || Numbers(layer).Any(number => !double.IsFinite(number)))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"layer {k + 1} of a radial network does not fit or has numbers that are not finite", where);
            }
        }

        if (_layers.Length == 0 || ofCenter.Length != ofNeighbor.Length || ofCenter.Concat(ofNeighbor).Any(one => one.Length != _layers[0].Outputs || !Array.TrueForAll(one, double.IsFinite)))
        {
            throw new MofException(ErrorKind.InvalidArgument, "what a radial network adds for elements does not fit", where, "as many numbers as the first layer gives, for each species");
        }
    }

    /// <inheritdoc/>
    public override int Inputs => _layers[0].Inputs;

    /// <inheritdoc/>
    public override int Outputs => _layers[^1].Outputs;

    /// <inheritdoc/>
    public override bool IsDirected => true;

    internal override Jet[] Expand(Jet[] functions, int center, int neighbor)
    {
        var values = functions;
        for (var k = 0; k < _layers.Length; k++)
        {
            var layer = _layers[k];
            var next = Affine(layer, values);
            for (var o = 0; o < layer.Outputs && k == 0; o++)
            {
                next[o] = next[o] with { Value = next[o].Value + _ofCenter[center][o] + _ofNeighbor[neighbor][o] };
            }

            values = layer.Gain is null ? next : Activated(layer, next);
        }

        return values;
    }

    private static IEnumerable<double> Numbers(NormedLayer layer) => [.. layer.Weights, .. layer.Bias, .. layer.Gain ?? [], .. layer.Offset ?? []];

    private static Jet[] Affine(NormedLayer layer, Jet[] values)
    {
        double[] value = [.. layer.Bias], first = new double[layer.Outputs], second = new double[layer.Outputs];
        for (var i = 0; i < layer.Inputs; i++)
        {
            var row = layer.Weights.AsSpan(i * layer.Outputs, layer.Outputs);
            ScalarNetwork.Add(row, values[i].Value, value);
            ScalarNetwork.Add(row, values[i].First, first);
            ScalarNetwork.Add(row, values[i].Second, second);
        }

        return [.. value.Select((one, o) => new Jet(one, first[o], second[o]))];
    }

    private static Jet[] Activated(NormedLayer layer, Jet[] values)
    {
        var count = values.Length;
        var mean = new Jet(values.Sum(one => one.Value) / count, values.Sum(one => one.First) / count, values.Sum(one => one.Second) / count);
        Jet[] off = [.. values.Select(one => new Jet(one.Value - mean.Value, one.First - mean.First, one.Second - mean.Second))];
        Jet[] squares = [.. off.Select(one => one * one)];
        var scale = new Jet(squares.Sum(one => one.Value) / count + Smallest, squares.Sum(one => one.First) / count, squares.Sum(one => one.Second) / count).InverseRoot();
        return [.. off.Select((one, o) =>
        {
            var x = one * scale;
            return new Jet(layer.Gain![o] * x.Value + layer.Offset![o], layer.Gain[o] * x.First, layer.Gain[o] * x.Second).Through(Activation.Silu);
        })];
    }
}
