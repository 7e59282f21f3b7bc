using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Small models with random weights and couplings: not equivariant, but everything else that a model is. The same seed gives the same.</summary>
internal static class RandomNequip
{
    /// <param name="Hidden">Features between the layers, scalars first.</param>
    /// <param name="Degree">The largest l of the harmonics.</param>
    /// <param name="Layers">Number of layers.</param>
    /// <param name="Itself">Whether atoms make something of themselves.</param>
    internal sealed record Shape(string Hidden = "5x0e+3x1o+4x2e", int Degree = 2, int Layers = 3, bool Itself = true, double Cutoff = 4.5);

    private const int SpeciesCount = 3, Channels = 6;

    public static NequipModel Make(int seed, Shape? shape = null)
    {
        shape ??= new Shape();
        var random = new Random(seed);
        var hidden = Irreps.Parse(shape.Hidden);
        var features = Irreps.Parse($"{Channels}x0e");
        var layers = new List<NequipLayer>();
        for (var t = 0; t < shape.Layers; t++)
        {
            layers.Add(Layer(random, shape, features, hidden));
            features = layers[^1].Output;
        }

        return new NequipModel
        {
            Species = [.. Enumerable.Range(0, SpeciesCount).Select(s => new Species($"A{s}", 0, 0))],
            Basis = new BesselBasis(shape.Cutoff, 6, 2 / shape.Cutoff, [.. Enumerable.Range(1, 4).Select(n => n * Math.PI)]),
            Embedding = [.. Enumerable.Range(0, SpeciesCount).Select(_ => Numbers(random, Channels, 1))],
            Layers = layers,
            Readout = new IrrepsLinear(features, Irreps.Parse("0e"), [new LinearPath(0, 0, Numbers(random, features[0].Multiplicity, 1))], "readout"),
            Scales = [1.5, 1, 0.7],
            Shifts = [-3, 2, 0.5],
        };
    }

    private static double[] Numbers(Random random, int count, double size) => [.. Enumerable.Range(0, count).Select(_ => size * (2 * random.NextDouble() - 1))];

    private static IrrepsLinear Linear(Random random, Irreps from, Irreps to) => new(
        from,
        to,
        [.. from.SelectMany((a, n) => to.Select((b, m) => (a, b, n, m)).Where(one => one.a.Irrep == one.b.Irrep)).Select(one => new LinearPath(one.n, one.m, Numbers(random, one.a.Multiplicity * one.b.Multiplicity, 1.5 / Math.Sqrt(one.a.Multiplicity))))],
        "linear");

    private static NequipLayer Layer(Random random, Shape shape, Irreps features, Irreps hidden)
    {
        var (product, sums) = Product(random, shape, features, hidden);
        IrrepBlock[] reachable = [.. hidden.Where(block => sums.Any(one => one.Irrep == block.Irrep))];
        var gates = reachable.Where(block => block.Irrep.Degree > 0).Sum(block => block.Multiplicity);
        var scalars = reachable.Single(block => block.Irrep == new Irrep(0, 1)).Multiplicity;
        var mixed = new Irreps(reachable.Select(block => block.Irrep == new Irrep(0, 1) ? block with { Multiplicity = scalars + gates } : block).OrderBy(block => block.Irrep.Degree).ThenBy(block => block.Irrep.Parity));
        int Place(Irrep irrep) => Enumerable.Range(0, mixed.Count).Single(n => mixed[n].Irrep == irrep);
        var gate = new List<GateBlock>();
        var used = scalars;
        foreach (var block in reachable)
        {
            var scalar = block.Irrep.Degree == 0;
            gate.Add(scalar
                ? new GateBlock(Place(block.Irrep), 0, block.Multiplicity, block.Irrep.Parity > 0 ? Activation.Silu : Activation.Tanh, 1.6)
                : new GateBlock(Place(block.Irrep), 0, block.Multiplicity, Activation.Silu, 1.7, Place(new Irrep(0, 1)), used));
            used += scalar ? 0 : block.Multiplicity;
        }

        return new NequipLayer
        {
            Sending = Linear(random, features, features),
            Radial = new DenseNetwork([Dense(random, 4, 7, Activation.Silu), Dense(random, 7, product.WeightCount, Activation.Linear)], "radial"),
            Product = product,
            Divisor = 2.5,
            Receiving = Linear(random, sums, mixed),
            Itself = shape.Itself ? [.. Enumerable.Range(0, SpeciesCount).Select(_ => Linear(random, features, mixed))] : [],
            Gate = gate,
        };
    }

    private static DenseLayer Dense(Random random, int inputs, int outputs, Activation activation) => new(inputs, outputs, Numbers(random, inputs * outputs, 1), null, [.. Enumerable.Repeat(1.3, outputs)], activation, false);

    private static (ChannelProduct Product, Irreps Sums) Product(Random random, Shape shape, Irreps features, Irreps hidden)
    {
        var found = new List<(int Input, int Degree, IrrepBlock Output)>();
        for (var n = 0; n < features.Count; n++)
        {
            for (var l = 0; l <= shape.Degree; l++)
            {
                for (var k = Math.Abs(features[n].Irrep.Degree - l); k <= features[n].Irrep.Degree + l; k++)
                {
                    var irrep = new Irrep(k, features[n].Irrep.Parity * (l % 2 == 0 ? 1 : -1));
                    if (hidden.Any(block => block.Irrep == irrep))
                    {
                        found.Add((n, l, new IrrepBlock(features[n].Multiplicity, irrep)));
                    }
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, found.Count).OrderBy(n => found[n].Output.Irrep.Degree).ThenBy(n => found[n].Output.Irrep.Parity)];
        var first = 0;
        var paths = new List<CouplingPath>();
        for (var n = 0; n < found.Count; n++)
        {
            var (input, degree, output) = found[n];
            var from = features[input].Irrep.Degree;
            var coupling = CouplingTensor.IsTrivial(from, degree, output.Irrep.Degree)
                ? CouplingTensor.Trivial(from, degree, output.Irrep.Degree)
                : CouplingTensor.Of(from, degree, output.Irrep.Degree, [.. Numbers(random, (2 * from + 1) * (2 * degree + 1) * output.Irrep.Dimension, 0.5).Select(one => Math.Abs(one) < 0.2 ? 0 : one)]);
            paths.Add(new CouplingPath(input, degree, Array.IndexOf(order, n), first, 1.1, coupling));
            first += output.Multiplicity;
        }

        var sums = order.Select(n => found[n].Output).GroupBy(block => block.Irrep).Select(group => new IrrepBlock(group.Sum(block => block.Multiplicity), group.Key));
        return (new ChannelProduct(features, shape.Degree, new Irreps(order.Select(n => found[n].Output)), first, paths, "product"), new Irreps(sums));
    }
}
