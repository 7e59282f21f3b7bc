using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// Allegro in slow, obvious scalar code of double precision, after allegro 0.2 (nn/_allegro.py, nn/_edgewise.py, nn/_norm_basis.py), as which models of later versions can be written: what the fast code is tested against.
/// </summary>
/// <remarks>
/// <para>
/// Every edge from a center to a neighbour, r = r_j − r_i, has latents x (scalars) and features V, <c>[channel][component]</c>. With Y the harmonics of r̂ and u_t(|r|) the envelope of layer t:
/// x = u_0·network_0(input(species i, species j, |r|)), where |r| is stretched for pairs with a cutoff of their own, and V = w·Y with weights w from x. In each layer the environment A of the center is the scaled (and perhaps mixed) sum over its edges of w'·Y,
/// w' from x; the product P = C·V·A gives scalars s and, mixed, the new V; x becomes old·x + new·u·network(x, s). The energy of an edge is a network of the last x, times a scale of the two species;
/// E_i = scale·Σ_j (edge energies) + shift, and perhaps half of a ZBL repulsion for each edge.
/// </para>
/// <para>A layer knows only edges shorter than its cutoff; cutoffs never grow from layer to layer.</para>
/// </remarks>
internal sealed unsafe class AllegroReference
{
    internal sealed class Edge
    {
        public required int Atom { get; init; }

        public required int Species { get; init; }

        public required double[] Vector { get; init; }

        public required double Distance { get; init; }

        public required double Stretch { get; init; }

        public double Length => Distance * Stretch;

        public required double[] Harmonics { get; init; }

        // By layer; the last latent is the final one.
        public List<double[]> Latents { get; } = [];

        public List<NetworkTrace?> Updates { get; } = [];

        public List<NetworkTrace?> Weights { get; } = [];

        public List<double[]> Features { get; } = [];

        public List<double[]> Products { get; } = [];

        public double[] LatentSlope { get; set; } = [];

        public double[] ScalarSlope { get; set; } = [];

        public double[] FeatureSlope { get; set; } = [];

        public double[] HarmonicSlope { get; set; } = [];

        public double DistanceSlope { get; set; }
    }

    private readonly AllegroModel _model;
    private readonly int _species;
    private readonly List<double[]> _environments = [];

    private AllegroReference(AllegroModel model, int species, List<Edge> edges)
    {
        _model = model;
        _species = species;
        Edges = edges;
        for (var t = 0; t < model.Layers.Count; t++)
        {
            RunLayer(t);
        }

        foreach (var edge in edges)
        {
            Update(edge, model.FinalLatent, model.Layers.Count);
        }
    }

    /// <summary>The edges of the center.</summary>
    internal List<Edge> Edges { get; }

    private int Harmonics => (_model.Degree + 1) * (_model.Degree + 1);

