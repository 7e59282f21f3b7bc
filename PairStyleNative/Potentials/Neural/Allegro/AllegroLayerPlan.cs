using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>A number of a sparse coupling; places are those of the first channel.</summary>
internal struct CouplingTerm<TNumber>
    where TNumber : unmanaged
{
    /// <summary>Among the features.</summary>
    public int First;

    /// <summary>In the environment.</summary>
    public int Second;

    /// <summary>The number.</summary>
    public TNumber Value;
}

/// <summary>Mixes some rows of channels, which stand together, into one.</summary>
/// <param name="Source">Where they begin.</param>
/// <param name="Target">Where the result is.</param>
/// <param name="Forward">Channels and paths to channels.</param>
/// <param name="Backward">The same, transposed.</param>
/// <param name="Paths">How many rows are mixed.</param>
/// <param name="ByChannel">Where every channel stays itself: weights <c>[Paths][channels]</c> instead of the matrices, which then are null.</param>
internal sealed record MixingStep<TNumber>(int Source, int Target, StripMatrix<TNumber>? Forward, StripMatrix<TNumber>? Backward, int Paths, NativeArray<TNumber>? ByChannel)
    where TNumber : unmanaged;

/// <summary>The tensor product and the mixings of one layer. Immutable.</summary>
internal sealed unsafe class AllegroLayerPlan<T, TNumber> : IDisposable
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<CouplingTerm<TNumber>> _terms = new();
    private readonly NativeArray<int> _starts = new();
    private readonly List<IDisposable> _matrices = [];
    private readonly int _channels;
    private readonly int _width;

    /// <summary>Prepares a layer.</summary>
    public AllegroLayerPlan(AllegroModel model, AllegroLayer layer, int index, int width)
    {
        (_channels, _width) = (model.Channels, width);
        FeatureWidth = layer.Product.First * width;
        ScalarWidth = layer.Product.Scalars * width;
        EnvironmentScale = [.. layer.EnvironmentScale];
        WeightRow = index == 0 ? model.Degree + 1 : 0;
        var places = PlacesOf(layer);
        ResultCount = layer.Mixing is null ? layer.Product.Scalars : layer.Product.Result;
        ResultWidth = ResultCount * width;
        Pack(layer.Product.Entries.Where(one => places[one.Result] < ResultCount).OrderBy(one => places[one.Result]).ToList(), places);
        Environment = layer.EnvironmentMixing is null ? [] : Steps(layer.EnvironmentMixing);
        Mixing = layer.Mixing is null ? [] : Steps(layer.Mixing);
    }

    /// <summary>Numbers of an edge's features.</summary>
    public int FeatureWidth { get; }

    /// <summary>Results of the product that are needed.</summary>
    public int ResultCount { get; }

    /// <summary>Their numbers.</summary>
    public int ResultWidth { get; }

    /// <summary>Numbers of the scalars among them, which come first.</summary>
    public int ScalarWidth { get; }

    /// <summary>Of environments, by species.</summary>
    public double[] EnvironmentScale { get; }

    /// <summary>Where the weights of the environment begin, in rows of channels.</summary>
    public int WeightRow { get; }

    /// <summary>Mixing of the environment; empty: none.</summary>
    public IReadOnlyList<MixingStep<TNumber>> Environment { get; }

    /// <summary>Mixing of results; empty in the last layer.</summary>
    public IReadOnlyList<MixingStep<TNumber>> Mixing { get; }

    /// <summary>Couplings, by result.</summary>
    public CouplingTerm<TNumber>* Terms => _terms.Pointer;

    /// <summary>Where those of each result begin.</summary>
    public int* Starts => _starts.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _terms.Dispose();
        _starts.Dispose();
        foreach (var matrix in _matrices)
        {
            matrix.Dispose();
        }
    }

    // Results of one block: [path][m] in the model, [m][path] here.
    private static int[] PlacesOf(AllegroLayer layer)
    {
        var places = Enumerable.Range(0, layer.Product.Result).ToArray();
        var first = 0;
        foreach (var block in layer.Mixing?.Blocks ?? [])
        {
            for (var k = 0; k < block.Inputs * block.Dimension; k++)
            {
                places[first + k] = first + k % block.Dimension * block.Inputs + k / block.Dimension;
            }

            first += block.Inputs * block.Dimension;
        }

        return places;
    }

    private void Pack(List<CouplingEntry> entries, int[] places)
    {
        var terms = _terms.Reserve(entries.Count + 1);
        var starts = _starts.Reserve(ResultCount + 1);
        var next = 0;
        for (var k = 0; k < ResultCount; k++)
        {
            starts[k] = next;
            for (; next < entries.Count && places[entries[next].Result] == k; next++)
            {
                terms[next] = new CouplingTerm<TNumber> { First = entries[next].First * _width, Second = entries[next].Second * _width, Value = Real.Of<TNumber>(entries[next].Value) };
            }
        }

        starts[ResultCount] = next;
    }

    private TItem Own<TItem>(TItem item)
        where TItem : IDisposable
    {
        _matrices.Add(item);
        return item;
    }

    private bool KeepsChannels(MixedBlock block)
    {
        for (var k = 0; k < block.Weights.Length; k++)
        {
            var pair = k / block.Inputs;
            if (pair / _channels != pair % _channels && block.Weights[k] != 0)
            {
                return false;
            }
        }

        return true;
    }

    private NativeArray<TNumber> ByChannel(MixedBlock block)
    {
        var array = new NativeArray<TNumber>();
        var weights = array.Reserve((long)block.Inputs * _width);
        for (var k = 0; k < block.Inputs * _width; k++)
        {
            var (path, channel) = (k / _width, k % _width);
            weights[k] = Real.Of<TNumber>(channel < _channels ? block.Weights[(channel * _channels + channel) * block.Inputs + path] : 0);
        }

        return array;
    }

    private List<MixingStep<TNumber>> Steps(ChannelMixing mixing)
    {
        var steps = new List<MixingStep<TNumber>>();
        int source = 0, target = 0;
        foreach (var block in mixing.Blocks)
        {
            double At(int row, int column)
            {
                var (path, channel) = (row / _width, row % _width);
                return channel < _channels && column < _channels ? block.Weights[(column * _channels + channel) * block.Inputs + path] : 0;
            }

            var byChannel = KeepsChannels(block) ? Own(ByChannel(block)) : null;
            var forward = byChannel is null ? Own(Strips.Pack<T, TNumber>(block.Inputs * _width, _width, At)) : null;
            var backward = byChannel is null ? Own(Strips.Pack<T, TNumber>(_width, block.Inputs * _width, (row, column) => At(column, row))) : null;
            for (var m = 0; m < block.Dimension; m++)
            {
                steps.Add(new MixingStep<TNumber>((source + m * block.Inputs) * _width, (target + m) * _width, forward, backward, block.Inputs, byChannel));
            }

            source += block.Inputs * block.Dimension;
            target += block.Dimension;
        }

        return steps;
    }
}
