using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>
/// NequIP in slow, obvious scalar code of double precision, after NequIP 0.5 to 0.19 (nn/interaction_block.py, nn/convnetlayer.py, with and without underscores): what the fast code is tested against.
/// </summary>
/// <remarks>
/// Atom i, the receiver, hears its neighbours j, r = r_j − r_i. Features x_i begin as the embedding of the species. In each layer the message of an edge is the tensor product of
/// scale_species·sending(x_j) with the harmonics of r̂, weighted by radial(basis(|r|)), where |r| is stretched for pairs with a cutoff of their own; y_i = receiving(Σ_j message / divisor) + itself_species(x_i), and the new x_i is y_i behind the gate.
/// E_i = scale·readout(x_i) + shift, and perhaps half of a repulsion of nuclei for each edge. Every image of an atom sends what the atom itself does.
/// </remarks>
internal sealed unsafe class NequipReference
{
    private sealed record Edge(int Receiver, int Sender, int Image, int Neighbor, double X, double Y, double Z, double Distance, double Stretch, double[] Harmonics, Jet[] Basis);

    private readonly NequipModel _model;
    private readonly List<Edge> _edges = [];
    private readonly int[] _species;
    private readonly double[] _scales;
    private readonly bool[] _isCenter;

    /// <summary>Runs the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="atoms">Without ghosts or with owners; positions are finite and species known.</param>
    public NequipReference(NequipModel model, in NeighborView atoms)
    {
        _model = model;
        _species = new int[atoms.AtomCount];
        _scales = new double[atoms.AtomCount];
        _isCenter = new bool[atoms.AtomCount];
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            _species[i] = atoms.SpeciesOf(i, model.Species.Count);
            _scales[i] = atoms.ScaleOf(i);
            _isCenter[i] = _species[i] >= 0;
            if (_isCenter[i])
            {
                FindEdges(atoms, i);
            }
        }

        Features = new double[model.Layers.Count + 1][][];
        Sent = new double[model.Layers.Count][][];
        Sums = new double[model.Layers.Count][][];
        Mixed = new double[model.Layers.Count][][];
        Features[0] = ForCenters(i => model.Embedding[_species[i]]);
        for (var t = 0; t < model.Layers.Count; t++)
        {
            RunLayer(t);
        }

