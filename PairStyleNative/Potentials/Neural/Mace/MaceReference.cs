using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// MACE, slow and obvious: forward, then backward, over all atoms at once. The fast engine is tested against it.
/// </summary>
/// <remarks>
/// Edges lead from a neighbour j (the sender) to a center i (the receiver); harmonics are those of r_i − r_j. In every layer, with features x (first: the embedding of the species):
/// s = Sending(x); a_i = Σ_j Product(s_j, Y, Radial(basis(r_ij))), divided by Factor·ρ_i + Constant with ρ_i = Σ_j tanh(y(r_ij)²) where there is a density; A = Mixing_z(Receiving(a)), or with a gate
/// A = Mixing(activations of (Receiving(a) + Residual(s))); B = Contractions_z(A); x' = Making(B) + Itself_z(x); and
/// E_i = E0_z + shift + scale·(Σ_layers Readout(scalars of x') + Σ_j Repulsion(r_ij)).
/// </remarks>
internal sealed unsafe class MaceReference
{
    private readonly MaceModel _model;
    private readonly List<Edge> _edges = [];
    private readonly int[] _species;
    private readonly double[] _scales;

    private MaceReference(MaceModel model, in NeighborView atoms)
    {
        _model = model;
        _species = new int[atoms.AtomCount];
        _scales = new double[atoms.AtomCount];
        Array.Fill(_species, -1);
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            _species[i] = atoms.SpeciesOf(i, model.Species.Count);
            _scales[i] = atoms.ScaleOf(i);
        }

