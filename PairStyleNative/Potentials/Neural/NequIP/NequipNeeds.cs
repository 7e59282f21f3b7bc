using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>What of a layer reaches the energy: the rest is not computed.</summary>
/// <param name="Gate">Whether a block of the gate's output is needed.</param>
/// <param name="Mixed">Channels of every block of the gate's input, by first channel and count.</param>
/// <param name="Sums">Channels of every block of summed messages.</param>
/// <param name="Sent">Whether a block of what neighbours send is needed.</param>
internal sealed record NequipNeeds(bool[] Gate, List<(int First, int Count)>[] Mixed, List<(int First, int Count)>[] Sums, bool[] Sent)
{
    /// <summary>Goes through a model from its end.</summary>
    public static NequipNeeds[] Of(NequipModel model)
    {
        var needs = new NequipNeeds[model.Layers.Count];
        var used = model.Readout.Paths.Select(path => path.Input).ToHashSet();
        for (var t = model.Layers.Count - 1; t >= 0; t--)
        {
            var layer = model.Layers[t];
            needs[t] = Of(layer, [.. layer.Gate.Select((_, n) => used.Contains(n))]);
            used = [.. layer.Sending.Paths.Where(path => needs[t].Sent[path.Output]).Select(path => path.Input)];
            used.UnionWith(layer.Itself.SelectMany(one => one.Paths).Where(path => needs[t].Mixed[path.Output].Count > 0).Select(path => path.Input));
        }

        return needs;
    }

    private static NequipNeeds Of(NequipLayer layer, bool[] gate)
    {
        var mixed = Enumerable.Range(0, layer.Receiving.Output.Count).Select(_ => new List<(int, int)>()).ToArray();
        for (var n = 0; n < gate.Length; n++)
        {
            var block = layer.Gate[n];
            if (gate[n])
            {
                mixed[block.Block].Add((block.FirstChannel, block.Multiplicity));
                if (block.Gate >= 0)
                {
                    mixed[block.Gate].Add((block.GateChannel, block.Multiplicity));
                }
            }
        }

        var received = layer.Receiving.Paths.Where(path => mixed[path.Output].Count > 0).Select(path => path.Input).ToHashSet();
        var sums = Enumerable.Range(0, layer.Receiving.Input.Count).Select(_ => new List<(int, int)>()).ToArray();
        var sent = new bool[layer.Sending.Output.Count];
        foreach (var path in layer.Product.Paths)
        {
            var (block, channel) = ProductPath<double>.PlaceOf(layer.Product, path.Output, layer.Receiving.Input);
            if (received.Contains(block) && path.Coupling.Entries.Count > 0)
            {
                sums[block].Add((channel, layer.Product.Input[path.Input].Multiplicity));
                sent[path.Input] = true;
            }
        }

        return new NequipNeeds(gate, mixed, [.. sums.Select(one => one.OrderBy(segment => segment.Item1).ToList())], sent);
    }
}
