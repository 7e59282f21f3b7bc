using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>Reads networks as DeePMD-kit serializes them (deepmd/dpmodel/utils/network.py).</summary>
internal static class NetworkReader
{
    private static readonly Dictionary<string, Activation> _activations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = Activation.Linear,
        ["linear"] = Activation.Linear,
        ["tanh"] = Activation.Tanh,
        ["sigmoid"] = Activation.Sigmoid,
        ["silu"] = Activation.Silu,
        ["softplus"] = Activation.Softplus,
        ["gelu"] = Activation.Gelu,
        ["gelu_tf"] = Activation.Gelu,
    };

    /// <summary>The networks of a collection, in its order: one for all types (0 dimensions), one for each, or for two types (a, b) number a + types·b.</summary>
    public static List<DenseNetwork> ReadCollection(YamlMapping collection, string type, int dimensions, int count)
    {
        DeepPotFile.RequireVersion(collection, 1);
        DeepPotFile.RequireFeature(collection, "network_type", type, "networks of type");
        if (collection.Integer("ndim", 0) is var found && found != dimensions)
        {
            throw DeepPotFile.Unsupported($"networks for {found} types each", collection.PlaceOf("ndim"), $"for {dimensions}");
        }

        collection.Ignore("@class", "ntypes");
        var networks = collection.OptionalMappings("networks");
        var expected = (int)Math.Pow(count, dimensions);
        if (networks.Count != expected || networks.Any(network => network is null))
        {
            throw new MofException(ErrorKind.FileFormat, $"there are {networks.Count(network => network is not null)} networks", collection.PlaceOf("networks"), $"{expected}");
        }

        var read = networks.Select((network, n) => ReadNetwork(network!, $"{type} {n + 1}")).ToList();
        collection.Close();
        return read;
    }

    /// <summary>One network.</summary>
    public static DenseNetwork ReadNetwork(YamlMapping network, string name)
    {
        DeepPotFile.RequireVersion(network, 2);
        network.Ignore("@class", "activation_function", "bias", "bias_out", "in_dim", "neuron", "out_dim", "precision", "resnet_dt");
        var layers = network.Mappings("layers").Select(ReadLayer).ToList();
        network.Close();
        return new DenseNetwork(layers, name);
    }

    private static DenseLayer ReadLayer(YamlMapping layer)
    {
        DeepPotFile.RequireVersion(layer, 2);
        layer.Ignore("@class", "precision", "bias", "use_timestep", "trainable");
        var name = layer.IsNull("activation_function") ? "none" : layer.Text("activation_function").Text;
        var activation = _activations.TryGetValue(name, out var known)
            ? known
            : throw DeepPotFile.Unsupported($"the activation function '{name}'", layer.PlaceOf("activation_function"), string.Join(", ", _activations.Keys));
        var variables = layer.Mapping("@variables");
        var (shape, weights) = variables.Variable("w");
        if (shape.Length != 2)
        {
            throw new MofException(ErrorKind.FileFormat, $"'w' has {shape.Length} dimensions", variables.PlaceOf("w"), "2: inputs and outputs");
        }

        var read = new DenseLayer(
            shape[0],
            shape[1],
            weights,
            variables.IsNull("b") ? null : variables.Variable("b").Values,
            variables.IsNull("idt") ? null : variables.Variable("idt").Values,
            activation,
            layer.Flag("resnet"));
        variables.Close();
        layer.Close();
        return read;
    }
}