        for (var i = 0; i < atoms.AtomCount; i++)
        {
            for (var n = 0; _species[i] >= 0 && n < atoms.NeighborCounts[i]; n++)
            {
                var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
                double* from = atoms.Positions + 3L * i, to = atoms.Positions + 3L * j;
                double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2], r = Math.Sqrt(x * x + y * y + z * z);
                var other = atoms.SpeciesOf(j, model.Species.Count);
                if (r < model.Cutoff && other >= 0)
                {
                    _edges.Add(new Edge(i, j, atoms.Owners is null ? j : atoms.Owners[j], other, x, y, z, r, HarmonicsOf(model.Degree, -x / r, -y / r, -z / r)));
                }
            }
        }

        Features = [];
        Sums = [];
        Products = [];
    }

    private sealed record Edge(int Center, int Neighbor, int Owner, int Species, double X, double Y, double Z, double Distance, double[] Harmonics);

    /// <summary>x before every layer and after the last, by atom.</summary>
    public List<double[][]> Features { get; }

    /// <summary>A of every layer, by atom.</summary>
    public List<double[][]> Sums { get; }

    /// <summary>B of every layer, by atom.</summary>
    public List<double[][]> Products { get; }

    /// <summary>As <see cref="IPotential.Compute"/>, for positions that are finite, species that are known and ghosts whose owners are; allocates freely.</summary>
    /// <returns>What it found on its way.</returns>
    public static MaceReference Compute(MaceModel model, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var run = new MaceReference(model, atoms);
        run.Features.Add([.. run._species.Select(species => species < 0 ? [] : model.Embedding[species])]);
        foreach (var layer in model.Layers)
        {
            run.Forward(layer);
        }

        var gradients = run.AddEnergies(buffers);
        var byEdge = run.Repulsion();
        for (var t = model.Layers.Count - 1; t >= 0; t--)
        {
            run.Backward(t, gradients, byEdge);
        }

        for (var n = 0; n < byEdge.Length; n++)
        {
            AddForce(buffers, run._edges[n], byEdge[n]);
        }

        return run;
    }

    private static double[] HarmonicsOf(int degree, double x, double y, double z)
    {
        var values = new double[SphericalHarmonics.WidthTo(degree)];
        fixed (double* target = values)
        {
            SphericalHarmonics.Evaluate(degree, x, y, z, target);
        }

        return values;
    }

    private double[][] EachAtom(Func<int, double[]> make) => [.. _species.Select((species, i) => species < 0 ? [] : make(i))];

    private void Forward(MaceLayer layer)
    {
        var x = Features[^1];
        var sent = EachAtom(i => layer.Sending.Apply(x[i]));
        var (sums, densities) = Messages(layer, sent);
        var received = Received(layer, sent, sums, densities);
        Sums.Add(EachAtom(i => layer.Gate is { } gate ? gate.Mixing.Apply(gate.Activate(received[i])) : layer.Mixing.Count == 0 ? received[i] : layer.Mixing[_species[i]].Apply(received[i])));
        Products.Add(EachAtom(i => Contract(layer, _species[i], Sums[^1][i])));
        Features.Add(EachAtom(i =>
        {
            var made = layer.Making.Apply(Products[^1][i]);
            return layer.Itself.Count == 0 ? made : Sum(made, layer.Itself[_species[i]].Apply(x[i]));
        }));
    }

    private (double[][] Sums, double[] Densities) Messages(MaceLayer layer, double[][] sent)
    {
        var sums = EachAtom(_ => new double[layer.Product.Output.Width]);
        var densities = new double[_species.Length];
        foreach (var edge in _edges)
        {
            double[] weights = [.. _model.Radial.Expand(layer.Radial, edge.Distance, _species[edge.Center], edge.Species).Select(one => one.Value)];
            layer.Product.Apply(sent[edge.Owner], edge.Harmonics, weights, sums[edge.Center]);
            densities[edge.Center] += layer.Density is { } density ? _model.Radial.Density(density.Network, edge.Distance, _species[edge.Center], edge.Species).Value : 0;
        }

        return (sums, densities);
    }

    private double[][] Received(MaceLayer layer, double[][] sent, double[][] sums, double[] densities) => EachAtom(i =>
    {
        var divisor = layer.Density is { } density ? density.Factor * densities[i] + density.Constant : 1;
        double[] received = [.. layer.Receiving.Apply(sums[i]).Select(one => one / divisor)];
        return layer.Gate is { } gate ? Sum(received, gate.Residual.Apply(sent[i])) : received;
    });

    private static double[] Contract(MaceLayer layer, int species, double[] a)
    {
        var b = new double[layer.Making.Input.Width];
        Visit(layer, species, (result, factors, coefficient) => b[result] += factors.Aggregate(coefficient, (product, factor) => product * a[factor]));
        return b;
    }

    private static double[] ContractBack(MaceLayer layer, int species, double[] a, double[] gradient)
    {
        var slopes = new double[a.Length];
        Visit(layer, species, (result, factors, coefficient) =>
        {
            for (var k = 0; k < factors.Length; k++)
            {
                slopes[factors[k]] += gradient[result] * factors.Where((_, other) => other != k).Aggregate(coefficient, (product, factor) => product * a[factor]);
            }
        });
        return slopes;
    }

    // Every product of numbers of A with its place in B.
    private static void Visit(MaceLayer layer, int species, Action<int, int[], double> each)
    {
        for (var block = 0; block < layer.Contractions.Count; block++)
        {
            var contraction = layer.Contractions[block];
            foreach (var term in contraction.Terms)
            {
                var coefficients = contraction.Coefficients(term, species);
                for (var c = 0; c < coefficients.Length; c++)
                {
                    int[] factors = [.. term.Factors.Select(place => PlaceOf(layer.Mixed, c, place))];
                    each(layer.Making.Input.OffsetOf(block) + c * contraction.Output.Dimension + term.Result, factors, coefficients[c]);
                }
            }
        }
    }

    // From the places of a channel to those of blocks one after another.
    private static int PlaceOf(Irreps sums, int channel, int place)
    {
        var degree = (int)Math.Sqrt(place);
        return sums.OffsetOf(degree) + channel * (2 * degree + 1) + place - SphericalHarmonics.OffsetOf(degree);
    }

    // The energies, and their gradients by the features after every layer.
    private List<double[][]> AddEnergies(in EvaluationBuffers buffers)
    {
        List<double[][]> gradients = [.. Features.Select(one => EachAtom(i => new double[one[i].Length]))];
        var energies = new double[_species.Length];
        for (var t = 0; t < _model.Layers.Count; t++)
        {
            for (var i = 0; i < _species.Length; i++)
            {
                if (_species[i] >= 0 && _model.Layers[t].Readout is { } readout)
                {
                    var (energy, jacobian) = readout.Evaluate(Features[t + 1][i][..readout.Inputs]);
                    energies[i] += energy[0];
                    for (var c = 0; c < readout.Inputs; c++)
                    {
                        gradients[t + 1][i][c] += _scales[i] * _model.Scale * jacobian[0][c];
                    }
                }
            }
        }

        foreach (var edge in _edges)
        {
            energies[edge.Center] += _model.Repulsion?.At(edge.Distance, _species[edge.Center], edge.Species).Value ?? 0;
        }

        for (var i = 0; i < _species.Length; i++)
        {
            if (_species[i] >= 0)
            {
                var energy = _scales[i] * (_model.Energies[_species[i]] + _model.Shift + _model.Scale * energies[i]);
                if (buffers.Energy is not null)
                {
                    *buffers.Energy += energy;
                }

                if (buffers.AtomEnergies is not null)
                {
                    buffers.AtomEnergies[i] += energy;
                }
            }
        }

        return gradients;
    }

    // ∂E/∂r_j of what depends on the distance alone.
    private double[][] Repulsion() => [.. _edges.Select(edge =>
    {
        var slope = _scales[edge.Center] * _model.Scale * (_model.Repulsion?.At(edge.Distance, _species[edge.Center], edge.Species).Slope ?? 0) / edge.Distance;
        return new[] { slope * edge.X, slope * edge.Y, slope * edge.Z };
    })];

    private void Backward(int t, List<double[][]> gradients, double[][] byEdge)
    {
        var layer = _model.Layers[t];
        var sent = EachAtom(i => layer.Sending.Apply(Features[t][i]));
        var bySent = EachAtom(i => new double[sent[i].Length]);
        var (sums, densities) = Messages(layer, sent);
        var received = Received(layer, sent, sums, densities);
        var byDensity = new double[_species.Length];
        var bySum = EachAtom(i =>
        {
            var byReceived = ContractBack(layer, _species[i], Sums[t][i], layer.Making.ApplyTransposed(gradients[t + 1][i]));
            if (layer.Gate is { } gate)
            {
                byReceived = gate.Differentiate(received[i], gate.Mixing.ApplyTransposed(byReceived));
                bySent[i] = gate.Residual.ApplyTransposed(byReceived);
            }
            else if (layer.Mixing.Count > 0)
            {
                byReceived = layer.Mixing[_species[i]].ApplyTransposed(byReceived);
            }

            var bySums = layer.Receiving.ApplyTransposed(byReceived);
            if (layer.Density is not { } density)
            {
                return bySums;
            }

            var divisor = density.Factor * densities[i] + density.Constant;
            byDensity[i] = -density.Factor / (divisor * divisor) * bySums.Zip(sums[i], (a, b) => a * b).Sum();
            return [.. bySums.Select(one => one / divisor)];
        });
        for (var n = 0; n < _edges.Count; n++)
        {
            var edge = _edges[n];
            var jets = _model.Radial.Expand(layer.Radial, edge.Distance, _species[edge.Center], edge.Species);
            double[] weights = [.. jets.Select(one => one.Value)];
            double[] byHarmonics = new double[edge.Harmonics.Length], byWeights = new double[weights.Length];
            layer.Product.Differentiate(sent[edge.Owner], edge.Harmonics, weights, bySum[edge.Center], bySent[edge.Owner], byHarmonics, byWeights);
            var ofDensity = layer.Density is { } one ? byDensity[edge.Center] * _model.Radial.Density(one.Network, edge.Distance, _species[edge.Center], edge.Species).First : 0;
            var along = (byWeights.Zip(jets, (a, b) => a * b.First).Sum() + ofDensity) / edge.Distance;
            double[] target = byEdge[n], turned = new double[3];
            fixed (double* gradient = turned, weight = byHarmonics)
            {
                SphericalHarmonics.AddGradient(_model.Degree, -edge.X / edge.Distance, -edge.Y / edge.Distance, -edge.Z / edge.Distance, 1 / edge.Distance, weight, gradient);
            }

            target[0] += along * edge.X - turned[0];
            target[1] += along * edge.Y - turned[1];
            target[2] += along * edge.Z - turned[2];
        }

        for (var i = 0; i < _species.Length; i++)
        {
            if (_species[i] >= 0)
            {
                var own = layer.Itself.Count == 0 ? gradients[t][i] : Sum(gradients[t][i], layer.Itself[_species[i]].ApplyTransposed(gradients[t + 1][i]));
                gradients[t][i] = Sum(own, layer.Sending.ApplyTransposed(bySent[i]));
            }
        }
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (one, other) => one + other)];

    private static void AddForce(in EvaluationBuffers buffers, Edge edge, double[] gradient)
    {
        double[] r = [edge.X, edge.Y, edge.Z];
        for (var k = 0; k < 3; k++)
        {
            if (buffers.Forces is not null)
            {
                buffers.Forces[3L * edge.Neighbor + k] -= gradient[k];
                buffers.Forces[3L * edge.Center + k] += gradient[k];
            }

            for (var l = 0; l < 3; l++)
            {
                var tensor = -r[k] * gradient[l];
                if (buffers.Virial is not null)
                {
                    buffers.Virial[3 * k + l] += tensor;
                }

                if (buffers.AtomVirials is not null)
                {
                    buffers.AtomVirials[9L * edge.Center + 3 * k + l] += 0.5 * tensor;
                    buffers.AtomVirials[9L * edge.Neighbor + 3 * k + l] += 0.5 * tensor;
                }
            }
        }
    }
}