    /// <summary>As <see cref="IPotential.Compute"/>, for positions that are finite and species that are known; allocates freely.</summary>
    public static void Compute(AllegroModel model, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            if (atoms.SpeciesOf(i, model.Species.Count) >= 0)
            {
                Of(model, atoms, i).Add(i, atoms.ScaleOf(i), buffers);
            }
        }
    }

    /// <summary>Everything about one center.</summary>
    internal static AllegroReference Of(AllegroModel model, in NeighborView atoms, int i)
    {
        var edges = new List<Edge>();
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            double* from = atoms.Positions + 3L * i, to = atoms.Positions + 3L * j;
            double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2], r = Math.Sqrt(x * x + y * y + z * z);
            if (atoms.SpeciesOf(j, model.Species.Count) is >= 0 and var species && model.Input.Stretch(atoms.SpeciesOf(i, model.Species.Count), species) is var stretch && stretch * r < model.Cutoff)
            {
                var harmonics = new double[SphericalHarmonics.WidthTo(model.Degree)];
                fixed (double* values = harmonics)
                {
                    SphericalHarmonics.Evaluate(model.Degree, x / r, y / r, z / r, values);
                }

                edges.Add(new Edge { Atom = j, Species = species, Vector = [x, y, z], Distance = r, Stretch = stretch, Harmonics = harmonics });
            }
        }

        return new AllegroReference(model, atoms.SpeciesOf(i, model.Species.Count), edges);
    }

    private (double[] Values, double[] Slopes) FirstInput(Edge edge)
    {
        double[] values = new double[_model.Input.Width], slopes = new double[_model.Input.Width];
        _model.Input.Evaluate(_species, edge.Species, edge.Length, values, slopes);
        return (values, slopes);
    }

    private double[] InputOf(Edge edge, int t)
    {
        if (t > 0)
        {
            var scalars = _model.Layers[t - 1].Product.Scalars;
            var product = edge.Products[t - 1];
            var width = _model.Layers[t - 1].Product.Result;
            return [.. edge.Latents[t - 1], .. Enumerable.Range(0, _model.Channels * scalars).Select(k => product[k / scalars * width + k % scalars])];
        }

        return FirstInput(edge).Values;
    }

    private void Update(Edge edge, LatentUpdate update, int t)
    {
        if (edge.Length >= update.Cutoff)
        {
            edge.Updates.Add(null);
            edge.Latents.Add(t == 0 ? new double[_model.LatentWidth] : [.. edge.Latents[t - 1].Select(x => update.Replaces ? x : update.Old * x)]);
            return;
        }

        var trace = new NetworkTrace(update.Network, InputOf(edge, t));
        var envelope = update.New * _model.Envelope.At(edge.Length, update.Cutoff).Value;
        edge.Updates.Add(trace);
        edge.Latents.Add([.. trace.Output.Select((x, k) => envelope * x + (t == 0 ? 0 : update.Old * edge.Latents[t - 1][k]))]);
    }

    private void RunLayer(int t)
    {
        var layer = _model.Layers[t];
        var channels = _model.Channels;
        var sum = new double[channels * Harmonics];
        foreach (var edge in Edges)
        {
            Update(edge, layer.Latent, t);
            var trace = edge.Updates[t] is null ? null : new NetworkTrace(layer.Weighting, edge.Latents[t]);
            edge.Weights.Add(trace);
            edge.Features.Add(trace is null ? [] : t == 0 ? Weighted(trace.Output, 0, edge.Harmonics) : _model.Layers[t - 1].Mixing!.Apply(channels, edge.Products[t - 1]));
            if (trace is not null)
            {
                var weighted = Weighted(trace.Output, t == 0 ? channels * (_model.Degree + 1) : 0, edge.Harmonics);
                for (var k = 0; k < sum.Length; k++)
                {
                    sum[k] += layer.EnvironmentScale[_species] * weighted[k];
                }
            }
        }

        var environment = layer.EnvironmentMixing is null ? sum : layer.EnvironmentMixing.Apply(channels, sum);
        _environments.Add(environment);
        foreach (var edge in Edges)
        {
            var product = new double[edge.Weights[t] is null ? 0 : channels * layer.Product.Result];
            if (product.Length > 0)
            {
                layer.Product.Apply(channels, edge.Features[t], environment, product);
            }

            edge.Products.Add(product);
        }
    }

    // w[channel][l]·Y[m].
    private double[] Weighted(double[] weights, int first, double[] harmonics) =>
        [.. Enumerable.Range(0, _model.Channels * Harmonics).Select(k => weights[first + k / Harmonics * (_model.Degree + 1) + (int)Math.Sqrt(k % Harmonics)] * harmonics[k % Harmonics])];

    private void WeightedBack(double[] slopes, double[] weights, int first, Edge edge, double[] byWeights)
    {
        for (var k = 0; k < slopes.Length; k++)
        {
            var place = first + k / Harmonics * (_model.Degree + 1) + (int)Math.Sqrt(k % Harmonics);
            byWeights[place] += slopes[k] * edge.Harmonics[k % Harmonics];
            edge.HarmonicSlope[k % Harmonics] += slopes[k] * weights[place];
        }
    }

    private void Add(int i, double factor, in EvaluationBuffers buffers)
    {
        var energy = 0.0;
        foreach (var edge in Edges)
        {
            var scale = _model.Scales[_species] * _model.EdgeScales[_species][edge.Species];
            var trace = new NetworkTrace(_model.EdgeEnergy, edge.Latents[^1]);
            energy += scale * trace.Output[0];
            edge.LatentSlope = trace.Backward([scale]);
            edge.HarmonicSlope = new double[Harmonics];
            var (repulsion, slope) = _model.Repulsion?.At(edge.Distance, _species, edge.Species) ?? default;
            energy += repulsion;
            edge.DistanceSlope += slope;
        }

        GatheredScatter.AddEnergy(new GatheredCenter { Atom = i }, factor * (energy + _model.Shifts[_species]), buffers);
        Differentiate();
        foreach (var edge in Edges)
        {
            double[] unit = [.. edge.Vector.Select(x => x / edge.Distance)], gradient = [.. unit.Select(x => edge.DistanceSlope * x)];
            var neighbor = new GatheredNeighbor { X = edge.Vector[0], Y = edge.Vector[1], Z = edge.Vector[2], Atom = edge.Atom };
            fixed (double* weights = edge.HarmonicSlope, target = gradient)
            {
                SphericalHarmonics.AddGradient(_model.Degree, unit[0], unit[1], unit[2], 1 / edge.Distance, weights, target);
                GatheredScatter.AddForces(new GatheredCenter { Atom = i, Count = 1 }, factor, &neighbor, target, 1, buffers);
            }
        }
    }

    private void Differentiate()
    {
        foreach (var edge in Edges)
        {
            UpdateBack(edge, _model.FinalLatent, _model.Layers.Count);
        }

        for (var t = _model.Layers.Count - 1; t >= 0; t--)
        {
            LayerBack(t);
        }
    }

    // Leaves the slope of the scalars of the product before, and of the distance.
    private void UpdateBack(Edge edge, LatentUpdate update, int t)
    {
        if (edge.Updates[t] is not { } trace)
        {
            edge.LatentSlope = [.. edge.LatentSlope.Select(x => update.Replaces ? x : update.Old * x)];
            edge.ScalarSlope = [];
            return;
        }

        var (envelope, slope) = _model.Envelope.At(edge.Length, update.Cutoff);
        edge.DistanceSlope += edge.Stretch * update.New * slope * edge.LatentSlope.Zip(trace.Output, (a, b) => a * b).Sum();
        var input = trace.Backward([.. edge.LatentSlope.Select(x => update.New * envelope * x)]);
        if (t == 0)
        {
            edge.DistanceSlope += edge.Stretch * input.Zip(FirstInput(edge).Slopes, (a, b) => a * b).Sum();
            return;
        }

        edge.LatentSlope = [.. edge.LatentSlope.Select((x, k) => update.Old * x + input[k])];
        edge.ScalarSlope = input[edge.LatentSlope.Length..];
    }

    private void LayerBack(int t)
    {
        var layer = _model.Layers[t];
        int channels = _model.Channels, scalars = layer.Product.Scalars, width = layer.Product.Result;
        var byEnvironment = new double[channels * Harmonics];
        foreach (var edge in Edges)
        {
            if (edge.Weights[t] is null)
            {
                edge.FeatureSlope = [];
                continue;
            }

            var byProduct = layer.Mixing is null || edge.FeatureSlope.Length == 0 ? new double[channels * width] : layer.Mixing.ApplyTransposed(channels, edge.FeatureSlope);
            for (var k = 0; k < edge.ScalarSlope.Length; k++)
            {
                byProduct[k / scalars * width + k % scalars] += edge.ScalarSlope[k];
            }

            edge.FeatureSlope = new double[channels * layer.Product.First];
            layer.Product.Differentiate(channels, edge.Features[t], _environments[t], byProduct, edge.FeatureSlope, byEnvironment);
        }

        var bySum = layer.EnvironmentMixing is null ? byEnvironment : layer.EnvironmentMixing.ApplyTransposed(channels, byEnvironment);
        double[] byWeighted = [.. bySum.Select(x => layer.EnvironmentScale[_species] * x)];
        foreach (var edge in Edges)
        {
            if (edge.Weights[t] is { } trace)
            {
                var byWeights = new double[trace.Output.Length];
                WeightedBack(byWeighted, trace.Output, t == 0 ? channels * (_model.Degree + 1) : 0, edge, byWeights);
                if (t == 0)
                {
                    WeightedBack(edge.FeatureSlope, trace.Output, 0, edge, byWeights);
                }

                edge.LatentSlope = [.. edge.LatentSlope.Zip(trace.Backward(byWeights), (a, b) => a + b)];
            }

            UpdateBack(edge, layer.Latent, t);
        }
    }
}
