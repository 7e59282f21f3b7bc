using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>
/// Which representations the features of each layer have, and which paths its tensor product: nothing in a deployed file lists them, so they are found by the rules that built the model (allegro/nn/_allegro.py), and the sizes
/// of the file's tensors are compared with them.
/// </summary>
internal sealed class AllegroPaths
{
    private static readonly Irrep _scalar = new(0, 1);

    private AllegroPaths(IReadOnlyList<Irrep>[] features) => Features = features;

    /// <summary>Of the features that go into each layer, and of what the last gives.</summary>
    public IReadOnlyList<Irrep>[] Features { get; }

    /// <summary>Finds them.</summary>
    /// <param name="harmonics">The representations of the harmonics.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="bothParities">Whether features have both parities (<c>nonscalars_include_parity</c>, parity <c>o3_full</c>).</param>
    public static AllegroPaths Of(IReadOnlyList<Irrep> harmonics, int layers, bool bothParities)
    {
        var features = new IReadOnlyList<Irrep>[layers + 1];
        features[0] = harmonics;
        IReadOnlyList<Irrep> results = bothParities ? [.. harmonics.SelectMany(one => new[] { new Irrep(one.Degree, 1), new Irrep(one.Degree, -1) })] : harmonics;
        for (var t = 0; t < layers; t++)
        {
            results = t == layers - 1 ? [_scalar] : results;
            results = [.. results.Where(result => features[t].Any(first => harmonics.Any(second => Couples(first, second, result))))];
            features[t + 1] = results;
        }

        // What leads to nothing that is wanted is left out, from the last layer backwards.
        for (var t = layers - 1; t >= 0; t--)
        {
            var wanted = features[t + 1];
            features[t] = [.. features[t].Where(first => harmonics.Any(second => wanted.Any(result => Couples(first, second, result))))];
        }

        return new AllegroPaths(features);
    }

    /// <summary>The results of a layer's tensor product, path by path.</summary>
    public IReadOnlyList<Irrep> ResultsOf(int layer, IReadOnlyList<Irrep> harmonics) =>
        [.. Features[layer + 1].SelectMany(result => Features[layer].SelectMany(first => harmonics.Where(second => Couples(first, second, result)).Select(_ => result)))];

    private static bool Couples(Irrep first, Irrep second, Irrep result) =>
        first.Parity * second.Parity == result.Parity && result.Degree >= Math.Abs(first.Degree - second.Degree) && result.Degree <= first.Degree + second.Degree;
}
