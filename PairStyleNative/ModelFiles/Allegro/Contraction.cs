using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>A <c>Contracter</c> (allegro/nn/_strided/_contract.py): couplings path by path, and the weights of paths, by channel or not.</summary>
internal sealed class Contraction
{
    private readonly int _channels;
    private readonly Irreps _results;
    private readonly int[] _blocks;
    private readonly double[] _weights;
    private readonly bool _byChannel;

    /// <summary>Reads one.</summary>
    public Contraction(TorchModule module, int channels)
    {
        _channels = channels;
        Irreps first = module.Irreps("irreps_in1"), second = module.Irreps("irreps_in2");
        _results = module.Irreps("irreps_out");
        var paths = (int)module.Number("num_paths");
        if (!new[] { first, second, _results }.SelectMany(one => one).All(block => block.Multiplicity == 1) || _results.Count == 0 || _results[0].Irrep != new Irrep(0, 1) || (int)module.Number("mul") != channels)
        {
            throw E3nnModules.Unsupported($"a tensor product goes from {first} and {second} to {_results}", module, "each representation once, scalars first");
        }

        _byChannel = module.Find("path_channel_coupling") is true;
        int[] shape = [.. _byChannel ? [channels] : Array.Empty<int>(), .. paths > 1 ? [paths] : Array.Empty<int>()];
        _weights = module.Tensor("weights", shape);
        EnvironmentScale = module.Find("scatter_factor") is null ? 1 : module.Number("scatter_factor");
        var isDiagonal = module.Find("w3j_is_ij_diagonal") is true;
        int[] sizes = isDiagonal ? [first.Width, _results.Width] : [first.Width, second.Width, _results.Width];
        if (isDiagonal && first.Width != second.Width)
        {
            throw new MofException(ErrorKind.FileFormat, $"a diagonal product of {first.Width} and {second.Width} numbers", module.Where);
        }

        var values = module.Tensor("w3j", paths > 1 ? [paths, .. sizes] : sizes);
        _blocks = new int[paths];
        Product = Make(values, paths, first.Width, second.Width, isDiagonal, module);
    }

    /// <summary>Of the sum over neighbours.</summary>
    public double EnvironmentScale { get; }

    /// <summary>All paths without their weights, one result after the other.</summary>
    public AllegroProduct Product { get; }

    /// <summary>The weight of a path.</summary>
    public double WeightOf(int channel, int path) => _weights[(_byChannel ? channel * _blocks.Length : 0) + path];

    /// <summary>From the results of paths to features: those of one representation add up, channel by channel.</summary>
    public ChannelMixing Mixing()
    {
        var blocks = new List<MixedBlock>();
        for (var block = 0; block < _results.Count; block++)
        {
            int[] paths = [.. Enumerable.Range(0, _blocks.Length).Where(path => _blocks[path] == block)];
            var weights = new double[_channels * _channels * paths.Length];
            for (var u = 0; u < _channels; u++)
            {
                for (var n = 0; n < paths.Length; n++)
                {
                    weights[(u * _channels + u) * paths.Length + n] = WeightOf(u, paths[n]);
                }
            }

            blocks.Add(new MixedBlock(paths.Length, _results[block].Irrep.Dimension, weights));
        }

        return new ChannelMixing(blocks);
    }

    private AllegroProduct Make(double[] values, int paths, int first, int second, bool isDiagonal, TorchModule module)
    {
        var (width, place, scalars) = (_results.Width, 0, 0);
        var size = values.Length / paths;
        var entries = new List<CouplingEntry>();
        for (var path = 0; path < paths; path++)
        {
            var own = values.AsSpan(path * size, size);
            var any = own.IndexOfAnyExcept(0.0);
            var block = any < 0 ? -1 : Enumerable.Range(0, _results.Count).Last(n => _results.OffsetOf(n) <= any % width);
            var offset = block < 0 ? 0 : _results.OffsetOf(block);
            var dimension = block < 0 ? 0 : _results[block].Irrep.Dimension;
            if (block < 0 || (path > 0 && block < _blocks[path - 1]))
            {
                throw new MofException(ErrorKind.FileFormat, $"path {path + 1} of a tensor product leads nowhere, or they are not in the order of their results", module.Where);
            }

            for (var at = any; at < size; at++)
            {
                var result = at % width - offset;
                if (own[at] != 0 && (uint)result >= (uint)dimension)
                {
                    throw new MofException(ErrorKind.FileFormat, $"path {path + 1} of a tensor product leads to two results", module.Where);
                }

                if (own[at] != 0)
                {
                    entries.Add(isDiagonal ? new CouplingEntry(at / width, at / width, place + result, own[at]) : new CouplingEntry(at / width / second, at / width % second, place + result, own[at]));
                }
            }

            _blocks[path] = block;
            place += dimension;
            scalars += block == 0 ? 1 : 0;
        }

        return new AllegroProduct(first, second, place, scalars, entries);
    }
}
