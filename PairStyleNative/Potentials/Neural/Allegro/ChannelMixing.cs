using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>One representation that a mixing gives.</summary>
/// <param name="Inputs">How many of the same kind are mixed; they stand one after the other.</param>
/// <param name="Dimension">2l + 1.</param>
/// <param name="Weights">With all factors, <c>double[channel out][channel in][Inputs]</c>.</param>
public sealed record MixedBlock(int Inputs, int Dimension, double[] Weights);

/// <summary>
/// Mixes channels, and the results of paths that are of one kind, into as many channels: z_vi = Σ_un w_vun·x_uni for every representation in its turn (allegro/nn/_strided/_linear.py). Immutable.
/// </summary>
/// <param name="Blocks">What it gives, and takes, in order.</param>
public sealed record ChannelMixing(IReadOnlyList<MixedBlock> Blocks)
{
    /// <summary>Numbers of a channel that goes in.</summary>
    public int Input => Blocks.Sum(block => block.Inputs * block.Dimension);

    /// <summary>Numbers of a channel that comes out.</summary>
    public int Output => Blocks.Sum(block => block.Dimension);

    /// <summary>Mixed channels.</summary>
    internal double[] Apply(int channels, double[] x)
    {
        var z = new double[channels * Output];
        Run(channels, (v, u, target, source, weight) => z[v * Output + target] += weight * x[u * Input + source]);
        return z;
    }

    /// <summary>The gradient by x.</summary>
    internal double[] ApplyTransposed(int channels, double[] byZ)
    {
        var byX = new double[channels * Input];
        Run(channels, (v, u, target, source, weight) => byX[u * Input + source] += weight * byZ[v * Output + target]);
        return byX;
    }

    internal void Check(int channels, string where)
    {
        if (Blocks.Count == 0 || Blocks.Any(block => block.Inputs < 1 || block.Dimension < 1 || block.Weights.Length != channels * channels * block.Inputs || !Array.TrueForAll(block.Weights, double.IsFinite)))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the weights that mix the channels of {where} do not fit", expected: $"as many finite numbers as {channels} × {channels} channels and the paths say");
        }
    }

    private void Run(int channels, Action<int, int, int, int, double> visit)
    {
        int first = 0, result = 0;
        foreach (var block in Blocks)
        {
            for (var v = 0; v < channels; v++)
            {
                for (var u = 0; u < channels; u++)
                {
                    for (var n = 0; n < block.Inputs; n++)
                    {
                        for (var m = 0; m < block.Dimension; m++)
                        {
                            visit(v, u, result + m, first + n * block.Dimension + m, block.Weights[(v * channels + u) * block.Inputs + n]);
                        }
                    }
                }
            }

            first += block.Inputs * block.Dimension;
            result += block.Dimension;
        }
    }
}
