using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.NequIP;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>Reads a <c>ConvNetLayer</c> (nequip/nn/_convnetlayer.py, _interaction_block.py; e3nn/nn/_gate.py).</summary>
internal static class NequipLayerReader
{
    /// <summary>A layer of NequIP 0.5 and 0.6.</summary>
    public static NequipLayer Read(TorchModule layer, NequipActivations activations, int speciesCount)
    {
        var (gate, block) = Parts(layer);
        var receiving = block.Module("linear_2").Linear();
        return new NequipLayer
        {
            Sending = block.Module("linear_1").Linear(),
            Radial = block.Module("fc").Network(activations.Scalar(parity: 1)),
            Product = block.Module("tp").ChannelProduct(),
            Divisor = block.Find("avg_num_neighbors") is null ? 1 : Math.Sqrt(block.Number("avg_num_neighbors")),
            Receiving = receiving,
            Itself = block.Find("use_sc") is false ? [] : block.Module("sc").LinearByAttributes(Unit(speciesCount)),
            Gate = Gate(gate, activations, receiving.Output),
        };
    }

    /// <summary>A layer of NequIP 0.7 and later, where features of the species, not the species, go into the self-connection.</summary>
    public static NequipLayer ReadCompiled(TorchModule layer, NequipActivations activations, double[][] attributes)
    {
        var (gate, block) = Parts(layer);
        var receiving = block.Module("linear_2").Linear();
        var factors = SentScales(block, attributes.Length);
        var isUniform = Array.TrueForAll(factors, one => one == factors[0]);
        return new NequipLayer
        {
            Sending = block.Module("linear_1").Linear(),
            SentScales = isUniform ? [] : factors,
            Radial = CompiledModules.Network(block.Module("edge_mlp")),
            Product = Product(block).ChannelProduct(),
            Divisor = isUniform ? 1 / factors[0] : 1,
            Receiving = receiving,
            Itself = block.Find("use_sc") is false ? [] : block.Module("sc").LinearByAttributes(attributes),
            Gate = Gate(gate, activations, receiving.Output),
        };
    }

    private static (TorchModule Gate, TorchModule Block) Parts(TorchModule layer)
    {
        if (layer.Find("resnet") is true)
        {
            throw E3nnModules.Unsupported("the layer adds its input to its output (resnet)", layer);
        }

        TorchModule gate = layer.Module("equivariant_nonlin"), block = layer.Module("conv");
        if (gate.Object.ShortName != "Gate" || block.Object.ShortName != "InteractionBlock")
        {
            throw E3nnModules.Unsupported($"the layer is a '{block.Object.ShortName}' with a '{gate.Object.ShortName}'", layer, "InteractionBlock with Gate (nonlinearity_type: gate)");
        }

        return (gate, block);
    }

    private static double[][] Unit(int count) => [.. Enumerable.Range(0, count).Select(s => Enumerable.Range(0, count).Select(t => s == t ? 1.0 : 0.0).ToArray())];

    // 0.7.0 has the product in the block, later versions within a module that also sums.
    private static TorchModule Product(TorchModule block) => block.TryModule("tp_scatter.tp") ?? block.Module("tp");

    // Versions name it after what it is made from, after what it is, or give it a module of its own.
    private static double[] SentScales(TorchModule block, int speciesCount)
    {
        if (block.TryModule("avg_num_neighbors_norm") is { } norm)
        {
            return CompiledModules.BySpecies(norm.Tensor("norm_const"), speciesCount, norm);
        }

        var factor = block.Find("scatter_norm_factor") is not null ? block.Number("scatter_norm_factor") : block.Find("avg_num_neighbors") is not null ? 1 / Math.Sqrt(block.Number("avg_num_neighbors")) : 1;
        return [.. Enumerable.Repeat(factor, speciesCount)];
    }

    /// <summary>
    /// What goes into the gate is scalars, gates and gated blocks in this order, sorted by representation without changing the order of equal ones. Gates belong to gated blocks in the order of these.
    /// </summary>
    private static List<GateBlock> Gate(TorchModule gate, NequipActivations activations, Irreps input)
    {
        Irreps scalars = gate.Irreps("irreps_scalars"), gates = gate.Irreps("irreps_gates"), gated = gate.Irreps("irreps_gated");
        var used = new Dictionary<Irrep, int>();
        (int Block, int Channel) Place(Irrep irrep, int multiplicity)
        {
            var block = Enumerable.Range(0, input.Count).FirstOrDefault(n => input[n].Irrep == irrep, -1);
            var channel = used.GetValueOrDefault(irrep);
            used[irrep] = channel + multiplicity;
            return block >= 0 && used[irrep] <= input[block].Multiplicity
                ? (block, channel)
                : throw new MofException(ErrorKind.FileFormat, $"the gate takes {multiplicity}x{irrep} that are not among {input}", gate.Where);
        }

        var blocks = new List<GateBlock>();
        foreach (var one in scalars)
        {
            var (kind, factor) = activations.Scalar(one.Irrep.Parity);
            var (block, channel) = Place(one.Irrep, one.Multiplicity);
            blocks.Add(new GateBlock(block, channel, one.Multiplicity, kind, factor));
        }

        if (gates.Count > 1 || (gates.Count == 1 && gates[0].Multiplicity != gated.Sum(one => one.Multiplicity)))
        {
            throw E3nnModules.Unsupported($"the gates are {gates} for {gated}", gate, "scalars of one parity, one for each gated channel");
        }

        if (gated.Count > 0)
        {
            var (block, channel) = Place(gates[0].Irrep, gates[0].Multiplicity);
            var (kind, factor) = activations.Gate(gates[0].Irrep.Parity);
            foreach (var one in gated)
            {
                var (own, first) = Place(one.Irrep, one.Multiplicity);
                blocks.Add(new GateBlock(own, first, one.Multiplicity, kind, factor, block, channel));
                channel += one.Multiplicity;
            }
        }

        return blocks;
    }
}
