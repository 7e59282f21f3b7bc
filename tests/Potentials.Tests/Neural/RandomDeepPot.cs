using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>DeepPot-SE models with random weights; the same seed gives the same.</summary>
internal static class RandomDeepPot
{
    /// <summary>What kind of model.</summary>
    public sealed record Shape
    {
        public int Species { get; init; } = 3;

        public int[] Embedding { get; init; } = [5, 10, 20];

        public int[] Fitting { get; init; } = [16, 16, 16];

        public int Axis { get; init; } = 3;

        public bool OneSided { get; init; } = true;

        public Activation Activation { get; init; } = Activation.Tanh;

        public bool Timesteps { get; init; } = true;

        public (int, int)[] Excluded { get; init; } = [];

        public double Cutoff { get; init; } = 4.5;

        public double Protection { get; init; }

        /// <summary>Whether places are shared and embeddings modulated, as with an embedding of types.</summary>
        public bool Typed { get; init; }
    }

    public static DeepPotModel Make(int seed, Shape? shape = null)
    {
        shape ??= new Shape();
        var random = new Random(seed);
        var count = shape.Species;
        var oneSided = Enumerable.Range(0, count).Select(_ => Embedding(random, shape)).ToArray();
        return new DeepPotModel
        {
            Species = [.. Enumerable.Range(0, count).Select(s => new Species($"A{s}", 0, 0))],
            Cutoff = shape.Cutoff,
            SmoothFrom = 0.6 * shape.Cutoff,
            Protection = shape.Protection,
            Places = shape.Typed ? [70] : [.. Enumerable.Range(0, count).Select(s => 20 + 7 * s)],
            AxisWidth = shape.Axis,
            Scaling = Table(count, (_, _) => new EnvironmentScaling(shape.Typed ? 0 : 0.05 + 0.02 * random.NextDouble(), 0.1 + 0.1 * random.NextDouble(), 0.08 + 0.05 * random.NextDouble())),
            Embedding = Table(count, (_, neighbor) => shape.OneSided ? oneSided[neighbor] : Embedding(random, shape)),
            Modulation = shape.Typed ? Table(count, (_, _) => Enumerable.Range(0, shape.Embedding[^1]).Select(_ => random.NextDouble() - 0.5).ToArray()) : null,
            Removed = shape.Typed ? new HashSet<(int, int)> { (1, 2), (2, 1) } : [],
            Fitting = [.. Enumerable.Range(0, count).Select(_ => Network(random, shape.Embedding[^1] * shape.Axis, [.. shape.Fitting, 1], shape.Activation, shape.Timesteps, linearEnd: true))],
            Bias = [.. Enumerable.Range(0, count).Select(s => -10.0 * (s + 1))],
            Excluded = shape.Excluded.SelectMany(pair => new[] { pair, (pair.Item2, pair.Item1) }).ToHashSet(),
        }.Checked();
    }

    private static DenseNetwork Embedding(Random random, Shape shape) => Network(random, 1, shape.Embedding, shape.Activation, timesteps: false, linearEnd: false);

    public static DenseNetwork Network(Random random, int inputs, int[] sizes, Activation activation, bool timesteps, bool linearEnd)
    {
        var layers = new List<DenseLayer>();
        for (var k = 0; k < sizes.Length; k++)
        {
            var last = linearEnd && k == sizes.Length - 1;
            double[] Numbers(int count, double size) => [.. Enumerable.Range(0, count).Select(_ => size * (2 * random.NextDouble() - 1))];
            layers.Add(new DenseLayer(
                inputs,
                sizes[k],
                Numbers(inputs * sizes[k], 1.5 / Math.Sqrt(inputs)),
                Numbers(sizes[k], 0.5),
                timesteps && !last && inputs == sizes[k] ? Numbers(sizes[k], 0.5) : null,
                last ? Activation.Linear : activation,
                !last));
            inputs = sizes[k];
        }

        return new DenseNetwork(layers, "random network");
    }

    private static TItem[][] Table<TItem>(int count, Func<int, int, TItem> make) =>
        [.. Enumerable.Range(0, count).Select(center => Enumerable.Range(0, count).Select(neighbor => make(center, neighbor)).ToArray())];
}