        Scalars = [.. Features[^1].Select(x => x.Length == 0 ? 0 : ReadOut(model.Readout.Apply(x)).Value)];
    }

    /// <summary>x by layer and atom; rows of atoms that are no centers are empty.</summary>
    public double[][][] Features { get; }

    /// <summary>sending(x).</summary>
    public double[][][] Sent { get; }

    /// <summary>The sum of messages, divided.</summary>
    public double[][][] Sums { get; }

    /// <summary>What goes into the gate.</summary>
    public double[][][] Mixed { get; }

    /// <summary>What the readout gives for every atom.</summary>
    public double[] Scalars { get; }

    /// <summary>∂E/∂x by layer and atom, after <see cref="Differentiate"/>.</summary>
    public double[][][] Gradients { get; private set; } = [];

    /// <summary>As <see cref="IPotential.Compute"/>, for positions that are finite and species that are known; allocates freely.</summary>
    public static void Compute(NequipModel model, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var run = new NequipReference(model, atoms);
        for (var i = 0; i < atoms.AtomCount; i++)
        {
            if (run._isCenter[i])
            {
                var repulsion = run._edges.Where(edge => edge.Receiver == i).Sum(edge => run.Repulsion(edge).Value);
                var energy = run._scales[i] * (model.Scales[run._species[i]] * run.Scalars[i] + model.Shifts[run._species[i]] + repulsion);
                GatheredScatter.AddEnergy(new GatheredCenter { Atom = i }, energy, buffers);
            }
        }

        var gradients = run.Differentiate();
        for (var e = 0; e < run._edges.Count; e++)
        {
            var edge = run._edges[e];
            var neighbor = new GatheredNeighbor { X = edge.X, Y = edge.Y, Z = edge.Z, Atom = edge.Image };
            fixed (double* gradient = gradients[e])
            {
                GatheredScatter.AddForces(new GatheredCenter { Atom = edge.Receiver, Count = 1 }, 1, &neighbor, gradient, 1, buffers);
            }
        }
    }

    /// <summary>∂E/∂r of every edge.</summary>
    public double[][] Differentiate()
    {
        var byHarmonics = _edges.Select(edge => new double[edge.Harmonics.Length]).ToArray();
        var byDistance = new double[_edges.Count];
        Gradients = new double[Features.Length][][];
        Gradients[^1] = ForCenters(i => _model.Readout.ApplyTransposed([.. ReadOut(_model.Readout.Apply(Features[^1][i])).Gradient.Select(one => _scales[i] * _model.Scales[_species[i]] * one)]));
        for (var t = _model.Layers.Count - 1; t >= 0; t--)
        {
            DifferentiateLayer(t, byHarmonics, byDistance);
        }

        return [.. _edges.Select((edge, e) => ByVector(edge, byHarmonics[e], byDistance[e] + _scales[edge.Receiver] * Repulsion(edge).Slope))];
    }

    private (double Value, double[] Gradient) ReadOut(double[] scalars)
    {
        if (_model.ReadoutNetwork is null)
        {
            return (scalars[0], [1]);
        }

        var trace = new NetworkTrace(_model.ReadoutNetwork, scalars);
        return (trace.Output[0], trace.Backward([1]));
    }

    private (double Value, double Slope) Repulsion(Edge edge) => _model.Repulsion?.At(edge.Distance, _species[edge.Receiver], edge.Neighbor) ?? default;

    private double[][] ForCenters(Func<int, double[]> make) => [.. Enumerable.Range(0, _species.Length).Select(i => _isCenter[i] ? make(i) : [])];

    private void FindEdges(in NeighborView atoms, int i)
    {
        var degree = _model.Layers.Max(layer => layer.Product.Degree);
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            double* from = atoms.Positions + 3L * i, to = atoms.Positions + 3L * j;
            double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2], r = Math.Sqrt(x * x + y * y + z * z);
            var neighbor = atoms.SpeciesOf(j, _model.Species.Count);
            var stretch = neighbor < 0 ? 1 : _model.Cutoffs?.Stretch(_species[i], neighbor) ?? 1;
            if (stretch * r < _model.Basis.Cutoff && neighbor >= 0)
            {
                var harmonics = new double[SphericalHarmonics.WidthTo(degree)];
                fixed (double* values = harmonics)
                {
                    SphericalHarmonics.Evaluate(degree, x / r, y / r, z / r, values);
                }

                _edges.Add(new Edge(i, atoms.Owners is null ? j : atoms.Owners[j], j, neighbor, x, y, z, r, stretch, harmonics, _model.Basis.At(stretch * r)));
            }
        }
    }

    private static (double[] Values, double[] Slopes) WeightsOf(NequipLayer layer, Edge edge)
    {
        var (values, jacobian) = layer.Radial.Evaluate([.. edge.Basis.Select(one => one.Value)]);
        return (values, [.. jacobian.Select(row => edge.Stretch * row.Select((slope, n) => slope * edge.Basis[n].First).Sum())]);
    }

    private void RunLayer(int t)
    {
        var layer = _model.Layers[t];
        Sent[t] = ForCenters(i => layer.SendingOf(_species[i]).Apply(Features[t][i]));
        Sums[t] = ForCenters(_ => new double[layer.Product.Output.Width]);
        foreach (var edge in _edges)
        {
            layer.Product.Apply(Sent[t][edge.Sender], edge.Harmonics, WeightsOf(layer, edge).Values, Sums[t][edge.Receiver]);
        }

        foreach (var sum in Sums[t])
        {
            for (var k = 0; k < sum.Length; k++)
            {
                sum[k] /= layer.Divisor;
            }
        }

        Mixed[t] = ForCenters(i =>
        {
            var mixed = layer.Receiving.Apply(Sums[t][i]);
            return layer.Itself.Count == 0 ? mixed : [.. mixed.Zip(layer.Itself[_species[i]].Apply(Features[t][i]), (a, b) => a + b)];
        });
        Features[t + 1] = ForCenters(i => Gated(layer, Mixed[t][i]));
    }

    private static double[] Gated(NequipLayer layer, double[] y)
    {
        var x = new List<double>();
        foreach (var block in layer.Gate)
        {
            for (var u = 0; u < block.Multiplicity; u++)
            {
                var (own, gate, dimension) = Places(layer, block, u);
                var (value, _) = ActivationFunction.At(block.Activation, y[gate]);
                for (var m = 0; m < dimension; m++)
                {
                    x.Add(block.Factor * value * (block.Gate < 0 ? 1 : y[own + m]));
                }
            }
        }

        return [.. x];
    }

    private static double[] GatedBack(NequipLayer layer, double[] y, double[] slope)
    {
        var back = new double[y.Length];
        var place = 0;
        foreach (var block in layer.Gate)
        {
            for (var u = 0; u < block.Multiplicity; u++)
            {
                var (own, gate, dimension) = Places(layer, block, u);
                var (value, derivative) = ActivationFunction.At(block.Activation, y[gate]);
                for (var m = 0; m < dimension; m++, place++)
                {
                    back[gate] += block.Factor * derivative * slope[place] * (block.Gate < 0 ? 1 : y[own + m]);
                    if (block.Gate >= 0)
                    {
                        back[own + m] += block.Factor * value * slope[place];
                    }
                }
            }
        }

        return back;
    }

    // Where a channel and its gate stand among what goes into the gate.
    private static (int Own, int Gate, int Dimension) Places(NequipLayer layer, GateBlock block, int channel)
    {
        var input = layer.Receiving.Output;
        var dimension = input[block.Block].Irrep.Dimension;
        var own = input.OffsetOf(block.Block) + (block.FirstChannel + channel) * dimension;
        return (own, block.Gate < 0 ? own : input.OffsetOf(block.Gate) + block.GateChannel + channel, dimension);
    }

    private void DifferentiateLayer(int t, double[][] byHarmonics, double[] byDistance)
    {
        var layer = _model.Layers[t];
        var byMixed = ForCenters(i => GatedBack(layer, Mixed[t][i], Gradients[t + 1][i]));
        var bySum = ForCenters(i => [.. layer.Receiving.ApplyTransposed(byMixed[i]).Select(one => one / layer.Divisor)]);
        var bySent = ForCenters(_ => new double[layer.Product.Input.Width]);
        for (var e = 0; e < _edges.Count; e++)
        {
            var edge = _edges[e];
            var (values, slopes) = WeightsOf(layer, edge);
            var byWeights = new double[values.Length];
            layer.Product.Differentiate(Sent[t][edge.Sender], edge.Harmonics, values, bySum[edge.Receiver], bySent[edge.Sender], byHarmonics[e], byWeights);
            byDistance[e] += byWeights.Zip(slopes, (a, b) => a * b).Sum();
        }

        Gradients[t] = ForCenters(i =>
        {
            var sent = layer.SendingOf(_species[i]).ApplyTransposed(bySent[i]);
            return layer.Itself.Count == 0 ? sent : [.. sent.Zip(layer.Itself[_species[i]].ApplyTransposed(byMixed[i]), (a, b) => a + b)];
        });
    }

    private static double[] ByVector(Edge edge, double[] byHarmonics, double byDistance)
    {
        double[] unit = [edge.X / edge.Distance, edge.Y / edge.Distance, edge.Z / edge.Distance];
        double[] gradient = [.. unit.Select(one => byDistance * one)];
        fixed (double* weights = byHarmonics, target = gradient)
        {
            SphericalHarmonics.AddGradient((int)Math.Sqrt(byHarmonics.Length) - 1, unit[0], unit[1], unit[2], 1 / edge.Distance, weights, target);
        }

        return gradient;
    }
}
