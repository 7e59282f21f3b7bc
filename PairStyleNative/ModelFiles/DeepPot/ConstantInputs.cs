using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>Networks some of whose inputs are the same whenever they are asked, such as the embedding of a type: those become part of the first bias.</summary>
internal static class ConstantInputs
{
    /// <summary>The network of the first inputs alone.</summary>
    /// <param name="network">Takes the free inputs and then the constant ones.</param>
    /// <param name="free">How many are free.</param>
    /// <param name="constants">The others.</param>
    /// <param name="where">For messages: the part of the file.</param>
    /// <exception cref="MofException">The network has other inputs (FileFormat); inputs skip the first layer (Unsupported).</exception>
    public static DenseNetwork Fold(DenseNetwork network, int free, double[] constants, YamlMapping where)
    {
        if (network.Inputs != free + constants.Length)
        {
            throw new MofException(ErrorKind.FileFormat, $"a network takes {network.Inputs} numbers", where.Where, $"{free + constants.Length}: {free} of the environment and {constants.Length} that are the same for all atoms of a type");
        }

        if (constants.Length == 0)
        {
            return network;
        }

        var first = network.Layers[0];
        if (first.Copies > 0)
        {
            throw DeepPotFile.Unsupported($"embeddings of types skip the first layer of a network, which has {first.Outputs} neurons for {first.Inputs} inputs", where.Where, "another number of neurons");
        }

        double[] bias = first.Bias is null ? new double[first.Outputs] : [.. first.Bias];
        for (var k = 0; k < constants.Length; k++)
        {
            for (var output = 0; output < first.Outputs; output++)
            {
                bias[output] += constants[k] * first.Weights[(free + k) * first.Outputs + output];
            }
        }

        // The smaller layer must not be taken for one that is skipped.
        var folded = first with { Inputs = free, Weights = first.Weights[..(free * first.Outputs)], Bias = bias, Skips = false };
        return new DenseNetwork([folded, .. network.Layers.Skip(1)], where.Where);
    }
}
